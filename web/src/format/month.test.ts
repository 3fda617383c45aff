// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isMonth, plusMonths } from './month';

describe('months', () => {
  it('go on over the year, in both directions', () => {
    expect(plusMonths('2026-12', 1)).toBe('2027-01');
    expect(plusMonths('2026-01', -1)).toBe('2025-12');
    expect(plusMonths('2026-10', -22)).toBe('2024-12');
  });
  it('are written year-month', () => {
    expect(['2026-10', '2026-13', '2026-1', '', null].map(isMonth)).toEqual([true, false, false, false, false]);
  });
});
