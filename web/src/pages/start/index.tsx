// SPDX-License-Identifier: Apache-2.0
// What a new ledger needs before its first project, step by step; each says whether it is done and may be done again.
import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { byHand, useCommands } from '@/actions/commands';
import type { AccountList, Board, CalendarPage, MattersInForce, PostList, RegionList, UnitList } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To, useActLink } from '@/app/reading';
import { holds, useSession } from '@/app/session-context';
import { useShowStanding } from '@/app/standing';
import { Card } from '@/components/card';
import { SheetMenu } from '@/components/sheet-menu';
import { sheetLists, type SheetList } from '@/components/sheet-lists';
import { count } from '@/format/day';
import './start.css';

const roles = ['leader', 'project_office', 'unit_head', 'unit_officer', 'statistician', 'supervisor', 'sysadmin', 'secadmin', 'auditor', 'enterprise'];

function Step({ n, title, done, said, children }: { n: number; title: string; done: boolean | undefined; said?: string; children: ReactNode }) {
  const { t } = useTranslation();
  const state = done === undefined ? undefined : <span className={done ? 'done' : 'todo'}>{said ?? t(done ? 'start.done' : 'start.todo')}</span>;
  return (
    <li data-done={done}>
      <Card title={`${n}. ${title}`} note={state}>
        {children}
      </Card>
    </li>
  );
}

/** Buttons for the commands of a step, as far as the account has them. */
function Acts({ names, children }: { names: string[]; children?: ReactNode }) {
  const labels = useLabels();
  const act = useActLink();
  const mine = byHand(useCommands());
  return (
    <div className="buttons">
      {children}
      {names.filter((name) => mine.some((c) => c.name === name)).map((name) => <Link key={name} to={act(name)}>{labels.command(name)}</Link>)}
    </div>
  );
}

function WorkDays({ page }: { page: CalendarPage | undefined }) {
  const { t } = useTranslation();
  const year = page?.years[0];
  if (!page || !year) return null;
  const next = page.years[1];
  return (
    <>
      <p>{t(page.national ? 'start.workdays_national' : 'start.workdays_week')}</p>
      {page.years.map((y) => <p key={y.year}>{t(y.provisional ? 'start.year_provisional' : 'start.year', { year: y.year, days: count(y.work_days) })}</p>)}
      {next?.provisional && <p className="note">{t('start.provisional_note')}</p>}
      {year.days.length > 0 && (
        <details>
          <summary>{t('start.days_of', { year: year.year, n: year.days.length })}</summary>
          <ul className="days-off">
            {year.days.map((d) => <li key={d.day}>{d.day} {d.name} · {t(d.works ? 'start.works' : 'start.off')}</li>)}
          </ul>
        </details>
      )}
    </>
  );
}

function Accounts({ list }: { list: AccountList | undefined }) {
  const { t } = useTranslation();
  const labels = useLabels();
  if (!list) return <p>{t('start.accounts_by_others')}</p>;
  const held = new Set(list.rows.filter((a) => !a.disabled).flatMap((a) => a.roles));
  const missing = roles.filter((role) => !held.has(role));
  return (
    <>
      <p>{t('start.accounts_about')}</p>
      {missing.length > 0 && <p>{t('start.roles_missing', { roles: missing.map((r) => labels.value('Role', r)).join(t('common.comma')) })}</p>}
      <Acts names={['account.create', 'account.grant_role']}>
        <To to="/registers/accounts">{t('start.open_accounts')}</To>
      </Acts>
    </>
  );
}

