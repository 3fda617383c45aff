// SPDX-License-Identifier: Apache-2.0
// 工作机制: nothing is supplied; the place names one, sees its figure, changes it with the old words before it, and ends it.
import { choose, closeSheet, expect, fillDay, plusDays, recorded, settled, sheet, signIn, test, today, violations } from './support';

test.describe.configure({ mode: 'serial' });

const key = 'example_platforms';

test('a mechanism is defined, judged by a figure, changed and ended', async ({ page }) => {
  await signIn(page, 'office');
  const day = await today(page);
  await page.goto('/mechanisms');
  await settled(page);
  const card = page.locator(`[data-mechanism="${key}"]`);
  await expect(page.getByText('还没有定义工作机制')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: '定义工作机制' }).click();
  const form = sheet(page);
  await form.locator('#mechanism').fill(key);
  await form.locator('#name').fill('三平台（示例）');
  await form.locator('#about').fill('示例说明，第一版');
  for (const [i, part] of ['甲平台（示例）', '乙平台（示例）'].entries()) {
    await form.getByRole('button', { name: '增加一行' }).click();
    await form.locator(`#parts_${i}_name`).fill(part);
  }
  expect(await violations(page)).toEqual([]);
  const { rows: units } = (await (await page.request.get('/api/v1/units')).json()) as { rows: { name: string }[] };
  await choose(page, form, '责任单位', units[0]!.name);
  await form.getByRole('combobox', { name: '衡量指标选填', exact: true }).fill('立项批准项目数');
  await form.locator('.ant-select-item-option', { hasText: '立项批准项目数' }).click();
  await fillDay(form, '施行日', plusDays(day, -2));
  await form.getByRole('button', { name: '定义工作机制' }).click();
  const record = await recorded(page);
  await closeSheet(page);
  await settled(page);

  await expect(card).toHaveAttribute('data-state', 'holds');
  await expect(card).toContainText('示例说明，第一版');
  await expect(card.getByRole('list', { name: '组成部分' }).getByRole('listitem')).toHaveText(['甲平台（示例）', '乙平台（示例）']);
  await expect(card).toContainText(units[0]!.name);
  await expect(card.getByRole('link', { name: `#${record}` })).toBeVisible();
  const shown = await card.locator('[data-value]').innerText();
  expect(await violations(page)).toEqual([]);
  await card.getByRole('link', { name: '立项批准项目数' }).click();
  await settled(page);
  await expect(page.locator('[data-figure-value]')).toHaveText(shown);
  await page.goBack();
  await settled(page);

  // The form begins with what holds; only what is changed is typed.
  await card.getByRole('link', { name: '修订工作机制' }).click();
  await expect(form.locator('#name')).toHaveValue('三平台（示例）');
  await expect(form.locator('#parts_1_name')).toHaveValue('乙平台（示例）');
  await form.locator('#about').fill('示例说明，第二版');
  await form.getByRole('button', { name: '移除第 1 行' }).click();
  await form.getByRole('button', { name: '修订工作机制' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(card).toContainText('示例说明，第二版');
  await expect(card).toContainText('第 2 版，共 2 版');
  await expect(card.getByRole('listitem')).toHaveText(['乙平台（示例）']);
  await expect(card.locator('[data-value]')).toHaveText(shown);

  await card.getByRole('link', { name: '终止工作机制' }).click();
  await fillDay(form, '从哪天起不再施行', plusDays(day, 1));
  await form.getByRole('button', { name: '终止工作机制' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(card).toContainText(`${plusDays(day, 1)} 起不再施行`);
  await expect(card.getByRole('link', { name: '修订工作机制' })).toHaveCount(0);

  // Every version stands in the ledger, and on its day.
  await card.getByRole('link', { name: '全部记录' }).click();
  await settled(page);
  await expect(page.locator('tbody [data-evidence]')).toHaveCount(3);
  await page.goto(`/mechanisms?as_of=${plusDays(day, -1)}`);
  await settled(page);
  await expect(card).toContainText('示例说明，第一版');
  await page.goto(`/mechanisms?as_of=${plusDays(day, 1)}`);
  await settled(page);
  await expect(card).toHaveAttribute('data-state', 'ended');
});

test('who only reads sees it without forms, and it reads in English, in the dark and on a phone', async ({ page }) => {
  await signIn(page, 'statistician', { theme: 'dark', language: 'en' });
  await page.goto('/registers/units');
  await settled(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Working mechanisms' }).click();
  await settled(page);
  const card = page.locator(`[data-mechanism="${key}"]`);
  await expect(card).toContainText('Business cases approved');
  await expect(page.getByRole('button', { name: 'Define a working mechanism' })).toHaveCount(0);
  await expect(card.getByRole('link', { name: 'Change a working mechanism' })).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 800 });
  await settled(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
});

test('whom it does not concern is told so, and a failure can be tried again', async ({ page }) => {
  await signIn(page, 'auditor');
  await page.goto('/mechanisms');
  await expect(page.getByRole('alert')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await signIn(page, 'office');
  await page.route('**/api/v1/mechanisms*', (route) => route.fulfill({ status: 400, contentType: 'application/problem+json', body: '{"type":"about:blank","title":"示例","status":400,"code":"request.malformed"}' }));
  await page.goto('/mechanisms');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.unroute('**/api/v1/mechanisms*');
  await page.getByRole('button', { name: '再试一次' }).click();
  await expect(page.locator(`[data-mechanism="${key}"]`)).toBeVisible();
});
