// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { BoardGroup, ProjectRow } from '@/api/types';
import { byRedShare, isDueThisWeek, levelOf, redStep, type Group } from './data';

const group = (id: string, red: number, projects: number): BoardGroup => {
  const lights = { red, amber: 0, green: projects - red, done: 0, idle: 0 };
  return { id, name: id, projects, lights, all_projects: projects, all_lights: lights };
};
const due = (next_due_on: string, reason = 'on_plan') => ({ next_due_on, light: { light: 'green', reason } }) as ProjectRow;

describe('the ranking', () => {
  it('goes by share, not by number, and keeps the order of equals', () => {
    expect(byRedShare([group('a', 1, 10), group('b', 5, 100), group('c', 2, 20), group('d', 3, 4)]).map((g) => g.id)).toEqual(['d', 'a', 'c', 'b']);
  });
});

describe('regions side by side', () => {
  const region = (id: string, parent: string | undefined, own: number): Group => ({ ...group(id, 0, 10), parent, own });
  const city = [region('city', undefined, 0), region('north', 'city', 2), region('park', 'north', 8), region('south', 'city', 10)];
  const shown = (groups: Group[], chosen?: string) => levelOf(groups, chosen).map((g) => g.id);

  it('begin below a root that has nothing of its own, and open where one is chosen', () => {
    expect(shown(city)).toEqual(['north', 'south']);
    expect(shown(city, 'north')).toEqual(['north', 'park', 'south']);
    expect(shown(city, 'park')).toEqual(['north', 'park', 'south']);
  });
  it('keep a root that has projects of its own, and units as they are', () => {
    expect(shown([region('city', undefined, 3), ...city.slice(1)])).toEqual(['city', 'north', 'south']);
    expect(shown([group('o2', 0, 1), { ...group('o3', 0, 1), parent: 'o2' }])).toEqual(['o2', 'o3']);
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
