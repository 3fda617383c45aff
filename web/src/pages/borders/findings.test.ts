// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { featureOf, placeIn } from './findings';

it('finds the feature and the spot in what the server says', () => {
  expect(placeIn('features[3].geometry.coordinates[0] (longitude 113.0500000, latitude -27.8500000)')).toEqual({ feature: 4, at: [113.05, -27.85] });
  expect(placeIn('features[0].properties.adcode')).toEqual({ feature: 1, at: undefined });
  expect(placeIn('source')).toEqual({ feature: undefined, at: undefined });
  expect(placeIn(undefined)).toEqual({ feature: undefined, at: undefined });
});

const ring = [[113, 27], [114, 28], [114, 27], [113, 28], [113, 27]];
const file = (geometry: unknown, properties: unknown = { name: 'A' }) => JSON.stringify({ type: 'FeatureCollection', features: [{}, { type: 'Feature', properties, geometry }] });

it('shows a feature as the file has it', () => {
  expect(featureOf(file({ type: 'Polygon', coordinates: [ring] }), 2)).toEqual({ name: 'A', rings: [ring] });
  expect(featureOf(`\ufeff${file({ type: 'MultiPolygon', coordinates: [[ring], [ring]] })}`, 2)?.rings).toHaveLength(2);
});
it('draws nothing of what cannot be drawn', () => {
  for (const broken of [null, {}, { type: 'Polygon' }, { type: 'Polygon', coordinates: [['a', 1]] }, { type: 'MultiPolygon', coordinates: [3, null] }, { type: 'Point', coordinates: [1, 2] }])
    expect(featureOf(file(broken, null), 2)).toEqual({ name: '', rings: [] });
  expect(featureOf('{', 1)).toBeUndefined();
  expect(featureOf('[]', 1)).toBeUndefined();
  expect(featureOf(file(null), 9)).toBeUndefined();
});
