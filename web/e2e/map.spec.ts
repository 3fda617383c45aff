// SPDX-License-Identifier: Apache-2.0
// The war map: one filter for map, counts and list; meeting, wall and paper; borders in and drawn. The borders are invented.
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { closeSheet, expect, settled, sheet, signIn, test, violations } from './support';

interface Board {
  lights: Record<'red' | 'green' | 'done', number>;
  projects: number;
  units: { id: string; name: string; projects: number; lights: { red: number } }[];
}
const read = async <T>(page: Page, path: string): Promise<T> => (await (await page.request.get(path)).json()) as T;
const rows = (page: Page) => page.locator('.map-list [data-row-link]');

/** A UUIDv7, as the ledger wants for a key. */
function key(): string {
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
async function post(page: Page, path: string, data: unknown) {
  const { csrf } = await read<{ csrf: string }>(page, '/api/v1/session');
  return page.request.post(path, { data: typeof data === 'string' ? data : JSON.stringify(data), headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': key(), 'Content-Type': 'application/json' } });
}

test('lights, tiles, counts and list follow one filter that stands in the address', async ({ page }) => {
  await signIn(page, 'office');
  const board = await read<Board>(page, '/api/v1/board');
  await page.goto('/map');
  await settled(page);
  await expect(page.locator('[data-map-total]')).toHaveAttribute('data-map-total', String(board.projects));
  await expect(rows(page).first()).toContainText('天');

  await page.locator('[data-light="red"]').click();
  await expect(page).toHaveURL(/light=red/);
  await expect(page.locator('[data-map-total]')).toHaveAttribute('data-map-total', String(board.lights.red));
  await expect(page.locator('.map-stage [role="status"]')).toContainText(String(board.lights.red));

  const unit = board.units.find((u) => u.id !== '' && u.lights.red > 0)!;
  await page.locator(`[data-tile="${unit.id}"]`).click();
  await expect(page).toHaveURL(new RegExp(`unit=${unit.id}`));
  const filtered = await read<Board>(page, `/api/v1/board?unit=${unit.id}&light=red`);
  await expect(page.locator('[data-map-total]')).toHaveAttribute('data-map-total', String(filtered.projects));
  await expect(rows(page)).toHaveCount(filtered.lights.red);
  // The same address shows the same to a colleague.
  await page.reload();
  await settled(page);
  await expect(page.locator(`[data-tile="${unit.id}"]`)).toHaveAttribute('aria-pressed', 'true');
  await expect(rows(page)).toHaveCount(filtered.lights.red);
  await page.getByRole('button', { name: /清除 2 个筛选条件/ }).first().click();
  await expect(page).not.toHaveURL(/light=|unit=/);
});

test('keys lead to the map, to its table and along its list', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/projects');
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await expect(page).toHaveURL(/\/map$/);
  await settled(page);
  await page.keyboard.press('t');
  const table = page.getByRole('group', { name: '各单位项目与亮灯' });
  await expect(table).toBeVisible();
  await expect(page.locator('.tiles')).toHaveCount(0);
  await table.locator('[data-row-link]').first().focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/unit=/);
  await expect(table.locator('[aria-pressed="true"]')).toHaveCount(1);
  await page.keyboard.press('t');
  await expect(page.locator('.tiles [aria-pressed="true"]')).toHaveCount(1);
});

test('the list has what is due this week and what waits to be written off', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/map?as_of=2020-06-01');
  await settled(page);
  await page.getByRole('button', { name: '本周到期' }).click();
  await expect(page).toHaveURL(/tab=week/);
  for (const text of await page.locator('.map-list .worklist a > .note:nth-child(3)').allInnerTexts()) {
    expect(text >= '2020-06-01' && text < '2020-06-08', text).toBe(true);
  }
  await page.getByRole('button', { name: '待销号' }).click();
  await expect(page.locator('.map-list')).toContainText(/没有等待销号的事项|·/);
});

test('a meeting walks the red projects and assigns from where it stands', async ({ page }) => {
  await signIn(page, 'office');
  const { lights } = await read<Board>(page, '/api/v1/board');
  await page.goto('/map');
  await settled(page);
  await page.getByRole('button', { name: '调度会模式' }).click();
  await expect(page.locator('[data-meeting-at]')).toHaveText(`第 1 个，共 ${Math.min(500, lights.red)} 个`);
  await expect(page.getByRole('navigation', { name: '主菜单' })).toHaveCount(0);
  const first = await page.locator('.meeting-hero h2').innerText();
  await expect(page.locator('.meeting-why')).toContainText(/亮红灯，已 \d+ 天/);
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-meeting-at]')).toHaveAttribute('data-meeting-at', '2');
  await expect(page.locator('.meeting-hero h2')).not.toHaveText(first);
  await expect(page).toHaveURL(/p=p\d+/);
  await page.getByRole('button', { name: '交办', exact: true }).click();
  await expect(sheet(page)).toBeVisible();
  // Arrow keys belong to the form now.
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-meeting-at]')).toHaveAttribute('data-meeting-at', '2');
  await closeSheet(page);
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.meeting-hero h2')).toHaveText(first);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/map$/);
});

