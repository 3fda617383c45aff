// SPDX-License-Identifier: Apache-2.0
// One table for every list: sticky head and first columns, rows drawn only when in view, sort told by aria-sort.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';

export interface Column<T> {
  key: string;
  title: ReactNode;
  render: (row: T, index: number) => ReactNode;
  /** px; the last column without a width takes what is left. */
  width?: number;
  align?: 'right';
  /** The name that the server sorts by. */
  sort?: string;
  /** Stays at the left edge while scrolling sideways. */
  pinned?: boolean;
  /** Is not printed: paper has nothing to press. */
  screen?: boolean;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T, index: number) => string;
  total?: number;
  sort?: string;
  onSort?: (sort: string) => void;
  more?: () => void;
  empty?: ReactNode;
  foot?: ReactNode;
  compact?: boolean;
}

const virtualFrom = 80;

export function nextSort(now: string | undefined, key: string): string {
  return now === key ? `-${key}` : key;
}

/** While the page is being printed: paper has no view to draw rows for, so all of them are drawn. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    // The paper is laid out as soon as the handler returns.
    const before = () => flushSync(() => setPrinting(true));
    const after = () => setPrinting(false);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  return printing;
}

export function DataTable<T>({ label, columns, rows, rowKey, total, sort, onSort, more, empty, foot, compact }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const printing = usePrinting();
  const virtual = rows.length > virtualFrom && !printing;
  const virtualizer = useVirtualizer({
    count: virtual ? rows.length : 0,
    getScrollElement: () => box.current,
    estimateSize: () => (compact ? 32 : 40),
    overscan: 14,
    initialRect: { width: 0, height: 800 },
  });
  const items = virtualizer.getVirtualItems();
  const last = virtual ? (items.at(-1)?.index ?? 0) : rows.length - 1;
  useEffect(() => {
    if (more && last >= rows.length - 30) more();
  }, [more, last, rows.length]);

  const lefts: number[] = [];
  let left = 0;
  for (const column of columns) {
    lefts.push(left);
    if (column.pinned) left += column.width ?? 0;
  }
  const cell = (column: Column<T>, i: number) => ({
    className: [column.align === 'right' ? 'num' : '', column.pinned ? 'pin' : '', column.screen ? 'screen' : ''].join(' ').trim() || undefined,
    style: { width: column.width, minWidth: column.width, left: column.pinned ? lefts[i] : undefined },
  });
  const drawn = virtual ? items.map((item) => ({ row: rows[item.index]!, index: item.index })) : rows.map((row, index) => ({ row, index }));
  const above = virtual ? (items[0]?.start ?? 0) : 0;
  const below = virtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

  return (
    <div className="table-box" ref={box} role="group" aria-label={label} tabIndex={0}>
      <table className={`data${compact ? ' compact' : ''}`} aria-rowcount={(total ?? rows.length) + 1}>
        <thead>
          <tr>
            {columns.map((column, i) => {
              const direction = sort === column.sort ? 'ascending' : sort === `-${column.sort}` ? 'descending' : 'none';
              return (
                <th key={column.key} scope="col" {...cell(column, i)} aria-sort={column.sort ? direction : undefined}>
                  {column.sort && onSort ? (
                    <button type="button" onClick={() => onSort(nextSort(sort, column.sort!))}>
                      {column.title}
                      <span className="sort" aria-hidden="true">
                        {direction === 'ascending' ? '▲' : direction === 'descending' ? '▼' : '↕'}
                      </span>
                    </button>
                  ) : (
                    column.title
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {above > 0 && (
            <tr className="spacer" aria-hidden="true">
              <td colSpan={columns.length} style={{ height: above }} />
            </tr>
          )}
          {drawn.map(({ row, index }) => (
            <tr key={rowKey(row, index)} data-index={index} ref={virtual ? virtualizer.measureElement : undefined} aria-rowindex={index + 2}>
              {columns.map((column, i) => (
                <td key={column.key} {...cell(column, i)}>
                  {column.render(row, index)}
                </td>
              ))}
            </tr>
          ))}
          {below > 0 && (
            <tr className="spacer" aria-hidden="true">
              <td colSpan={columns.length} style={{ height: below }} />
            </tr>
          )}
        </tbody>
        {foot}
      </table>
      {rows.length === 0 && empty}
    </div>
  );
}
