// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { lanesOf } from './lanes';

it('puts a step after all it waits for, and branches side by side', () => {
  expect(lanesOf([[], [1], [1], [2, 3], []])).toEqual({
    places: [
      { column: 0, lane: 0 },
      { column: 1, lane: 0 },
      { column: 1, lane: 1 },
      { column: 2, lane: 0 },
      { column: 0, lane: 1 },
    ],
    columns: 3,
    lanes: 2,
  });
});

it('keeps the lane of a branch while it is free', () => {
  const { places } = lanesOf([[], [], [2], [1]]);
  expect(places[2]).toEqual({ column: 1, lane: 1 });
  expect(places[3]).toEqual({ column: 1, lane: 0 });
});

it('never hangs on a circle', () => {
  expect(lanesOf([[2], [1]]).columns).toBeLessThanOrEqual(2);
});
