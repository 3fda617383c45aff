// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Milestone } from '@/api/types';
import { layoutGantt } from './layout';

const m = (milestone: string, planned_on?: string, reached_on?: string): Milestone => ({ milestone, medal: 'none', planned_on, reached_on, late_days: 0, contradicting: false, needs_evidence: false });

describe('layoutGantt', () => {
  it('judges each milestone by its plan and its day', () => {
    const rows = layoutGantt(
      [m('a', '2026-01-10', '2026-01-10'), m('b', '2026-02-01', '2026-02-15'), m('c', '2026-03-01', '2026-03-20'), m('d', '2026-04-01', '2026-03-30'), m('e', undefined, '2026-05-01'), m('f', '2026-11-01'), m('g', '2026-12-01'), m('h')],
      '2026-11-21',
    )!.rows;
    expect(rows.map((r) => [r.verdict, r.days, r.light])).toEqual([
      ['reached_on_day', 0, 'green'],
      ['reached_late', 14, 'amber'],
      ['reached_late', 19, 'red'],
      ['reached_early', 2, 'green'],
      ['reached_unplanned', 0, 'green'],
      ['overdue', 20, 'red'],
      ['ahead', 10, 'idle'],
      ['no_plan', 0, 'idle'],
    ]);
  });
  it('stops the clock of a project that was set aside', () => {
    const { rows } = layoutGantt([m('a', '2026-01-10', '2026-01-10'), m('b', '2026-02-01'), m('c', '2026-06-01')], '2026-11-21', '2026-02-21')!;
    expect(rows.map((r) => [r.verdict, r.days])).toEqual([['reached_on_day', 0], ['overdue', 20], ['set_aside', 0]]);
    expect(rows[1]!.over!.to - rows[1]!.over!.from).toBe(20);
  });
  it('never draws a bar backwards, even when days contradict each other', () => {
    const layout = layoutGantt([m('a', '2026-06-01', '2026-07-01'), m('b', '2026-05-01', '2026-03-01'), m('c', '2026-01-01')], '2026-11-21')!;
    for (const row of layout.rows) {
      for (const span of [row.plan, row.actual, row.over]) {
        if (!span) continue;
        expect(span.to).toBeGreaterThanOrEqual(span.from);
        expect(span.from).toBeGreaterThanOrEqual(layout.domain.from);
        expect(span.to).toBeLessThanOrEqual(layout.domain.to);
      }
    }
  });
  it('leaves today out when everything ended long ago', () => {
    expect(layoutGantt([m('a', undefined, '2017-01-01'), m('b', undefined, '2018-01-01')], '2026-11-21')!.showToday).toBe(false);
  });
  it('has nothing to draw without a day', () => {
    expect(layoutGantt([m('a'), m('b')], '2026-11-21')).toBeNull();
  });
});
