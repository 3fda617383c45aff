// SPDX-License-Identifier: Apache-2.0
// Where in the file, and where on earth, a border was refused: said in words that whoever drew it understands.
import type { Position } from '@/map/geometry';

export interface FilePlace {
  /** Counted from one, as mapping programs do. */
  feature?: number;
  at?: Position;
}

/** The server names it as in "features[3].geometry.coordinates[0] (longitude 113.05, latitude 27.85)". */
export function placeIn(field: string | undefined): FilePlace {
  const feature = /^features\[(\d+)\]/.exec(field ?? '')?.[1];
  const at = /longitude (-?[\d.]+), latitude (-?[\d.]+)/.exec(field ?? '');
  return { feature: feature === undefined ? undefined : Number(feature) + 1, at: at ? [Number(at[1]), Number(at[2])] : undefined };
}

interface Feature {
  properties?: Record<string, unknown> | null;
  geometry?: { type?: unknown; coordinates?: unknown } | null;
}
export interface FeatureSeen {
  name: string;
  rings: Position[][];
}

const isPosition = (p: unknown): p is Position => Array.isArray(p) && Number.isFinite(p[0]) && Number.isFinite(p[1]);
const isRing = (r: unknown): r is Position[] => Array.isArray(r) && r.length > 1 && r.every(isPosition);

/** That feature as it stands in the file, as far as it can be drawn; undefined where the file is none. */
export function featureOf(text: string, number: number): FeatureSeen | undefined {
  let feature: Feature | undefined;
  try {
    feature = (JSON.parse(text.replace(/^\ufeff/, '')) as { features?: Feature[] }).features?.[number - 1];
  } catch {
    return undefined;
  }
  if (!feature) return undefined;
  const { name } = feature.properties ?? {};
  const { type, coordinates } = feature.geometry ?? {};
  const polygons: unknown[] = type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' && Array.isArray(coordinates) ? coordinates : [];
  return { name: typeof name === 'string' ? name : '', rings: polygons.flatMap((polygon) => (Array.isArray(polygon) ? polygon.filter(isRing) : [])) };
}
