// SPDX-License-Identifier: Apache-2.0
// What thirty units do each month: the list goes out as a sheet, is edited, and comes back; who was faster is shown.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, settled, signIn, test, violations } from './support';
import { Workbook } from './xlsx';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

async function download(page: Page, button: string): Promise<{ name: string; book: Workbook }> {
  await page.locator('[data-excel]').click();
  const waits = page.waitForEvent('download');
  await page.locator(button).click();
  const file = await waits;
  return { name: file.suggestedFilename(), book: new Workbook(readFileSync(await file.path())) };
}
async function give(page: Page, book: Workbook, name = 'sheet.xlsx'): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: xlsx, buffer: book.save() });
  await expect(page.locator('[data-counts]')).toBeVisible();
}
/** A UUIDv7, as the client makes for each command. */
async function newKey(page: Page): Promise<string> {
  return page.evaluate(() => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const now = Date.now();
    for (let i = 0; i < 6; ++i) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 255;
    bytes[6] = (bytes[6]! & 15) | 0x70;
    bytes[8] = (bytes[8]! & 63) | 0x80;
    const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  });
}
async function openImport(page: Page): Promise<void> {
  await page.locator('[data-excel]').click();
  await page.getByRole('link', { name: '导入…' }).click();
  await expect(page.locator('input[type=file]')).toBeAttached();
  await settled(page);
}

test('projects go out, two cells are edited, a third was changed by somebody else meanwhile', async ({ page }) => {
  test.setTimeout(120_000);
  const mark = `表格改名 ${Date.now()}`;
  await signIn(page, 'office');
  await page.goto('/projects?sort=code');
  await settled(page);
  const total = Number(await page.locator('[data-total]').getAttribute('data-total'));
  const { name, book } = await download(page, '[data-export]');
  expect(name).toMatch(/^项目-\d{4}-\d{2}-\d{2}\.xlsx$/);
  expect(book.heads()).toEqual(expect.arrayContaining(['编号', '项目名称', '牵头单位', '亮灯']));

  // A filter goes along.
  await page.goto('/projects?light=red');
  await settled(page);
  const red = Number(await page.locator('[data-total]').getAttribute('data-total'));
  expect(red).toBeLessThan(total);
  const filtered = await download(page, '[data-export]');
  expect(() => filtered.book.get(red + 1, '编号')).not.toThrow();
  expect(filtered.book.get(red + 1, '编号')).toMatch(/^p\d+$/);
  expect(filtered.book.get(red + 2, '编号')).toBe('');

  book.set(2, '项目名称', `${mark} 一`);
  book.set(3, '项目名称', `${mark} 二`);
  book.set(4, '项目名称', `${mark} 三`);
  const taken = book.get(4, '编号');
  // Somebody else renames the third while the sheet is being edited.
  const session = (await (await page.request.get('/api/v1/session')).json()) as { csrf: string };
  const key = await newKey(page);
  const renamed = await page.request.post('/api/v1/commands/project.rename', { headers: { 'X-CSRF-Token': session.csrf, 'Idempotency-Key': key }, data: { project: taken, title: `${mark} 他人` } });
  expect(renamed.status()).toBe(200);

  await openImport(page);
  expect(await violations(page)).toEqual([]);
  await give(page, book, '项目.xlsx');
  await expect(page.locator('[data-what=change]')).toHaveCount(2);
  await expect(page.locator('[data-what=conflict]')).toHaveCount(1);
  await page.getByText(/^冲突 1$/).click();
  await expect(page.locator('[data-what=change]')).toHaveCount(0);
  await expect(page.getByRole('row', { name: new RegExp(`${mark} 三`) })).toContainText(`${mark} 他人`);
  expect(await violations(page)).toEqual([]);
  await page.locator('[data-confirm]').click();
  await expect(page.locator('[data-record]')).toContainText('已记入 2 项');
  await page.locator('[data-record] .record').click();
  await expect(page.locator('dialog[open] [data-proof="verified"]')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.goto(`/projects?q=${encodeURIComponent(mark)}`);
  await settled(page);
  await expect(page.locator('tbody [data-row-link]')).toHaveText([`${mark} 一`, `${mark} 二`, `${mark} 他人`], { useInnerText: true });

  // The same file again changes nothing.
  await openImport(page);
  await give(page, book);
  await expect(page.getByRole('status').filter({ hasText: '这张表没有要记入的改动。' })).toBeVisible();
  await expect(page.locator('[data-confirm]')).toHaveCount(0);
});

test('by keyboard, dark and in English; a wrong file says why', async ({ page }) => {
  await signIn(page, 'office', { theme: 'dark', language: 'en' });
  await page.goto('/registers/enterprises');
  await settled(page);
  await page.locator('[data-excel]').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.locator('[data-template]')).toBeFocused();
  expect(await violations(page)).toEqual([]);
  const waits = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const file = await waits;
  expect(file.suggestedFilename()).toBe('Enterprises template.xlsx');
  expect(new Workbook(readFileSync(await file.path())).heads()).toEqual(['_标记', '_版本', '_校验', 'Name', 'Credit code', 'Foreign registration number']);
  await expect(page.locator('[data-excel]')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-export]')).toHaveCount(0);

  await page.goto('/sheets/enterprises');
  await settled(page);
  await page.locator('input[type=file]').setInputFiles({ name: 'notes.xlsx', mimeType: xlsx, buffer: Buffer.from('not a workbook') });
  await expect(page.getByRole('alert')).toContainText('.xlsx');
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
});

test('who only reads is offered the export alone', async ({ page }) => {
  await signIn(page, 'statistician');
  await page.goto('/registers/enterprises');
  await settled(page);
  await page.locator('[data-excel]').click();
  await expect(page.locator('[data-export]')).toBeVisible();
  await expect(page.locator('[data-template]')).toHaveCount(0);
});

test('a project prints on one A4 page however much stands on it, a list on all the pages it needs', async ({ page }) => {
  await signIn(page, 'office');
  const pages = async () => (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  const answer = await page.request.get('/api/v1/projects?sort=-next_due&limit=1');
  const { id } = ((await answer.json()) as { rows: { id: string }[] }).rows[0]!;
  const unit = ((await (await page.request.get('/api/v1/units')).json()) as { rows: { id: string }[] }).rows[0]!.id;
  const items = Array.from({ length: 30 }, (_, n) => ({ kind: 'task', text: `打印 ${n} ${'很长的事项内容'.repeat(20)}`, owner_unit: unit, due_on: '2030-01-01', project: id }));
  const { csrf } = (await (await page.request.get('/api/v1/session')).json()) as { csrf: string };
  const made = await page.request.post('/api/v1/bulk/obligation.assign', { headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': await newKey(page) }, data: { items } });
  expect(made.status()).toBe(200);
  await page.goto(`/projects/${id}`);
  await settled(page);
  expect(await pages()).toBe(1);
  await expect(page.locator('html')).not.toHaveClass(/paper/);
  await page.goto('/projects');
  await settled(page);
  expect(await pages()).toBeGreaterThan(3);
});
