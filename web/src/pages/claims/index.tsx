// SPDX-License-Identifier: Apache-2.0
// 对账: every published figure with what the ledger and the report itself say of it.
import { Button, Segmented } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { byHand, useCommands } from '@/actions/commands';
import type { ClaimList, ClaimRow } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { RecordLink, useActLink } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { DataTable, type Column } from '@/components/data-table';
import { ClearFilters, FilterSelect, SearchBox, useFilters } from '@/components/filters';
import { later } from '@/components/later';
import { PrintButton } from '@/components/print-button';
import { Answer, Empty } from '@/components/states';
import { count } from '@/format/day';
import { PrintedValue, VerdictMark, verdicts } from './value';
import './claims.css';

const ClaimSheet = later(() => import('./claim-sheet'));
const names = ['verdict', 'report', 'category', 'words', 'q'] as const;
const categories = ['indicator', 'enterprise', 'project', 'park', 'chain', 'event', 'relation', 'mechanism'];

export default function ClaimsPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const navigate = useNavigate();
  const { values, change, active, clear } = useFilters(names);
  // Words without a number are many and cannot be checked; they are shown when asked for.
  const words = values.words === 'true' || values.verdict === 'stated';
  const { list, first, rows, more } = useReadPages('/api/v1/claims', { ...values, words: String(words) }, (p: ClaimList) => p.rows, 200);
  useShowStanding(first?.standing);
  const [open, setOpen] = useState<ClaimRow>();
  const search = useCallback((q: string | undefined) => change({ q }), [change]);
  const mayRecord = byHand(useCommands()).some((c) => c.name === 'claim.record');
  const columns = useMemo((): Column<ClaimRow>[] => [
    {
      key: 'name', title: t('claim.name'), width: 220, pinned: true,
      render: (c) => (
        <>
          <button type="button" className="link" data-row-link onClick={() => setOpen(c)} aria-label={t('claim.open', { name: c.name || t('common.erased') })}>{c.name || t('common.erased')}</button>
          {c.target && <span className="note"> {t('claim.target')}</span>}
          {c.name_inferred && <span className="note"> {t('claim.inferred')}</span>}
        </>
      ),
    },
    { key: 'verdict', title: t('claim.verdict'), width: 120, render: (c) => <VerdictMark verdict={c.verdict} /> },
    { key: 'value', title: t('claim.value'), width: 150, align: 'right', render: (c) => <PrintedValue claim={c} /> },
    { key: 'found', title: t('claim.found'), width: 130, align: 'right', render: (c) => c.found || '–' },
    { key: 'period', title: t('claim.period'), width: 190, render: (c) => c.period || '–' },
    { key: 'region', title: t('claim.region'), width: 120, render: (c) => c.region?.name ?? '–' },
    { key: 'source', title: t('claim.source'), render: (c) => <span className="nowrap">{c.source} <RecordLink seq={c.seq} /></span> },
  ], [t]);
  const shown = verdicts.filter((v) => v !== 'stated' || words);
  return (
    <>
      <div className="page-head">
        <h1>{t('claim.list')}</h1>
        {first && <span className="note" role="status" data-total={first.total}>{count(first.total)}</span>}
        <div className="right">
          <PrintButton list={list} />
          {mayRecord && <Button onClick={() => void navigate(act('claim.record'))}>{labels.command('claim.record')}</Button>}
        </div>
      </div>
      <div className="filters">
        <div className="claim-verdicts">
          <Segmented
            aria-label={t('claim.verdict')} value={values.verdict ?? 'all'} onChange={(v) => change({ verdict: v === 'all' ? undefined : v })}
            options={[{ value: 'all', label: t('claim.all') }, ...shown.map((v) => ({ value: v, label: `${labels.value('ClaimVerdict', v)} ${first ? count(first.counts[v]) : ''}` }))]}
          />
        </div>
        <SearchBox label={t('claim.search')} value={values.q} onChange={search} />
        {first && first.reports.length > 1 && <FilterSelect label={t('claim.report')} value={values.report} onChange={(report) => change({ report })} options={first.reports.map((r) => ({ value: r, label: r }))} width={110} />}
        <FilterSelect label={t('claim.category')} value={values.category} onChange={(category) => change({ category })} options={categories.map((c) => ({ value: c, label: labels.value('ClaimCategory', c) }))} width={110} />
        <FilterSelect label={t('claim.words')} value={values.words} onChange={(w) => change({ words: w })} options={[{ value: 'true', label: t('claim.with_words') }]} width={150} />
        <ClearFilters active={active} clear={clear} />
      </div>
      <Answer of={list}>
        {(data) => (
          <div className="card table-card">
            <DataTable
              label={t('claim.list')} columns={columns} rows={rows} rowKey={(c) => c.id} total={data.pages[0]!.total} more={more}
              empty={
                <Empty text={t(active.length > 0 ? 'claim.none_match' : 'claim.none')}>
                  {active.length > 0 && <Button onClick={clear}>{t('common.clear_filters', { n: active.length })}</Button>}
                </Empty>
              }
            />
          </div>
        )}
      </Answer>
      <p className="note">{t('claim.note')}</p>
      {open && <ClaimSheet id={open.id} name={open.name || t('common.erased')} onClose={() => setOpen(undefined)} />}
    </>
  );
}
