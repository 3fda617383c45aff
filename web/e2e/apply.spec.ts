// SPDX-License-Identifier: Apache-2.0
// 网上申报 on a telephone, in both languages: an enterprise applies by its own account and sends photos of its papers; the
// window tells once what lacks; the enterprise supplies it; the window accepts, a department decides, it is delivered, and
// the enterprise sees it and rates. It sees nothing else.
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { command, expect, plusDays, settled, sheet, signIn, signInByForm, test, today, violations, type Account } from './support';

test.describe.configure({ mode: 'serial', timeout: 240_000 });
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

const team = {} as Record<'desk' | 'bureau' | 'own' | 'rival', Account>;
let day: string;
let own: string;
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=', 'base64');
const limit = (days: number) => ({ days, unit: 'work_days' });

/** An account with a role, as the two offices make it; of an enterprise with its binding. */
async function hire(page: Page, name: keyof typeof team, role: string, of: { unit?: string; enterprise?: string }): Promise<void> {
  const password = randomBytes(12).toString('base64url');
  const login = `apply-${name}`;
  await signIn(page, 'sysadmin');
  const account = await command(page, 'account.create', { login, display: `${name}（示例）`, unit: of.unit });
  const { csrf } = (await (await page.request.get('/api/v1/session')).json()) as { csrf: string };
  const set = await page.request.post(`/api/v1/accounts/${account}/password`, { data: { password }, headers: { 'X-CSRF-Token': csrf } });
  expect(set.status(), await set.text()).toBe(204);
  await signIn(page, 'secadmin');
  await command(page, 'account.grant_role', { account, role });
  if (of.enterprise) await command(page, 'account.bind_enterprise', { account, enterprise: of.enterprise });
  team[name] = { login, password };
}

/** Fits a telephone and breaks no rule, by day and by night. */
async function looks(page: Page): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((to) => document.documentElement.setAttribute('data-theme', to), theme);
    expect(await violations(page), theme).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), theme).toBeLessThanOrEqual(390);
  }
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
}

test('the offices define a package, and two enterprises get accounts', async ({ page }) => {
  await signIn(page, 'office');
  day = await today(page);
  const desk = await command(page, 'unit.create', { code: 'apply-desk', name: '示例申报窗口' });
  const bureau = await command(page, 'unit.create', { code: 'apply-bureau', name: '示例主管局' });
  const mine = await command(page, 'enterprise.register', { name: '示例申报企业', foreign_number: 'APPLY-1' });
  const theirs = await command(page, 'enterprise.register', { name: '示例别家企业', foreign_number: 'APPLY-2' });
  await command(page, 'matter.define', {
    matter: 'apply-1', version: 1, from: plusDays(day, -30), zh: '示例场所许可', owner_unit: bureau, kind: 'licence', level: 'district', discretion: true, statutory: limit(20), promised: limit(5),
    papers: [{ paper: 'apply-form', zh: '示例申请表' }, { paper: 'apply-proof', zh: '示例场地证明', valid_days: 365 }, { paper: 'apply-plan', zh: '示例平面图', may_follow: true }], makes: ['apply-permit'],
  });
  await command(page, 'package.define', { package: 'apply_online', version: 1, from: plusDays(day, -30), zh: '示例开办一件事', owner_unit: desk, matters: ['apply-1'], promised: limit(10) });
  await hire(page, 'desk', 'unit_officer', { unit: desk });
  await hire(page, 'bureau', 'unit_officer', { unit: bureau });
  await hire(page, 'own', 'enterprise', { enterprise: mine });
  await hire(page, 'rival', 'enterprise', { enterprise: theirs });
});

test('signing in leads to its own cases, and the shell shows what it can use', async ({ page }) => {
  await signInByForm(page, team.own);
  await expect(page).toHaveURL(/\/applications$/);
  await settled(page);
  await expect(page.getByText('还没有办件')).toBeVisible();
  await expect(page.getByRole('navigation').first().getByRole('link')).toHaveText(['我的办件', '网上申报', '办事指南']);
  for (const hidden of ['[data-find]', '[data-reading]', '[data-act]']) await expect(page.locator(hidden)).toHaveCount(0);
  await looks(page);
  // What is not for it says so.
  await page.goto('/projects');
  await expect(page.getByRole('alert').first()).toContainText('你的角色看不到这一页');
  await page.goto('/me');
  await settled(page);
  await expect(page.locator('main')).toContainText('示例申报企业');
  await looks(page);
});

