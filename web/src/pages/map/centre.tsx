// SPDX-License-Identifier: Apache-2.0
// What stands in the centre: the drawn map where any border is known, tiles where none is.
import { useTranslation } from 'react-i18next';
import type { Board, MapView } from '@/api/types';
import { CountyMap, useGeometries } from '@/map';
import type { Group, Grouping } from './data';
import { MapLegend, Tiles } from './tiles';

interface Props {
  map?: MapView;
  board: Board;
  groups: Group[];
  by: Grouping;
  chosen?: string;
  light?: string;
  choose?: (id: string | undefined) => void;
  fixed?: { width: number; height: number };
  text?: number;
  numbers?: Map<string, number>;
}

export function Centre({ map, board, groups, by, chosen, light, choose, ...drawing }: Props) {
  const { t } = useTranslation();
  const { shapes, pending } = useGeometries(map?.regions ?? []);
  const { standing } = board;
  if (map && by === 'region' && (shapes.size > 0 || pending)) {
    const label = t('map.map_label', { name: standing.jurisdiction_name || standing.jurisdiction, red: board.lights.red, n: board.projects });
    return (
      <>
        <CountyMap map={map} shapes={shapes} groups={groups} label={label} chosen={chosen} light={light} choose={choose} {...drawing} />
        <MapLegend />
      </>
    );
  }
  return (
    <div className="stage">
      <Tiles groups={groups} chosen={chosen} light={light} choose={choose} />
      <MapLegend />
    </div>
  );
}
