// SPDX-License-Identifier: Apache-2.0
// What an office and a unit do with each other in a week: many assigned, chased, answered, returned, written off; the unit
// hears of it from the first one on.
import type { Page } from '@playwright/test';
import { closeSheet, expect, fillDay, plusDays, recorded, settled, sheet, signIn, test, today, violations } from './support';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const unread = async (page: Page) => Number(await page.locator('[data-unread]').getAttribute('data-unread'));
const send = async (page: Page, name: string) => {
  await sheet(page).getByRole('button', { name, exact: true }).click();
  await recorded(page);
};

test('many are assigned at once, urged, answered, returned and written off by a second person', async ({ browser }) => {
  test.setTimeout(180_000);
  const mark = `批量 ${Date.now()}`;
  const officer = await browser.newPage();
  await signIn(officer, 'officer');
  await officer.goto('/inbox');
  await settled(officer);
  const unit = ((await (await officer.request.get('/api/v1/session')).json()) as { unit: { name: string } }).unit.name;
  const before = await unread(officer);
  const office = await browser.newPage();
  await signIn(office, 'office');
  const now = await today(office);

  // Pasted from a sheet, with a head row; one row names no unit that exists.
  await office.goto('/obligations/assign');
  await settled(office);
  const row = (i: number, owner: string) => `${mark} ${i}\t${owner}\t${plusDays(now, i).replaceAll('-', '/')}\t任务清单`;
  await office.getByRole('textbox', { name: '从表格粘贴' }).fill(['事项内容\t责任单位\t时限\t清单', row(1, unit), row(2, '没有这个单位'), row(3, unit)].join('\n'));
  await office.getByRole('button', { name: '填入下表' }).click();
  await office.getByRole('button', { name: '交办 3 项' }).click();
  await expect(office.getByRole('alert')).toContainText('有 1 行要改正');
  await expect(office.getByLabel('第 2 行 责任单位')).toHaveAttribute('aria-invalid', 'true');
  expect(await violations(office)).toEqual([]);
  await office.getByLabel('第 2 行 责任单位').selectOption(unit);
  await office.getByRole('button', { name: '交办 3 项' }).click();
  await expect(office.locator('[data-record]')).toContainText('已交办 3 项');

  // The bell of the unit rings without a reload.
  await expect.poll(() => unread(officer)).toBe(before + 3);
  await officer.locator('[data-unread]').click();
  await expect(sheet(officer).locator('[data-notice="assigned"]').filter({ hasText: mark })).toHaveCount(3);
  expect(await violations(officer)).toEqual([]);
  await closeSheet(officer);
  await expect.poll(() => unread(officer)).toBe(0);

  // All three are urged in one act, and not twice on one day.
  const find = `/obligations?derived=false&list=task&q=${encodeURIComponent(mark)}`;
  const urgeAll = async () => {
    await office.goto(find);
    await settled(office);
    await office.getByRole('button', { name: '全选本页' }).click();
    await office.locator('[data-urge-chosen]').click();
    await sheet(office).getByRole('button', { name: '催办', exact: true }).click();
  };
  await urgeAll();
  await recorded(office);
  await closeSheet(office);
  await expect(office.getByRole('row', { name: new RegExp(`${mark} 1`) })).toContainText('催办 1 次');
  await urgeAll();
  await expect(sheet(office).getByRole('alert').getByRole('listitem')).toHaveCount(3);
  await expect.poll(() => unread(officer)).toBe(3);

  // The unit answers from its inbox.
  await officer.goto('/inbox?show=urged');
  await settled(officer);
  await expect(officer.locator('[data-task]').filter({ hasText: mark })).toHaveCount(3);
  const task = officer.locator('[data-task]').filter({ hasText: `${mark} 1` });
  await task.getByRole('link', { name: '签收' }).click();
  await send(officer, '签收');
  await closeSheet(officer);
  await expect(task).toHaveCount(0); // Answered, so it is no longer among those urged.
  await officer.goto(`/inbox`);
  await settled(officer);
  await task.getByRole('link', { name: '查看' }).click();
  await settled(officer);
  const detail = new URL(officer.url()).pathname;

  const act = async (page: Page, name: string, fill?: () => Promise<void>) => {
    await page.goto(detail);
    await settled(page);
    await page.locator('.hero').getByRole('link', { name, exact: true }).click();
    await fill?.();
    await send(page, name);
  };
  const evidence = async (page: Page) => {
    await sheet(page).locator('input[type=file]').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: png });
    await expect(sheet(page).getByRole('button', { name: '移除' })).toBeVisible();
  };
  const report = async () => {
    await evidence(officer);
    await fillDay(sheet(officer), '发生日期', now);
  };
  await act(officer, '登记办理情况', async () => {
    await sheet(officer).getByLabel('办理情况').fill('已现场踏勘');
    await evidence(officer);
  });
  await act(officer, '报告办结', report);
  await act(office, '退回重办', async () => {
    await fillDay(sheet(office), '时限', plusDays(now, 9));
    await sheet(office).getByLabel('说明').fill('缺少验收单');
  });
  await expect.poll(() => unread(officer)).toBe(4);
  await act(officer, '报告办结', report);
  await act(office, '销号', async () => {
    await sheet(office).getByLabel('说明').fill('现场看过');
    await evidence(office);
  });

  await office.goto(detail);
  await settled(office);
  await expect(office.locator('.ladder-steps .past')).toHaveCount(4); // No note since it was returned.
  await expect(office.locator('[data-story="obligation.return"]')).toContainText('缺少验收单');
  await expect(office.locator('[data-story="obligation.write_off"] img')).toBeVisible();
  await office.locator('[data-story="obligation.write_off"] .record').click();
  await expect(sheet(office).locator('[data-proof="verified"]')).toBeVisible();
  await closeSheet(office);
  expect(await violations(office)).toEqual([]);
  await office.setViewportSize({ width: 360, height: 740 });
  const over = await office.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
});

test('on a phone the inbox is cards with one act that a thumb can hit', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, 'officer');
  await page.goto('/inbox');
  await settled(page);
  const button = page.locator('[data-task] .button.primary').first();
  expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
});

test('a calendar program that knows the address reads the deadlines, and no longer after it is ended', async ({ page, playwright }) => {
  await signIn(page, 'officer');
  await page.goto('/me');
  await settled(page);
  await page.getByRole('button', { name: /^(生成地址|重新生成)/ }).click();
  const address = await page.getByLabel('日历地址').inputValue();
  expect(await violations(page)).toEqual([]);
  const program = await playwright.request.newContext();
  const answer = await program.get(address);
  expect(answer.status()).toBe(200);
  expect(answer.headers()['content-type']).toContain('text/calendar');
  const lines = (await answer.text()).split('\r\n');
  expect(lines[0]).toBe('BEGIN:VCALENDAR');
  expect(lines.at(-2)).toBe('END:VCALENDAR');
  expect(lines.filter((l) => l === 'BEGIN:VEVENT').length).toBe(lines.filter((l) => l === 'END:VEVENT').length);
  expect(lines.filter((l) => l === 'BEGIN:VEVENT').length).toBeGreaterThan(0);
  expect(lines.every((l) => Buffer.byteLength(l) <= 75)).toBe(true);
  await page.getByRole('button', { name: '停用', exact: true }).click();
  await expect(page.getByText('地址已停用。')).toBeVisible();
  expect((await program.get(address)).status()).toBe(404);
  await program.dispose();
});
