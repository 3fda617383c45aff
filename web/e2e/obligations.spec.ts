// SPDX-License-Identifier: Apache-2.0
import { choose, expect, fillDay, plusDays, recorded, settled, sheet, signIn, test, today } from './support';

test('an obligation lives: assigned, accepted, reported by the unit, returned, reported again, written off', async ({ browser }) => {
  test.setTimeout(120_000);
  const text = `端到端事项 ${Date.now()}`;
  const officer = await browser.newPage();
  await signIn(officer, 'officer');
  const unit = ((await (await officer.request.get('/api/v1/session')).json()) as { unit: { name: string } }).unit.name;
  const own = (await (await officer.request.get('/api/v1/projects?limit=1')).json()) as { rows: { id: string }[] };
  const project = own.rows[0]!.id;
  const office = await browser.newPage();
  await signIn(office, 'office');
  const now = await today(office);

  await office.goto(`/projects/${project}?act=obligation.assign&with=${encodeURIComponent(JSON.stringify({ project }))}`);
  const form = sheet(office);
  await choose(office, form, '类别', '问题');
  await form.getByLabel('事项内容').fill(text);
  await form.getByLabel('责任单位').fill(unit);
  await choose(office, form, '责任单位', unit);
  await fillDay(form, '时限', plusDays(now, 10));
  await form.getByRole('button', { name: '交办', exact: true }).click();
  await recorded(office);

  const find = `/obligations?derived=false&q=${encodeURIComponent(text)}`;
  const act = async (page: typeof office, name: string, fill?: () => Promise<void>) => {
    await page.goto(find);
    await settled(page);
    await page.getByRole('row', { name: new RegExp(text) }).getByRole('link', { name, exact: true }).click();
    await fill?.();
    await sheet(page).getByRole('button', { name, exact: true }).click();
    await recorded(page);
  };
  const report = async () => {
    await sheet(officer).locator('input[type=file]').setInputFiles({ name: 'photo.txt', mimeType: 'text/plain', buffer: Buffer.from(`evidence ${text}`) });
    await expect(sheet(officer).getByRole('button', { name: '移除' })).toBeVisible();
    await fillDay(sheet(officer), '发生日期', now);
  };
  await act(officer, '签收');
  await act(officer, '报告办结', report);
  await act(office, '退回重办', async () => {
    await fillDay(sheet(office), '时限', plusDays(now, 20));
    await sheet(office).getByLabel('说明').fill('凭证看不清');
  });
  await act(officer, '报告办结', report);

  // Who reported it may not write it off, and is not offered to.
  await officer.goto(find);
  await settled(officer);
  const row = officer.getByRole('row', { name: new RegExp(text) });
  await expect(row).toContainText('退回 1 次');
  await expect(row.getByRole('link', { name: '销号' })).toHaveCount(0);

  await act(office, '销号');
  await office.goto(`${find}&state=closed`);
  await settled(office);
  await expect(office.getByRole('row', { name: new RegExp(text) })).toContainText('已销号');
});

test('planned milestones stand among the obligations and can be left out', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/obligations');
  await settled(page);
  const all = Number(await page.locator('[data-total]').getAttribute('data-total'));
  await page.getByText('只看交办').click();
  await expect(page).toHaveURL(/derived=false/);
  await expect.poll(async () => Number(await page.locator('[data-total]').getAttribute('data-total'))).toBeLessThan(all);
});
