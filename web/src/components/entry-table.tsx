// SPDX-License-Identifier: Apache-2.0
// The records of one subject, page by page, each with its proof.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { EntryList } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { RecordLink } from '@/app/reading';
import { Answer } from '@/components/states';
import { Who } from '@/components/who';
import { wallTime } from '@/format/day';

type Entry = EntryList['rows'][number];

/** `what` is the column that says what a record means here. */
export function EntryTable({ path, query = {}, size, label, what }: {
  path: string;
  query?: Record<string, string>;
  size: number;
  label: string;
  what: { title: string; of: (entry: Entry) => string[] };
}) {
  const { t } = useTranslation();
  const labels = useLabels();
  const { list, rows } = useReadPages(path, query, (p: EntryList) => p.rows, size, 'records');
  return (
    <Answer of={list}>
      {() => (
        <div className="table-box" tabIndex={0} role="group" aria-label={label}>
          <table className="data compact">
            <thead>
              <tr>
                <th scope="col">{t('common.record')}</th>
                <th scope="col">{t('entry.at')}</th>
                <th scope="col">{t('entry.by')}</th>
                <th scope="col">{t('entry.command')}</th>
                <th scope="col">{what.title}</th>
                <th scope="col">{t('entry.leaf_hash')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((e) => (
                <tr key={e.seq}>
                  <td><RecordLink seq={e.seq} /></td>
                  <td className="nowrap">{wallTime(e.at)}</td>
                  <td><Who entry={e} /></td>
                  <td className="nowrap">{labels.command(e.command)}</td>
                  <td>{what.of(e).join(' · ') || '–'}</td>
                  <td className="mono nowrap">{e.leaf_hash.slice(0, 12)}…</td>
                </tr>
              ))}
            </tbody>
          </table>
          {list.hasNextPage && <div className="card-body"><Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>{t('common.more')}</Button></div>}
        </div>
      )}
    </Answer>
  );
}
