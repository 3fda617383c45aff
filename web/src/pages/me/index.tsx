// SPDX-License-Identifier: Apache-2.0
import { Button, Input, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { post, remove } from '@/api/client';
import type { CalendarAnswer, Personal, TokenAnswer } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { useSignOut } from '@/app/session';
import { useRead } from '@/app/read';
import { isApplicant, useSession } from '@/app/session-context';
import { shortcutsOn, switchShortcuts } from '@/app/shortcuts';
import { Card } from '@/components/card';
import { wallTime } from '@/format/day';
import { Ledgers } from './ledgers';

function useAttempt() {
  const problem = useProblemText();
  const [failed, setFailed] = useState('');
  const [done, setDone] = useState('');
  const attempt = async (work: () => Promise<string>) => {
    setFailed('');
    setDone('');
    try {
      setDone(await work());
    } catch (error) {
      setFailed(problem(error));
    }
  };
  const shown = (
    <div aria-live="polite">
      {failed && <p className="problem" role="alert">{failed}</p>}
      {done && <p className="success">{done}</p>}
    </div>
  );
  return { attempt, shown };
}

function Password() {
  const { t } = useTranslation();
  const session = useSession();
  const { attempt, shown } = useAttempt();
  const [old, setOld] = useState('');
  const [password, setPassword] = useState('');
  return (
    <Card title={t('me.password')}>
      {shown}
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void attempt(async () => {
            await post(`/api/v1/accounts/${session.account}/password`, { old_password: old, password });
            setOld('');
            setPassword('');
            return t('me.password_changed');
          });
        }}
      >
        <label htmlFor="old-password">{t('me.old_password')}</label>
        <Input id="old-password" type="password" autoComplete="current-password" value={old} onChange={(e) => setOld(e.target.value)} required />
        <label htmlFor="new-password">{t('me.new_password')}</label>
        <Input id="new-password" type="password" autoComplete="new-password" value={password} onChange={(e) => setPassword(e.target.value)} required />
        <Button htmlType="submit" style={{ marginTop: 12 }}>{t('me.change_password')}</Button>
      </form>
    </Card>
  );
}

function Token() {
  const { t } = useTranslation();
  const { attempt, shown } = useAttempt();
  const [label, setLabel] = useState('');
  const [token, setToken] = useState('');
  return (
    <Card title={t('me.token')}>
      <p className="note">{t('me.token_help')}</p>
      {shown}
      {token && <pre className="mono" tabIndex={0}>{token}</pre>}
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void attempt(async () => {
            setToken((await post<TokenAnswer>('/api/v1/tokens', { label })).token);
            return t('me.token_once');
          });
        }}
      >
        <label htmlFor="token-label">{t('me.token_label')}</label>
        <Input id="token-label" value={label} onChange={(e) => setLabel(e.target.value)} required maxLength={60} />
        <Button htmlType="submit" style={{ marginTop: 12 }}>{t('me.make_token')}</Button>
      </form>
    </Card>
  );
}

/** The address is shown when it is made and never again: the server keeps only its hash. */
function CalendarFeed() {
  const { t } = useTranslation();
  const { attempt, shown } = useAttempt();
  const own = useRead<Personal>('/api/v1/me', {}, { reads: 'now' });
  const [address, setAddress] = useState('');
  const since = own.data?.calendar_since;
  return (
    <Card title={t('me.calendar')}>
      <p className="note">{t('me.calendar_help')}</p>
      {shown}
      {since && <p>{t('me.calendar_since', { at: wallTime(since) })}</p>}
      {address && (
        <>
          <label htmlFor="calendar-address">{t('me.calendar_address')}</label>
          <Input id="calendar-address" readOnly value={address} onFocus={(e) => e.target.select()} />
        </>
      )}
      <p style={{ marginTop: 12, display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        <Button
          onClick={() => void attempt(async () => {
            const { path } = await post<CalendarAnswer>('/api/v1/me/calendar', {});
            setAddress(`${location.origin}${path}`);
            void own.refetch();
            return t('me.calendar_once');
          })}
        >
          {t(since ? 'me.calendar_again' : 'me.calendar_make')}
        </Button>
        {since && (
          <Button
            onClick={() => void attempt(async () => {
              await remove('/api/v1/me/calendar');
              setAddress('');
              void own.refetch();
              return t('me.calendar_ended');
            })}
          >
            {t('me.calendar_end')}
          </Button>
        )}
      </p>
    </Card>
  );
}

function Mail() {
  const { t } = useTranslation();
  const { attempt, shown } = useAttempt();
  const own = useRead<Personal>('/api/v1/me', {}, { reads: 'now' });
  const [typed, setTyped] = useState<string>();
  const address = typed ?? own.data?.mail ?? '';
  if (!own.data?.mail_offered) return null;
  return (
    <Card title={t('me.mail')}>
      <p className="note">{t('me.mail_help')}</p>
      {shown}
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void attempt(async () => {
            await post('/api/v1/me/mail', address.trim() === '' ? {} : { address: address.trim() });
            void own.refetch();
            return t(address.trim() === '' ? 'me.mail_removed' : 'me.mail_saved');
          });
        }}
      >
        <label htmlFor="mail-address">{t('me.mail_address')}</label>
        <Input id="mail-address" type="email" autoComplete="email" value={address} onChange={(e) => setTyped(e.target.value)} maxLength={120} />
        <Button htmlType="submit" style={{ marginTop: 12 }}>{t('me.mail_save')}</Button>
      </form>
    </Card>
  );
}

export default function Me() {
  const { t } = useTranslation();
  const labels = useLabels();
  const session = useSession();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const [keys, setKeys] = useState(shortcutsOn());
  return (
    <>
      <div className="page-head">
        <h1>{session.display || session.login}</h1>
        <div className="right">
          <Button onClick={() => void signOut().then(() => navigate('/sign-in'))}>{t('me.sign_out')}</Button>
        </div>
      </div>
      <div className="board">
        <Card title={t('me.account')}>
          <dl className="facts">
            <dt>{t('sign_in.login')}</dt>
            <dd>{session.login}</dd>
            <dt>{t('me.roles')}</dt>
            <dd>{session.roles.map((r) => labels.role(r)).join(' · ')}</dd>
            <dt>{isApplicant(session) ? labels.field('enterprise') : t('filter.unit')}</dt>
            <dd>{(isApplicant(session) ? session.enterprise : session.unit)?.name ?? '–'}</dd>
            <dt>{t('me.permissions')}</dt>
            <dd>
              <ul>
                {session.permissions.map((p) => {
                  const [name, own] = p.split(':') as [string, string | undefined];
                  return <li key={p}>{labels.permission(name)}{own && !isApplicant(session) && <span className="unit">{t('me.own_unit')}</span>}</li>;
                })}
              </ul>
            </dd>
          </dl>
          <p style={{ marginTop: 14, display: 'flex', gap: 10, alignItems: 'center' }}>
            <Switch
              id="shortcuts" checked={keys} aria-label={t('me.shortcuts')}
              onChange={(on) => {
                switchShortcuts(on);
                setKeys(on);
              }}
            />
            <label htmlFor="shortcuts">{t('me.shortcuts')}</label>
          </p>
        </Card>
        <Ledgers />
        {!isApplicant(session) && <><CalendarFeed /><Mail /></>}
        <Password />
        <Token />
      </div>
    </>
  );
}
