// SPDX-License-Identifier: Apache-2.0
// 办件进度 for the applicant: number and query code of the receipt, and no account. The code comes behind # or is typed, and goes
// out in a body: it stands in no address that a server writes down.
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { ask, chooseLedger, chosenLedger } from '@/api/client';
import { pageAddress } from '@/api/ledger-address';
import type { CaseProgress, LedgerList } from '@/api/types';
import { useProblemText } from '@/app/labels';
import { useRead } from '@/app/read';
import { Card } from '@/components/card';
import { Empty, Loading } from '@/components/states';
import { GuideFrame } from '../guide/frame';
import { Progress } from './found';
import './progress.css';

/** What stands behind # of a receipt's link. */
function codeInAddress(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

export default function ProgressPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const problem = useProblemText();
  const rows = useRead<LedgerList>('/api/v1/ledgers', undefined, { timeless: true, enabled: pageAddress.ledger === undefined }).data?.rows ?? [];
  const [chosen, setLedger] = useState(chosenLedger);
  const ledger = rows.some((l) => l.jurisdiction === chosen) ? chosen : rows[0]?.jurisdiction;
  const [number, setNumber] = useState(id);
  const [code, setCode] = useState(codeInAddress);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const [found, setFound] = useState<CaseProgress>();
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failed || found) told.current?.focus();
  }, [failed, found]);

  const submit = async () => {
    setBusy(true);
    setFailed('');
    setFound(undefined);
    try {
      if (ledger && rows.length > 1) chooseLedger(ledger);
      setFound(await ask<CaseProgress>('/api/v1/progress', { case_id: number.trim().toLowerCase(), code: code.trim() }));
    } catch (error) {
      setFailed(problem(error));
    }
    setBusy(false);
  };
  // A link with both asks by itself, once.
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current || !number || !code) return;
    asked.current = true;
    void submit();
  }, []);

  return (
    <GuideFrame>
      <div className="page-head"><h1>{t('progress.title')}</h1></div>
      <Card title={t('progress.ask')}>
        <form
          className="progress-form"
          onSubmit={(e) => {
            e.preventDefault();
            void submit();
          }}
        >
          {rows.length > 1 && (
            <div>
              <label htmlFor="ledger">{t('progress.where')}</label>
              <select id="ledger" value={ledger} onChange={(e) => setLedger(e.target.value)}>
                {rows.map((l) => <option key={l.jurisdiction} value={l.jurisdiction}>{l.name}</option>)}
              </select>
            </div>
          )}
          <div>
            <label htmlFor="number">{t('progress.number')}</label>
            <input id="number" value={number} onChange={(e) => setNumber(e.target.value)} placeholder="k12" autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={20} required />
          </div>
          <div>
            <label htmlFor="code">{t('progress.code')}</label>
            <input id="code" className="progress-code" value={code} onChange={(e) => setCode(e.target.value)} placeholder="ABCDE-FGHJK" autoComplete="off" autoCapitalize="characters" spellCheck={false} maxLength={20} required />
          </div>
          <Button type="primary" size="large" htmlType="submit" loading={busy}>{t('progress.submit')}</Button>
        </form>
        {failed && <div className="problem" role="alert" tabIndex={-1} ref={told}>{failed}</div>}
        {!failed && !found && !busy && <Empty text={t('progress.help')} />}
      </Card>
      {busy && <Loading />}
      {found && <div className="progress-found" tabIndex={-1} ref={told} role="region" aria-label={t('progress.result')}><Progress of={found} /></div>}
      <p className="note"><Link to="/guide">{t('progress.to_guide')}</Link></p>
    </GuideFrame>
  );
}
