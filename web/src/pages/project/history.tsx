// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { EntryList } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { RecordLink } from '@/app/reading';
import { Card } from '@/components/card';
import { Who } from '@/components/who';
import { Answer } from '@/components/states';
import { wallTime } from '@/format/day';

export function History({ project }: { project: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const { list, rows } = useReadPages(`/api/v1/projects/${project}/entries`, {}, (p: EntryList) => p.rows, 20, 'records');
  return (
    <div id="history" className="history">
      <Card title={t('project.history')} note={t('project.history_note')} flush>
        <Answer of={list}>
          {() => (
            <div className="table-box" tabIndex={0} role="group" aria-label={t('project.history')}>
              <table className="data compact">
                <thead>
                  <tr>
                    <th scope="col">{t('common.record')}</th>
                    <th scope="col">{t('entry.at')}</th>
                    <th scope="col">{t('entry.by')}</th>
                    <th scope="col">{t('entry.command')}</th>
                    <th scope="col">{t('entry.events')}</th>
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
                      <td>{[...new Set(e.events.map((v) => labels.event(v.type)))].join(' · ')}</td>
                      <td className="mono nowrap">{e.leaf_hash.slice(0, 12)}…</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {list.hasNextPage && (
                <div className="card-body">
                  <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>{t('common.more')}</Button>
                </div>
              )}
            </div>
          )}
        </Answer>
      </Card>
    </div>
  );
}
