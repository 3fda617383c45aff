// SPDX-License-Identifier: Apache-2.0
// 项目档案: agreement and versions of promises, what a milestone needs, baseline and forecast, a block that turns the
// project red, money in three readings, a duplicate that counts once.
import type { Page } from '@playwright/test';
import { choose, closeSheet, expect, fillDay, plusDays, recorded, settled, sheet, signIn, test, today, violations } from './support';

test.describe.configure({ mode: 'serial' });

let keys = 0;
async function command(page: Page, name: string, fields: Record<string, unknown>): Promise<{ seq: number; ids: string[] }> {
  const { csrf } = (await (await page.request.get('/api/v1/session')).json()) as { csrf: string };
  const time = Date.now().toString(16).padStart(12, '0');
  const key = `${time.slice(0, 8)}-${time.slice(8)}-7000-8001-${String(++keys).padStart(12, '0')}`;
  const answer = await page.request.post(`/api/v1/commands/${name}`, { data: fields, headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': key } });
  expect(answer.ok(), `${name}: ${await answer.text()}`).toBe(true);
  return (await answer.json()) as { seq: number; ids: string[] };
}
const digest = `sha256:${'ab'.repeat(32)}`;
const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });

let project: string;
let other: string;
let day: string;

test('an agreement is recorded with its file and counterpart, and what was promised stands beside the facts', async ({ page }) => {
  await signIn(page, 'office');
  day = await today(page);
  project = (await command(page, 'project.register', { title: '示例数据中心', ladder: 'industrial', owner_unit: 'o1', investment_minor: '110000000000' })).ids[0]!;
  other = (await command(page, 'project.register', { title: '示例数据湖', ladder: 'industrial', owner_unit: 'o1', investment_minor: '110000000000' })).ids[0]!;
  await page.goto(`/projects/${project}`);
  await settled(page);
  await expect(card(page, '协议与承诺')).toContainText('还没有登记投资协议');
  await expect(card(page, '要件')).toContainText('缺 3/5');

  await card(page, '协议与承诺').getByRole('link', { name: '登记投资协议' }).click();
  const form = sheet(page);
  await fillDay(form, '签约日期', plusDays(day, -40));
  await choose(page, form, '签约方类型', '境外企业');
  await form.getByLabel('境外登记号').fill('HK-77');
  await form.getByLabel('签约方名称').fill('示例（香港）有限公司');
  await form.locator('input[type=file]').setInputFiles({ name: 'agreement.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\nexample\nstartxref\n0\n%%EOF') });
  await expect(form.locator('.mono')).toHaveCount(1);
  await form.getByRole('button', { name: '登记投资协议' }).click();
  await recorded(page);
  await closeSheet(page);

  await card(page, '协议与承诺').getByRole('link', { name: '登记承诺' }).click();
  await fillDay(form, '发生日期', plusDays(day, -40));
  await form.getByLabel('用工人数').fill('200');
  await form.getByLabel('用地（亩）').fill('140.5');
  await fillDay(form, '承诺开工日', plusDays(day, -10));
  await form.getByLabel('达产标准：占承诺产值（%）').fill('80');
  await form.getByLabel('达产标准：连续月数').fill('6');
  await form.getByRole('button', { name: '登记承诺' }).click();
  await recorded(page);
  await closeSheet(page);
  await command(page, 'project.make_commitments', { project, effective_on: day, investment_minor: '90000000000', jobs: 150, start_on: plusDays(day, -10), reason: '一期先建' });
  await page.reload();
  await settled(page);
  const versions = page.getByRole('group', { name: '各版承诺与实际' });
  await expect(versions).toContainText('第 2 版 · 现行');
  await expect(versions.getByRole('row', { name: /用地/ })).toContainText('140.5 亩');
  await expect(versions.getByRole('row', { name: /开工/ })).toContainText('已逾期 10 天');
  await expect(versions.getByRole('row', { name: /年产值/ })).toContainText('无数据');
  await expect(versions.getByRole('row', { name: /用工人数/ })).toContainText('有变');
});

