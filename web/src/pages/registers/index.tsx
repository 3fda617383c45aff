// SPDX-License-Identifier: Apache-2.0
import { Button, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { about, byHand, useCommands } from '@/actions/commands';
import { post } from '@/api/client';
import type { CommandRow } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { NavTo, To, useActLink, useCarry, useHere } from '@/app/reading';
import { holds, useSession } from '@/app/session-context';
import { DataTable, type Column } from '@/components/data-table';
import { PrintButton } from '@/components/print-button';
import { Sheet } from '@/components/sheet';
import { SheetMenu } from '@/components/sheet-menu';
import { Answer, Empty } from '@/components/states';
import NotFound from '@/pages/not-found';
import { ImportReport } from './report';
import { cellOf, registerKinds, type RegisterKind } from './kinds';

type Row = Record<string, unknown> & { id?: string };
type Rows = { rows: Row[]; next_cursor?: string };

export default function RegistersPage() {
  const { t } = useTranslation();
  const { kind } = useParams();
  const session = useSession();
  const mine = registerKinds.filter((k) => holds(session, k.permission));
  const shown = registerKinds.find((k) => k.kind === kind);
  if (!shown) return <NotFound />;
  const groups = ['people', 'master', 'admin'] as const;
  return (
    <div className="with-side">
      <nav className="card side" aria-label={t('shell.registers')}>
        <ul>
          {groups.map((group) => {
            const kinds = mine.filter((k) => k.group === group);
            return kinds.length > 0 && [
              <li key={group} className="group">{t(`register.group_${group}`)}</li>,
              ...kinds.map((k) => <li key={k.kind}><NavTo to={`/registers/${k.kind}`}>{t(`register.${k.kind}`)}</NavTo></li>),
            ];
          })}
          {holds(session, 'master.read') && <li className="group"><To to="/calendar">{t('shell.workdays')}</To></li>}
          {holds(session, 'project.read') && <li className="group"><To to="/agents">{t('shell.agents')}</To></li>}
          {holds(session, 'master.read') && <li className="group"><To to="/mechanisms">{t('subject.mechanism')}</To></li>}
          <li className="group"><To to="/start">{t('shell.start')}</To></li>
        </ul>
      </nav>
      <div className="col">
        <Register key={shown.kind} of={shown} />
      </div>
    </div>
  );
}

function Register({ of }: { of: RegisterKind }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const navigate = useNavigate();
  const act = useActLink();
  const carry = useCarry();
  const session = useSession();
  const commands = useCommands();
  const here = useHere();
  // What the search asked for. Long lists are narrowed by the server, short ones are here already.
  const q = useSearchParams()[0].get('q') ?? undefined;
  const { list, rows: all, more } = useReadPages(of.path, of.asks ? { q } : {}, (p: Rows) => (of.rows ? ((p as unknown as Record<string, Row[]>)[of.rows] ?? []) : p.rows), of.pageSize, of.reads);
  const [report, setReport] = useState<string | null>(null);
  const [passwordOf, setPasswordOf] = useState<Row | null>(null);
  const rows = useMemo(() => (q && !of.asks ? all.filter((r) => String(r.title ?? r.name ?? '').includes(q)) : all), [q, of.asks, all]);
  const names = useMemo(() => new Map(all.map((r) => [r.id, String(r.name ?? r.id)])), [all]);
  const show = {
    labels,
    yes: t('common.yes'),
    nameOf: (id: string) => names.get(id) ?? id,
    report: (digest: string) => <button type="button" className="link" onClick={() => setReport(digest)}>{t('register.open_report')}</button>,
  };
  const columns: Column<Row>[] = of.columns.map(([key, cell, width], i) => ({
    key, width, title: t(`register.col_${key}`), pinned: i < 2 && of.columns[0]![0] === 'id', align: cell === 'number' ? 'right' : undefined,
    render: (row) => cellOf(row, key, cell, show),
  }));
  const acts = of.subject ? about(commands, of.subject).filter((c) => c.name !== of.create && belongs(c, of.about ?? of.subject!)) : [];
  const mayPassword = of.kind === 'accounts' && holds(session, 'account.write');
  if (acts.length > 0 || mayPassword) {
    columns.push({
      key: 'acts', title: t('common.act'), width: 300, screen: true,
      render: (row) => (
        <span className="links">
          {acts.map((c) => <Link key={c.name} to={act(c.name, { [of.subject!]: row.id })}>{labels.command(c.name)}</Link>)}
          {mayPassword && <button type="button" className="link" onClick={() => setPasswordOf(row)}>{t('register.set_password')}</button>}
        </span>
      ),
    });
  }
  const mayCreate = of.create !== undefined && byHand(commands).some((c) => c.name === of.create);
  return (
    <>
      <div className="page-head">
        <h1>{t(`register.${of.kind}`)}</h1>
        {list.data && <span className="note" role="status">{t('register.loaded', { n: rows.length })}</span>}
        {q && <Link to={here({ q: undefined })} className="tag" data-only>{t('register.only', { q })} ×</Link>}
        <div className="right">
          <PrintButton list={list} />
          {of.sheet && <SheetMenu list={of.sheet} />}
          {of.kind === 'regions' && holds(session, 'place.write') && <Button onClick={() => void navigate(carry('/map/borders'))}>{t('register.borders')}</Button>}
          {mayCreate && <Button type="primary" onClick={() => void navigate(act(of.create!))}>{labels.command(of.create!)}</Button>}
        </div>
      </div>
      <Answer of={list}>
        {() => (
          <div className="card table-card">
            <DataTable label={t(`register.${of.kind}`)} columns={columns} rows={rows} rowKey={(r, i) => String(r.id ?? r.seq ?? r.ladder ?? i)} more={more} empty={<Empty text={t('register.none')} />} />
          </div>
        )}
      </Answer>
      {report && <ImportReport digest={report} onClose={() => setReport(null)} />}
      {passwordOf && <PasswordSheet account={passwordOf} onClose={() => setPasswordOf(null)} />}
    </>
  );
}

/** "unit.rename" is about a unit; "post.create" only mentions one. */
function belongs(command: CommandRow, subject: string): boolean {
  return command.name.startsWith(`${subject}.`);
}

function PasswordSheet({ account, onClose }: { account: Row; onClose: () => void }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const [password, setPassword] = useState('');
  const [failed, setFailed] = useState('');
  const [done, setDone] = useState(false);
  const submit = async () => {
    try {
      await post(`/api/v1/accounts/${account.id}/password`, { password });
      setDone(true);
    } catch (error) {
      setFailed(problem(error));
    }
  };
  return (
    <Sheet title={t('register.set_password')} onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void submit();
        }}
      >
        {failed && <div className="problem" role="alert">{failed}</div>}
        {done ? (
          <p className="success" role="status">{t('me.password_changed')}</p>
        ) : (
          <>
            <label htmlFor="new-password">{t('register.password_for', { login: String(account.login) })}</label>
            <Input id="new-password" type="password" autoComplete="new-password" value={password} onChange={(e) => setPassword(e.target.value)} required />
            <Button type="primary" htmlType="submit" style={{ marginTop: 12 }}>{t('register.set_password')}</Button>
          </>
        )}
      </form>
    </Sheet>
  );
}
