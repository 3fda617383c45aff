// SPDX-License-Identifier: Apache-2.0
// 办件: every case that one may see, with its light and both clocks.
import { Button, Segmented } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CaseList, CaseRow, CaseState, MattersInForce } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead, useReadPages } from '@/app/read';
import { To, useHere } from '@/app/reading';
import { useSession } from '@/app/session-context';
import { useShowStanding } from '@/app/standing';
import { DataTable, type Column } from '@/components/data-table';
import { ClearFilters, FilterSelect, SubjectFilter, useFilters } from '@/components/filters';
import { lightOrder, LightShape } from '@/components/light';
import { PrintButton } from '@/components/print-button';
import { Answer, Empty } from '@/components/states';
import { useNarrow } from '@/components/use-narrow';
import { count } from '@/format/day';
import { useMay } from './acts';
import './cases.css';
import { applicantOf, CaseLight } from './words';

const names = ['open', 'state', 'light', 'channel', 'package', 'unit'] as const;
const channels: CaseRow['channel'][] = ['window', 'online'];
const states: CaseState[] = ['incomplete', 'applied', 'running', 'approved', 'refused', 'withdrawn'];

function useNotes(): (row: CaseRow) => string {
  const { t } = useTranslation();
  return (row) => [row.papers_lacking > 0 && t('case.n_lacking', { n: row.papers_lacking }), row.papers_overdue > 0 && t('case.n_overdue', { n: row.papers_overdue })].filter(Boolean).join(' · ');
}

function useColumns(asOf: string): Column<CaseRow>[] {
  const { t } = useTranslation();
  const labels = useLabels();
  const notes = useNotes();
  return useMemo(
    () => [
      { key: 'light', title: t('case.light'), width: 170, pinned: true, render: (c) => <CaseLight row={c} asOf={asOf} /> },
      { key: 'name', title: t('case.package'), width: 200, pinned: true, render: (c) => <To to={`/cases/${c.id}`} className="two" title={c.name} data-row-link>{c.name || t('common.erased')} <span className="unit">{c.id}</span></To> },
      { key: 'who', title: t('case.applicant'), width: 180, render: (c) => <span className="two">{applicantOf(c) || '–'}</span> },
      { key: 'state', title: t('case.state'), width: 84, render: (c) => <span className="nowrap">{labels.value('CaseState', c.state)}</span> },
      { key: 'channel', title: t('case.channel'), width: 90, render: (c) => <span className="nowrap">{labels.value('CaseChannel', c.channel)}</span> },
      { key: 'steps', title: t('case.steps_done'), width: 84, align: 'right', render: (c) => `${c.steps_decided} / ${c.steps}` },
      { key: 'due', title: t('case.due_day'), width: 104, render: (c) => <span className="nowrap">{c.due_on ?? '–'}</span> },
      { key: 'waiting', title: t('case.waiting'), width: 96, align: 'right', render: (c) => t('unit.days', { n: c.waiting_days }) },
      { key: 'papers', title: t('case.papers'), width: 130, render: (c) => notes(c) || '–' },
      { key: 'applied', title: t('case.applied_on'), width: 104, render: (c) => <span className="nowrap">{c.applied_on}</span> },
      { key: 'accepted', title: t('case.accepted_on'), width: 104, render: (c) => <span className="nowrap">{c.accepted_on ?? '–'}</span> },
      { key: 'unit', title: t('case.lead'), width: 140, render: (c) => c.owner_unit.name },
    ],
    [t, labels, asOf, notes],
  );
}

