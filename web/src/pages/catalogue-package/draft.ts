// SPDX-License-Identifier: Apache-2.0
// A package that is being drawn up, as it stands in an address: so it can be sent on, and going back undoes nothing.
import type { GuideLimit, PlanDraft } from '@/api/types';
import { isDay } from '@/format/day';
import { readFacts, type Facts } from '../guide/facts';

export type Change = NonNullable<PlanDraft['changes']>[number];
export interface Draft {
  matters: string[];
  promised?: GuideLimit;
  changes: Change[];
  facts: Facts;
  accepted: string;
  faster: number;
}

/** What the server takes; an address may be older than it, or made by hand. */
const most = { matters: 100, faster: 100, days: 3650 };
const key = /^[a-z0-9][a-z0-9._-]{0,39}$/;

function readLimit(of: unknown): GuideLimit | undefined {
  const { days, unit } = (of ?? {}) as { days?: unknown; unit?: unknown };
  if (typeof days !== 'number' || !Number.isInteger(days) || days < 0 || days > most.days) return undefined;
  return unit === 'work_days' || unit === 'calendar_days' ? { days, unit } : undefined;
}

function readJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

const keys = (of: unknown): string[] => (Array.isArray(of) ? [...new Set(of.filter((id): id is string => typeof id === 'string' && key.test(id)))].slice(0, most.matters) : []);

function readChanges(of: unknown): Change[] {
  const out = new Map<string, Change>();
  for (const change of Array.isArray(of) ? of : []) {
    const { matter, needs, promised } = (change ?? {}) as { matter?: unknown; needs?: unknown; promised?: unknown };
    if (typeof matter !== 'string' || !key.test(matter)) continue;
    out.set(matter, { matter, needs: Array.isArray(needs) ? keys(needs) : undefined, promised: readLimit(promised) });
  }
  return [...out.values()].slice(0, most.matters);
}

export function readDraft(params: URLSearchParams, of: { matters: string[]; promised?: GuideLimit }, today: string): Draft {
  const accepted = params.get('accepted') ?? '';
  const faster = Number(params.get('faster'));
  return {
    matters: params.has('matters') ? keys(params.get('matters')!.split(',')) : of.matters,
    promised: params.has('promised') ? readLimit(readJson(params.get('promised'))) : of.promised,
    changes: readChanges(readJson(params.get('changes'))),
    facts: readFacts(params.get('facts')),
    accepted: isDay(accepted) ? accepted : today,
    faster: Number.isInteger(faster) && faster >= 1 && faster <= most.faster ? faster : 3,
  };
}

/** Only what differs from the package as it is. */
export function writeDraft(draft: Draft, of: { matters: string[]; promised?: GuideLimit }, today: string): URLSearchParams {
  const out = new URLSearchParams();
  if (draft.matters.join() !== of.matters.join()) out.set('matters', draft.matters.join());
  if (JSON.stringify(draft.promised) !== JSON.stringify(of.promised)) out.set('promised', JSON.stringify(draft.promised ?? null));
  if (draft.changes.length > 0) out.set('changes', JSON.stringify(draft.changes));
  if (Object.keys(draft.facts).length > 0) out.set('facts', JSON.stringify(draft.facts));
  if (draft.accepted !== today) out.set('accepted', draft.accepted);
  if (draft.faster !== 3) out.set('faster', String(draft.faster));
  return out;
}

export function toPlan({ matters, promised, changes }: Draft): PlanDraft {
  // A change of a matter that was taken out again would only be in the way.
  const kept = changes.filter((c) => matters.includes(c.matter));
  return { matters, promised, changes: kept.length > 0 ? kept : undefined };
}

/** The changes with one matter's replaced; without any member it is as the catalogue has it. */
export function withChange(changes: Change[], change: Change): Change[] {
  const others = changes.filter((c) => c.matter !== change.matter);
  return change.needs === undefined && change.promised === undefined ? others : [...others, change];
}
