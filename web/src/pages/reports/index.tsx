// SPDX-License-Identifier: Apache-2.0
// 登记进展: who has reported the month and who has not. An officer sees what is left to do, the office who is late.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCommands } from '@/actions/commands';
import type { ReportList, ReportRow, ReportUnit, Standing } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { RecordLink, To, useActLink, useHere } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Amount } from '@/components/amount';
import { Card } from '@/components/card';
import { SubjectFilter, useFilters } from '@/components/filters';
import { LightMark } from '@/components/light';
import { PrintButton } from '@/components/print-button';
import { SheetMenu } from '@/components/sheet-menu';
import { Answer, Empty } from '@/components/states';
import { isMonth, plusMonths } from '@/format/month';
import { showPercent } from '@/pages/report-form/checks';
import './report.css';

const tabs = ['missing', 'late', 'reported', 'pending_correction', 'all'] as const;
type Tab = (typeof tabs)[number];

function Row({ row, standing, may }: { row: ReportRow; standing: Standing; may: boolean }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const missing = row.seq === undefined;
  return (
    <li className="card" data-report={row.project.id} data-state={row.state}>
      <strong>{row.project.name || t('common.erased')}</strong>
      {missing && may && !row.closed ? (
        <To to={`/projects/${row.project.id}/report`} query={{ period: row.period }} className="report-big primary">{t('report.go')}</To>
      ) : (
        <To to={`/projects/${row.project.id}`} className="report-big">{t('report.open')}</To>
      )}
      <span className="note">{[row.code, row.owner_unit?.name].filter(Boolean).join(' · ')}</span>
      <span>
        {missing ? (
          <>
            <LightMark view={row.light} /> {row.due_on && <span className="note">{t('report.due_on', { day: row.due_on })}</span>}
          </>
        ) : (
          <span className="note">
            {t('report.reported_on', { day: row.reported_on })}
            {row.state === 'reported_late' && ` · ${t('report.late_by', { n: row.late_days })}`}
            {!row.owed && ` · ${t('report.not_owed')}`} <RecordLink seq={row.seq!} />
          </span>
        )}
      </span>
      {!missing && (
        <span className="amounts">
          {t('report.month')} <Amount minor={row.completed_month_minor!} standing={standing} /> · {t('report.total')} <Amount minor={row.completed_total_minor!} standing={standing} />
          {row.physical_bp !== undefined && ` · ${showPercent(row.physical_bp)}%`}
          {row.doubts.length > 0 && <span className="report-problem"> · {t('form.at_field', { field: t('report.doubts'), text: row.doubts.map((d) => labels.value('Doubt', d)).join(' · ') })}</span>}
          {row.corrections.length > 0 && <> · <To to="/reports/corrections">{t('report.waiting')}</To></>}
        </span>
      )}
    </li>
  );
}

