// SPDX-License-Identifier: Apache-2.0
// Where the bars of a plan stand, in working days after the day of acceptance.
import type { GuideSchedule } from '@/api/types';

type Step = Pick<GuideSchedule['matters'][number], 'begins_after' | 'ends_after' | 'slack' | 'critical' | 'waits_for'> & { matter: { id: string } };

export interface Bar {
  id: string;
  row: number;
  from: number;
  to: number;
  /** Until when it may end without holding up the whole. */
  until: number;
  critical: boolean;
}
export interface Link {
  from: Bar;
  to: Bar;
  /** On the critical path: the one is waited for until the other begins. */
  critical: boolean;
}

/** Rows from first to last to begin, so that lines run downwards; of equals those that end first. */
export function layoutPlan(steps: Step[], path: string[]): { bars: Bar[]; links: Link[]; days: number; ticks: number[] } {
  const sorted = [...steps].sort((a, b) => a.begins_after - b.begins_after || a.ends_after - b.ends_after);
  const bars = sorted.map((s, row): Bar => ({ id: s.matter.id, row, from: s.begins_after, to: s.ends_after, until: s.ends_after + s.slack, critical: s.critical }));
  const byId = new Map(bars.map((b) => [b.id, b]));
  const follows = new Map(path.slice(1).map((id, i) => [id, path[i]!]));
  const links = steps.flatMap((s) => s.waits_for.flatMap((id): Link[] => {
    const from = byId.get(id);
    const to = byId.get(s.matter.id)!;
    return from ? [{ from, to, critical: follows.get(to.id) === id }] : [];
  }));
  const days = Math.max(1, ...bars.map((b) => b.until));
  const step = [1, 5, 10, 20, 50, 100, 250, 500, 1000].find((n) => days / n <= 8) ?? 2500;
  return { bars, links, days, ticks: Array.from({ length: Math.floor(days / step) + 1 }, (_, i) => i * step) };
}

/** About as wide as the words are drawn, in px at 13 px: wide characters count full, the others a bit over half. */
export function widthOf(words: string): number {
  let width = 0;
  for (const c of words) width += c.codePointAt(0)! >= 0x1100 ? 13 : 7.4;
  return width;
}

/** A label that keeps its end, where the day stands; the full name is in the table. */
export function labelOf(name: string, end: string, most: number): string {
  if (widthOf(name + end) <= most) return name + end;
  let kept = name;
  while (kept.length > 4 && widthOf(`${kept}…${end}`) > most) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…${end}`;
}
