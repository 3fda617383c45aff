// SPDX-License-Identifier: Apache-2.0
// The windows of the invented city: the built-in catalogue serves at the desk, and the health of the window names the offices with
// which something was planted first.
import { canMakeCity, serveCity, test } from './city';
import { expect, settled, signIn } from './support';

test.skip(!canMakeCity, 'needs landfall-city beside LANDFALL_BINARY');
let stop = async () => {};
test.beforeAll(async () => {
  test.setTimeout(180_000);
  stop = await serveCity(200);
});
test.afterAll(() => stop());

test('the answers to the guide tick the matters, and the case is accepted at the desk', async ({ page }) => {
  await signIn(page, 'clerk');
  await page.goto('/cases/new');
  await settled(page);
  await page.locator('[data-package="industrial_filing"] input').check();
  await page.locator('details summary').click();
  const ask = page.locator('.guide-questions');
  const choose = (question: string, answer: string) => ask.locator('fieldset').filter({ hasText: question }).getByLabel(answer, { exact: true }).check();
  await choose('本地企业是否已经登记', '是');
  await choose('环评属于哪一类', '报告表');
  await choose('项目按哪一类管理', '备案');
  await choose('用地怎样取得', '租用标准厂房');
  await choose('是否属于特殊建设工程', '否');
  for (const [fact, value] of [['earthwork_m3', '0'], ['electricity_kwh', '100'], ['energy_tce', '1200'], ['land_m2', '900']] as const) await ask.locator(`#fact-${fact}`).fill(value);
  await ask.getByRole('button', { name: '按回答勾选' }).click();
  // A leased factory: the filing, the environmental form and the energy review; nothing is asked that one of them makes.
  await expect(page.locator('[data-matter] input:checked')).toHaveCount(3);
  for (const matter of ['p1-01', 'x-02', 'x-04']) await expect(page.locator(`[data-matter="${matter}"] input`)).toBeChecked();
  await expect(page.locator('[data-paper="project_basis"]')).toHaveCount(0);
  for (const paper of ['business_licence', 'project_statement', 'policy_statement', 'eia_form', 'energy_report'])
    await page.locator(`[data-paper="${paper}"]`).getByLabel('已交', { exact: true }).check();
  await page.locator('[data-send="accept"]').click();
  await expect(page.locator('[data-done]')).toBeVisible();
});

test('the health of the window puts the slow office first and says how many cases have no answer', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/cases/health');
  await settled(page);
  await expect(page.locator('[data-unit]').first()).toContainText('市自然资源局');
  await expect(page.locator('[data-matter]').first()).toContainText('国有建设用地使用权登记');
  await expect(page.locator('[data-unit]').filter({ hasText: '市生态环境局' })).toContainText('专家评审');
  await expect(page.locator('.bignums')).toContainText('没有下文的办件');
});
