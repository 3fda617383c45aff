// SPDX-License-Identifier: Apache-2.0
// A task of the plan that somebody owes, a block that somebody has to solve, and regions that hold those below them.
import type { Page } from '@playwright/test';
import { canMakeCity, serveCity, test } from './city';
import { closeSheet, expect, fillDay, plusDays, recorded, settled, sheet, signIn, today, violations } from './support';

test.describe.configure({ mode: 'serial' });
test.skip(!canMakeCity, 'needs landfall-city beside LANDFALL_BINARY');
let stop = async () => {};
test.beforeAll(async () => {
  test.setTimeout(60_000);
  stop = await serveCity(40);
});
test.afterAll(() => stop());

let keys = 0;
async function command(page: Page, name: string, fields: Record<string, unknown>): Promise<{ seq: number; ids: string[] }> {
  const { csrf } = (await (await page.request.get('/api/v1/session')).json()) as { csrf: string };
  const time = Date.now().toString(16).padStart(12, '0');
  const key = `${time.slice(0, 8)}-${time.slice(8)}-7000-8002-${String(++keys).padStart(12, '0')}`;
  const answer = await page.request.post(`/api/v1/commands/${name}`, { data: fields, headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': key } });
  expect(answer.ok(), `${name}: ${await answer.text()}`).toBe(true);
  return (await answer.json()) as { seq: number; ids: string[] };
}
const unitOf = async (page: Page) => ((await (await page.request.get('/api/v1/session')).json()) as { unit?: { id: string } }).unit!.id;
const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });

let project: string;
let unit: string;
let day: string;

test('a task of the plan becomes an obligation, and is done when that is written off', async ({ page }) => {
  await signIn(page, 'officer');
  unit = await unitOf(page);
  await signIn(page, 'office');
  day = await today(page);
  const { rows } = (await (await page.request.get('/api/v1/units')).json()) as { rows: { id: string }[] };
  const lead = rows.find((u) => u.id !== unit)!.id;
  project = (await command(page, 'project.register', { title: '示例冷链项目', ladder: 'industrial', owner_unit: lead })).ids[0]!;
  await command(page, 'project.adopt_plan', { project, effective_on: day, strategy: '先供地、再报建', tasks: [{ text: '完成土地出让', owner_unit: unit, due_on: plusDays(day, 30) }, { text: '接通临时用电', owner_unit: lead, due_on: plusDays(day, 60) }] });
  await page.goto(`/projects/${project}`);
  await settled(page);
  const plan = card(page, '推进方案（一项目一策）');
  await plan.getByRole('row', { name: /完成土地出让/ }).getByRole('link', { name: '把方案任务交办' }).click();
  const form = sheet(page);
  await expect(form.getByLabel('事项内容')).toHaveValue('完成土地出让');
  await form.getByRole('button', { name: '把方案任务交办' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  const task = plan.getByRole('row', { name: /完成土地出让/ });
  await expect(task).toContainText('待签收');
  const link = task.getByRole('link', { name: /责任事项 b/ });
  const obligation = (await link.textContent())!.replace(/\D+/g, 'b');
  await link.click();
  await settled(page);
  await expect(card(page, '出自推进方案')).toContainText('第 1 版 · 第 1 项任务');
  expect(await violations(page)).toEqual([]);

  await signIn(page, 'officer');
  await command(page, 'obligation.accept', { obligation });
  await command(page, 'obligation.report_done', { obligation, effective_on: day });
  await signIn(page, 'office');
  await command(page, 'obligation.write_off', { obligation });
  await page.goto(`/projects/${project}`);
  await settled(page);
  await expect(card(page, '推进方案（一项目一策）').getByRole('row', { name: /完成土地出让/ })).toContainText(`${day} 完成`);
  expect(await violations(page)).toEqual([]);
});

test('who has to solve a block finds it in the inbox, hears of it, and records the solution', async ({ page }) => {
  await signIn(page, 'office');
  await command(page, 'project.raise_block', { project, block: 'land', milestone: 'started', owner_unit: unit, due_on: plusDays(day, -2), effective_on: plusDays(day, -9), text: '两户未腾空' });
  await signIn(page, 'officer');
  await page.goto('/inbox');
  await settled(page);
  const task = page.locator('.task').filter({ hasText: '两户未腾空' });
  await expect(task).toContainText('开工');
  await expect(task).toContainText(plusDays(day, -2));
  await expect(task.locator('.light-amber')).toBeVisible();
  const notices = (await (await page.request.get('/api/v1/notifications')).json()) as { rows: { kind: string; text: string }[] };
  expect(notices.rows.filter((n) => n.text === '两户未腾空').map((n) => n.kind).sort()).toEqual(['block_overdue', 'block_raised']);
  await task.getByRole('link', { name: '解决卡点' }).click();
  const form = sheet(page);
  await fillDay(form, '发生日期', day);
  await form.getByRole('button', { name: '解决卡点' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(page.locator('.task').filter({ hasText: '两户未腾空' })).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await signIn(page, 'office');
  await page.goto('/');
  await settled(page);
  const heard = (await (await page.request.get('/api/v1/notifications')).json()) as { rows: { kind: string; text: string }[] };
  expect(heard.rows.find((n) => n.text === '两户未腾空')?.kind).toBe('block_solved');
});

test('a region counts all below it, and tells what is its own', async ({ page }) => {
  await signIn(page, 'office');
  const region = async (code: string, name: string, parent?: string) => (await command(page, 'region.add', { code, name, parent, effective_on: '2020-01-01' })).ids[0]!;
  const district = await region('991101', '示例东区');
  const park = await region('991101001', '示例东区产业园', district);
  const of = (title: string, where: string) => command(page, 'project.register', { title, ladder: 'industrial', owner_unit: unit, region: where });
  await of('区属示例', district);
  await of('园区示例甲', park);
  await of('园区示例乙', park);
  await page.goto('/');
  await settled(page);
  const row = page.locator(`[data-group="${district}"]`);
  await expect(row.locator('.num')).toHaveText('3');
  await expect(row).toContainText('本级 1');
  await expect(page.locator(`[data-group="${park}"] .num`)).toHaveText('2');
  expect(await violations(page)).toEqual([]);
  await row.getByRole('link', { name: '示例东区', exact: true }).click();
  await settled(page);
  await expect(page.locator('[data-total]')).toHaveAttribute('data-total', '3');
  await page.goto('/');
  await settled(page);
  await row.locator('[data-own]').click();
  await settled(page);
  await expect(page.locator('[data-total]')).toHaveAttribute('data-total', '1');
  expect(await violations(page)).toEqual([]);
});
