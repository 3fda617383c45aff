// SPDX-License-Identifier: Apache-2.0
// Which papers a choice of matters asks the applicant for, and what was told of each of them at the desk. What one of
// the matters makes is asked of nobody: whoever needs it waits for its maker.
import type { MatterInForce } from '@/api/types';

export interface AskedPaper {
  paper: string;
  name: string;
  /** Has a last day, which is asked. */
  dated: boolean;
  may_follow: boolean;
  may_promise: boolean;
  /** Names of the matters that need it. */
  matters: string[];
}

export type How = 'lacking' | 'handed' | 'later' | 'promised';
export interface Told {
  how: How;
  /** The last day of a paper in hand, or the day on which one that follows is due. */
  day?: string;
  /** Its file, where one was sent. */
  file?: { digest: string; name: string };
}
export type AllTold = Record<string, Told | undefined>;

export interface Handed {
  paper: string;
  how: Exclude<How, 'lacking'>;
  digest?: string;
  valid_until?: string;
  due_on?: string;
}

/** A paper that two matters need is asked as the stricter of them asks. */
export function papersOf(matters: MatterInForce[]): AskedPaper[] {
  const made = new Set(matters.flatMap((m) => m.makes));
  const out = new Map<string, AskedPaper>();
  for (const matter of matters)
    for (const p of matter.papers) {
      if (made.has(p.paper) || p.if_made) continue;
      const known = out.get(p.paper);
      if (!known) {
        out.set(p.paper, { paper: p.paper, name: p.name, dated: p.valid_days !== undefined, may_follow: p.may_follow, may_promise: p.may_promise, matters: [matter.name] });
        continue;
      }
      known.dated ||= p.valid_days !== undefined;
      known.may_follow &&= p.may_follow;
      known.may_promise &&= p.may_promise;
      known.matters.push(matter.name);
    }
  return [...out.values()];
}

/** For each matter, by its place in the list from 1, the places of those that make what it needs. */
export function waitsOf(matters: MatterInForce[]): number[][] {
  return matters.map((m) =>
    matters.flatMap((maker, i) => (maker.makes.some((made) => m.papers.some((p) => p.paper === made)) ? [i + 1] : [])),
  );
}

export function lackingOf(asked: AskedPaper[], told: AllTold): AskedPaper[] {
  return asked.filter((p) => (told[p.paper]?.how ?? 'lacking') === 'lacking');
}

/** Those of which a day is still to be said. */
export function undatedOf(asked: AskedPaper[], told: AllTold): AskedPaper[] {
  return asked.filter((p) => {
    const one = told[p.paper];
    return one !== undefined && !one.day && (one.how === 'later' || (one.how === 'handed' && p.dated));
  });
}

/** Those that are to be handed in without a window, whose file is still to be sent. */
export function unsentOf(asked: AskedPaper[], told: AllTold): AskedPaper[] {
  return asked.filter((p) => told[p.paper]?.how === 'handed' && !told[p.paper]?.file);
}

export function handedOf(asked: AskedPaper[], told: AllTold): Handed[] {
  return asked.flatMap((p): Handed[] => {
    const one = told[p.paper];
    if (!one || one.how === 'lacking') return [];
    if (one.how === 'later') return [{ paper: p.paper, how: one.how, due_on: one.day }];
    return [{ paper: p.paper, how: one.how, ...(one.how === 'handed' && one.file ? { digest: one.file.digest } : {}), ...(one.how === 'handed' && p.dated ? { valid_until: one.day } : {}) }];
  });
}
