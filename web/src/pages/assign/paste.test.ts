// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { cellsOf, dayIn, emptyRow, faultsOf, rowsFrom, type Column, type Meanings } from './paste';

const heads = Object.fromEntries((['text', 'unit', 'due_on', 'kind', 'project', 'list', 'category'] as Column[]).map((c) => [c, `H-${c}`])) as Record<Column, string>;
const meanings: Meanings = {
  unit: new Map([['Office', 'o1']]), kind: new Map([['Task', 'task'], ['Problem', 'problem']]), list: new Map([['Tasks', 'task']]), category: new Map([['Block', 'blockage']]),
};

describe('pasted rows', () => {
  it('read the cells of a sheet, with quoted tabs, breaks and quotes', () => {
    expect(cellsOf('a\t"b\tc"\r\n\r\n"d ""e""\nf"\tg\n')).toEqual([['a', 'b\tc'], ['d "e"\nf', 'g']]);
  });
  it('read days as people write them and leave what is none', () => {
    expect(['2026/3/5', '2026.03.05', '2026-3-5', '2026年3月5日'].map(dayIn)).toEqual(Array(4).fill('2026-03-05'));
    expect(dayIn('2026-02-30')).toBe('2026-02-30');
    expect(dayIn('soon')).toBe('soon');
  });
  it('take the order from a head row, and ours without one', () => {
    expect(rowsFrom('H-due_on\tnote\tH-text\n2026-3-5\tx\tDo it', heads, meanings)).toEqual([{ ...emptyRow, due_on: '2026-03-05', text: 'Do it' }]);
    expect(rowsFrom('Do it\tOffice\t2026-3-5\tProblem\tp1\tTasks\tBlock', heads, meanings)).toEqual([
      { text: 'Do it', unit: 'o1', due_on: '2026-03-05', kind: 'problem', project: 'p1', list: 'task', category: 'blockage' },
    ]);
  });
  it('say what is wrong with each cell', () => {
    expect(faultsOf({ ...emptyRow, unit: 'Nowhere', due_on: 'soon', kind: 'problem' }, meanings)).toEqual({ text: 'missing', unit: 'unknown', due_on: 'day', project: 'missing' });
    expect(faultsOf({ ...emptyRow, text: 'x', unit: 'o1', due_on: '2026-03-05' }, meanings)).toEqual({});
  });
});
