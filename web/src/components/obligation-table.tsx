// SPDX-License-Identifier: Apache-2.0
// Obligations with the four steps 清 → 办 → 销 → 报 and the acts that the state and the account allow.
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCommands } from '@/actions/commands';
import type { ObligationRow, ObligationState } from '@/api/types';
import { useLabels } from '@/app/labels';
import { RecordLink, To, useActLink } from '@/app/reading';
import { dayNumber } from '@/format/day';
import type { Column } from './data-table';
import { LightMark } from './light';

const steps = ['listed', 'doing', 'closing', 'closed'] as const;
const reached: Record<ObligationState, number> = { assigned: 0, accepted: 1, reported_done: 2, written_off: 3, done: 3, cancelled: -1 };

function Flow({ state }: { state: ObligationState }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const at = reached[state];
  return (
    <span className="flow">
      {at >= 0 && steps.map((step, i) => (
        <i key={step} className={i < at || at === 3 ? 'past' : i === at ? 'now' : undefined} aria-hidden="true">
          {t(`obligation.step_${step}`)}
        </i>
      ))}
      <span>{labels.value('ObligationState', state)}</span>
    </span>
  );
}

/** The fields that a next command needs and that the row already knows. */
export function fieldsFor(command: string, row: ObligationRow): Record<string, string | number | undefined> {
  if (command.startsWith('obligation.')) return { obligation: row.id };
  if (row.case_id && row.step !== undefined) return { case_id: row.case_id, step: row.step };
  if (command === 'project.solve_block') return { project: row.project?.id, raised: String(row.seq) };
  return { project: row.project?.id, milestone: row.milestone };
}

/** What it is about, in words; of a derived row what it is derived from. */
export function useObligationText(): (row: ObligationRow) => string {
  const { t } = useTranslation();
  const labels = useLabels();
  return useCallback(
    (o) => {
      const words = o.text_erased ? t('common.erased') : o.text;
      if (o.kind === 'block') return t('obligation.block_of', { milestone: labels.milestone(o.milestone!), text: words });
      return o.milestone ? labels.milestone(o.milestone) : o.period ? t('obligation.report_of', { period: o.period }) : words;
    },
    [t, labels],
  );
}

/** What was done about it: the list it stands on, urges, supervision, where it came from. */
export function ObligationTags({ row }: { row: ObligationRow }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const tags: [string, string][] = [];
  if (row.urge) tags.push(['light light-amber tagged', t('obligation.urged', { level: labels.value('UrgeLevel', row.urge), n: row.urged_times ?? 0, day: row.urged_on ?? '' })]);
  else if (row.urged_times) tags.push(['tag', t('obligation.urged_answered', { n: row.urged_times })]);
  if (row.supervision_level) tags.push(['light light-red tagged', t('obligation.supervised', { n: row.supervision_level })]);
  if (row.returned_times > 0) tags.push(['tag', t('obligation.returned', { n: row.returned_times })]);
  if (row.list) tags.push(['tag', labels.value('ListName', row.list) + (row.category ? ` · ${labels.value('Category', row.category)}` : '')]);
  if (row.source) tags.push(['tag', labels.value('Source', row.source)]);
  if (row.notes) tags.push(['tag', t('obligation.noted', { n: row.notes, day: row.noted_on ?? '' })]);
  if (tags.length === 0) return null;
  return <span className="tags">{tags.map(([className, words]) => <span key={words} className={className}>{words}</span>)}</span>;
}

/** `most`: how many are shown; all of them stand on the obligation's own page, as buttons. */
export function ObligationActs({ row, most = 9, buttons }: { row: ObligationRow; most?: number; buttons?: boolean }) {
  const labels = useLabels();
  const act = useActLink();
  const commands = useCommands();
  const next = row.next.filter((name) => commands.some((c) => c.name === name && c.allowed)).slice(0, most);
  return (
    <span className="links">
      {next.map((name, i) => name === 'report.submit' ? (
        <To key={name} to={`/projects/${row.project?.id}/report`} query={{ period: row.period }} className={buttons ? `button${i === 0 ? ' primary' : ''}` : 'nowrap'}>
          {labels.command(name)}
        </To>
      ) : (
        <Link key={name} to={act(name, fieldsFor(name, row))} className={buttons ? `button${i === 0 ? ' primary' : ''}` : 'nowrap'}>
          {labels.command(name)}
        </Link>
      ))}
    </span>
  );
}

export function obligationKey(row: ObligationRow): string {
  if (row.case_id) return `${row.case_id}/${row.step}`;
  return row.id ?? `${row.project?.id}/${row.block ? row.seq : (row.milestone ?? row.period)}`;
}

export function useObligationColumns(inProject = false, asOf?: string): Column<ObligationRow>[] {
  const { t } = useTranslation();
  const labels = useLabels();
  const text = useObligationText();
  return useMemo(() => {
    const columns: Column<ObligationRow>[] = [
      { key: 'light', title: t('project.light'), width: 200, pinned: !inProject, sort: inProject ? undefined : 'light', render: (o) => <LightMark view={o.light} /> },
      {
        key: 'text', title: t('obligation.text'), width: 200, pinned: !inProject,
        render: (o) => (
          <span className="two" title={text(o)}>
            {!inProject && o.project && (o.milestone || o.period) ? (
              <To to={`/projects/${o.project.id}`} data-row-link>{text(o)}</To>
            ) : o.id ? (
              <To to={`/obligations/${o.id}`} data-row-link>{text(o)}</To>
            ) : o.case_id ? (
              <To to={`/cases/${o.case_id}`} data-row-link>{text(o)}</To>
            ) : (
              text(o)
            )}
          </span>
        ),
      },
      { key: 'unit', title: t('obligation.owner'), width: 140, render: (o) => o.owner_unit?.name ?? '–' },
      { key: 'due', title: t('obligation.due'), width: 104, sort: inProject ? undefined : 'due', render: (o) => <span className="nowrap">{o.due_on}</span> },
      { key: 'progress', title: t('obligation.progress'), width: 196, render: (o) => <ObligationTags row={o} /> },
      { key: 'elapsed', title: t('obligation.elapsed'), width: 72, align: 'right', render: (o) => (o.given_on && asOf ? <span className="nowrap">{t('unit.days', { n: dayNumber(asOf) - dayNumber(o.given_on) })}</span> : '–') },
      { key: 'state', title: t('obligation.state'), width: 172, render: (o) => <Flow state={o.state} /> },
      { key: 'acts', title: t('common.act'), width: 168, screen: true, render: (o) => <ObligationActs row={o} most={2} /> },
      { key: 'kind', title: t('obligation.kind'), width: 84, render: (o) => (o.kind === 'milestone' ? t('obligation.milestone') : o.kind === 'report' ? t('obligation.report') : o.kind === 'block' ? labels.value('BlockKind', o.block!) : labels.value('Kind', o.kind)) },
      { key: 'project', title: t('obligation.project'), width: 220, render: (o) => (o.project ? <To to={`/projects/${o.project.id}`} className="two" title={o.project.name} >{o.project.name || t('common.erased')}</To> : '–') },
      { key: 'seq', title: t('common.record'), width: 80, render: (o) => (o.seq > 0 ? <RecordLink seq={o.seq} /> : '–') },
    ];
    return inProject ? columns.filter((c) => c.key !== 'project') : columns;
  }, [t, labels, text, inProject, asOf]);
}
