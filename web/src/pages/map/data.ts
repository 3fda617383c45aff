// SPDX-License-Identifier: Apache-2.0
// What the war map, the meeting, the wall and the printed sheet are drawn from: the same reads with the same filters.
import type { Board, BoardGroup, LightCounts, MapView, ProjectList, ProjectRow } from '@/api/types';
import { useRead, useReadPages } from '@/app/read';
import { useFilters } from '@/components/filters';
import { dayNumber } from '@/format/day';

const filterNames = ['light', 'region', 'unit'] as const;
export type MapFilters = Record<(typeof filterNames)[number], string | undefined>;
export const useMapFilters = () => useFilters(filterNames);

/** What a tile stands for. */
export type Grouping = 'region' | 'unit';

/** Regions, or units where no project says in which region it lies. */
export function groupingOf(board: Board): Grouping {
  return board.regions.some((g) => g.id !== '') ? 'region' : 'unit';
}
/** Numbers as the map shows them. `own`: of a region, what lies in it and in none below it. */
export interface Group extends BoardGroup {
  own?: number;
}

/** A region stands for itself and all below it, as a filter by it does; a unit for itself. */
export function groupsOf(board: Board, by: Grouping): Group[] {
  if (by === 'unit') return board.units.filter((g) => g.id !== '' && g.projects > 0);
  return board.regions.filter((g) => g.id !== '').map((g) => ({ ...g, own: g.projects, projects: g.all_projects, lights: g.all_lights }));
}

/** Regions side by side: those of the highest level that has several, and below one that is chosen those in it. */
export function levelOf(groups: Group[], chosen?: string): Group[] {
  if (groups.some((g) => g.own === undefined)) return groups;
  const known = new Map(groups.map((g) => [g.id, g]));
  const inside = (id: string) => groups.filter((g) => g.parent === id);
  const open = new Set<string>();
  for (let at = chosen; at !== undefined; at = known.get(at)?.parent) open.add(at);
  const unfold = (level: Group[]): Group[] => level.flatMap((g) => [g, ...(open.has(g.id) ? unfold(inside(g.id)) : [])]);
  const [root, ...others] = groups.filter((g) => g.parent === undefined || !known.has(g.parent));
  if (!root || others.length > 0 || inside(root.id).length === 0) return unfold(root ? [root, ...others] : []);
  return [...(root.own ? [root] : []), ...unfold(inside(root.id))];
}

export function useMap({ light, region, unit }: MapFilters) {
  const whole = useRead<Board>('/api/v1/board');
  const by = whole.data && groupingOf(whole.data);
  // A tile chosen must not take the others away: what tiles stand for is not filtered by.
  const groups = useRead<Board>('/api/v1/board', by === 'unit' ? { region } : { unit }, { enabled: by !== undefined });
  const counts = useRead<Board>('/api/v1/board', { region, unit });
  // Of what the light filter leaves: key figures and steps. The lights themselves must go on showing all five.
  const lit = useRead<Board>('/api/v1/board', { region, unit, light });
  const map = useRead<MapView>('/api/v1/map', { region, unit, light });
  return { by, groups, counts, lit, map };
}

const pageSize = 200;

/** Projects by the day they owe next: who is longest overdue comes first, who has no plan last. */
export function useProjectsByDue(filters: MapFilters) {
  return useReadPages('/api/v1/projects', { ...filters, sort: 'next_due' }, (p: ProjectList) => p.rows, pageSize);
}

export const isOverdue = (p: ProjectRow): boolean => p.light.reason === 'overdue';
export const week = 7;
/** Owes something earlier than `days` days after `asOf`. */
export function dueBefore(p: ProjectRow | undefined, asOf: string, days: number): boolean {
  return p?.next_due_on !== undefined && dayNumber(p.next_due_on) < dayNumber(asOf) + days;
}
/** Today or in the six days after it. */
export function isDueThisWeek(p: ProjectRow, asOf: string): boolean {
  return p.light.reason === 'on_plan' && dueBefore(p, asOf, week) && !dueBefore(p, asOf, 0);
}

/** Highest share of red first; equal shares keep the register's order. */
export function byRedShare<G extends BoardGroup>(groups: G[]): G[] {
  const share = (g: BoardGroup) => g.lights.red / g.projects;
  return [...groups].sort((a, b) => share(b) - share(a));
}

/** How much red a tile or a region is filled with, 0 to 4: steps can be told apart, shades cannot. */
export function redStep(lights: LightCounts, projects: number): number {
  const share = projects === 0 ? 0 : lights.red / projects;
  return lights.red === 0 ? 0 : share < 0.05 ? 1 : share < 0.1 ? 2 : share < 0.2 ? 3 : 4;
}
