// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { BoardGroup, ProjectRow } from '@/api/types';
import { byRedShare, isDueThisWeek, redStep } from './data';

const group = (id: string, red: number, projects: number): BoardGroup => ({ id, name: id, projects, lights: { red, amber: 0, green: projects - red, done: 0, idle: 0 } });
const due = (next_due_on: string, reason = 'on_plan') => ({ next_due_on, light: { light: 'green', reason } }) as ProjectRow;

describe('the ranking', () => {
  it('goes by share, not by number, and keeps the order of equals', () => {
    expect(byRedShare([group('a', 1, 10), group('b', 5, 100), group('c', 2, 20), group('d', 3, 4)]).map((g) => g.id)).toEqual(['d', 'a', 'c', 'b']);
  });
});

describe('the fill', () => {
  it('never calls one red project in a hundred none', () => {
    expect([0, 1, 7, 15, 60].map((red) => redStep(group('a', red, 100).lights, 100))).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('due this week', () => {
  it('is today and the six days after it, and nothing that is overdue or held', () => {
    expect(['2026-11-21', '2026-11-22', '2026-11-28', '2026-11-29'].map((day) => isDueThisWeek(due(day), '2026-11-22'))).toEqual([false, true, true, false]);
    expect(isDueThisWeek(due('2026-11-24', 'on_hold'), '2026-11-22')).toBe(false);
  });
});