test('the wall turns every thirty seconds, stands still when paused, and shows no amount', async ({ page }) => {
  await page.clock.install();
  await signIn(page, 'office');
  await page.goto('/map/wall');
  await expect(page.locator('[data-slide]')).toHaveAttribute('data-slide', 'map');
  await expect(page.locator('[data-age]')).toContainText('数据截至');
  for (const slide of ['red', 'steps', 'ranking', 'map', 'red']) {
    await page.clock.runFor(30_000);
    await expect(page.locator('[data-slide]')).toHaveAttribute('data-slide', slide);
    await expect(page.locator('main')).not.toContainText(/AUD|亿元|万元/);
  }
  await page.keyboard.press(' ');
  await expect(page.locator('[data-paused]')).toHaveAttribute('data-paused', 'true');
  await page.clock.runFor(120_000);
  await expect(page.locator('[data-slide]')).toHaveAttribute('data-slide', 'red');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-slide]')).toHaveAttribute('data-slide', 'steps');
});

test('who asks for less motion gets a wall that stands still', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await signIn(page, 'office');
  await page.goto('/map/wall');
  await expect(page.locator('[data-paused]')).toHaveAttribute('data-paused', 'true');
});

test('paper has the size asked for, letters as letters and no pictures', async ({ page }) => {
  await signIn(page, 'office');
  for (const [name, width, height] of [['a3', 420, 297], ['a0', 1189, 841]] as const) {
    await page.goto(`/map/sheet?size=${name}`);
    await settled(page);
    await expect(page.locator('[data-whole="true"]')).toBeVisible();
    const { projects } = await read<Board>(page, '/api/v1/board');
    await expect(page.locator('.paper tbody tr')).toHaveCount(projects);
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
    const box = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/.exec(pdf)!;
    for (const [got, mm] of [[box[1], width], [box[2], height]] as const) expect(Math.abs(Number(got) - (mm * 72) / 25.4)).toBeLessThan(3);
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(await page.locator('.paper').count());
    expect(pdf).toMatch(/\/Type\s*\/Font\b/);
    expect(pdf).not.toMatch(/\/Subtype\s*\/Image/);
  }
});

test('borders come in checked and are drawn; the map filters the list like the tiles did', async ({ page }) => {
  await signIn(page, 'office');
  const county: [string, string, number][] = [['990101', '青柳镇（示例）', 0], ['990102', '东溪镇（示例）', 1], ['990103', '石桥镇（示例）', 2]];
  const list = await read<{ rows: { id: string }[] }>(page, '/api/v1/projects?light=red&limit=12');
  const regions: string[] = [];
  for (const [code, name] of county) {
    const made = await post(page, '/api/v1/commands/region.add', { code, name, effective_on: '2020-01-01' });
    expect(made.status(), await made.text()).toBe(200);
    regions.push(((await made.json()) as { ids: string[] }).ids[0]!);
  }
  for (const [i, { id }] of list.rows.entries()) {
    await post(page, '/api/v1/commands/project.record_row', { project: id, region: regions[i % 3], milestones: [], findings: [] });
    await post(page, '/api/v1/commands/project.locate', { project: id, longitude_e7: 1130200000 + (i % 3) * 1000000 + (i * 37) % 60 * 10000, latitude_e7: 278300000 + i * 30000, how: 'address' });
  }
  const feature = (code: string, ring: number[][]) => ({ type: 'Feature', properties: { adcode: code }, geometry: { type: 'Polygon', coordinates: [ring] } });
  const file = (features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features });
  const square = (at: number) => [[113 + at / 10, 27.8], [113.1 + at / 10, 27.8], [113.1 + at / 10, 27.9], [113.05 + at / 10, 27.92], [113 + at / 10, 27.9], [113 + at / 10, 27.8]];
  const bowTie = [[113, 27.8], [113.1, 27.9], [113.1, 27.8], [113, 27.9], [113, 27.8]];
  const query = '/api/v1/borders?system=cgcs2000&effective_on=2020-01-01&source=' + encodeURIComponent('示意边界，示例数据');
  const refused = await post(page, query, file([feature('990101', bowTie)]));
  expect(refused.status()).toBe(400);
  expect(((await refused.json()) as { code: string }).code).toBe('geo.ring_crosses_itself');
  await page.goto('/map');
  await settled(page);
  await expect(page.locator('.tiles')).toBeVisible();

  const drawn = await post(page, query, file(county.map(([code, , at]) => feature(code, square(at)))));
  expect(drawn.status(), await drawn.text()).toBe(200);
  await page.goto('/map');
  await settled(page);
  await expect(page.locator('.map-region')).toHaveCount(3);
  await expect(page.locator('.map-origin')).toContainText('来源：示意边界，示例数据');
  await expect(page.locator('.map-icon')).toHaveCount(list.rows.length);
  expect(await violations(page)).toEqual([]);

  await page.locator(`[data-tile="${regions[1]}"]`).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`region=${regions[1]}`));
  const filtered = await read<Board>(page, `/api/v1/board?region=${regions[1]}`);
  await expect(page.locator('[data-map-total]')).toHaveAttribute('data-map-total', String(filtered.projects));
  await expect(page.locator('.map-icon')).toHaveCount(filtered.projects);
  await expect(rows(page)).toHaveCount(filtered.projects);

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
