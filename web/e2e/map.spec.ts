// SPDX-License-Identifier: Apache-2.0
// The war map: one filter for map, counts and list; meeting, wall and paper.
import type { Page } from '@playwright/test';
import { closeSheet, expect, settled, sheet, signIn, test, violations } from './support';

interface Board {
  lights: Record<'red' | 'green' | 'done', number>;
  projects: number;
  units: { id: string; name: string; projects: number; lights: { red: number } }[];
}
const read = async <T>(page: Page, path: string): Promise<T> => (await (await page.request.get(path)).json()) as T;
const rows = (page: Page) => page.locator('.map-list [data-row-link]');

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
  await expect(page.locator('.tiles')).toBeVisible();
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