test('it applies with a photo of a paper, and gets number and query code', async ({ page }) => {
  await signIn(page, team.own);
  await page.goto('/apply');
  await settled(page);
  await page.locator('[data-package="apply_online"] input').check();
  await expect(page.locator('[data-matter="apply-1"] input')).toBeChecked();
  await page.locator('[data-paper="apply-form"]').getByLabel('上传', { exact: true }).check();
  await expect(page.locator('[data-send]')).toBeDisabled();
  await page.locator('[data-paper="apply-form"] [data-attach="camera"]').setInputFiles({ name: 'form.png', mimeType: 'image/png', buffer: png });
  await expect(page.locator('[data-paper="apply-form"] [data-file]')).toContainText('form.png');
  await page.locator('[data-paper="apply-plan"]').getByLabel('容缺后补').check();
  await expect(page.getByText('请填写日期：示例平面图')).toBeVisible();
  await page.locator('[data-paper="apply-plan"] input[type=date]').fill(plusDays(day, 20));
  await expect(page.locator('[data-lacking="1"]')).toBeVisible();
  await looks(page);
  await page.screenshot({ path: 'test-results/apply.png', fullPage: true });
  await page.locator('[data-send]').click();
  own = (await page.locator('[data-sent]').getAttribute('data-sent'))!;
  await expect(page.locator('[data-query-code]')).toHaveText(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  await looks(page);
  await page.locator('[data-open-application]').click();
  await settled(page);
  await expect(page.locator('[data-lacks="apply-proof"]')).toBeVisible();
});

test('the window sees that it came online, opens its file and tells once what lacks', async ({ page }) => {
  await signIn(page, team.desk);
  await page.goto('/cases?channel=online');
  await settled(page);
  await page.getByRole('link', { name: '示例开办一件事' }).first().click();
  await settled(page);
  await expect(page.locator('[data-channel="online"]')).toHaveText('网上申报');
  const file = page.locator('[data-case-paper="apply-form"] [data-file]');
  const answer = await page.request.get((await file.getAttribute('href'))!);
  expect(await answer.body()).toEqual(png);
  await command(page, 'case.notify', { case_id: own, papers: ['apply-proof'], remark: '请补三十天内的场地证明' });
  await page.goto(`/cases/${own}/notice`);
  await settled(page);
  await expect(page.locator('[data-query-code]')).toBeVisible();
  await expect(page.locator('main')).toContainText(own);
});

test('the enterprise reads the notice in English and supplies what lacks', async ({ page }) => {
  await signIn(page, team.own, { language: 'en' });
  await page.goto(`/applications/${own}`);
  await settled(page);
  await expect(page.locator('[data-now]')).toContainText('one notice');
  await expect(page.locator('[data-said="case.notify"]')).toContainText('请补三十天内的场地证明');
  await looks(page);
  await page.locator('[data-act-of="case.supply"]').click();
  const form = sheet(page);
  await form.locator('[data-paper="apply-proof"]').getByLabel('Upload', { exact: true }).check();
  await form.locator('[data-paper="apply-proof"] [data-attach="file"]').setInputFiles({ name: 'proof.png', mimeType: 'image/png', buffer: Buffer.concat([png, Buffer.from(' ')]) });
  await expect(form.locator('[data-paper="apply-proof"] [data-file]')).toContainText('proof.png');
  await form.locator('[data-paper="apply-proof"] input[type=date]').fill(plusDays(day, 200));
  expect(await violations(page)).toEqual([]);
  await form.locator('[data-do="case.supply"]').click();
  await expect(form.locator('[data-done]')).toBeVisible();
  await form.locator('[data-done] button').click();
  await expect(page.locator('[data-now="applied"]')).toContainText('The window will accept the case');
  await page.goto('/applications');
  await settled(page);
  await expect(page.locator(`[data-application="${own}"]`)).toHaveAttribute('data-state', 'applied');
  await looks(page);
  await page.goto(`/applications/${own}/notice`);
  await settled(page);
  await expect(page.locator('[data-query-code]')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('window and department do their part; nobody else sees the case', async ({ page }) => {
  await signIn(page, team.desk);
  await command(page, 'case.accept', { case_id: own });
  await signIn(page, team.bureau);
  await command(page, 'step.receive', { case_id: own, step: 1 });
  await signIn(page, team.own);
  await page.goto(`/applications/${own}`);
  await settled(page);
  await expect(page.locator('[data-step="1"]')).toHaveAttribute('data-state', 'received');
  await expect(page.locator('[data-act-of]')).toHaveText(['补交材料', '撤回办件']);
  await signIn(page, team.desk);
  await command(page, 'case.supply', { case_id: own, papers: [{ paper: 'apply-plan', how: 'handed' }] });
  await signIn(page, team.bureau);
  await command(page, 'step.approve', { case_id: own, step: 1 });
  await signIn(page, team.desk);
  await command(page, 'case.deliver', { case_id: own, how: 'electronic' });
  await signIn(page, team.rival);
  await page.goto('/applications');
  await settled(page);
  await expect(page.locator('[data-application]')).toHaveCount(0);
  await page.goto(`/applications/${own}`);
  await expect(page.getByRole('alert')).toContainText('不是本企业的');
});

test('the enterprise sees it delivered, takes the paper and rates', async ({ page }) => {
  await signIn(page, team.own);
  await page.goto(`/applications/${own}`);
  await settled(page);
  await expect(page.locator('[data-now]')).toContainText('请评价');
  await expect(page.locator('[data-step="1"]')).toHaveAttribute('data-state', 'approved');
  const paper = await page.request.get((await page.locator('[data-document]').getAttribute('href'))!);
  expect(paper.status()).toBe(200);
  expect((await paper.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await page.locator('[data-act-of="case.rate"]').click();
  await sheet(page).locator('[data-stars="5"]').check();
  await sheet(page).locator('[data-do="case.rate"]').click();
  await expect(sheet(page).locator('[data-done]')).toBeVisible();
  await sheet(page).locator('[data-done] button').click();
  await expect(page.locator('[data-now]')).toContainText('已送达并评价');
  await expect(page.getByText('评价 5 星')).toBeVisible();
  await looks(page);
  await page.screenshot({ path: 'test-results/application.png', fullPage: true });
  await page.goto(`/applications/${own}/receipt`);
  await settled(page);
  await expect(page.locator('h1')).toHaveText('受理单');
});
