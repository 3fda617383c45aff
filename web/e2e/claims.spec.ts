// SPDX-License-Identifier: Apache-2.0
// 对账: figures that were recorded are listed with a verdict, filtered by it, and explained with what was looked at.
import type { Page } from '@playwright/test';
import { expect, settled, sheet, signIn, test, violations } from './support';

let n = 0;
async function send(page: Page, name: string, fields: object): Promise<string> {
  const { csrf } = (await (await page.request.get('/api/v1/session')).json()) as { csrf: string };
  const now = Date.now().toString(16).padStart(12, '0');
  const key = `${now.slice(0, 8)}-${now.slice(8)}-7000-8000-${(++n + Math.floor(Math.random() * 1e9)).toString(16).padStart(12, '0')}`;
  const answer = await page.request.post(`/api/v1/commands/${name}`, { data: fields, headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': key } });
  expect(answer.status(), await answer.text()).toBe(200);
  return ((await answer.json()) as { ids: string[] }).ids[0]!;
}
const about = {
  category: 'indicator', exponent: 0, unit: 'number', bound: 'exact', evidence_level: 'stated', target: false, missing_in_source: false, name_inferred: false,
};

test('a published figure is listed, filtered by its verdict and explained', async ({ page }) => {
  await signIn(page, 'statistician');
  const mark = `R${Date.now() % 1e9}`;
  const figure = (i: number, name: string, more: object) =>
    send(page, 'claim.record', { ...about, report: mark, source: `${mark}-${i}`, name: `${name}（示例）`, kind: 'count', values: [], ...more });
  const all = await figure(1, '签约项目', { values: ['29'], unit_words: '个', period: '1—9月' });
  const large = await figure(2, '其中五亿元以上', { values: ['4'], unit_words: '个' });
  const more = await figure(3, '其中十亿元以上', { values: ['30'], unit_words: '个' });
  const amount = await figure(4, '到位资金', { kind: 'sum', unit: 'money', exponent: 8, values: ['389.29'], unit_words: '亿元' });
  const growth = await figure(5, '到位资金同比', { kind: 'growth', unit: 'percent', values: ['10.17'], unit_words: '%' });
  await figure(6, '解决用工', { missing_in_source: true, unit_words: '人' });
  await send(page, 'claim.relate', { claim: large, rule: 'subset_of', operands: [all] });
  await send(page, 'claim.relate', { claim: growth, rule: 'growth_of', operands: [amount] });

  await page.goto(`/claims?report=${mark}`);
  await settled(page);
  await expect(page.locator('[role=status][data-total]')).toHaveAttribute('data-total', '6');
  await expect(page.locator('[data-verdict=consistent]')).toHaveCount(4);
  await expect(page.locator('[data-verdict=missing]')).toHaveCount(1);
  await expect(page.locator('tbody tr', { hasText: '解决用工' })).toContainText('原文缺数');

  // Thirty of twenty-nine cannot be; the list says so at once.
  await send(page, 'claim.relate', { claim: more, rule: 'subset_of', operands: [all] });
  await page.goto(`/claims?report=${mark}&verdict=contradicted`);
  await settled(page);
  await expect(page.locator('tbody [data-verdict]')).toHaveCount(2);

  // By keyboard: down to a row, Enter, read, Escape, and the focus is back.
  await page.goto(`/claims?report=${mark}&q=${encodeURIComponent('同比')}`);
  await settled(page);
  const row = page.locator('tbody [data-row-link]').first();
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(sheet(page).locator('[data-check=growth_of]')).toContainText('353.3539');
  await expect(sheet(page)).toContainText('未公布');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
  await expect(row).toBeFocused();
});

test('in English, dark and on a phone the sheet is clean too', async ({ page }) => {
  await signIn(page, 'statistician', { theme: 'dark', language: 'en' });
  const mark = `D${Date.now() % 1e9}`;
  await send(page, 'claim.record', { ...about, report: mark, source: `${mark}-1`, name: '三次产业结构（示例）', kind: 'proportion', unit: 'none', values: ['1.5', '43', '55.5'] });
  await page.setViewportSize({ width: 360, height: 720 });
  await page.goto(`/claims?report=${mark}`);
  await settled(page);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
  await page.locator('tbody [data-row-link]').first().click();
  await expect(sheet(page).locator('[data-claim]')).toContainText('1.5 : 43 : 55.5');
  expect(await violations(page)).toEqual([]);
});

test('who may not read published figures has no menu entry for them', async ({ page }) => {
  await signIn(page, 'officer');
  await page.goto('/');
  await expect(page.locator('nav a[href^="/projects"]')).toHaveCount(1);
  await expect(page.locator('nav a[href^="/claims"]')).toHaveCount(0);
  expect((await page.request.get('/api/v1/claims')).status()).toBe(403);
});
