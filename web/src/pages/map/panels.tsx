// SPDX-License-Identifier: Apache-2.0
// The left column: how much, which lights (as a filter) and who stands worst.
import { useTranslation } from 'react-i18next';
import type { Board } from '@/api/types';
import { To } from '@/app/reading';
import { Amount } from '@/components/amount';
import { Bar, lightParts } from '@/components/bar';
import { Card } from '@/components/card';
import { LightsCard } from '@/components/lights-card';
import { count, percent } from '@/format/day';
import { byRedShare, levelOf, type Group, type Grouping, type MapFilters } from './data';

/** `lit` follows every filter; the share of red and what is owed follow region and unit. */
export function KeyFigures({ board, lit, filters }: { board: Board; lit: Board; filters: MapFilters }) {
  const { t } = useTranslation();
  const { region, unit } = filters;
  return (
    <Card title={t('board.overview')} note={t('board.as_of', { day: board.standing.as_of })}>
      <dl className="keys">
        <div>
          <dt>{t('board.projects')}</dt>
          <dd data-map-total={lit.projects}>
            <To to="/projects" query={{ ...filters }}>{count(lit.projects)}</To>
            <span className="unit">{t('unit.projects')}</span>
          </dd>
        </div>
        <div>
          <dt>{t('board.investment')}</dt>
          <dd>
            <To to="/projects" query={{ ...filters, sort: '-investment' }}><Amount minor={lit.investment_minor} standing={lit.standing} /></To>
          </dd>
        </div>
        <div>
          <dt>{t('map.red_share')}</dt>
          <dd>
            <To to="/projects" query={{ region, unit, light: 'red' }}>{percent(board.lights.red, board.projects)}</To>
            <span className="unit">%</span>
            <div className="under">{count(board.lights.red)} / {count(board.projects)}</div>
          </dd>
        </div>
        <div>
          <dt>{t('board.funds')}</dt>
          <dd>
            <To to="/projects" query={{ ...filters, sort: '-funds' }}><Amount minor={lit.funds_minor} standing={lit.standing} /></To>
            <div className="under">
              <To to="/obligations" query={{ light: 'red', unit }}>{t('map.red_obligations', { n: count(board.obligations.red) })}</To>
            </div>
          </dd>
        </div>
      </dl>
    </Card>
  );
}

export function LightFilter({ board, chosen, choose }: { board: Board; chosen?: string; choose: (light: string | undefined) => void }) {
  const { t } = useTranslation();
  return (
    <LightsCard board={board} note={t('map.click_filters')}>
      {(light, row) => <button type="button" aria-pressed={chosen === light} data-light={light} onClick={() => choose(chosen === light ? undefined : light)}>{row}</button>}
    </LightsCard>
  );
}

export function Ranking({ groups, by, chosen, choose }: { groups: Group[]; by: Grouping; chosen?: string; choose?: (id: string | undefined) => void }) {
  const { t } = useTranslation();
  return (
    <Card title={t(`map.ranking_${by}`)} note={t('map.ranking_note')}>
      <ol className="map-rank">
        {byRedShare(levelOf(groups, chosen)).map((g, i) => {
          const row = (
            <>
              <span className="num">{i + 1}</span>
              <span>{g.name}</span>
              <Bar parts={lightParts(g.lights)} />
              <b className="num">{percent(g.lights.red, g.projects)}%</b>
            </>
          );
          return (
            <li key={g.id}>
              {choose ? (
                <button type="button" aria-pressed={chosen === g.id} onClick={() => choose(chosen === g.id ? undefined : g.id)}>{row}</button>
              ) : (
                <div>{row}</div>
              )}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
