// SPDX-License-Identifier: Apache-2.0
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { checkpointUrl } from '@/api/client';
import type { Entry, EntryList } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { DataTable, type Column } from '@/components/data-table';
import { ClearFilters, SearchBox, useFilters } from '@/components/filters';
import { Who } from '@/components/who';
import { Answer, Empty } from '@/components/states';
import { count, wallTime } from '@/format/day';

const names = ['subject'] as const;

/** "project/p88" as a link where there is a page for it. */
export function SubjectLink({ on }: { on: string }) {
  const project = /^project\/(p\d+)$/.exec(on)?.[1];
  if (project) return <To to={`/projects/${project}`}>{on}</To>;
  const obligation = /^obligation\/(b\d+)$/.exec(on)?.[1];
  return obligation ? <To to={`/obligations/${obligation}`}>{on}</To> : <>{on}</>;
}

export default function LedgerPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const { values, change, active, clear } = useFilters(names);
  const { list, first, rows, more } = useReadPages('/api/v1/entries', values, (p: EntryList) => p.rows, 200, 'records');
  useShowStanding(first?.standing);
  const search = useCallback((subject: string | undefined) => change({ subject }), [change]);
  const columns: Column<Entry>[] = [
    { key: 'seq', title: t('common.record'), width: 90, pinned: true, render: (e) => <span data-evidence><RecordLink seq={e.seq} /></span> },
    { key: 'at', title: t('entry.at'), width: 150, render: (e) => <span className="nowrap">{wallTime(e.at)}</span> },
    { key: 'by', title: t('entry.by'), width: 150, render: (e) => <Who entry={e} /> },
    { key: 'command', title: t('entry.command'), width: 180, render: (e) => labels.command(e.command) },
    { key: 'on', title: t('entry.on'), width: 140, render: (e) => (e.events[0] ? <SubjectLink on={e.events[0].on} /> : '–') },
    { key: 'events', title: t('entry.events'), width: 340, render: (e) => <span className="two">{[...new Set(e.events.map((v) => labels.event(v.type)))].join(' · ')}</span> },
    { key: 'leaf', title: t('entry.leaf_hash'), width: 150, render: (e) => <span className="mono nowrap">{e.leaf_hash.slice(0, 16)}…</span> },
  ];
  return (
    <>
      <div className="page-head">
        <h1>{t('entry.list')}</h1>
        {first && <span className="note">{t('entry.size', { n: count(first.standing.ledger_size) })}</span>}
        <div className="right">
          <a href={checkpointUrl()} download>{t('entry.checkpoint')}</a>
        </div>
      </div>
      <div className="filters">
        <SearchBox label={t('entry.subject')} value={values.subject} onChange={search} />
        <ClearFilters active={active} clear={clear} />
        <span className="note">{t('entry.note')}</span>
      </div>
      <Answer of={list}>
        {() => (
          <div className="card table-card">
            <DataTable label={t('entry.list')} columns={columns} rows={rows} rowKey={(e) => String(e.seq)} total={first?.standing.ledger_size} more={more} empty={<Empty text={t('entry.none')} />} compact />
          </div>
        )}
      </Answer>
    </>
  );
}
