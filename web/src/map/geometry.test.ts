// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { boxOf, pathOf, placeLabels, project, spanOf, type Geometry } from './geometry';

const square: Geometry = { type: 'MultiPolygon', label: [0.5, 60.5], coordinates: [[[[0, 60], [1, 60], [1, 61], [0, 61], [0, 60]]]] };

describe('the projection', () => {
  it('keeps everything inside and north up', () => {
    const p = project(boxOf([square])!, 400, 300, 10);
    for (const lon of [0, 1]) expect(p.x(lon)).toBeGreaterThanOrEqual(10);
    expect(p.x(1)).toBeLessThanOrEqual(390);
    expect(p.y(61)).toBeCloseTo(10);
    expect(p.y(60)).toBeCloseTo(290);
  });
  it('draws a degree of longitude at 60° half as long as one of latitude', () => {
    const p = project(boxOf([square])!, 1000, 1000, 0);
    expect((p.x(1) - p.x(0)) / (p.y(60) - p.y(61))).toBeCloseTo(0.492, 2);
  });
  it('takes a single point without dividing by nothing', () => {
    const p = project(boxOf([], [[113, 28]])!, 100, 100, 10);
    expect([p.x(113), p.y(28)].every(Number.isFinite)).toBe(true);
  });
  it('says how wide a shape is drawn', () => {
    expect(spanOf(square, project(boxOf([square])!, 100, 100, 10))).toBeLessThanOrEqual(80.001);
    expect(spanOf(square, project(boxOf([square])!, 100, 100, 10))).toBeGreaterThan(1);
  });
  it('closes rings', () => {
    expect(pathOf(square, project(boxOf([square])!, 100, 100, 0))).toMatch(/^M[^M]*Z$/);
  });
});

describe('labels', () => {
  const label = (key: string, x: number, y: number) => ({ key, x, y, width: 80, height: 30 });
  it('never lie upon each other', () => {
    const placed = placeLabels([label('a', 100, 100), label('b', 110, 104), label('c', 120, 98)], 60);
    expect(placed.map((l) => l.key)).toEqual(['a', 'b', 'c']);
    for (const a of placed) for (const b of placed) if (a !== b) expect(Math.abs(a.x - b.x) >= 80 || Math.abs(a.y - b.y) >= 30).toBe(true);
  });
  it('stay where they are when nothing is in the way, and go when there is no room', () => {
    expect(placeLabels([label('a', 0, 0), label('b', 300, 0)], 40).map((l) => l.y)).toEqual([0, 0]);
    expect(placeLabels([label('a', 0, 0), label('b', 0, 0)], 20)).toHaveLength(1);
  });
});
