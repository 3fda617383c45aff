// SPDX-License-Identifier: Apache-2.0
// The steps of the ladder under the map: how many are past each, how many have it before them, how many stand on it.
import { useTranslation } from 'react-i18next';
import type { Board, LadderList } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To } from '@/app/reading';
import { Bar } from '@/components/bar';
import { Card } from '@/components/card';
import { MedalMark } from '@/components/medal';
import { count } from '@/format/day';
import type { MapFilters } from './data';

export function useMedals(): (milestone: string) => string {
  const ladders = useRead<LadderList>('/api/v1/ladders').data?.rows ?? [];
  const medals = new Map(ladders.flatMap((l) => l.rungs.map((r) => [r.key, r.medal] as const)));
  return (milestone) => medals.get(milestone) ?? 'none';
}

export function Strip({ board, filters }: { board: Board; filters: MapFilters }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const medal = useMedals();
  return (
    <Card title={t('map.steps')} note={t('map.steps_note')} flush className="strip">
      <ol className="strip-steps">
        {Object.entries(board.milestones).map(([key, c]) => (
          <li key={key}>
            <span className="strip-name">
              <MedalMark medal={medal(key)} small />
              {labels.milestone(key)}
            </span>
            <b>
              {count(c.past)}
              <span className="unit">{t('map.ahead', { n: count(c.ahead) })}</span>
            </b>
            <Bar parts={[['past', c.past], ['ahead', c.ahead], ['none', c.none]]} />
            <To to="/projects" query={{ ...filters, stage: key }} className="note">{t('map.at_step', { n: count(board.stages[key] ?? 0) })}</To>
          </li>
        ))}
      </ol>
    </Card>
  );
}