test('a milestone without its papers is refused with what to do, and accepted when they are there', async ({ page }) => {
  await signIn(page, 'office');
  await command(page, 'project.conclude_agreement', { project: other, signed_on: plusDays(day, -30), counterpart: 'foreign', foreign_number: 'HK-77', counterpart_name: '示例（香港）有限公司', evidence: [digest] });
  await page.goto(`/projects/${project}?act=project.reach_milestone&with=${encodeURIComponent(JSON.stringify({ project, milestone: 'signed' }))}`);
  const form = sheet(page);
  await fillDay(form, '发生日期', plusDays(day, -40));
  await form.locator('input[type=file]').setInputFiles({ name: 'agreement.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\nexample\nstartxref\n0\n%%EOF') });
  await expect(form.locator('.mono')).toHaveCount(1);
  await form.getByRole('button', { name: '登记节点完成' }).click();
  await expect(form.getByRole('alert').first()).toContainText('要件还不齐');
  await page.keyboard.press('Escape');

  await settled(page);
  await expect(card(page, '重复与相似')).toContainText('示例数据湖');
  await card(page, '重复与相似').getByRole('link', { name: '关联为重复项目' }).click();
  await form.getByLabel('说明').fill('同一投资方、同一块地');
  await form.getByRole('button', { name: '关联为重复项目' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(page.locator('.hero')).toContainText('计入：示例数据湖');
  await card(page, '要件').getByRole('listitem').filter({ hasText: '公平竞争审查意见' }).getByRole('link', { name: '登记要件' }).click();
  await fillDay(form, '发生日期', plusDays(day, -45));
  await form.locator('input[type=file]').setInputFiles({ name: 'review.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\nreview\nstartxref\n0\n%%EOF') });
  await expect(form.locator('.mono')).toHaveCount(1);
  await form.getByRole('button', { name: '登记要件' }).click();
  await recorded(page);
  await closeSheet(page);
  await command(page, 'project.reach_milestone', { project, milestone: 'signed', effective_on: plusDays(day, -40), evidence: [digest] });
  await page.reload();
  await settled(page);
  await expect(card(page, '要件').locator('details').filter({ hasText: '签约' }).first()).toContainText('齐备');
});

