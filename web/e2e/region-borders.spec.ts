// SPDX-License-Identifier: Apache-2.0
// Borders of regions in and drawn, over a synthetic county of three regions. All borders are invented. It adds projects to the
// ledger, and therefore stands behind the tests that count what the demo register holds.
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, settled, signIn, test, violations } from './support';

interface Board {
  projects: number;
}
const read = async <T>(page: Page, path: string): Promise<T> => (await (await page.request.get(path)).json()) as T;

/** A UUIDv7, as the ledger wants for a key. */
function key(): string {
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
async function post(page: Page, path: string, data: unknown) {
  const { csrf } = await read<{ csrf: string }>(page, '/api/v1/session');
  return page.request.post(path, { data: typeof data === 'string' ? data : JSON.stringify(data), headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': key(), 'Content-Type': 'application/json' } });
}
/** Sends a command that must be accepted; the first id that it gave. */
async function done(page: Page, command: string, fields: Record<string, unknown>): Promise<string> {
  const answer = await post(page, `/api/v1/commands/${command}`, fields);
  expect(answer.status(), `${command}: ${await answer.text()}`).toBe(200);
  return ((await answer.json()) as { ids: string[] }).ids[0]!;
}

test('borders come in checked and are drawn; the map filters the list like the tiles did', async ({ page }) => {
  await signIn(page, 'office');
  const county: [string, string, number][] = [['990101', '青柳镇（示例）', 0], ['990102', '东溪镇（示例）', 1], ['990103', '石桥镇（示例）', 2]];
  const regions: string[] = [];
  for (const [code, name] of county) {
    regions.push(await done(page, 'region.add', { code, name, effective_on: '2020-01-01' }));
  }
  const { rows: units } = await read<{ rows: { id: string }[] }>(page, '/api/v1/units');
  for (let i = 0; i < 12; ++i) {
    const id = await done(page, 'project.register', { title: `示例项目 ${i + 1}`, ladder: 'public_works', owner_unit: units[0]!.id, region: regions[i % 3] });
    await done(page, 'project.plan_milestone', { project: id, milestone: 'need', due_on: i < 9 ? '2026-01-05' : '2040-01-05' });
    await done(page, 'project.locate', { project: id, longitude_e7: 1130200000 + (i % 3) * 1000000 + ((i * 37) % 60) * 10000, latitude_e7: 278300000 + i * 30000, how: 'address' });
  }
  const feature = (code: string, ring: number[][]) => ({ type: 'Feature', properties: { adcode: code }, geometry: { type: 'Polygon', coordinates: [ring] } });
  const file = (features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features });
  const square = (at: number) => [[113 + at / 10, 27.8], [113.1 + at / 10, 27.8], [113.1 + at / 10, 27.9], [113.05 + at / 10, 27.92], [113 + at / 10, 27.9], [113 + at / 10, 27.8]];
  const bowTie = [[113, 27.8], [113.1, 27.9], [113.1, 27.8], [113, 27.9], [113, 27.8]];
  const query = '/api/v1/borders?system=cgcs2000&effective_on=2020-01-01&source=' + encodeURIComponent('示意边界，示例数据');
  const refused = await post(page, query, file([feature('990101', bowTie)]));
  expect(refused.status()).toBe(400);
  expect(((await refused.json()) as { code: string }).code).toBe('geo.ring_crosses_itself');
  // Nothing drawn yet: the regions are tiles.
  await page.goto('/map');
  await settled(page);
  await expect(page.locator('.tiles li')).toHaveCount(3);

  const drawn = await post(page, query, file(county.map(([code, , at]) => feature(code, square(at)))));
  expect(drawn.status(), await drawn.text()).toBe(200);
  await page.goto('/map');
  await settled(page);
  await expect(page.locator('.map-region')).toHaveCount(3);
  await expect(page.locator('.map-origin')).toContainText('来源：示意边界，示例数据');
  await expect(page.locator('.map-icon')).toHaveCount(12);
  expect(await violations(page)).toEqual([]);

  await page.locator(`[data-tile="${regions[1]}"]`).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`region=${regions[1]}`));
  const filtered = await read<Board>(page, `/api/v1/board?region=${regions[1]}`);
  await expect(page.locator('[data-map-total]')).toHaveAttribute('data-map-total', String(filtered.projects));
  await expect(page.locator('.map-icon')).toHaveCount(4);
  await expect(page.locator('.map-list [data-row-link]')).toHaveCount(3);

  // By keys: nearer, aside, and back to the whole.
  const layer = page.locator('.county-map > svg > g').first();
  await page.locator('.county-map').focus();
  await page.keyboard.press('+');
  await expect(layer).toHaveAttribute('transform', /scale\(1\.5\)/);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('0');
  await expect(layer).toHaveAttribute('transform', 'translate(0 0) scale(1)');
  // Before the day from which the borders hold there are tiles.
  await page.goto('/map?as_of=2019-06-01');
  await settled(page);
  await expect(page.locator('.map-region')).toHaveCount(0);
});
