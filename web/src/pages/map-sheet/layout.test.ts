// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { columnsOf, layOut, sheetSizes } from './layout';

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('a sheet', () => {
  it('has every row once, in order, and no column longer than the paper', () => {
    for (const size of Object.values(sheetSizes)) {
      const columns = columnsOf(size);
      const sheets = layOut(numbers(700), columns);
      expect(sheets.flat(2)).toEqual(numbers(700));
      expect(Math.max(...sheets.flat().map((c) => c.length))).toBeLessThanOrEqual(columns.rows);
      expect(sheets[0]!.length).toBeLessThanOrEqual(columns.beside);
      expect((columns.rows + 1) * size.rowHeight).toBeLessThan(size.height - 40 - size.headHeight);
    }
  });
  it('is there for a ledger without projects, too', () => {
    expect(layOut([], columnsOf(sheetSizes.a3))).toEqual([[]]);
  });
  it('keeps text at 14 pt and more on A0', () => {
    expect(sheetSizes.a0.text / 0.3528).toBeGreaterThanOrEqual(14);
  });
});
