// SPDX-License-Identifier: Apache-2.0
// From degrees to the plane of the screen. A county is small: an equirectangular projection about its own middle is off by
// less than a line's width, and needs no library.
export type Position = [longitude: number, latitude: number];

export interface Geometry {
  type: 'MultiPolygon';
  /** Where the name stands best. */
  label: Position;
  coordinates: Position[][][];
}

export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

export function boxOf(geometries: Geometry[], points: Position[] = []): Box | undefined {
  const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  const add = ([x, y]: Position) => {
    box.west = Math.min(box.west, x);
    box.east = Math.max(box.east, x);
    box.south = Math.min(box.south, y);
    box.north = Math.max(box.north, y);
  };
  for (const g of geometries) for (const polygon of g.coordinates) polygon[0]?.forEach(add);
  points.forEach(add);
  return box.west <= box.east ? box : undefined;
}

export interface Projection {
  width: number;
  height: number;
  x: (longitude: number) => number;
  y: (latitude: number) => number;
}

/** Fits the box into width × height with a margin on all sides; north is up, one metre is as long in both directions. */
export function project(box: Box, width: number, height: number, margin: number): Projection {
  const squeeze = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180);
  const wide = Math.max((box.east - box.west) * squeeze, 1e-6);
  const high = Math.max(box.north - box.south, 1e-6);
  const scale = Math.min((width - 2 * margin) / wide, (height - 2 * margin) / high);
  const left = (width - wide * scale) / 2;
  const top = (height - high * scale) / 2;
  return { width, height, x: (lon) => left + (lon - box.west) * squeeze * scale, y: (lat) => top + (box.north - lat) * scale };
}

/** One path for all polygons; with the even-odd rule, holes stay open. */
export function pathOf(geometry: Geometry, p: Projection): string {
  const at = ([lon, lat]: Position) => `${p.x(lon).toFixed(1)} ${p.y(lat).toFixed(1)}`;
  return geometry.coordinates.flatMap((polygon) => polygon.map((ring) => `M${ring.slice(0, -1).map(at).join('L')}Z`)).join('');
}

/** How wide a shape is drawn, px. */
export function spanOf(geometry: Geometry, p: Projection): number {
  const xs = geometry.coordinates.flatMap((polygon) => polygon[0]!.map(([lon]) => p.x(lon)));
  return xs.reduce((a, b) => Math.max(a, b), -Infinity) - xs.reduce((a, b) => Math.min(a, b), Infinity);
}

export interface Label {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Moves labels apart that lie upon each other, the later one up or down to the nearest free place, at most `reach` away; one
 * that finds none is left out, for two names upon each other cannot be read.
 */
export function placeLabels(labels: Label[], reach: number): Label[] {
  const placed: Label[] = [];
  const free = (l: Label) => placed.every((o) => Math.abs(l.x - o.x) * 2 >= l.width + o.width || Math.abs(l.y - o.y) * 2 >= l.height + o.height);
  for (const label of labels) {
    const steps = Array.from({ length: Math.floor(reach / 4) * 2 + 1 }, (_, i) => (i % 2 === 1 ? 1 : -1) * Math.ceil(i / 2) * 4);
    const found = steps.map((dy) => ({ ...label, y: label.y + dy })).find(free);
    if (found) placed.push(found);
  }
  return placed;
}
