// SPDX-License-Identifier: Apache-2.0
import type { Page } from '@playwright/test';
import { choose, closeSheet, expect, fillDay, plusDays, recorded, settled, sheet, signIn, test, today } from './support';

interface PageAnswer {
  project: { id: string };
  milestones: { milestone: string; planned_on?: string; reached_on?: string }[];
}
/** Projects whose last rungs are open, so that something can be planned and reached. */
async function openProjects(page: Page, want: number): Promise<PageAnswer[]> {
  const list = (await (await page.request.get('/api/v1/projects?limit=500')).json()) as { rows: { id: string }[] };
  const found: PageAnswer[] = [];
  for (const { id } of list.rows) {
    const answer = (await (await page.request.get(`/api/v1/projects/${id}`)).json()) as PageAnswer;
    if (!answer.milestones.at(-1)!.reached_on && answer.milestones.some((m) => m.reached_on)) found.push(answer);
    if (found.length === want) break;
  }
  return found;
}

test('the page shows facts, plan and fact, obligations, money and history', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/projects/p1');
  await settled(page);
  for (const title of ['阶段进度：计划与实际', '责任事项', '资金到位', '证据与溯源', '登记表的其他内容']) await expect(page.getByRole('heading', { name: title })).toBeVisible();
  await expect(page.getByRole('img', { name: /个节点完成/ })).toBeVisible();
  await page.keyboard.press('t');
  await expect(page.getByRole('table').first()).toContainText('里程碑节点');
});

test('a milestone is planned and reached through the form; what was known before can still be read', async ({ page }) => {
  await signIn(page, 'office');
  const [project] = await openProjects(page, 1);
  const id = project!.project.id;
  const now = await today(page);
  const last = project!.milestones.at(-1)!;
  const day = plusDays(now, 4000 + (Math.floor(Date.now() / 1000) % 3000)); // Another one each time.

  await page.goto(`/projects/${id}`);
  await settled(page);
  await page.getByRole('link', { name: '安排节点计划' }).first().click();
  const form = sheet(page);
  await expect(form.getByRole('heading', { name: '安排节点计划' })).toBeVisible();
  const labels = (await (await page.request.get('/api/v1/labels/zh-CN')).json()) as { milestones: Record<string, string> };
  const word = labels.milestones[last.milestone]!;
  await choose(page, form, '里程碑节点', word);
  await fillDay(form, '计划日期', day);
  await form.getByRole('button', { name: '安排节点计划' }).click();
  const seq = await recorded(page);
  await closeSheet(page);
  await page.getByRole('button', { name: '看表格' }).click();
  await expect(page.getByRole('group', { name: '阶段进度：计划与实际' })).toContainText(day);

  // As known before that record, the plan is not there; the banner says so and leads back.
  await page.locator('[data-reading]').click();
  await sheet(page).getByLabel('或到哪一号记录为止').fill(String(seq - 1));
  await sheet(page).getByRole('button', { name: '按此查看' }).click();
  await expect(page).toHaveURL(new RegExp(`known_at=${seq - 1}`));
  await expect(page.locator('[data-banner]')).toContainText(`第 ${seq - 1} 号记录`);
  await settled(page);
  await expect(page.locator('main')).not.toContainText(day);
  await page.locator('[data-banner]').getByRole('link', { name: '回到现在' }).click();
  await settled(page);
  await expect(page.locator('main')).toContainText(day);
});

test('a refusal stands at its field and in a summary that takes the focus', async ({ page }) => {
  await signIn(page, 'office');
  const [project] = await openProjects(page, 1);
  const now = await today(page);
  const open = project!.milestones.find((m) => !m.reached_on)!;
  await page.goto(`/projects/${project!.project.id}?act=project.reach_milestone&with=${encodeURIComponent(JSON.stringify({ project: project!.project.id, milestone: open.milestone }))}`);
  const form = sheet(page);
  const submit = form.getByRole('button', { name: '登记节点完成' });
  await fillDay(form, '发生日期', plusDays(now, 30));
  await submit.click();
  const summary = form.getByRole('alert').first();
  await expect(summary).toBeFocused();
  await expect(summary).toContainText('没有记入');
  await expect(summary).not.toContainText('project.');
  await expect(form.locator('.ant-form-item-explain-error')).toHaveCount(1);
  await expect(form.locator('.ant-form-item-has-error')).toContainText('发生日期');
});

test('an empty form names what is missing before anything is sent', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/projects?act=project.register');
  const form = sheet(page);
  await form.getByRole('button', { name: '登记项目' }).click();
  await expect(form.getByRole('alert').first()).toContainText('项目名称');
  await expect(form.locator('.ant-form-item-has-error')).toHaveCount(3);
});

test('money is typed in a unit and recorded to the last digit', async ({ page }) => {
  await signIn(page, 'office');
  const now = await today(page);
  await page.goto(`/projects/p1?act=project.receive_funds&with=${encodeURIComponent(JSON.stringify({ project: 'p1' }))}`);
  const form = sheet(page);
  await choose(page, form, '资金类别', '固定资产投资');
  await form.getByLabel('金额', { exact: true }).fill('1,234.567891');
  await choose(page, form, '金额单位', /AUD/.test(await form.innerText()) ? '百万' : '万元');
  await fillDay(form, '发生日期', now);
  await expect(form).toContainText(/将记入 (1,234,567,891\.00|12,345,678\.91)/);
  await form.getByRole('button', { name: '登记到位资金' }).click();
  const seq = await recorded(page);
  await sheet(page).locator('[data-record] a').click();
  await expect(sheet(page).getByRole('heading', { name: `第 ${seq} 号记录` })).toBeVisible();
  await expect(sheet(page)).toContainText(/1,234,567,891\.00|12,345,678\.91/);
  await expect(sheet(page).locator('[data-proof="verified"]')).toBeVisible();
});
