// SPDX-License-Identifier: Apache-2.0
// How a numbered table is laid out on sheets of a fixed size: the first beside the map, the others full of columns.

/** Millimetres; rows and columns are chosen so that text stays at or above the size that can be read from where it hangs. */
export interface SheetSize {
  width: number;
  height: number;
  /** Of text, mm; 14 pt at A0 (UI guide §9). */
  text: number;
  rowHeight: number;
  columnWidth: number;
  headHeight: number;
}
export const sheetMargin = 20;

export const sheetSizes = {
  a0: { width: 1189, height: 841, text: 5, rowHeight: 11, columnWidth: 270, headHeight: 52 },
  a1: { width: 841, height: 594, text: 3.9, rowHeight: 8.6, columnWidth: 190, headHeight: 40 },
  a3: { width: 420, height: 297, text: 2.7, rowHeight: 6, columnWidth: 120, headHeight: 28 },
} satisfies Record<string, SheetSize>;
export type SheetName = keyof typeof sheetSizes;

export function isSheetName(text: string | null): text is SheetName {
  return text !== null && text in sheetSizes;
}

export interface SheetColumns {
  /** On the first sheet, beside the map. */
  beside: number;
  /** On each further sheet. */
  full: number;
  /** Rows of one column, its head not counted. */
  rows: number;
}
/** CSS's inch has 96 px. */
export const pxPerMm = 96 / 25.4;
/** Between columns: the style sheet's 1.6 em. */
const gapOf = (size: SheetSize) => 1.6 * size.text;

/** What is left for the map beside the first columns, px; its legend and frame take about 5 em. */
export function mapBox(size: SheetSize): { width: number; height: number } {
  const { beside } = columnsOf(size);
  const width = size.width - 2 * sheetMargin - beside * (size.columnWidth + gapOf(size)) - 2 * size.text;
  const height = size.height - 2 * sheetMargin - size.headHeight - 5 * size.text;
  return { width: width * pxPerMm, height: height * pxPerMm };
}

export function columnsOf(size: SheetSize): SheetColumns {
  const gap = gapOf(size);
  const inner = size.width - 2 * sheetMargin;
  const rows = Math.floor((size.height - 2 * sheetMargin - size.headHeight) / size.rowHeight) - 2;
  const full = Math.max(1, Math.floor(inner / (size.columnWidth + gap)));
  return { beside: Math.max(1, Math.floor((inner * 0.5) / (size.columnWidth + gap))), full, rows };
}

/** Rows in the order of the list, cut into columns, the columns into sheets. There is always a first sheet. */
export function layOut<T>(rows: T[], columns: SheetColumns): T[][][] {
  const cut: T[][] = [];
  for (let i = 0; i < rows.length; i += columns.rows) cut.push(rows.slice(i, i + columns.rows));
  const sheets = [cut.slice(0, columns.beside)];
  for (let i = columns.beside; i < cut.length; i += columns.full) sheets.push(cut.slice(i, i + columns.full));
  return sheets;
}
