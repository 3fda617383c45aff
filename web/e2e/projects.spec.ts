// SPDX-License-Identifier: Apache-2.0
import { choose, expect, settled, signIn, test, violations } from './support';

test.beforeEach(async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/projects');
  await settled(page);
});

const total = async (page: import('@playwright/test').Page) => Number(await page.locator('[data-total]').getAttribute('data-total'));

test('every project of the register is in the list', async ({ page }) => {
  expect(await total(page)).toBe(445);
});

test('filters narrow the list, stand in the address, and can be cleared', async ({ page }) => {
  await choose(page, page, '灯', '绿灯');
  await expect(page).toHaveURL(/light=green/);
  await expect.poll(() => total(page)).toBeLessThan(445);
  const green = await total(page);
  if (green > 0) await expect(page.locator('tbody tr .light').first()).toHaveClass(/light-green/);
  const address = page.url();
  await page.getByRole('button', { name: /清除 1 个筛选条件/ }).first().click();
  await expect.poll(() => total(page)).toBe(445);
  await page.goto(address);
  await settled(page);
  expect(await total(page)).toBe(green);
});

test('search finds one project by its code', async ({ page }) => {
  const code = await page.locator('tbody tr').nth(1).locator('td').nth(2).innerText();
  await page.locator('[data-search] input').click();
  await page.keyboard.type(code);
  await expect(page).toHaveURL(new RegExp(`q=${code}`));
  await expect.poll(() => total(page)).toBeLessThan(5);
  await expect(page.locator('tbody')).toContainText(code);
});

test('sorting by investment is told by aria-sort and true of the rows', async ({ page }) => {
  const head = page.getByRole('columnheader', { name: /计划总投资/ });
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await settled(page);
  const amounts = (await page.locator('tbody tr[data-index] td:nth-child(7)').allInnerTexts()).slice(0, 20).map((s) => Number(s.replace(/,/g, '')));
  expect(amounts.length).toBe(20);
  expect(amounts).toEqual([...amounts].sort((a, b) => b - a));
});

test('scrolling draws only what is in view and reaches the last row', async ({ page }) => {
  const rows = page.locator('tbody tr[data-index]');
  expect(await rows.count()).toBeLessThan(80);
  const box = page.getByRole('group', { name: '项目' });
  await expect(async () => {
    await box.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect(page.locator('tbody tr[aria-rowindex="446"]')).toBeVisible({ timeout: 500 });
  }).toPass();
  expect(await rows.count()).toBeLessThan(80);
});

test('rows can be walked with the keyboard and opened', async ({ page }) => {
  await expect(page.locator('tbody [data-row-link]').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  const second = page.locator('tbody tr').nth(1).locator('[data-row-link]');
  await expect(second).toBeFocused();
  const title = (await second.innerText()).trim();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/obligations/);
  await page.keyboard.press('?');
  await expect(page.locator('dialog[open]')).toContainText('快捷键');
});

test('single-key shortcuts can be switched off', async ({ page }) => {
  await page.goto('/me');
  await page.getByRole('switch', { name: '单键快捷键' }).click();
  await page.goto('/projects');
  await settled(page);
  await page.keyboard.press('j');
  await expect(page.locator('[data-row-link]:focus')).toHaveCount(0);
});

test('on a phone each project is a card with its name, its light and why', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, 'office');
  await page.goto('/projects?light=red&sort=next_due');
  await settled(page);
  await expect(page.getByRole('table')).toHaveCount(0);
  const card = page.locator('.worklist [data-row-link]').first();
  await expect(card).toBeInViewport();
  await expect(card).toContainText(/逾期 \d+ 天|受阻/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
  await card.click();
  await expect(page).toHaveURL(/\/projects\/p\d+/);
});
