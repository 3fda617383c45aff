// SPDX-License-Identifier: Apache-2.0
// Borders by hand: a file is chosen, what is wrong with it is said and shown in place, what will be drawn is seen, then drawn. All
// borders are invented. It adds regions to the ledger, and therefore stands behind the tests that count what the demo holds.
import { choose, command, expect, settled, signIn, test, violations } from './support';

type Ring = [number, number][];
const feature = (name: string, code: string | undefined, ring: Ring) => ({ type: 'Feature', properties: { name, ...(code ? { adcode: code } : {}) }, geometry: { type: 'Polygon', coordinates: [ring] } });
const file = (features: unknown[]) => ({ name: 'borders.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features })) });
const square: Ring = [[113.4, 27.8], [113.5, 27.8], [113.52, 27.86], [113.5, 27.9], [113.4, 27.9], [113.4, 27.8]];
const bowTie: Ring = [[113.4, 27.8], [113.5, 27.9], [113.5, 27.8], [113.4, 27.9], [113.4, 27.8]];

test('a border comes in by a form: refusals in place, a look at it, then the map', async ({ page }) => {
  await signIn(page, 'office');
  const region = await command(page, 'region.add', { code: '990190', name: '松林镇（示例）', effective_on: '2020-01-01' });
  const { rows } = (await (await page.request.get('/api/v1/units')).json()) as { rows: { id: string }[] };
  await command(page, 'project.register', { title: '松林镇项目（示例）', ladder: 'public_works', owner_unit: rows[0]!.id, region });
  await page.goto('/registers/regions');
  await settled(page);
  await page.getByRole('button', { name: '画边界…' }).click();
  await expect(page).toHaveURL(/\/map\/borders$/);
  await settled(page);
  expect(await violations(page)).toEqual([]);

  // What is missing is named before anything is sent.
  await page.locator('[data-check]').click();
  await expect(page.locator('[data-refusal]')).toBeFocused();
  await expect(page.locator('[data-refusal]')).toContainText('请先选择 GeoJSON 文件');
  await page.getByLabel('GeoJSON 文件').setInputFiles(file([feature('甲', '990190', square), feature('乙', '990191', bowTie)]));
  await page.locator('[data-check]').click();
  await expect(page.locator('[data-refusal]')).toContainText('坐标系');
  await choose(page, page, '坐标系', 'CGCS2000');
  await page.getByLabel('来源').fill('示意边界，示例数据');
  await page.getByLabel('审图号').fill('示例审〔2026〕1号');

  // A border that crosses itself: which feature, where, and drawn as the file has it.
  await page.locator('[data-check]').click();
  await expect(page.locator('[data-refusal]')).toContainText('自相交');
  await expect(page.locator('[data-refusal]')).toContainText('第 2 个要素 乙 · 经度 113.45000°，纬度 27.85000°');
  await expect(page.locator('.border-fault circle')).toBeVisible();
  await expect(page.locator('[data-confirm]')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: 'test-results/borders-refused.png' });

  // Mended: the outline as the map will draw it, and what is left out said.
  await page.getByLabel('GeoJSON 文件').setInputFiles(file([feature('甲', '990190', square), feature('乙', '990191', square), feature('丙', undefined, square)]));
  await expect(page.locator('[data-refusal]')).toHaveCount(0);
  await page.locator('[data-check]').click();
  await expect(page.locator('.border-preview .map-region')).toHaveCount(1);
  await expect(page.locator('.border-preview .map-origin')).toHaveText('审图号：示例审〔2026〕1号 · 来源：示意边界，示例数据');
  await expect(page.locator('[data-border="990190"]')).toContainText('松林镇（示例）');
  await expect(page.locator('.border-notes')).toContainText('990191');
  await expect(page.locator('.border-notes')).toContainText('第 3 个要素');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: 'test-results/borders-preview.png' });
  // So far nothing is drawn; and what is changed must be looked at again.
  const drawn = async () => ((await (await page.request.get('/api/v1/map')).json()) as { regions: { name: string; approval?: string }[] }).regions.filter((r) => r.name === '松林镇（示例）');
  expect(await drawn()).toEqual([]);
  await page.getByLabel('审图号').fill('示例审〔2026〕2号');
  await expect(page.locator('[data-confirm]')).toHaveCount(0);
  await page.locator('[data-check]').click();
  await page.locator('[data-confirm]').click();
  await expect(page.locator('.success[data-record]')).toContainText('1 个地区的边界已画上');
  expect((await drawn()).map((r) => r.approval)).toEqual(['示例审〔2026〕2号']);

  await page.getByRole('link', { name: '去看地图' }).click();
  await settled(page);
  await expect(page.locator('.map-region').first()).toBeVisible();
  await expect(page.locator('.map-origin')).toContainText('示例审〔2026〕2号');
});

test('at 360 px the form stands above the drawing, and who may not draw is told so', async ({ page }) => {
  await signIn(page, 'office', { theme: 'dark', language: 'en' });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/map/borders');
  await settled(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: 'test-results/borders-phone.png', fullPage: true });
  await signIn(page, 'statistician');
  await page.goto('/map/borders');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator('[data-check]')).toHaveCount(0);
});
