// SPDX-License-Identifier: Apache-2.0
// 办件进度 for the applicant: number and query code of the receipt, and no account. The code comes behind # or is typed, and goes
// out in a body: it stands in no address that a server writes down.
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { ask, chooseLedger, chosenLedger } from '@/api/client';
import { pageAddress } from '@/api/ledger-address';
import type { CaseProgress, LedgerList, ProgressStep } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { useRead } from '@/app/read';
import { Card } from '@/components/card';
import { Empty, Loading } from '@/components/states';
import { Clock, SuspensionLine } from '../cases/words';
import { GuideFrame } from '../guide/frame';
import './progress.css';

function Step({ of, asOf }: { of: ProgressStep; asOf: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const decided = of.state === 'approved' || of.state === 'refused';
  const next = () => {
    if (decided) return of.decided_on && t('case.decided_on', { day: of.decided_on });
    if (of.dead_end) return t('case.dead_end');
    if (of.waits_for.length > 0) return t('case.waits', { steps: of.waits_for.join(t('common.comma')) });
    return of.due_on && t(of.due_on < asOf ? 'progress.was_due' : 'progress.due', { day: of.due_on });
  };
  return (
    <li data-step={of.step} data-state={of.state}>
      <div className="progress-step">
        <h3>{of.step}. {of.name}</h3>
        <b className="progress-state">{labels.value('StepState', of.state)}</b>
      </div>
      <p className="note">{[of.department, next()].filter(Boolean).join(' · ')}</p>
      {of.suspension && <p><SuspensionLine of={of.suspension} /></p>}
      {of.outcomes.map((one) => (
        <p key={one.paper}>{t('case.outcomes')} {one.name}{one.valid_until && ` (${t('case.valid', { day: one.valid_until })})`}</p>
      ))}
    </li>
  );
}

function Progress({ of }: { of: CaseProgress }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const days: [string, string | undefined][] = [
    [t('case.applied_on'), of.applied_on],
    [t('case.accepted_on'), of.accepted_on],
    [t('case.promised_until'), of.due_on],
    [t('progress.closed_on'), of.closed_on],
  ];
  return (
    <>
      <Card title={of.name} note={t('case.number', { id: of.id })}>
        <p className="progress-whole" data-state={of.state}>{labels.value('CaseState', of.state)}</p>
        <dl className="guide-facts">
          <dt>{t('case.lead')}</dt><dd>{of.department}</dd>
          {days.map(([name, day]) => day && <div className="progress-pair" key={name}><dt>{name}</dt><dd>{day}</dd></div>)}
          {of.delivered_on && of.delivery && <><dt>{t('progress.delivery')}</dt><dd>{t('case.delivered', { day: of.delivered_on, how: labels.value('Delivery', of.delivery) })}</dd></>}
        </dl>
      </Card>
      <Card title={t('progress.clocks')}>
        <dl className="guide-facts">
          <dt>{t('case.office_clock')}</dt><dd data-clock="office">{of.office ? <Clock of={of.office} /> : t(of.accepted_on ? 'case.no_promise' : 'case.not_accepted')}</dd>
          <dt>{t('case.applicant_clock')}</dt><dd data-clock="applicant">{t('case.waited', { n: of.waiting_days })} <span className="note">{t('case.in_work_days', { n: of.waiting_work_days })}</span></dd>
        </dl>
      </Card>
      <Card title={t('progress.papers')}>
        {of.papers.length === 0 ? <p className="note">{t('progress.no_papers')}</p> : (
          <ul className="guide-papers">
            {of.papers.map((paper) => (
              <li key={paper.name} data-paper={paper.state}>
                {paper.name} <span className="note">{labels.value('PaperState', paper.state)}{paper.due_on && ` · ${t(paper.overdue ? 'case.was_due' : 'progress.bring_by', { day: paper.due_on })}`}</span>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card title={t('case.steps')} flush>
        <ol className="progress-steps">{of.steps.map((step) => <Step key={step.step} of={step} asOf={of.as_of} />)}</ol>
      </Card>
      <p className="note">{t('progress.as_of', { day: of.as_of })}</p>
    </>
  );
}

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
