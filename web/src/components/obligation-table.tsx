// SPDX-License-Identifier: Apache-2.0
// Obligations with the four steps 清 → 办 → 销 → 报 and the acts that the state and the account allow.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCommands } from '@/actions/commands';
import type { ObligationRow, ObligationState } from '@/api/types';
import { useLabels } from '@/app/labels';
import { RecordLink, To, useActLink } from '@/app/reading';
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
function fieldsFor(command: string, row: ObligationRow): Record<string, string | undefined> {
  if (command.startsWith('obligation.')) return { obligation: row.id };
  return { project: row.project?.id, milestone: row.milestone };
}

export function ObligationActs({ row }: { row: ObligationRow }) {
  const labels = useLabels();
  const act = useActLink();
  const commands = useCommands();
  const next = row.next.filter((name) => commands.some((c) => c.name === name && c.allowed));
  return (
    <span className="links">
      {next.map((name) => name === 'report.submit' ? (
        <To key={name} to={`/projects/${row.project?.id}/report`} query={{ period: row.period }} className="nowrap">
          {labels.command(name)}
        </To>
      ) : (
        <Link key={name} to={act(name, fieldsFor(name, row))} className="nowrap">
          {labels.command(name)}
        </Link>
      ))}
    </span>
  );
}

export function obligationKey(row: ObligationRow): string {
  return row.id ?? `${row.project?.id}/${row.milestone ?? row.period}`;
}

export function useObligationColumns(inProject = false): Column<ObligationRow>[] {
  const { t } = useTranslation();
  const labels = useLabels();
  return useMemo(() => {
    const text = (o: ObligationRow) => (o.milestone ? labels.milestone(o.milestone) : o.period ? t('obligation.report_of', { period: o.period }) : o.text_erased ? t('common.erased') : o.text);
    const columns: Column<ObligationRow>[] = [
      { key: 'light', title: t('project.light'), width: 210, pinned: !inProject, sort: inProject ? undefined : 'light', render: (o) => <LightMark view={o.light} /> },
      {
        key: 'text', title: t('obligation.text'), width: 210, pinned: !inProject,
        render: (o) => (
          <span className="two" title={text(o)}>
            {!inProject && o.project && (o.milestone || o.period) ? (
              <To to={`/projects/${o.project.id}`} data-row-link>{text(o)}</To>
            ) : (
              text(o)
            )}
            {o.returned_times > 0 && <span className="unit">{t('obligation.returned', { n: o.returned_times })}</span>}
          </span>
        ),
      },
      { key: 'kind', title: t('obligation.kind'), width: 84, render: (o) => (o.kind === 'milestone' ? t('obligation.milestone') : o.kind === 'report' ? t('obligation.report') : labels.value('Kind', o.kind)) },
      { key: 'project', title: t('obligation.project'), width: 220, render: (o) => (o.project ? <To to={`/projects/${o.project.id}`} className="two" title={o.project.name} data-row-link={o.milestone || o.period ? undefined : true}>{o.project.name || t('common.erased')}</To> : '–') },
      { key: 'unit', title: t('obligation.owner'), width: 160, render: (o) => o.owner_unit?.name ?? '–' },
      { key: 'due', title: t('obligation.due'), width: 110, sort: inProject ? undefined : 'due', render: (o) => <span className="nowrap">{o.due_on}</span> },
      { key: 'state', title: t('obligation.state'), width: 180, render: (o) => <Flow state={o.state} /> },
      { key: 'acts', title: t('common.act'), width: 200, render: (o) => <ObligationActs row={o} /> },
      { key: 'seq', title: t('common.record'), width: 80, render: (o) => (o.seq > 0 ? <RecordLink seq={o.seq} /> : '–') },
    ];
    return inProject ? columns.filter((c) => c.key !== 'project') : columns;
  }, [t, labels, inProject]);
}
