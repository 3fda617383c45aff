// SPDX-License-Identifier: Apache-2.0
// 代办: who is not served is listed and mended on the spot; the window of a unit appears with its agent.
import { choose, closeSheet, command, expect, fillDay, plusDays, recorded, settled, sheet, signIn, test, today, violations } from './support';

test.describe.configure({ mode: 'serial' });

test('a project without an agent is given one, and the mandate of its enterprise', async ({ page }) => {
  await signIn(page, 'office');
  const day = await today(page);
  const unit = await command(page, 'unit.create', { code: 'park-agents', name: '示例代办园区' });
  const post = await command(page, 'post.create', { unit, title: '示例代办岗' });
  const person = await command(page, 'person.register', { name: '示例代办员' });
  await command(page, 'post.fill', { post, person, effective_on: day });
  const { gaps } = (await (await page.request.get('/api/v1/agents')).json()) as { gaps: { project: { id: string } }[] };

  await page.goto('/agents');
  await settled(page);
  const row = page.locator('[data-gap]', { has: page.locator(`a[href$="/projects/${gaps[0]!.project.id}"]`) }).first();
  await expect(row).toHaveAttribute('data-gap', 'none');
  const window = page.getByRole('group', { name: '代办窗口' }).getByRole('row', { name: /示例代办园区/ });
  await expect(window).toHaveCount(0);
  await row.getByRole('link', { name: '指定责任岗位' }).click();
  const form = sheet(page);
  await choose(page, form, '职务', '示例代办岗');
  await fillDay(form, '发生日期', day);
  await form.getByRole('button', { name: '指定责任岗位' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);

  await expect(row).toHaveAttribute('data-gap', 'unmandated');
  await expect(window).toContainText('有窗口');
  await row.getByRole('link', { name: '登记代办委托' }).click();
  await choose(page, form, '委托事项', '代为申报');
  // The list of services stays open for more: Escape closes the list, not the form.
  await page.keyboard.press('Escape');
  await fillDay(form, '发生日期', day);
  await fillDay(form, '委托到哪天之前', plusDays(day, 20));
  await form.locator('input[type=file]').setInputFiles({ name: 'mandate.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\nmandate\nstartxref\n0\n%%EOF') });
  await expect(form.locator('.mono')).toHaveCount(1);
  await form.getByRole('button', { name: '登记代办委托' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(row).toHaveCount(0);
  await expect(page.locator('[data-agent]', { hasText: '示例代办岗' })).toContainText('三十天内到期 1');
  expect(await violations(page)).toEqual([]);
});

test('it reads in English, in the dark, and on a phone', async ({ page }) => {
  await signIn(page, 'office', { theme: 'dark', language: 'en' });
  await page.goto('/agents');
  await settled(page);
  await expect(page.getByRole('heading', { name: 'To be mended' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 800 });
  await settled(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await page.screenshot({ path: 'test-results/agents-phone.png', fullPage: true });
});
