// SPDX-License-Identifier: Apache-2.0
// Months are "YYYY-MM", as the ledger names reporting periods.
export function isMonth(text: string | undefined | null): text is string {
  return text !== undefined && text !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}
export function plusMonths(month: string, n: number): string {
  const [year, number] = month.split('-').map(Number);
  const all = year! * 12 + number! - 1 + n;
  return `${String(Math.floor(all / 12)).padStart(4, '0')}-${String((all % 12) + 1).padStart(2, '0')}`;
}
