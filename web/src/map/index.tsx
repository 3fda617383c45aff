// SPDX-License-Identifier: Apache-2.0
// The map with borders, as one SVG: regions filled by their share of red, projects as the five shapes, names with counts. At
// the scale of a county nothing more is needed, and it prints as vectors.
import { useQueries } from '@tanstack/react-query';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { get } from '@/api/client';
import type { BoardGroup, Light, MapProject, MapRegion, MapView } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useCarry } from '@/app/reading';
import { LightShape, lightOrder } from '@/components/light';
import { count } from '@/format/day';
import { redStep } from '@/pages/map/data';
import { boxOf, pathOf, placeLabels, project, spanOf, type Geometry, type Position, type Projection } from './geometry';
import { useBox } from './use-box';
import { useView, whole } from './view';
import './map.css';

const degree = 1e7;
const margin = 26;
const positionOf = (p: MapProject): Position => [p.longitude_e7 / degree, p.latitude_e7 / degree];

/** Every shape that could be read, by its digest. A border never changes under its digest, so it is asked for once. */
export function useGeometries(regions: MapRegion[]): { shapes: Map<string, Geometry>; pending: boolean } {
  const queries = useQueries({
    queries: regions.map((r) => ({
      queryKey: [`/api/v1/borders/${r.shape}`],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<Geometry>(`/api/v1/borders/${r.shape}`, undefined, signal),
      staleTime: Infinity,
      retry: 1,
    })),
  });
  const shapes = new Map<string, Geometry>();
  regions.forEach((r, i) => {
    const data = queries[i]?.data;
    if (data) shapes.set(r.shape, data);
  });
  return { shapes, pending: queries.some((q) => q.isPending) };
}

const Icons = memo(function Icons({ projects, projection, size, numbers }: { projects: MapProject[]; projection: Projection; size: number; numbers?: Map<string, number> }) {
  // Red comes first in the answer, and what is drawn last lies on top.
  return [...projects].reverse().map((p) => {
    const [lon, lat] = positionOf(p);
    const [x, y] = [projection.x(lon), projection.y(lat)];
    const number = numbers?.get(p.id);
    return (
      <g key={p.id} className={`map-icon light-${p.light}`} data-project={p.id} transform={`translate(${x} ${y})`}>
        <title>{p.title}</title>
        <svg x={-size / 2} y={-size / 2} width={size} height={size} overflow="visible"><LightShape light={p.light} /></svg>
        {number !== undefined && <text x={size * 0.65} y={size * 0.35} fontSize={size * 0.9}>{number}</text>}
      </g>
    );
  });
});

interface Props {
  map: MapView;
  shapes: Map<string, Geometry>;
  groups: BoardGroup[];
  label: string;
  chosen?: string;
  light?: string;
  /** Without it the map stands still: on a wall, on paper. */
  choose?: (id: string | undefined) => void;
  /** Fixed size in px, for paper; otherwise the box's. */
  fixed?: { width: number; height: number };
  /** Height of the names, px. */
  text?: number;
  /** Of projects in a table beside the map. */
  numbers?: Map<string, number>;
}

