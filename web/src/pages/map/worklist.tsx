// SPDX-License-Identifier: Apache-2.0
// The list at the right: what is overdue, longest first; what falls due this week; what waits to be written off.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { ObligationList, ProjectRow } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To } from '@/app/reading';
import { Card } from '@/components/card';
import { LightMark, lightReason, LightShape } from '@/components/light';
import { Answer, Empty } from '@/components/states';
import { count } from '@/format/day';
import { dueBefore, isDueThisWeek, isOverdue, useProjectsByDue, week, type MapFilters } from './data';

const tabs = ['overdue', 'week', 'write_off'] as const;
type Tab = (typeof tabs)[number];

export function ProjectLine({ project: p }: { project: ProjectRow }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const step = p.next_milestone ? labels.milestone(p.next_milestone) : p.stage ? labels.milestone(p.stage) : '';
  const words = p.light.reason === 'overdue' || p.light.reason === 'on_plan' ? [p.region?.name, step, p.owner_unit?.name] : [lightReason(p.light, t, labels), p.owner_unit?.name];
  return (
    <li>
      <To to={`/projects/${p.id}`} data-row-link>
        <span className={`light light-${p.light.light}`}>
          <LightShape light={p.light.light} />
          <span className="hidden">{labels.value('Light', p.light.light)}</span>
        </span>
        <strong>{p.title_erased ? t('common.erased') : p.title}</strong>
        <span className={isOverdue(p) ? `late light-${p.light.light}` : 'note'}>
          {isOverdue(p) ? t('unit.days', { n: count(p.light.days ?? 0) }) : p.next_due_on}
        </span>
        <span className="note">{words.filter(Boolean).join(' · ')}</span>
      </To>
    </li>
  );
}

/** One page at a time; the rest is one click away, never left out. */
function Lines({ rows, more, hasMore, empty }: { rows: ProjectRow[]; more: () => void; hasMore: boolean; empty: ReactNode }) {
  const { t } = useTranslation();
  if (rows.length === 0 && !hasMore) return empty;
  return (
    <>
      <ul className="worklist">
        {rows.map((p) => (
          <ProjectLine key={p.id} project={p} />
        ))}
      </ul>
      {hasMore && <div className="list-more"><button type="button" className="button" onClick={more}>{t('common.more')}</button></div>}
    </>
  );
}

function Overdue({ filters, clear }: { filters: MapFilters; clear: ReactNode }) {
  const { t } = useTranslation();
  const { list, rows, more } = useProjectsByDue(filters);
  return (
    <Answer of={list}>
      {(data) => {
        const overdue = rows.filter(isOverdue);
        // They come in the order of their days: once one is due today or later, no further page holds any that is overdue.
        const hasMore = list.hasNextPage && dueBefore(rows.at(-1), data.pages[0]!.standing.as_of, 0);
        return <Lines rows={overdue} more={more} hasMore={hasMore} empty={<Empty text={t('map.none_overdue')}>{clear}</Empty>} />;
      }}
    </Answer>
  );
}

function DueThisWeek({ filters, clear }: { filters: MapFilters; clear: ReactNode }) {
  const { t } = useTranslation();
  const off = filters.light !== undefined && filters.light !== 'green';
  const { list, rows, more } = useProjectsByDue({ ...filters, light: 'green' });
  return (
    <Answer of={list}>
      {(data) => {
        const asOf = data.pages[0]!.standing.as_of;
        const due = off ? [] : rows.filter((p) => isDueThisWeek(p, asOf));
        const hasMore = !off && list.hasNextPage && dueBefore(rows.at(-1), asOf, week);
        return <Lines rows={due} more={more} hasMore={hasMore} empty={<Empty text={t('map.none_due')}>{clear}</Empty>} />;
      }}
    </Answer>
  );
}

function AwaitingWriteOff({ filters, clear }: { filters: MapFilters; clear: ReactNode }) {
  const { t } = useTranslation();
  const list = useRead<ObligationList>('/api/v1/obligations', { ...filters, state: 'reported', limit: 500 });
  return (
    <Answer of={list}>
      {(data) => {
        if (data.rows.length === 0) return <Empty text={t('map.none_write_off')}>{clear}</Empty>;
        return (
          <ul className="worklist">
            {data.rows.map((o) => (
              <li key={o.id}>
                <To to={`/obligations/${o.id}`} data-row-link>
                  <span className={`light light-${o.light.light}`}>
                    <LightShape light={o.light.light} />
                  </span>
                  <strong>{o.text_erased ? t('common.erased') : o.text}</strong>
                  <span className="note">{o.due_on}</span>
                  <span className="note">
                    {[o.project?.name, o.owner_unit?.name].filter(Boolean).join(' · ')} · <LightMark view={o.light} />
                  </span>
                </To>
              </li>
            ))}
          </ul>
        );
      }}
    </Answer>
  );
}

const bodies = { overdue: Overdue, week: DueThisWeek, write_off: AwaitingWriteOff };

export function Worklist({ filters, clear }: { filters: MapFilters; clear: ReactNode }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const tab: Tab = tabs.find((name) => name === params.get('tab')) ?? 'overdue';
  const Body = bodies[tab];
  const open = (name: Tab) =>
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        if (name === 'overdue') next.delete('tab');
        else next.set('tab', name);
        return next;
      },
      { replace: true },
    );
  return (
    <Card
      title={t('map.worklist')} className="map-list" flush
      note={
        <span className="seg" role="group" aria-label={t('map.worklist')}>
          {tabs.map((name) => (
            <button key={name} type="button" aria-pressed={tab === name} onClick={() => open(name)}>{t(`map.tab_${name}`)}</button>
          ))}
        </span>
      }
    >
      <div className="map-list-box">
        <Body filters={filters} clear={clear} />
      </div>
    </Card>
  );
}
