// SPDX-License-Identifier: Apache-2.0
// Money on the screen and from the keyboard. Whole minor units in a bigint; no floating point anywhere.
import type { Minor } from '@/api/brands';

/** Units that people type amounts in: 10^exponent of the currency's major unit. */
export const moneyUnits = { one: 0, ten_thousand: 4, hundred_million: 8, million: 6 } as const;
export type MoneyUnit = keyof typeof moneyUnits;

/** Chinese ledgers count in 元/万元/亿元, others in units and millions. */
export function unitsOf(currency: string): MoneyUnit[] {
  return currency === 'CNY' ? ['ten_thousand', 'hundred_million', 'one'] : ['one', 'million'];
}

/**
 * Reads typed text such as "1,260.5" in `unit` exactly. Null when it is not a plain decimal, is finer than the minor
 * unit, or does not fit the ledger's 64 bits.
 */
export function parseMoney(text: string, unit: MoneyUnit, decimals: number): Minor | null {
  const plain = text.replace(/[,，\s]/g, '').replace('−', '-');
  const match = /^(-?)(\d{1,24})(?:\.(\d{0,24}))?$/.exec(plain);
  if (!match) return null;
  const [, sign, whole, fraction = ''] = match;
  const shift = moneyUnits[unit] + decimals;
  const kept = fraction.slice(0, shift).padEnd(shift, '0');
  if (/[1-9]/.test(fraction.slice(shift))) return null;
  const value = BigInt(whole! + kept) * (sign ? -1n : 1n);
  return value >= -(2n ** 63n) && value < 2n ** 63n ? (value as Minor) : null;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `minor` in units of 10^exponent of the major unit, rounded half away from zero to `places`, with − (U+2212). */
export function scaleMoney(minor: bigint, exponent: number, decimals: number, places: number): string {
  const sign = minor < 0n ? '−' : '';
  const magnitude = minor < 0n ? -minor : minor;
  const drop = exponent + decimals - places;
  let scaled = magnitude;
  if (drop > 0) scaled = (magnitude + 5n * 10n ** BigInt(drop - 1)) / 10n ** BigInt(drop);
  else scaled = magnitude * 10n ** BigInt(-drop);
  const digits = scaled.toString().padStart(places + 1, '0');
  const whole = grouped(digits.slice(0, digits.length - places));
  const nonzero = /[1-9]/.test(digits);
  return (nonzero ? sign : '') + (places > 0 ? `${whole}.${digits.slice(-places)}` : whole);
}

export interface ShownMoney {
  number: string;
  unit: MoneyUnit;
}

/** Chinese readers of yuan count in 万 and 亿; everybody else in millions. */
export type Counts = 'wan_yi' | 'millions';
export function countsFor(currency: string, language: string): Counts {
  return currency === 'CNY' && language !== 'en' ? 'wan_yi' : 'millions';
}

/** The one way an amount is shown: 亿元 with 2 decimals from 1 亿 on, otherwise 万元; or millions with 2 decimals. */
export function showMoney(minor: string, counts: Counts, decimals: number): ShownMoney {
  const value = BigInt(minor);
  const magnitude = value < 0n ? -value : value;
  const from = (exponent: number) => magnitude >= 10n ** BigInt(exponent + decimals);
  if (counts === 'millions') return { number: scaleMoney(value, 6, decimals, 2), unit: 'million' };
  if (from(8)) return { number: scaleMoney(value, 8, decimals, 2), unit: 'hundred_million' };
  return { number: scaleMoney(value, 4, decimals, from(4) || value === 0n ? 0 : 2), unit: 'ten_thousand' };
}

/** One unit for a whole column, so that amounts can be compared. */
export function columnUnit(counts: Counts): { unit: MoneyUnit; places: number } {
  return counts === 'wan_yi' ? { unit: 'ten_thousand', places: 0 } : { unit: 'million', places: 2 };
}

/** Every digit, in the major unit: what a record says. */
export function exactMoney(minor: string, decimals: number): string {
  return scaleMoney(BigInt(minor), 0, decimals, decimals);
}
