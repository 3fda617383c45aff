// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { carrySession, chooseLedger, chosenLedger, post } from '@/api/client';
import { addressIn, pageAddress } from '@/api/ledger-address';
import type { Session } from '@/api/types';
import { useProblemText } from '@/app/labels';
import { useLedgers } from '@/app/ledgers';
import { sessionKey } from '@/app/session';
import { BrandMark, LanguageTool, ThemeTool } from '@/app/shell';

/** Only paths of this site may follow a sign-in. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/';
}

export default function SignIn() {
  const { t } = useTranslation();
  const problem = useProblemText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const ledgers = useLedgers();
  const rows = ledgers.data?.rows ?? [];
  const [chosen, setLedger] = useState<string>();
  const last = rows.find((l) => l.jurisdiction === chosenLedger()) ?? rows[0];
  const ledger = chosen ?? last?.jurisdiction;
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [failed, setFailed] = useState('');
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failed) box.current?.focus();
  }, [failed]);

  const submit = async () => {
    setBusy(true);
    setFailed('');
    try {
      if (ledger) chooseLedger(ledger);
      const session = await post<Session>('/api/v1/session', { login: login.trim(), password });
      carrySession(session);
      const next = safeNext(params.get('next'));
      const named = pageAddress.ledger;
      if (rows.length > 1 && session.jurisdiction !== named) {
        // What the address asked for is a record of the ledger that it names, and of no other.
        location.assign(addressIn(session.jurisdiction, named === undefined ? next : '/'));
        return;
      }
      client.setQueryData(sessionKey, session);
      void navigate(next, { replace: true });
    } catch (error) {
      setFailed(problem(error));
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <form
        className="card"
        onSubmit={(e) => {
          e.preventDefault();
          void submit();
        }}
      >
        <div className="head" style={{ position: 'static', borderRadius: 8, padding: '6px 12px', minHeight: 44 }}>
          <span className="brand" style={{ margin: 0 }}>
            <BrandMark />
            {t('shell.brand')}
          </span>
          <span className="tools">
            <LanguageTool />
            <ThemeTool />
          </span>
        </div>
        <h1>{rows.length === 1 ? rows[0]!.name : t('sign_in.title')}</h1>
        <p className="motto">{t('sign_in.motto')}</p>
        {failed && (
          <div className="problem" role="alert" tabIndex={-1} ref={box}>
            {failed}
          </div>
        )}
        {rows.length > 1 && (
          <div style={{ marginBottom: 12 }}>
            <label htmlFor="ledger">{t('sign_in.ledger')}</label>
            <Select id="ledger" value={ledger} onChange={setLedger} options={rows.map((l) => ({ value: l.jurisdiction, label: l.name }))} style={{ width: '100%' }} />
          </div>
        )}
        <div style={{ marginBottom: 12 }}>
          <label htmlFor="login">{t('sign_in.login')}</label>
          <Input id="login" size="large" autoComplete="username" autoFocus value={login} onChange={(e) => setLogin(e.target.value)} required />
        </div>
        <div style={{ marginBottom: 18 }}>
          <label htmlFor="password">{t('sign_in.password')}</label>
          <Input id="password" size="large" type="password" autoComplete="current-password" value={password} onChange={(e) => setPassword(e.target.value)} required />
        </div>
        <Button type="primary" size="large" htmlType="submit" loading={busy} block>
          {t('sign_in.submit')}
        </Button>
        <p className="note" style={{ marginTop: 14 }}>
          {t('sign_in.help')}
        </p>
        <p style={{ marginTop: 8 }}>
          <Link to="/guide">{t('sign_in.guide')}</Link>
        </p>
        <p style={{ marginTop: 8 }}>
          <Link to="/progress">{t('sign_in.progress')}</Link>
        </p>
      </form>
    </main>
  );
}
