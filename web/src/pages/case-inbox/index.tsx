// SPDX-License-Identifier: Apache-2.0
// 部门待办: the steps that may begin or run, by the day on which they are due. Cards, so that it reads the same on a phone.
import { Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ObligationList, ObligationRow } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { To, useActLink, useHere } from '@/app/reading';
import { useSession } from '@/app/session-context';
import { useShowStanding } from '@/app/standing';
import { useFilters } from '@/components/filters';
import { LightMark } from '@/components/light';
import { fieldsFor, obligationKey } from '@/components/obligation-table';
import { Answer, Empty } from '@/components/states';
import { count, dayFromNumber, dayNumber } from '@/format/day';
import { useMay, useOwnUnit } from '../cases/acts';
import '../cases/cases.css';

const sections = ['overdue', 'today', 'week', 'later'] as const;
type Section = (typeof sections)[number];
const weekDays = 7;
/** What is decided is decided on the case's own page, with everything in view. */
const atOnce = new Set(['step.receive', 'step.resume']);

function sectionOf(due: string, asOf: string): Section {
  if (due < asOf) return 'overdue';
  if (due === asOf) return 'today';
  return due <= dayFromNumber(dayNumber(asOf) + weekDays) ? 'week' : 'later';
}

function Task({ row, asOf }: { row: ObligationRow; asOf: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const may = useMay();
  const own = useOwnUnit();
  const mine = row.owner_unit ? own(row.owner_unit.id) : false;
  const next = mine ? row.next.filter((name) => atOnce.has(name) && may(name)) : [];
  const main = next[0];
  const suspended = row.next.includes('step.resume');
  return (
    <li className="task" data-task={obligationKey(row)}>
      <LightMark view={row.light} />
      <To to={`/cases/${row.case_id}`} className="task-text" data-row-link>{row.text || t('common.erased')}</To>
      <p className="note">
        {t('case.number', { id: row.case_id })} · {t('case.step_n', { n: row.step })}{row.project ? ` · ${row.project.name}` : ''} · {row.owner_unit?.name} · <span className="nowrap">{t('case.due', { day: row.due_on })}</span>
        {row.given_on && ` · ${t('case.held', { n: Math.max(0, dayNumber(asOf) - dayNumber(row.given_on)) })}`}
      </p>
      <span className="tags">
        <span className="tag">{t(suspended ? 'case.is_still' : row.next.includes('step.receive') ? 'case.may_receive' : 'case.is_running')}</span>
      </span>
      <span className="task-acts">
        {main && <Link className="button primary" to={act(main, fieldsFor(main, row))} data-act-of={main}>{labels.command(main)}</Link>}
        <To className="button" to={`/cases/${row.case_id}`}>{t('case.open')}</To>
      </span>
    </li>
  );
}

export default function CaseInboxPage() {
  const { t } = useTranslation();
  const here = useHere();
  const { unit } = useSession();
  const { values, change } = useFilters(['whose'] as const);
  const all = values.whose === 'all' || !unit;
  const { list, first, rows, more } = useReadPages('/api/v1/obligations', { kind: 'step', sort: 'due', unit: all ? undefined : unit.id }, (p: ObligationList) => p.rows, 100);
  useShowStanding(first?.standing);
  const asOf = first?.standing.as_of ?? '';
  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}><To to="/cases">{t('case.list')}</To></nav>
      <div className="page-head">
        <h1>{t('case.inbox')}</h1>
        {first && <span className="note" role="status" data-total={first.total}>{t('case.n_steps', { n: count(first.total) })}</span>}
      </div>
      {unit && (
        <div className="filters">
          <Segmented
            aria-label={t('case.whose')} value={all ? 'all' : 'mine'} onChange={(whose) => change({ whose: whose === 'all' ? 'all' : undefined })}
            options={[{ value: 'mine', label: unit.name }, { value: 'all', label: t('case.all_units') }]}
          />
        </div>
      )}
      <Answer of={list}>
        {() => (
          <>
            {rows.length === 0 && (
              <div className="card">
                <Empty text={t('case.inbox_none')}>{!all ? <Link to={here({ whose: 'all' })}>{t('case.all_units')}</Link> : <To to="/cases">{t('case.list')}</To>}</Empty>
              </div>
            )}
            {sections.map((section) => {
              const part = rows.filter((r) => sectionOf(r.due_on, asOf) === section);
              if (part.length === 0) return null;
              return (
                <section key={section} id={section} className="card" aria-labelledby={`head-${section}`}>
                  <div className="card-head">
                    <h2 id={`head-${section}`}>{t(`case.section_${section}`)}</h2>
                    <div className="note">{t('case.n_steps', { n: part.length })}</div>
                  </div>
                  <ul className="tasks">{part.map((row) => <Task key={obligationKey(row)} row={row} asOf={asOf} />)}</ul>
                </section>
              );
            })}
            {list.hasNextPage && <Button loading={list.isFetchingNextPage} onClick={more}>{t('common.more')}</Button>}
          </>
        )}
      </Answer>
    </>
  );
}