function Units({ units, period, mayAssign }: { units: ReportUnit[]; period: string; mayAssign: boolean }) {
  const { t } = useTranslation();
  const here = useHere();
  return (
    <Card title={t('report.units')} flush note={mayAssign && units.some((u) => u.counts.late > 0) && <To to="/obligations/assign" query={{ late: period }} data-chase-all>{t('report.chase_all')}</To>}>
      <div className="table-box" tabIndex={0} role="group" aria-label={t('report.units')}>
        <table className="data compact" data-units>
          <thead>
            <tr>
              <th scope="col">{t('report.unit')}</th>
              <th scope="col" className="num">{t('report.reported')}/{t('report.owed')}</th>
              <th scope="col" className="num">{t('report.late')}</th>
              <th scope="col">{t('common.act')}</th>
            </tr>
          </thead>
          <tbody>
            {units.map(({ unit, counts }) => (
              <tr key={unit?.id ?? ''}>
                <td>{unit?.name ?? t('report.unit_none')}</td>
                <td className="num">{counts.reported}/{counts.owed}</td>
                <td className="num">{counts.late > 0 ? <span className="light light-red">{counts.late}</span> : 0}</td>
                <td>
                  <span className="links">
                    {unit && counts.reported < counts.owed && <Link to={here({ unit: unit.id, state: 'missing' })}>{t('report.missing_of')}</Link>}
                    {unit && counts.late > 0 && (mayAssign ? <To to="/obligations/assign" query={{ late: period, unit: unit.id }}>{t('report.chase')}</To> : <To to="/obligations" query={{ kind: 'report', unit: unit.id }}>{t('report.see_late')}</To>)}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

export default function ReportsPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const here = useHere();
  const act = useActLink();
  const commands = useCommands();
  const may = (name: string) => commands.some((c) => c.name === name && c.allowed);
  const { values, change } = useFilters(['period', 'state', 'unit'] as const);
  const tab: Tab = tabs.find((s) => s === values.state) ?? 'missing';
  const asked = isMonth(values.period) ? values.period : undefined;
  const { list, first, rows } = useReadPages('/api/v1/reports', { period: asked, unit: values.unit, state: tab }, (p: ReportList) => p.rows, 50);
  useShowStanding(first?.standing);
  const period = first?.period ?? asked;
  const missing = first ? first.counts.owed - first.counts.reported : 0;
  const numbers: Record<Tab, number | undefined> = { missing, late: first?.counts.late, reported: first?.counts.reported, pending_correction: first?.counts.pending_corrections, all: undefined };
  return (
    <>
      <div className="page-head">
        <h1>{t('report.title')}</h1>
        {period && (
          <nav className="report-month" aria-label={t('report.period')}>
            <Link to={here({ period: plusMonths(period, -1) })} aria-label={t('report.month_before')}>‹</Link>
            <b>{period}</b>
            <Link to={here({ period: plusMonths(period, 1) })} aria-label={t('report.month_after')}>›</Link>
          </nav>
        )}
        {first && (
          <span role="status" data-status>
            {t('report.in_of', { reported: first.counts.reported, owed: first.counts.owed })}
            {first.counts.late > 0 && <span className="light light-red"> · {t('report.late_n', { n: first.counts.late })}</span>}
            {first.closed && <span className="tag">{t('report.closed')}</span>}
          </span>
        )}
        <div className="right">
          <PrintButton list={list} />
          <SheetMenu list="reports" query={{ period, unit: values.unit, state: tab }} />
          <To to="/reports/corrections" className="button">{first && first.counts.pending_corrections > 0 ? t('report.corrections_n', { n: first.counts.pending_corrections }) : t('report.corrections')}</To>
          {may('report.schedule') && <Link className="button" to={act('report.schedule', { first_period: period })}>{labels.command('report.schedule')}</Link>}
          {may('report.close_period') && first && !first.closed && <Link className="button" to={act('report.close_period', { period })}>{labels.command('report.close_period')}</Link>}
          {may('report.reopen_period') && first?.closed && <Link className="button" to={act('report.reopen_period', { period })}>{labels.command('report.reopen_period')}</Link>}
        </div>
      </div>
      <div className="filters">
        <nav className="report-tabs" aria-label={t('report.filter')}>
          {tabs.map((s) => (
            <Link key={s} to={here({ state: s === 'missing' ? undefined : s })} aria-current={s === tab ? 'page' : undefined} data-tab={s}>
              {t(`report.tab_${s}`)}
              {numbers[s] !== undefined && <b>{numbers[s]}</b>}
            </Link>
          ))}
        </nav>
        {first && first.units.length > 1 && <SubjectFilter subject="unit" label={t('report.unit')} value={values.unit} onChange={(unit) => change({ unit })} />}
        {values.unit && first && first.units.length <= 1 && <Link to={here({ unit: undefined })}>{t('common.clear_filters', { n: 1 })}</Link>}
      </div>
      <Answer of={list}>
        {(data) => {
          const page = data.pages[0]!;
          return (
            <div className={page.units.length > 1 ? 'report-grid' : undefined}>
              <div className="col">
                {!page.scheduled && <div className="card"><Empty text={t('report.not_scheduled')} /></div>}
                {page.scheduled && rows.length === 0 && <div className="card"><Empty text={t(`report.none_${tab}`, { period: page.period })} /></div>}
                <ul className="report-cards">
                  {rows.map((row) => (
                    <Row key={row.project.id} row={row} standing={page.standing} may={may('report.submit')} />
                  ))}
                </ul>
                {list.hasNextPage && <button type="button" className="report-big" onClick={() => void list.fetchNextPage()}>{t('common.more')}</button>}
              </div>
              {page.units.length > 1 && <div className="col"><Units units={page.units} period={page.period} mayAssign={may('obligation.assign')} /></div>}
            </div>
          );
        }}
      </Answer>
    </>
  );
}
