// SPDX-License-Identifier: Apache-2.0
// 进度亮灯: how many projects of each light, and what share. Where a row leads is the page's own affair.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Board, Light } from '@/api/types';
import { useLabels } from '@/app/labels';
import { lightParts } from '@/components/bar';
import { Card } from '@/components/card';
import { LightShape } from '@/components/light';
import { count, percent } from '@/format/day';

export function LightsCard({ board, note, children }: { board: Board; note: string; children: (light: Light, row: ReactNode) => ReactNode }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <Card title={t('board.lights')} note={note}>
      <ul className="light-rows">
        {lightParts(board.lights).map(([light, n]) => (
          <li key={light}>
            {children(
              light,
              <>
                <span className={`light light-${light}`}>
                  <LightShape light={light} />
                  {labels.value('Light', light)}
                </span>
                <span className="bar" aria-hidden="true">
                  <i className={light} style={{ width: `${board.projects ? (n / board.projects) * 100 : 0}%` }} />
                </span>
                <span>
                  <b>{count(n)}</b>
                  <span className="unit">{percent(n, board.projects)}%</span>
                </span>
              </>,
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
