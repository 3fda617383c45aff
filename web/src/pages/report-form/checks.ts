// SPDX-License-Identifier: Apache-2.0
// What a person is asked to look at again before a report is sent. The bounds come from the ledger, which has the last
// word and refuses by the same bounds.
import type { ReportPrefill } from '@/api/types';

export const warnings = ['unit', 'jump', 'over_investment', 'percent_falls'] as const;
export type Warning = (typeof warnings)[number];

/** The refusals that a confirmation lifts. */
export const lifted: Record<string, Warning> = {
  'report.unit_suspect': 'unit',
  'report.jump_suspect': 'jump',
  'report.over_investment': 'over_investment',
  'report.percent_falls': 'percent_falls',
};

export function warningsOf(bounds: ReportPrefill, month: bigint, total: bigint, physicalBp: number | undefined): Warning[] {
  const above = (bound: string | undefined, value: bigint, orAt = false) => bound !== undefined && (value > BigInt(bound) || (orAt && value === BigInt(bound)));
  const out: Warning[] = [];
  if (above(bounds.unit_from_minor, month, true) || (month > 0n && bounds.unit_upto_minor !== undefined && month <= BigInt(bounds.unit_upto_minor))) out.push('unit');
  else if (above(bounds.jump_above_minor, month)) out.push('jump');
  if (above(bounds.investment_minor, total)) out.push('over_investment');
  if (physicalBp !== undefined && bounds.previous_physical_bp !== undefined && physicalBp < bounds.previous_physical_bp) out.push('percent_falls');
  return out;
}

/** "12.5" → 1250; null when it is no percentage with at most two decimals. */
export function parsePercent(text: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{0,2}))?$/.exec(text.trim().replace(/[%％]$/, ''));
  if (!match) return null;
  const bp = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return bp <= 10_000 ? bp : null;
}
export function showPercent(bp: number): string {
  return (bp / 100).toFixed(2).replace(/\.?0+$/, '');
}
