// SPDX-License-Identifier: Apache-2.0
// Plan, fact and lateness of one project's milestones as spans of days. A milestone has one day; its bar begins at the
// day of the nearest earlier rung that has one, so that the bars read as the stages between milestones.
import type { Milestone } from '@/api/types';
import { dayFromNumber, dayNumber } from '@/format/day';

export interface Span {
  from: number;
  to: number;
}
export type Verdict = 'reached_late' | 'reached_early' | 'reached_on_day' | 'reached_unplanned' | 'overdue' | 'ahead' | 'no_plan' | 'set_aside';
export interface GanttRow {
  milestone: Milestone;
  plan?: Span;
  actual?: Span;
  over?: Span;
  /** Days: what was agreed, and what is to be expected where that is not the plan. */
  baseline?: number;
  forecast?: number;
  verdict: Verdict;
  /** Days late (or early, for reached_early). */
  days: number;
  light: 'red' | 'amber' | 'green' | 'idle';
}
export interface GanttLayout {
  rows: GanttRow[];
  domain: Span;
  ticks: { at: number; label: string; year: boolean }[];
  showToday: boolean;
}

const shortLate = 14;

/** `stopped`: the project was set aside by `today`, whose clock stands still there. */
function judge(m: Milestone, today: number, stopped: boolean): Pick<GanttRow, 'verdict' | 'days' | 'light'> {
  const plan = m.planned_on === undefined ? undefined : dayNumber(m.planned_on);
  const late = (days: number) => (days > shortLate ? 'red' : 'amber') as 'red' | 'amber';
  if (m.reached_on !== undefined) {
    if (plan === undefined) return { verdict: 'reached_unplanned', days: 0, light: 'green' };
    const days = dayNumber(m.reached_on) - plan;
    if (days > 0) return { verdict: 'reached_late', days, light: late(days) };
    return { verdict: days < 0 ? 'reached_early' : 'reached_on_day', days: Math.abs(days), light: 'green' };
  }
  if (plan === undefined) return { verdict: 'no_plan', days: 0, light: 'idle' };
  if (plan < today) return { verdict: 'overdue', days: today - plan, light: late(today - plan) };
  return stopped ? { verdict: 'set_aside', days: 0, light: 'idle' } : { verdict: 'ahead', days: plan - today, light: 'idle' };
}

function ticksOf({ from, to }: Span): GanttLayout['ticks'] {
  const months = (to - from) / 30.4;
  const step = months <= 10 ? 1 : months <= 30 ? 3 : months <= 72 ? 6 : 12;
  const ticks: GanttLayout['ticks'] = [];
  let [year, month] = dayFromNumber(from).split('-').map(Number) as [number, number];
  month = Math.floor((month - 1) / step) * step + 1;
  for (let guard = 0; guard < 100; ++guard) {
    const at = dayNumber(`${year}-${String(month).padStart(2, '0')}-01`);
    if (at > to) break;
    if (at >= from) ticks.push({ at, label: month === 1 ? String(year) : `${String(month).padStart(2, '0')}`, year: month === 1 });
    month += step;
    if (month > 12) {
      month -= 12;
      ++year;
    }
  }
  return ticks;
}

/** `stoppedOn`: since when the project is held or terminated, if it is. */
export function layoutGantt(milestones: Milestone[], asOf: string, stoppedOn?: string): GanttLayout | null {
  const today = dayNumber(asOf);
  const clock = stoppedOn === undefined ? today : Math.min(today, dayNumber(stoppedOn));
  const days = milestones.flatMap((m) => [m.planned_on, m.reached_on, m.baseline_on, m.forecast_on]).flatMap((d) => (d === undefined ? [] : [dayNumber(d)]));
  if (days.length === 0) return null;
  const lead = 45; // How long the first stage is drawn, which has no day before it.
  const open = milestones.some((m) => m.planned_on !== undefined && m.reached_on === undefined);
  const last = Math.max(...days);
  const showToday = open || today <= last + 120;
  const from = Math.min(...days) - lead;
  const to = Math.max(last, showToday ? today : last);
  const pad = Math.max(15, Math.round((to - from) * 0.03));
  let planBefore: number | undefined;
  let reachedBefore: number | undefined;
  const rows = milestones.map((milestone): GanttRow => {
    const row: GanttRow = { milestone, ...judge(milestone, clock, stoppedOn !== undefined) };
    const plan = milestone.planned_on === undefined ? undefined : dayNumber(milestone.planned_on);
    const reached = milestone.reached_on === undefined ? undefined : dayNumber(milestone.reached_on);
    if (plan !== undefined) {
      const before = planBefore ?? reachedBefore ?? plan - lead;
      row.plan = { from: Math.min(before, plan), to: plan };
      planBefore = plan;
    }
    if (reached !== undefined) {
      const before = reachedBefore ?? reached - lead;
      const end = plan === undefined ? reached : Math.min(reached, Math.max(plan, Math.min(before, reached)));
      row.actual = { from: Math.min(before, end), to: end };
      if (plan !== undefined && reached > plan) row.over = { from: Math.min(Math.max(plan, Math.min(before, reached)), reached), to: reached };
      reachedBefore = reached;
    } else if (row.verdict === 'overdue') {
      row.over = { from: plan!, to: clock };
    }
    if (milestone.baseline_on !== undefined) row.baseline = dayNumber(milestone.baseline_on);
    if (stoppedOn === undefined && milestone.forecast_on !== undefined && milestone.forecast_on !== milestone.planned_on) row.forecast = dayNumber(milestone.forecast_on);
    return row;
  });
  const domain = { from: from - pad, to: to + pad };
  return { rows, domain, ticks: ticksOf(domain), showToday };
}
