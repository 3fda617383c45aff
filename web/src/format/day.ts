// SPDX-License-Identifier: Apache-2.0
// Days are "YYYY-MM-DD" and are counted in UTC, so that no time zone can move them.
const dayMs = 86_400_000;

export function dayNumber(day: string): number {
  const [y, m, d] = day.split('-').map(Number);
  return Math.round(Date.UTC(y!, m! - 1, d!) / dayMs);
}
export function dayFromNumber(n: number): string {
  return new Date(n * dayMs).toISOString().slice(0, 10);
}
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && dayFromNumber(dayNumber(text)) === text;
}

/** What people write for a day: 2026-07-01, 2026-7-1, 2026/7/1, 2026.7.1, 2026年7月1日, 20260701. */
export function readDay(text: string): string | undefined {
  const [, y, m, d] = /^(\d{4})(?:[-/.\u5e74](\d{1,2})[-/.\u6708](\d{1,2})\u65e5?|(?=\d{4}$)(\d{2})(\d{2}))$/.exec(text.trim())?.filter((part) => part !== undefined) ?? [];
  const day = `${y}-${m?.padStart(2, '0')}-${d?.padStart(2, '0')}`;
  return isDay(day) ? day : undefined;
}

/** An instant on this machine's wall, 24 h: "2026-11-21 18:00". */
export function wallTime(instant: string): string {
  const t = new Date(instant);
  if (Number.isNaN(t.getTime())) return instant;
  const two = (n: number) => String(n).padStart(2, '0');
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${two(t.getHours())}:${two(t.getMinutes())}`;
}

export function count(n: number): string {
  const text = String(Math.abs(n)).replace(/\B(?=(\d{3})+$)/g, ',');
  return n < 0 ? `−${text}` : text;
}

/** A share that is never rounded up to a success: 89.96 % shows as 89.9. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  return (Math.floor((part * 1000) / whole) / 10).toFixed(1);
}