export function CountyMap({ map, shapes, groups, label, chosen, light, choose, fixed, text = 13, numbers }: Props) {
  const { t } = useTranslation();
  const labels = useLabels();
  const navigate = useNavigate();
  const carry = useCarry();
  const [box, measured] = useBox();
  const size = fixed ?? measured;
  const { view, zoom, reset, pointer, onKey } = useView(box, choose ? measured : undefined);
  const drawn = map.regions.filter((r) => shapes.has(r.shape));
  const key = drawn.map((r) => r.shape).join();
  const projection = useMemo(() => {
    const bounds = boxOf(drawn.map((r) => shapes.get(r.shape)!), map.projects.map(positionOf));
    return bounds && size && project(bounds, size.width, size.height, margin);
  }, [key, map.projects, size?.width, size?.height]);
  const byRegion = new Map(groups.map((g) => [g.id, g]));
  const { scale, x, y } = view;
  const shownLights: Light[] = light ? lightOrder.filter((l) => l === light) : ['red', 'amber'];

  const spans = useMemo(() => new Map(projection ? drawn.map((r) => [r.id, spanOf(shapes.get(r.shape)!, projection)]) : []), [projection]);
  const names = projection
    ? placeLabels(
        drawn
          .map((r) => ({ r, g: byRegion.get(r.id) }))
          .sort((a, b) => Number(b.r.id === chosen) - Number(a.r.id === chosen) || (b.g?.projects ?? 0) - (a.g?.projects ?? 0))
          .map(({ r }) => {
            const [lon, lat] = shapes.get(r.shape)!.label;
            const wide = Math.max([...r.name].length * text * 1.05, text * (light ? 6 : 9));
            return { key: r.id, x: projection.x(lon) * scale + x, y: projection.y(lat) * scale + y, width: wide, height: text * 2.7 };
          })
          // A park in a county is a spot; its name waits until one has come near enough to see what it names.
          .filter((l) => l.key === chosen || spans.get(l.key)! * scale * 3 >= l.width),
        text * 5,
      )
    : [];

  const region = (r: MapRegion) => {
    const g = byRegion.get(r.id);
    const path = <path className={g ? `map-region fill-${redStep(g.lights, g.projects)}` : 'map-region'} d={pathOf(shapes.get(r.shape)!, projection!)} fillRule="evenodd" vectorEffect="non-scaling-stroke" />;
    if (!choose) return <g key={r.id}>{path}</g>;
    const toggle = () => choose(chosen === r.id ? undefined : r.id);
    const words = g ? [...shownLights.map((l) => `${labels.value('Light', l)} ${count(g.lights[l])}`), t('map.all', { n: count(g.projects) })].join(', ') : t('map.no_projects');
    return (
      <g
        key={r.id} role="button" tabIndex={0} aria-pressed={chosen === r.id} aria-label={`${r.name}: ${words}`} data-tile={r.id} onClick={toggle}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          toggle();
        }}
      >
        {path}
      </g>
    );
  };

  return (
    <div
      ref={box} className={choose ? 'county-map' : 'county-map still'} role="group" aria-label={label} {...(choose ? pointer : {})} tabIndex={choose ? 0 : undefined}
      onKeyDown={(event) => {
        if (choose && event.target === event.currentTarget && !event.ctrlKey && !event.metaKey && !event.altKey && onKey(event.key)) event.preventDefault();
      }}
      onClick={(event) => {
        const at = (event.target as Element).closest('[data-project]');
        if (choose && at) void navigate(carry(`/projects/${at.getAttribute('data-project')}`));
      }}
    >
      {projection && size && (
        <svg width="100%" height="100%" viewBox={`0 0 ${size.width} ${size.height}`}>
          <g transform={`translate(${x} ${y}) scale(${scale})`}>
            {/* The chosen one last: its border must not lie under a neighbour's. */}
            {[...drawn].sort((a, b) => Number(a.id === chosen) - Number(b.id === chosen)).map(region)}
          </g>
          <g transform={`translate(${x} ${y}) scale(${scale})`} className="map-icons" aria-hidden="true">
            <Icons projects={map.projects} projection={projection} size={(text * 0.76) / scale} numbers={numbers} />
          </g>
          <g className="map-names" aria-hidden="true" fontSize={text}>
            {names.map((name) => {
              const r = drawn.find((d) => d.id === name.key)!;
              const g = byRegion.get(r.id);
              const step = text * 2.5;
              const parts = g ? shownLights : [];
              const wide = parts.length * step + text * 2.8;
              return (
                <g key={r.id} transform={`translate(${name.x} ${name.y})`}>
                  <text textAnchor="middle" y={-text * 0.2} fontWeight="650" fontSize={text * 1.1}>{r.name}</text>
                  {g && (
                    <g transform={`translate(${-wide / 2} ${text * 1.15})`}>
                      <rect className="map-pill" x={-text * 0.5} y={-text * 1.05} width={wide + text * 0.7} height={text * 1.45} rx={text * 0.7} />
                      {parts.map((l, i) => (
                        <g key={l} className={`light-${l}`} transform={`translate(${i * step} 0)`}>
                          <svg y={-text * 0.82} width={text * 0.85} height={text * 0.85} overflow="visible"><LightShape light={l} /></svg>
                          <text x={text}>{count(g.lights[l])}</text>
                        </g>
                      ))}
                      <text x={parts.length * step}>{t('map.all', { n: count(g.projects) })}</text>
                    </g>
                  )}
                </g>
              );
            })}
          </g>
        </svg>
      )}
      {choose && (
        <div className="map-zoom">
          <button type="button" onClick={() => zoom(1.5)} aria-label={t('map.zoom_in')}>+</button>
          <button type="button" onClick={() => zoom(1 / 1.5)} aria-label={t('map.zoom_out')}>−</button>
          <button type="button" onClick={reset} disabled={view === whole} aria-label={t('map.zoom_all')}>⤢</button>
        </div>
      )}
      {drawn.length > 0 && <Origin regions={drawn} />}
    </div>
  );
}

/** Who drew the borders, and under which approval they may be shown. */
function Origin({ regions }: { regions: MapRegion[] }) {
  const { t } = useTranslation();
  const one = (texts: (string | undefined)[]) => [...new Set(texts.filter(Boolean))].join('; ');
  const source = one(regions.map((r) => (r.source_erased ? t('common.erased') : r.source)));
  const approval = one(regions.map((r) => r.approval));
  return (
    <p className="map-origin">
      {approval ? t('map.approval', { number: approval }) : t('map.no_approval')} · {t('map.source', { source })}
    </p>
  );
}
