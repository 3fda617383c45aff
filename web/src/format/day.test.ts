// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { count, dayFromNumber, dayNumber, isDay, percent, readDay } from './day';

describe('days', () => {
  it('count across leap days and back', () => {
    expect(dayNumber('2024-03-01') - dayNumber('2024-02-28')).toBe(2);
    for (const day of ['1970-01-01', '2000-02-29', '2026-12-31']) expect(dayFromNumber(dayNumber(day))).toBe(day);
  });
  it('refuse days that are not', () => {
    expect(isDay('2026-02-29')).toBe(false);
    expect(isDay('2024-02-29')).toBe(true);
    expect(isDay('26-1-1')).toBe(false);
  });
});

describe('days as people write them', () => {
  it('are read, each as the same day', () => {
    for (const text of ['2026-07-01', '2026-7-1', '2026/7/1', '2026.7.1', '2026年7月1日', '2026年7月1', '20260701', ' 2026-07-01 ']) expect(readDay(text), text).toBe('2026-07-01');
  });
  it('and are never guessed', () => {
    for (const text of ['', '2026', '2026-7', '07/01/2026', '1/7/2026', '2026-02-30', '2026-13-01', '202671', '2026070', '2026-07-01x', '26-7-1']) expect(readDay(text), text).toBe(undefined);
  });
});

describe('numbers', () => {
  it('group thousands and use a real minus', () => {
    expect(count(1234567)).toBe('1,234,567');
    expect(count(-1234)).toBe('−1,234');
    expect(count(999)).toBe('999');
  });
  it('never round a miss away', () => {
    expect(percent(8996, 10000)).toBe('89.9');
    expect(percent(9999, 10000)).toBe('99.9');
    expect(percent(1, 0)).toBe('–');
  });
});