function CaseCard({ row, asOf }: { row: CaseRow; asOf: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const notes = useNotes();
  return (
    <li className="case-card">
      <CaseLight row={row} asOf={asOf} />
      <To to={`/cases/${row.id}`} data-row-link>{row.name || t('common.erased')}</To>
      <p className="note">{[applicantOf(row), row.id, row.owner_unit.name, row.channel === 'online' && labels.value('CaseChannel', row.channel)].filter(Boolean).join(' · ')}</p>
      <p className="note">
        {labels.value('CaseState', row.state)} · {row.steps_decided} / {row.steps} · {row.due_on ? t('case.due', { day: row.due_on }) : t(row.accepted_on ? 'case.no_promise' : 'case.not_accepted')} · {t('case.waited', { n: row.waiting_days })}
      </p>
      {notes(row) && <p className="note">{notes(row)}</p>}
    </li>
  );
}

export default function CasesPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const here = useHere();
  const session = useSession();
  const may = useMay();
  const narrow = useNarrow();
  const { values, change, active, clear } = useFilters(names);
  const asked = { ...values, open: values.open === 'all' || values.state ? undefined : true };
  const { list, first, rows, more } = useReadPages('/api/v1/cases', asked, (p: CaseList) => p.rows, 100);
  const inForce = useRead<MattersInForce>('/api/v1/matters-in-force');
  useShowStanding(first?.standing);
  const asOf = first?.standing.as_of ?? '';
  const columns = useColumns(asOf);
  const mine = session.unit?.id;
  const empty = (
    <Empty text={t(active.length > 0 ? 'case.none_match' : 'case.none')}>
      {active.length > 0 ? <Button onClick={clear}>{t('common.clear_filters', { n: active.length })}</Button> : <Link to={here({ open: 'all' })}>{t('case.show_all')}</Link>}
    </Empty>
  );
  return (
    <>
      <div className="page-head">
        <h1>{t('case.list')}</h1>
        {first && <span className="note" role="status" data-total={first.total}>{t('case.total', { n: count(first.total) })}</span>}
        {first && (
          <span className="links">
            {lightOrder.map((light) => first.lights[light] > 0 && (
              <Link key={light} to={here({ light })} className={`light light-${light}`} data-light={light}>
                <LightShape light={light} />
                {labels.value('Light', light)} {count(first.lights[light])}
              </Link>
            ))}
          </span>
        )}
        <div className="right">
          <To to="/cases/inbox" className="button">{t('case.inbox')}</To>
          <To to="/cases/health" className="button">{t('case.health')}</To>
          <PrintButton list={list} />
          {may('case.apply') && <To to="/cases/new" className="button primary" data-new-case>{t('case.desk')}</To>}
        </div>
      </div>
      <div className="filters">
        <Segmented
          aria-label={t('case.state')} value={values.open ?? 'open'} onChange={(open) => change({ open: open === 'open' ? undefined : open, state: undefined })}
          options={[{ value: 'open', label: t('case.show_open') }, { value: 'all', label: t('case.show_all') }]}
        />
        {mine && (
          <Segmented
            aria-label={t('case.whose')} value={values.unit === mine ? 'mine' : 'all'} onChange={(whose) => change({ unit: whose === 'mine' ? mine : undefined })}
            options={[{ value: 'all', label: t('case.all_units') }, { value: 'mine', label: t('case.my_unit') }]}
          />
        )}
        <FilterSelect label={t('case.state')} value={values.state} onChange={(state) => change({ state })} options={states.map((s) => ({ value: s, label: labels.value('CaseState', s) }))} width={110} />
        <FilterSelect label={t('case.channel')} value={values.channel} onChange={(channel) => change({ channel })} options={channels.map((c) => ({ value: c, label: labels.value('CaseChannel', c) }))} width={100} />
        <FilterSelect label={t('filter.light')} value={values.light} onChange={(light) => change({ light })} options={lightOrder.map((l) => ({ value: l, label: labels.value('Light', l) }))} width={100} />
        <FilterSelect label={t('case.package')} value={values.package} onChange={(next) => change({ package: next })} options={(inForce.data?.packages ?? []).map((p) => ({ value: p.package, label: p.name || p.package }))} width={150} />
        <SubjectFilter subject="unit" label={t('filter.unit')} value={values.unit} onChange={(unit) => change({ unit })} />
        <ClearFilters active={active} clear={clear} />
      </div>
      <Answer of={list}>
        {(data) => narrow ? (
          <div className="card">
            <ul className="case-cards">{rows.map((c) => <CaseCard key={c.id} row={c} asOf={asOf} />)}</ul>
            {rows.length === 0 && empty}
            {list.hasNextPage && <div className="more"><Button block loading={list.isFetchingNextPage} onClick={more}>{t('common.more')}</Button></div>}
          </div>
        ) : (
          <div className="card table-card">
            <DataTable label={t('case.list')} columns={columns} rows={rows} rowKey={(c) => c.id} total={data.pages[0]!.total} more={more} empty={empty} />
          </div>
        )}
      </Answer>
    </>
  );
}
