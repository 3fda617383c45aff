// SPDX-License-Identifier: Apache-2.0
// What an obligation's records say: the words and files in one, and the steps that all of them make.
import type { Entry, ObligationPage } from '@/api/types';

function membersOf(payload: string | undefined): Record<string, unknown> {
  try {
    return payload ? (JSON.parse(payload) as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function wordsIn(entry: Pick<Entry, 'events'>): string[] {
  return entry.events.flatMap((e) => {
    const { remark, text } = membersOf(e.payload);
    return [remark, text].filter((w): w is string => typeof w === 'string');
  });
}

export function digestsIn(entry: Pick<Entry, 'events'>): string[] {
  return entry.events.flatMap((e) => {
    const { evidence } = membersOf(e.payload);
    return Array.isArray(evidence) ? evidence.filter((d): d is string => typeof d === 'string') : [];
  });
}

export interface Step {
  name: 'assigned' | 'accepted' | 'doing' | 'reported' | 'written_off';
  on?: string;
  seq?: number;
  now?: boolean;
  /** This kind of obligation goes without it. */
  left_out?: boolean;
}

/** On which wall day a record was made; the server's days are those of the jurisdiction, this one is the reader's. */
const dayOf = (at: string) => {
  const d = new Date(at);
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`;
};

/** 交办 → 签收 → 办理 → 办结 → 销号, with the days on which they were taken. `entries`: newest first. */
export function stepsOf({ obligation: o }: Pick<ObligationPage, 'obligation'>, entries: Entry[]): Step[] {
  const newest = (type: string) => entries.find((e) => e.events.some((v) => v.type === type));
  // After a return, what was reported before does not count any more.
  const returned = newest('obligation.returned')?.seq ?? 0;
  const accepted = newest('obligation.accepted');
  const noted = newest('obligation.progress_noted');
  const reported = o.state === 'reported_done' || o.state === 'written_off' || o.state === 'done' ? newest('obligation.reported_done') : undefined;
  const ended = newest('obligation.written_off');
  const reportDay = (e: Entry) => {
    const event = e.events.find((v) => v.type === 'obligation.reported_done');
    const { effective_on } = membersOf(event?.payload);
    return typeof effective_on === 'string' ? effective_on : dayOf(e.at);
  };
  const worked = noted !== undefined && noted.seq > returned;
  const steps: Step[] = [
    { name: 'assigned', on: o.given_on, seq: o.seq },
    accepted ? { name: 'accepted', on: dayOf(accepted.at), seq: accepted.seq } : { name: 'accepted', now: o.next.includes('obligation.accept'), left_out: o.state !== 'assigned' || !o.next.includes('obligation.accept') },
    worked ? { name: 'doing', on: dayOf(noted.at), seq: noted.seq } : { name: 'doing', now: o.next.includes('obligation.report_done') },
    reported ? { name: 'reported', on: reportDay(reported), seq: reported.seq } : { name: 'reported', now: o.next.includes('obligation.report_done') && worked },
    ended ? { name: 'written_off', on: dayOf(ended.at), seq: ended.seq } : { name: 'written_off', now: o.state === 'reported_done', left_out: o.state === 'done' },
  ];
  return steps;
}