test('the baseline stays while the plan moves; a block turns the project red, since when it says', async ({ page }) => {
  await signIn(page, 'office');
  await command(page, 'project.unlink_duplicate', { project, remark: '示例' });
  await command(page, 'project.plan_milestone', { project, milestone: 'land_delivered', due_on: plusDays(day, -5) });
  await command(page, 'project.plan_milestone', { project, milestone: 'started', due_on: plusDays(day, 90) });
  await page.goto(`/projects/${project}`);
  await settled(page);
  await page.getByRole('link', { name: '冻结基线' }).first().click();
  await sheet(page).getByRole('button', { name: '冻结基线' }).click();
  await recorded(page);
  await closeSheet(page);
  await command(page, 'project.plan_milestone', { project, milestone: 'started', due_on: plusDays(day, 120) });
  await page.reload();
  await settled(page);
  await expect(page.locator('[data-baseline]')).toContainText('计划已与基线不同');
  await page.getByRole('button', { name: '看表格' }).click();
  const table = page.getByRole('group', { name: '阶段进度：计划与实际' });
  await expect(table.getByRole('row', { name: /^开工落地/ })).toContainText(plusDays(day, 90));
  await expect(table.getByRole('row', { name: /^开工落地/ })).toContainText('顺延 5 天：供地已误 5 天');

  await card(page, '卡点').getByRole('link', { name: '登记卡点' }).click();
  const form = sheet(page);
  await choose(page, form, '卡点类型', '征拆');
  await choose(page, form, '里程碑节点', '供地');
  await form.getByRole('combobox', { name: '解决单位' }).click();
  await form.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click();
  await fillDay(form, '时限', plusDays(day, 20));
  await fillDay(form, '发生日期', plusDays(day, -20));
  await form.getByLabel('卡点情况').fill('三户未签协议');
  await form.getByRole('button', { name: '登记卡点' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(page.locator('.hero')).toContainText('征拆受阻 20 天');
  await expect(card(page, '卡点')).toContainText('三户未签协议');
  await expect(card(page, '责任事项')).toContainText('三户未签协议');
  await card(page, '卡点').getByRole('link', { name: '解决卡点' }).click();
  await fillDay(form, '发生日期', day);
  await form.getByRole('button', { name: '解决卡点' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(page.locator('.hero')).not.toContainText('受阻');
  await expect(card(page, '卡点')).toContainText('20 天');
});

test('money stands in its three readings', async ({ page }) => {
  await signIn(page, 'office');
  await command(page, 'project.receive_funds', { project, kind: 'fixed_assets', amount_minor: '300000000', effective_on: day });
  await signIn(page, 'statistician');
  await page.goto(`/projects/${project}`);
  await settled(page);
  await card(page, '资金到位').getByRole('link', { name: '统计认定' }).click();
  const form = sheet(page);
  await form.getByLabel('金额').first().fill('200');
  await form.getByRole('button', { name: '统计认定' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(page.getByRole('group', { name: '到位资金三种口径' }).getByRole('row', { name: /固定资产/ })).toContainText('无数据');
});

test('a plan in versions, shared credit, and the lists of the year with plan and gap', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto(`/projects/${project}`);
  await settled(page);
  await expect(card(page, '六个一')).toContainText('缺');
  await card(page, '推进方案（一项目一策）').getByRole('link', { name: '确定推进方案' }).click();
  const form = sheet(page);
  await form.getByLabel('推进思路').fill('先供地、再报建');
  await form.getByLabel('事项内容').fill('完成土地出让');
  await form.getByRole('combobox', { name: '牵头单位' }).click();
  await form.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click();
  await fillDay(form, '时限', plusDays(day, 30));
  await choose(page, form, '里程碑节点', '供地');
  await form.getByRole('button', { name: '确定推进方案' }).click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
  await expect(card(page, '推进方案（一项目一策）')).toContainText('完成土地出让');
  await expect(card(page, '六个一')).toContainText('第 1 版');

  await command(page, 'project.set_shares', { project, shares: [{ unit: 'o1', share_bp: 3333 }, { unit: 'o2', share_bp: 6667 }] });
  await command(page, 'project.join_batch', { project, batch: 'attract', effective_on: `${day.slice(0, 4)}-01-01` });
  await command(page, 'list.set_target', { batch: 'attract', first_period: `${day.slice(0, 4)}-01`, last_period: day.slice(0, 7), projects: 3 });
  await page.reload();
  await settled(page);
  await expect(card(page, '批次与份额')).toContainText('33.33%');
  await expect(card(page, '批次与份额')).toContainText('招引');
  await page.goto('/');
  await settled(page);
  const row = card(page, '六个一批与项目库').getByRole('row', { name: /招引/ });
  await expect(row).toContainText('3');
  await row.getByText('看项目').click();
  await expect(row.getByRole('link', { name: '示例数据中心' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('the page stays accessible and fits a phone', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto(`/projects/${project}`);
  await settled(page);
  await page.screenshot({ path: 'test-results/project-file.png', fullPage: true });
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 800 });
  await settled(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await page.screenshot({ path: 'test-results/project-file-phone.png', fullPage: true });
});

test('it reads in English and in the dark', async ({ page }) => {
  await signIn(page, 'office', { theme: 'dark', language: 'en' });
  await page.goto(`/projects/${project}`);
  await settled(page);
  await expect(page.getByRole('heading', { name: 'Agreement and commitments' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: 'test-results/project-file-dark.png', fullPage: true });
});

test('the clock of a promise stops on the day the project was set aside', async ({ page }) => {
  await signIn(page, 'office');
  await command(page, 'project.terminate', { project, effective_on: plusDays(day, -4), reason: 'investor_request', remark: '示例：投资方退出' });
  await page.goto(`/projects/${project}`);
  await settled(page);
  const versions = page.getByRole('group', { name: '各版承诺与实际' });
  await expect(versions.getByRole('row', { name: /开工/ })).toContainText('已逾期 6 天');
});
