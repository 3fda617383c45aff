// SPDX-License-Identifier: Apache-2.0
// 待办: what waits for me, the most pressing first. Cards, so that it reads the same on a phone.
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCommands } from '@/actions/commands';
import type { Inbox, InboxRow } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To, useActLink, useHere } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { useFilters } from '@/components/filters';
import { LightMark } from '@/components/light';
import { fieldsFor, obligationKey, ObligationTags, useObligationText } from '@/components/obligation-table';
import { Answer, Empty } from '@/components/states';
import { count } from '@/format/day';

const sections = ['overdue', 'today', 'week', 'waiting', 'following', 'later'] as const;
const kinds = ['all', 'urged', 'returned', 'unaccepted'] as const;
const mine = new Set<InboxRow['section']>(['overdue', 'today', 'week', 'later']);

/** Whether a card belongs to what was asked for; the server counts these, so the words must mean the same here. */
function shows(row: InboxRow, kind: string): boolean {
  const o = row.obligation;
  if (kind === 'urged') return mine.has(row.section) && o.urge !== undefined;
  if (kind === 'returned') return mine.has(row.section) && o.returned_times > 0;
  if (kind === 'unaccepted') return mine.has(row.section) && o.next.includes('obligation.accept');
  return true;
}

function Task({ row }: { row: InboxRow }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const commands = useCommands();
  const o = row.obligation;
  const may = o.next.filter((name) => commands.some((c) => c.name === name && c.allowed));
  // What I assigned and is late: the one thing left to me is to urge.
  const main = row.section === 'following' ? may.find((n) => n === 'obligation.urge') : may[0];
  const text = useObligationText();
  // A block has no page of its own; who has to solve it need not be allowed to open the project.
  const there = o.case_id ? { to: `/cases/${o.case_id}` } : o.id ? { to: `/obligations/${o.id}` } : { to: '/obligations', query: { kind: 'block', project: o.project?.id } };
  return (
    <li className="task" data-task={obligationKey(o)}>
      <LightMark view={o.light} />
      <To {...there} className="task-text" data-row-link>{text(o)}</To>
      <p className="note">
        {o.block ? `${t('obligation.block')} · ${labels.value('BlockKind', o.block)}` : labels.value('Kind', o.kind)}
        {o.project ? ` · ${o.project.name || t('common.erased')}` : ''} · {o.owner_unit?.name} · <span className="nowrap">{t('inbox.due', { day: o.due_on })}</span>
      </p>
      <ObligationTags row={o} />
      <span className="task-acts">
        {main && <Link className="button primary" to={act(main, fieldsFor(main, o))}>{labels.command(main)}</Link>}
        <To className="button" {...there}>{t('inbox.open')}</To>
      </span>
    </li>
  );
}

export default function InboxPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const here = useHere();
  const { values, change } = useFilters(['show'] as const);
  const inbox = useRead<Inbox>('/api/v1/inbox', {}, { reads: 'now' });
  useShowStanding(inbox.data?.standing);
  const show = values.show ?? 'all';
  return (
    <>
      <div className="page-head">
        <h1>{t('inbox.title')}</h1>
        {inbox.data && (
          <span className="links" role="status">
            {sections.map((s) => inbox.data.counts[s] > 0 && (
              <a key={s} href={`#${s}`} data-count={s}>{labels.value('InboxSection', s)} {count(inbox.data.counts[s])}</a>
            ))}
          </span>
        )}
      </div>
      <Answer of={inbox}>
        {(data) => {
          const rows = data.rows.filter((r) => shows(r, show));
          return (
            <>
              <div className="filters">
                <Segmented
                  aria-label={t('inbox.show')} value={show} onChange={(next) => change({ show: next === 'all' ? undefined : String(next) })}
                  options={kinds.map((k) => ({ value: k, label: k === 'all' ? t('inbox.show_all') : `${t(`inbox.show_${k}`)} ${count(data.counts[k])}` }))}
                />
              </div>
              {rows.length === 0 && (
                <div className="card">
                  <Empty text={t(show === 'all' ? 'inbox.none' : 'inbox.none_match')}>
                    {show !== 'all' ? <Link to={here({ show: undefined })}>{t('inbox.show_all')}</Link> : <To to="/obligations">{t('inbox.see_list')}</To>}
                  </Empty>
                </div>
              )}
              {sections.map((section) => {
                const part = rows.filter((r) => r.section === section);
                if (part.length === 0) return null;
                const total = data.counts[section];
                return (
                  <section key={section} id={section} className="card" aria-labelledby={`head-${section}`}>
                    <div className="card-head">
                      <h2 id={`head-${section}`}>{labels.value('InboxSection', section)}</h2>
                      <div className="note">{show === 'all' && total > part.length ? t('inbox.first_of', { n: part.length, total: count(total) }) : t('obligation.total', { n: part.length })}</div>
                    </div>
                    <ul className="tasks">{part.map((row) => <Task key={obligationKey(row.obligation)} row={row} />)}</ul>
                  </section>
                );
              })}
            </>
          );
        }}
      </Answer>
    </>
  );
}
