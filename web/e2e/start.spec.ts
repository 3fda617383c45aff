// SPDX-License-Identifier: Apache-2.0
// The first days of a ledger: what is missing, brought in by sheets; and help where one stands.
import { readFileSync } from 'node:fs';
import { expect, settled, signIn, test, violations } from './support';
import { Workbook } from './xlsx';

test('the first steps say what is there, and regions and units come in by their sheets', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'office');
  await page.goto('/start');
  await settled(page);
  const step = (title: string) => page.locator('.start-steps > li').filter({ has: page.getByRole('heading', { name: title }) });
  await expect(step('第一批项目')).toHaveAttribute('data-done', 'true');
  await expect(step('工作日')).toContainText('个工作日');
  await expect(step('账号与角色')).toContainText('系统管理员');

  await step('单位与岗位').locator('[data-excel]').click();
  const waits = page.waitForEvent('download');
  await page.locator('[data-template]').click();
  const book = new Workbook(readFileSync(await (await waits).path()));
  const mark = `示例分队 ${Date.now()}`;
  // The first row holds the headings, the second says what goes where.
  book.set(3, '单位名称', mark);
  book.set(3, '岗位', '示例队长；示例联络员');
  book.set(4, '单位名称', `${mark} 二`);
  book.set(4, '上级单位', mark);
  await step('单位与岗位').locator('[data-excel]').click();
  await page.getByRole('link', { name: '导入…' }).click();
  await settled(page);
  await page.locator('input[type=file]').setInputFiles({ name: 'units.xlsx', mimeType: 'application/octet-stream', buffer: book.save() });
  await expect(page.locator('[data-counts]')).toBeVisible();
  await page.locator('[data-confirm]').click();
  await expect(page.locator('[data-record]')).toContainText('已记入 4 项');
  await page.goto('/registers/posts');
  await settled(page);
  await expect(page.getByText('示例联络员').first()).toBeVisible();
});

test('who keeps the accounts sees which roles nobody holds, and no sheets of others', async ({ page }) => {
  await signIn(page, 'sysadmin');
  await page.goto('/start');
  await settled(page);
  await expect(page.getByRole('link', { name: '账号清单' })).toBeVisible();
  await expect(page.locator('.start-steps > li').nth(1).locator('[data-excel]')).toHaveCount(0);
});

test('help is about the page one is on, by key and by button, and all of it stands on one page', async ({ page }) => {
  await signIn(page, 'office', { language: 'en' });
  await page.goto('/projects');
  await settled(page);
  await page.locator('[data-help-button]').click();
  await expect(page.locator('[data-help=projects]')).toContainText('Excel menu');
  await page.keyboard.press('Escape');
  await page.goto('/ledger');
  await settled(page);
  await page.locator('h1').click();
  await page.keyboard.press('?');
  await expect(page.locator('[data-help=ledger]')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'All help' }).click();
  await expect(page.getByRole('heading', { name: 'Getting started' })).toBeVisible();
  await expect(page.locator('dialog')).toHaveCount(0);
});
