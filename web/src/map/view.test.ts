// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { bounded, whole, zoomed } from './view';

const size = { width: 400, height: 300 };

describe('the view', () => {
  it('keeps the point under the pointer in its place', () => {
    const v = zoomed(whole, 2, { x: 100, y: 100 }, size);
    expect(v).toEqual({ scale: 2, x: -100, y: -100 });
    expect(zoomed(v, 0.5, { x: 100, y: 100 }, size)).toEqual(whole);
  });
  it('goes neither beyond the whole nor off the map', () => {
    expect(bounded({ scale: 0.2, x: 50, y: 50 }, size)).toEqual(whole);
    expect(bounded({ scale: 2, x: -4000, y: 900 }, size)).toEqual({ scale: 2, x: -400, y: 0 });
    expect(zoomed(whole, 1e9, { x: 0, y: 0 }, size).scale).toBe(16);
  });
});
