// SPDX-License-Identifier: Apache-2.0
// The map without borders: one tile for each region (or unit), with the same counts and the same filter as a drawn map.
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardGroup, Light } from '@/api/types';
import { useLabels } from '@/app/labels';
import { Bar, lightParts } from '@/components/bar';
import { LightShape, lightOrder } from '@/components/light';
import { count, percent } from '@/format/day';
import { levelOf, redStep, type Group, type Grouping } from './data';

function Counts({ group, light }: { group: BoardGroup; light?: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const shown: Light[] = light ? lightOrder.filter((l) => l === light) : ['red', 'amber'];
  return (
    <span className="tile-counts">
      {shown.map((l) => (
        <span key={l} className={`light light-${l}`}>
          <LightShape light={l} />
          <span className="hidden">{labels.value('Light', l)}</span>
          {count(group.lights[l])}
        </span>
      ))}
      <span>{t('map.all', { n: count(group.projects) })}</span>
    </span>
  );
}

export function Tiles({ groups: all, chosen, light, choose }: { groups: Group[]; chosen?: string; light?: string; choose?: (id: string | undefined) => void }) {
  const groups = levelOf(all, chosen);
  // Where the whole of a fixed area is to be filled, about as many across as fill it evenly.
  const columns = Math.max(1, Math.ceil(Math.sqrt(groups.length * 1.4)));
  return (
    <ul className="tiles" style={{ '--columns': columns } as CSSProperties}>
      {groups.map((g) => {
        const inside = (
          <>
            <b>{g.name}</b>
            <Counts group={g} light={light} />
            <Bar parts={lightParts(g.lights)} />
          </>
        );
        const className = `tile fill-${redStep(g.lights, g.projects)}${light && g.lights[light as Light] === 0 ? ' faint' : ''}`;
        return (
          <li key={g.id}>
            {choose ? (
              <button type="button" className={className} aria-pressed={chosen === g.id} data-tile={g.id} onClick={() => choose(chosen === g.id ? undefined : g.id)}>
                {inside}
              </button>
            ) : (
              <div className={className}>{inside}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The same counts in words: the map's text twin. */
export function GroupTable({ groups: all, by, chosen, choose }: { groups: Group[]; by: Grouping; chosen?: string; choose: (id: string | undefined) => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const groups = levelOf(all, chosen);
  const owns = groups.some((g) => g.own !== undefined && g.own !== g.projects);
  return (
    <div className="table-box" tabIndex={0} role="group" aria-label={t(`map.by_${by}`)}>
      <table className="data compact">
        <thead>
          <tr>
            <th scope="col">{t(`filter.${by}`)}</th>
            {lightOrder.map((l) => (
              <th key={l} scope="col" className="num">{labels.value('Light', l)}</th>
            ))}
            <th scope="col" className="num">{t('board.projects')}</th>
            {owns && <th scope="col" className="num">{t('board.own')}</th>}
            <th scope="col" className="num">{t('map.red_share')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((g) => (
            <tr key={g.id} aria-selected={chosen === g.id || undefined}>
              <td>
                <button type="button" className="link" data-row-link aria-pressed={chosen === g.id} onClick={() => choose(chosen === g.id ? undefined : g.id)}>{g.name}</button>
              </td>
              {lightOrder.map((l) => (
                <td key={l} className="num">{count(g.lights[l])}</td>
              ))}
              <td className="num"><b>{count(g.projects)}</b></td>
              {owns && <td className="num">{count(g.own ?? g.projects)}</td>}
              <td className="num">{percent(g.lights.red, g.projects)}%</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What shapes and shades mean. */
export function MapLegend() {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <div className="map-legend">
      {lightOrder.map((l) => (
        <span key={l} className={`light light-${l}`}>
          <LightShape light={l} />
          {labels.value('Light', l)}
          {(l === 'red' || l === 'amber' || l === 'green') && <small>{t(`map.rule_${l}`)}</small>}
        </span>
      ))}
      <span className="note">{t('map.shade')}</span>
    </div>
  );
}
