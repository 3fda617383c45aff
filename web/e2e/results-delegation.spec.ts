// SPDX-License-Identifier: Apache-2.0
// 兑现与授权: what a project brought stands beside its promise with the part that is fulfilled, and a commander acts on the
// project by delegation, which the history names, until it is taken back.
import { choose, closeSheet, command, expect, fillDay, plusDays, recorded, settled, sheet, signIn, test, today, violations } from './support';
import type { Page } from '@playwright/test';

test.describe.configure({ mode: 'serial' });

const digest = `sha256:${'cd'.repeat(32)}`;
const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });
const months = (day: string, back: number) => {
  const at = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 - back, 1));
  return at.toISOString().slice(0, 7);
};

let project: string;
let unit: string;
let day: string;

test('results stand beside the promise, with the part fulfilled and its two records', async ({ page }) => {
  await signIn(page, 'office');
  day = await today(page);
  unit = await command(page, 'unit.create', { code: 'far', name: '示例产业局' });
  project = await command(page, 'project.register', { title: '示例整车厂', ladder: 'industrial', owner_unit: unit, investment_minor: '500000000000' });
  await command(page, 'project.conclude_agreement', { project, signed_on: plusDays(day, -900), counterpart: 'foreign', foreign_number: 'HK-88', counterpart_name: '示例（香港）有限公司', evidence: [digest] });
  await command(page, 'project.make_commitments', { project, effective_on: plusDays(day, -900), output_minor: '120000000000', tax_minor: '6000000000', jobs: 200, land_mu_hundredths: 20000, full_output_bp: 8000, full_months: 3 });
  await page.goto(`/projects/${project}`);
  await settled(page);
  const versions = page.getByRole('group', { name: '各版承诺与实际' });
  await expect(versions.getByRole('row', { name: /年产值/ })).toContainText('无数据');

  await card(page, '协议与承诺').getByRole('link', { name: '登记兑现情况' }).click();
  const form = sheet(page);
  await form.getByLabel('起始月份').fill(months(day, 6));
  await form.getByLabel('截止月份').fill(months(day, 1));
  await form.getByLabel('这几个月的产值').first().fill('600000000');
  await form.getByLabel('期末用工人数').fill('150');
  await form.getByRole('button', { name: '登记兑现情况' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  const output = versions.getByRole('row', { name: /年产值/ });
  await expect(output).toContainText('履约率 50%');
  await expect(output).toContainText('有数的 6 个月');
  await expect(output.getByRole('cell').last().getByRole('link')).toHaveCount(2);
  await expect(versions.getByRole('row', { name: /用工人数/ })).toContainText('履约率 75%');
  await expect(versions.getByRole('row', { name: /年税收/ })).toContainText('无数据');
  await expect(versions.locator('[data-full-output]')).toContainText('达产');

  // What was recorded by mistake is corrected by another record, which begins with what stood there; it stays to be seen.
  await page.locator('[data-results] summary').click();
  await page.locator('[data-results]').getByRole('link', { name: '更正兑现情况' }).click();
  await form.getByLabel('这几个月的产值').first().fill('300000000');
  await form.getByLabel('说明').fill('报表笔误');
  await form.getByRole('button', { name: '更正兑现情况' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(output).toContainText('履约率 25%');
  await expect(versions.getByRole('row', { name: /用工人数/ })).toContainText('履约率 75%');
  await expect(versions.locator('[data-full-output]')).toContainText('已连续 0 个月，须 3 个月');
  await expect(page.locator('[data-results]')).toContainText('已更正或撤回');
});

test('figures add up results by unit', async ({ page }) => {
  await signIn(page, 'statistician');
  await command(page, 'figure.define', { figure: 'output_e2e', zh: '示例产值', en: 'Example output', measure: 'output_sum', evidence: 'none' });
  await command(page, 'figure.define', { figure: 'jobs_e2e', zh: '示例用工', en: 'Example jobs', measure: 'jobs_sum', evidence: 'none' });
  const span = `from=${plusDays(day, -400)}`;
  await page.goto(`/figures/output_e2e?${span}`);
  await settled(page);
  await expect(page.locator('[data-figure-value]')).toContainText('3');
  await page.goto(`/figures/jobs_e2e?${span}`);
  await settled(page);
  await expect(page.locator('[data-figure-value]')).toContainText('150');
  await expect(page.getByRole('link', { name: '示例整车厂' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('a commander reads and acts by delegation, and the history says by whose leave', async ({ page }) => {
  await signIn(page, 'office');
  const home = await command(page, 'unit.create', { code: 'hq', name: '示例指挥部' });
  const post = await command(page, 'post.create', { unit: home, title: '指挥长岗' });
  const person = await command(page, 'person.register', { name: '某甲' });
  await command(page, 'post.fill', { post, person, effective_on: plusDays(day, -30) });
  await command(page, 'duty.assign', { kind: 'commander', post, project, effective_on: plusDays(day, -30) });
  await signIn(page, 'sysadmin');
  const accounts = (await (await page.request.get('/api/v1/accounts')).json()) as { rows: { id: string; login: string }[] };
  await command(page, 'account.link', { account: accounts.rows.find((a) => a.login === 'officer')!.id, person });

  await signIn(page, 'officer');
  await page.goto(`/projects/${project}`);
  await expect(page.getByRole('alert').or(page.getByText('无权')).first()).toBeVisible();

  await signIn(page, 'office');
  await page.goto(`/projects/${project}`);
  await settled(page);
  await page.getByRole('link', { name: '授权执行指挥长' }).click();
  const form = sheet(page);
  await form.getByRole('combobox', { name: '授予哪些权限' }).click();
  for (const power of ['催办', '登记卡点'])
    await form.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: power }).first().click();
  await fillDay(form, '授权到哪天之前', plusDays(day, 60));
  await form.getByRole('button', { name: '授权执行指挥长' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(page.locator('div[data-delegation]').first()).toContainText('催办 · 登记卡点');
  await page.screenshot({ path: 'test-results/delegation-light.png', fullPage: true });

  await signIn(page, 'officer');
  await page.goto('/projects');
  await settled(page);
  await expect(page.getByRole('link', { name: '示例整车厂' }).first()).toBeVisible();
  await page.goto(`/projects/${project}`);
  await settled(page);
  await card(page, '卡点').getByRole('link', { name: '登记卡点' }).click();
  await choose(page, form, '卡点类型', '征拆');
  await choose(page, form, '里程碑节点', '供地');
  await form.getByRole('combobox', { name: '解决单位' }).click();
  await form.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click();
  await fillDay(form, '时限', plusDays(day, 20));
  await fillDay(form, '发生日期', day);
  await form.getByLabel('卡点情况').fill('两户未签协议');
  await form.getByRole('button', { name: '登记卡点' }).click();
  await recorded(page);
  await closeSheet(page);

  await signIn(page, 'office');
  await page.goto(`/projects/${project}`);
  await settled(page);
  await expect(page.locator('[data-delegation]').filter({ hasText: '的授权' }).first()).toBeVisible();
  await expect(page.locator('div[data-delegation]').first()).toContainText('已用 1 次');
  await page.getByRole('link', { name: '收回授权' }).click();
  await form.getByRole('button', { name: '收回授权' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(page.locator('div[data-delegation]').first()).toContainText('授权已止');
  await signIn(page, 'officer');
  expect((await page.request.get(`/api/v1/projects/${project}`)).status()).toBe(403);
});

test('the page stays accessible, fits a phone, and reads in English and in the dark', async ({ page }) => {
  await signIn(page, 'office', { theme: 'dark', language: 'en' });
  await page.goto(`/projects/${project}`);
  await settled(page);
  await page.locator('[data-results] summary').click();
  await expect(page.getByText('25% fulfilled')).toBeVisible();
  await page.evaluate(() => scrollTo(0, 0)); // From under the head of the page, which stays.
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: 'test-results/results-dark.png', fullPage: true });
  await page.setViewportSize({ width: 360, height: 800 });
  await settled(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await page.screenshot({ path: 'test-results/results-phone.png', fullPage: true });
  await signIn(page, 'office');
  await page.goto(`/projects/${project}`);
  await settled(page);
  await page.screenshot({ path: 'test-results/results-phone-light.png', fullPage: true });
});
