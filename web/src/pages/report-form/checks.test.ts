// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parsePercent, showPercent, warningsOf } from './checks';

const bounds = { period: '2026-10', unit_from_minor: '1000000', unit_upto_minor: '10', jump_above_minor: '3000', investment_minor: '50000', previous_physical_bp: 4000 };

describe('warnings before sending', () => {
  it('fall on the bounds that the ledger gives', () => {
    expect(warningsOf(bounds, 3000n, 50000n, 4000)).toEqual([]);
    expect(warningsOf(bounds, 3001n, 50001n, 3999)).toEqual(['jump', 'over_investment', 'percent_falls']);
    expect(warningsOf(bounds, 1000000n, 0n, undefined)).toEqual(['unit']);
    expect(warningsOf(bounds, 10n, 0n, undefined)).toEqual(['unit']);
    expect(warningsOf(bounds, 0n, 0n, undefined)).toEqual([]);
    expect(warningsOf({ period: '2026-10' }, 10n ** 15n, 10n ** 15n, 0)).toEqual([]);
  });
});
describe('percent', () => {
  it('is kept in basis points', () => {
    expect(['12.5', '100', '0', '33.33%', '100.01', '1.234', '', '-1'].map(parsePercent)).toEqual([1250, 10000, 0, 3333, null, null, null, null]);
    expect([1250, 10000, 0, 3333].map(showPercent)).toEqual(['12.5', '100', '0', '33.33']);
  });
});
