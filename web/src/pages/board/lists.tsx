// SPDX-License-Identifier: Apache-2.0
// 六个一批 on the board: members, plan, actual and gap of each list, and the projects behind every number.
import { useTranslation } from 'react-i18next';
import type { BatchBoard } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { Card } from '@/components/card';

export function Lists() {
  const { t } = useTranslation();
  const labels = useLabels();
  const board = useRead<BatchBoard>('/api/v1/batch-lists').data;
  const rows = board?.rows.filter((r) => r.members > 0 || r.planned !== undefined) ?? [];
  if (!board || rows.length === 0) return null;
  return (
    <Card title={t('file.board_lists')} note={t('file.board_note', { first: board.first_period, last: board.last_period })} flush>
      <div className="table-box" tabIndex={0} role="group" aria-label={t('file.board_lists')}>
        <table className="data compact">
          <thead>
            <tr>
              <th scope="col">{t('file.list')}</th>
              <th scope="col" className="num">{t('file.members')}</th>
              <th scope="col" className="num">{t('file.planned')}</th>
              <th scope="col" className="num">{t('file.actual')}</th>
              <th scope="col" className="num">{t('file.gap')}</th>
              <th scope="col">{t('shell.projects')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={r.batch}>
                <th scope="row">{labels.value('Batch', r.batch)}</th>
                <td className="num">{r.members}</td>
                <td className="num">{r.planned !== undefined ? <>{r.planned} <RecordLink seq={r.target_seq!} /></> : <span className="note">{t('file.no_target')}</span>}</td>
                <td className="num">{r.actual}</td>
                <td className="num">{r.gap === undefined ? '–' : r.gap > 0 ? <span className="light light-red">{r.gap}</span> : 0}</td>
                <td>
                  <details>
                    <summary>{t('file.show_projects')}</summary>
                    <ul>
                      {r.reached.map((p) => <li key={p.id}><span aria-hidden="true">✓ </span><To to={`/projects/${p.id}`}>{p.name || p.id}</To></li>)}
                      {r.open.map((p) => <li key={p.id}><span aria-hidden="true">– </span><To to={`/projects/${p.id}`}>{p.name || p.id}</To></li>)}
                    </ul>
                  </details>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