export default function Start() {
  const { t } = useTranslation();
  const session = useSession();
  const reads = holds(session, 'master.read');
  const regions = useRead<RegionList>('/api/v1/regions', {}, { enabled: reads }).data?.rows.length;
  const units = useRead<UnitList>('/api/v1/units', {}, { enabled: reads }).data?.rows.length;
  const posts = useRead<PostList>('/api/v1/posts', {}, { enabled: reads, reads: 'now' }).data?.rows.length;
  const days = useRead<CalendarPage>('/api/v1/workdays', {}, { enabled: reads }).data;
  useShowStanding(days?.standing);
  const accounts = useRead<AccountList>('/api/v1/accounts', {}, { enabled: holds(session, 'account.read'), reads: 'now' }).data;
  const projects = useRead<Board>('/api/v1/board', {}, { enabled: holds(session, 'project.read') }).data?.projects;
  const packages = useRead<MattersInForce>('/api/v1/matters-in-force', {}, { enabled: holds(session, 'case.read') }).data?.packages.length;
  const numbered = (n: number | undefined, key: string) => (n === undefined ? undefined : n > 0 ? t(key, { n: count(n) }) : undefined);
  const sheets = (Object.keys(sheetLists) as SheetList[]).filter((list) => !['units', 'regions'].includes(list) && holds(session, sheetLists[list].permission));
  return (
    <>
      <div className="page-head">
        <h1>{t('start.title')}</h1>
      </div>
      <p className="note">{t('start.about')}</p>
      <ol className="start-steps">
        <Step n={1} title={t('start.ledger')} done>
          <p>{t('start.ledger_is', { name: session.jurisdiction_name || session.jurisdiction, code: session.jurisdiction })} {days && t('start.money_in', { currency: days.standing.currency })} {t('start.fixed')}</p>
        </Step>
        <Step n={2} title={t('start.regions')} done={regions === undefined ? undefined : regions > 0} said={numbered(regions, 'start.n_regions')}>
          <p>{t(reads ? 'start.regions_about' : 'start.by_office')}</p>
          {reads && <Acts names={['region.add']}><SheetMenu list="regions" /><To to="/registers/regions">{t('start.see_list')}</To></Acts>}
        </Step>
        <Step n={3} title={t('start.units')} done={units === undefined ? undefined : units > 0} said={units ? t('start.n_units', { n: count(units), posts: count(posts ?? 0) }) : undefined}>
          <p>{t(reads ? 'start.units_about' : 'start.by_office')}</p>
          {reads && <Acts names={['unit.create', 'post.create']}><SheetMenu list="units" /><To to="/registers/units">{t('start.see_list')}</To></Acts>}
        </Step>
        <Step n={4} title={t('start.workdays')} done={days === undefined ? undefined : !days.years[0]?.provisional}>
          {reads ? <WorkDays page={days} /> : <p>{t('start.by_office')}</p>}
        </Step>
        <Step n={5} title={t('start.accounts')} done={accounts === undefined ? undefined : accounts.rows.length > 3} said={numbered(accounts && accounts.rows.length > 3 ? accounts.rows.length : undefined, 'start.n_accounts')}>
          <Accounts list={accounts} />
        </Step>
        <Step n={6} title={t('start.templates')} done={undefined}>
          <p>{t(reads ? 'start.templates_about' : 'start.by_office')}</p>
          <dl className="facts">
            {sheets.map((list) => (
              <div key={list} style={{ display: 'contents' }}>
                <dt>{t(`excel.list_${list}`)}</dt>
                <dd><SheetMenu list={list} /></dd>
              </div>
            ))}
          </dl>
        </Step>
        <Step n={7} title={t('start.projects')} done={projects === undefined ? undefined : projects > 0} said={numbered(projects, 'start.n_projects')}>
          <p>{t(reads ? 'start.projects_about' : 'start.by_office')}</p>
          {reads && <Acts names={['project.register', 'report.schedule']}><To to="/projects">{t('start.see_list')}</To></Acts>}
        </Step>
        <Step n={8} title={t('start.matters')} done={packages === undefined ? undefined : packages > 0} said={numbered(packages, 'start.n_packages')}>
          <p>{t('start.matters_about')} <code>landfall import LEDGER matters</code></p>
          {reads && <Acts names={['matter.define', 'package.define']} />}
        </Step>
      </ol>
    </>
  );
}
