// SPDX-License-Identifier: Apache-2.0
// Rows pasted from a sheet, and what is wrong with a row before it is sent.
import { isDay } from '@/format/day';

export const kinds = ['problem', 'task', 'resolution', 'request', 'visit'] as const;
export const lists = ['problem', 'task', 'duty'] as const;
export const categories = ['pain_point', 'blockage', 'breakpoint', 'difficulty'] as const;

export interface DraftRow {
  text: string;
  unit: string; // id, or what was pasted where no unit has that name
  due_on: string;
  kind: string;
  project: string; // id or code or title
  list: string;
  category: string;
}
export type Column = keyof DraftRow;
export const columns: Column[] = ['text', 'unit', 'due_on', 'kind', 'project', 'list', 'category'];
export const emptyRow: DraftRow = { text: '', unit: '', due_on: '', kind: 'task', project: '', list: '', category: '' };
export const mostRows = 200;

/** What a cell says, as the value it stands for; what stands for nothing is kept as it was typed. */
export type Meanings = Record<'unit' | 'kind' | 'list' | 'category', Map<string, string>>;

/** "2026/3/5", "2026.3.5" and the same with the characters for year, month and day, as days. */
export function dayIn(cell: string): string {
  const parts = /^(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})\s*\u65e5?$/.exec(cell.trim());
  if (!parts) return cell.trim();
  const day = `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}`;
  return isDay(day) ? day : cell.trim();
}

/** A sheet's clipboard: cells by tabs; a quoted cell may hold tabs and line breaks, and "" is a quote. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cell.trim());
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.some((c) => c !== '')) rows.push(row);
    row = [];
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === '\t') endCell();
    else if (c === '\n') endRow();
    else if (c !== '\r') cell += c;
  }
  endRow();
  return rows;
}

/** `heads`: the words of the columns; a first row that holds two of them says the order, otherwise it is ours. */
export function rowsFrom(text: string, heads: Record<Column, string>, meanings: Meanings): DraftRow[] {
  const table = cellsOf(text);
  const at = (cell: string) => columns.find((c) => heads[c] === cell);
  const named = (table[0] ?? []).map(at);
  const hasHead = named.filter((c) => c !== undefined).length >= 2;
  const order = hasHead ? named : columns;
  return table.slice(hasHead ? 1 : 0, (hasHead ? 1 : 0) + mostRows).map((cells) => {
    const row = { ...emptyRow };
    order.forEach((column, i) => {
      const cell = cells[i] ?? '';
      if (!column || cell === '') return;
      row[column] = column === 'due_on' ? dayIn(cell) : column === 'text' || column === 'project' ? cell : (meanings[column].get(cell) ?? cell);
    });
    return row;
  });
}

export function isBlank(row: DraftRow): boolean {
  return columns.every((c) => row[c].trim() === emptyRow[c]);
}

export type Fault = 'missing' | 'unknown' | 'day';
/** Per column; the server has the last word. */
export function faultsOf(row: DraftRow, meanings: Meanings): Partial<Record<Column, Fault>> {
  const faults: Partial<Record<Column, Fault>> = {};
  const known = (column: 'unit' | 'kind' | 'list' | 'category') => new Set(meanings[column].values()).has(row[column]);
  if (row.text.trim() === '') faults.text = 'missing';
  if (row.unit === '') faults.unit = 'missing';
  else if (!known('unit')) faults.unit = 'unknown';
  if (row.due_on === '') faults.due_on = 'missing';
  else if (!isDay(row.due_on)) faults.due_on = 'day';
  if (!known('kind')) faults.kind = 'unknown';
  if (row.list !== '' && !known('list')) faults.list = 'unknown';
  if (row.category !== '' && !known('category')) faults.category = 'unknown';
  if (row.kind === 'problem' && row.project === '') faults.project = 'missing';
  return faults;
}
