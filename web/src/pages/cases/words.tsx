// SPDX-License-Identifier: Apache-2.0
// What cases, steps and their clocks are called, in every place that shows them.
import { useTranslation } from 'react-i18next';
import type { CaseRow, CaseStep, Light, OfficeClock, Suspension } from '@/api/types';
import { useLabels } from '@/app/labels';
import { LightShape } from '@/components/light';
import { dayNumber } from '@/format/day';

export interface Limit {
  days: number;
  unit: 'work_days' | 'calendar_days';
}

export function useLimit(): (limit: Limit | undefined) => string {
  const { t } = useTranslation();
  return (limit) => (limit ? t(limit.unit === 'work_days' ? 'case.work_days' : 'case.calendar_days', { n: limit.days }) : t('case.no_limit'));
}

function useUntil(): (due: string, asOf: string) => string {
  const { t } = useTranslation();
  return (due, asOf) => {
    const left = dayNumber(due) - dayNumber(asOf);
    return left < 0 ? t('case.late', { n: -left }) : left === 0 ? t('case.due_today') : t('case.left', { n: left });
  };
}

export function LightTag({ light, why, tagged = true }: { light: Light; why: string; tagged?: boolean }) {
  const labels = useLabels();
  return (
    <span className={`light light-${light}${tagged ? ' tagged' : ''}`}>
      <LightShape light={light} />
      <span>{light === 'idle' || light === 'done' ? why : `${labels.value('Light', light)} · ${why}`}</span>
    </span>
  );
}

/** Why a case has its light: its own promise, or that of one of its steps. */
export function useCaseReason(): (row: CaseRow, asOf: string) => string {
  const { t } = useTranslation();
  const labels = useLabels();
  const until = useUntil();
  return (row, asOf) => {
    if (row.state !== 'running') return labels.value('CaseState', row.state);
    const late = row.due_on !== undefined && row.due_on < asOf;
    if (!late && (row.light === 'red' || row.light === 'amber')) return t('case.step_late');
    return row.due_on ? until(row.due_on, asOf) : t('case.no_promise');
  };
}

export function CaseLight({ row, asOf, tagged = false }: { row: CaseRow; asOf: string; tagged?: boolean }) {
  return <LightTag light={row.light} why={useCaseReason()(row, asOf)} tagged={tagged} />;
}

export function StepLight({ step, asOf }: { step: CaseStep; asOf: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const until = useUntil();
  const why = () => {
    if (step.state === 'approved' || step.state === 'refused') return `${labels.value('StepState', step.state)} ${step.decided_on ?? ''}`;
    if (step.dead_end) return t('case.dead_end');
    if (!step.may_begin) return step.waits_for.length > 0 ? t('case.waits', { steps: step.waits_for.join(t('common.comma')) }) : t('case.not_begun');
    return step.office?.due_on ? until(step.office.due_on, asOf) : labels.value('StepState', step.state);
  };
  return <LightTag light={step.light} why={why()} />;
}

/** The office's clock in words: how much of the limit is used, until when, and what does not count. */
export function Clock({ of }: { of: OfficeClock }) {
  const { t } = useTranslation();
  const limit = useLimit();
  return (
    <>
      <b className={of.late ? 'case-late' : undefined}>{t('case.used_of', { used: of.used, limit: limit({ days: of.limit, unit: of.unit }) })}</b>
      {of.due_on && <span className="nowrap"> · {t('case.due', { day: of.due_on })}</span>}
      {of.late && <span className="case-late"> · {t('case.is_late')}</span>}
      {of.left_out > 0 && <span className="note"> · {t('case.left_out', { n: of.left_out })}</span>}
      {of.provisional && <span className="note"> · {t('case.provisional')}</span>}
    </>
  );
}

/** A law that nobody has verified says so. */
export function Unverified() {
  const { t } = useTranslation();
  return <span className="case-mark" title={t('case.unverified_help')}>{t('case.unverified')}</span>;
}

export function SuspensionLine({ of }: { of: Suspension }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <>
      <b>{labels.value('Pause', of.reason)}</b>{' '}
      <span className="nowrap">{of.until ? t('case.span', { from: of.from, until: of.until }) : t('case.span_open', { from: of.from, n: of.days_max })}</span>{' '}
      <span className="note">{of.article || t('case.no_article')}</span> {!of.verified && <Unverified />}
    </>
  );
}

export function applicantOf(row: CaseRow): string {
  return row.enterprise?.name || row.project?.name || '';
}
