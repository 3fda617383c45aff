// SPDX-License-Identifier: Apache-2.0
// 登记进展 on a phone: report with a photo, be asked about a jump, see who is late, correct with a second person.
import { deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { expect, settled, signIn, test, today } from './support';

test.describe.configure({ mode: 'serial' });
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

interface Row {
  project: { id: string; name: string };
  period: string;
  completed_month_minor?: string;
  completed_total_minor?: string;
}
interface List {
  period: string;
  counts: { owed: number; reported: number; late: number };
  rows: Row[];
}

/** A real PNG of one colour. */
function png(colour: number): Buffer {
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; ++k) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const crc = (data: Buffer) => {
    let c = 0xffffffff;
    for (const byte of data) c = table[(c ^ byte) & 255]! ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  };
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.from([0, 0, 0, 32, 0, 0, 0, 32, 8, 2, 0, 0, 0]);
  const rows = Buffer.concat(Array.from({ length: 32 }, () => Buffer.concat([Buffer.from([0]), Buffer.alloc(96, colour)])));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

let keys = 0;
async function command(page: Page, name: string, fields: Record<string, unknown>): Promise<number> {
  const { csrf } = (await (await page.request.get('/api/v1/session')).json()) as { csrf: string };
  const time = Date.now().toString(16).padStart(12, '0');
  const key = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(++keys).padStart(12, '0')}`;
  const answer = await page.request.post(`/api/v1/commands/${name}`, { data: fields, headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': key } });
  expect(answer.ok(), `${name}: ${await answer.text()}`).toBe(true);
  return ((await answer.json()) as { seq: number }).seq;
}
async function reports(page: Page, query: string): Promise<List> {
  return (await (await page.request.get(`/api/v1/reports?${query}`)).json()) as List;
}
const monthOf = (day: string, back: number) => {
  const [y, m] = day.split('-').map(Number);
  const all = y! * 12 + m! - 1 - back;
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}`;
};
async function fitsThePhone(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
}

let period: string;
let project: string;

test('statistics schedules reports; from then on projects owe them', async ({ page }) => {
  await signIn(page, 'statistician');
  const now = await today(page);
  period = monthOf(now, 2);
  const board = (await (await page.request.get('/api/v1/ladders')).json()) as { rows: { ladder: string; projects: number; rungs: { key: string }[] }[] };
  const ladder = board.rows.sort((a, b) => b.projects - a.projects)[0]!;
  await command(page, 'report.schedule', { first_period: period, ladder: ladder.ladder, from_milestone: ladder.rungs[0]!.key, due_days: 5, due_unit: 'work_days' });

  await page.goto(`/reports?period=${period}`);
  await settled(page);
  await expect(page.locator('[data-status]')).toContainText('0/');
  expect((await reports(page, `period=${period}`)).counts.late).toBeGreaterThan(10);
});

test('an officer reports with a photo from the phone; the draft survives a reload', async ({ page }) => {
  await signIn(page, 'officer');
  await page.goto(`/reports?period=${period}`);
  await settled(page);
  await fitsThePhone(page);
  const first = page.locator('[data-report]').first();
  project = (await first.getAttribute('data-report'))!;
  await first.getByRole('link', { name: '登记' }).click();
  await settled(page);
  await fitsThePhone(page);

  await page.getByLabel('本月完成投资').fill('3');
  await page.getByLabel('累计完成投资').fill('9');
  await page.locator('input[name=unit]').nth(1).check({ force: true });
  await page.getByRole('textbox', { name: '形象进度' }).fill('土方开挖完成');
  await page.locator('[data-photo=camera]').setInputFiles({ name: 'site.png', mimeType: 'image/png', buffer: png(120) });
  await expect(page.locator('.report-photos img')).toHaveCount(1);

  await page.reload();
  await settled(page);
  await expect(page.getByText('已恢复')).toBeVisible();
  await expect(page.getByLabel('本月完成投资')).toHaveValue('3');
  const photo = page.locator('.report-photos img');
  await expect(photo).toHaveCount(1);
  await expect.poll(() => photo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(32);
  await page.getByRole('button', { name: '下一步' }).click();
  await expect(page.getByText('核对后上报')).toBeVisible();
  await fitsThePhone(page);
  const confirm = page.locator('[data-confirm]');
  if (await confirm.count()) await confirm.check();
  await page.locator('[data-send]').click();
  await expect(page.locator('[data-record]')).toBeVisible();

  const { rows } = await reports(page, `period=${period}&state=reported`);
  expect(rows.map((r) => [r.project.id, r.completed_total_minor])).toEqual([[project, '900000000']]);
  await page.goto(`/projects/${project}`);
  await settled(page);
  await expect(page.locator('#reports')).toContainText('土方开挖完成');
  await expect(page.locator('#reports .report-photos img')).toHaveCount(1);
});

test('a month a thousand times the last is held back until it is confirmed; no network loses nothing', async ({ page, context }) => {
  const next = monthOf(`${period}-01`, -1);
  await signIn(page, 'officer');
  await page.goto(`/projects/${project}/report?period=${next}`);
  await settled(page);
  await page.locator('[data-copy]').click();
  await expect(page.getByRole('textbox', { name: '形象进度' })).toHaveValue('土方开挖完成');
  await page.locator('input[name=unit]').nth(1).check({ force: true });
  await page.getByLabel('本月完成投资').fill('3000');
  await expect(page.getByText('请核对单位').first()).toBeVisible();
  await page.getByRole('button', { name: '下一步' }).click();
  await expect(page.locator('[data-send]')).toBeDisabled();
  await page.locator('[data-confirm]').check();
  await page.getByRole('button', { name: '返回修改' }).click();
  await page.getByLabel('本月完成投资').fill('6');
  await page.getByRole('button', { name: '下一步' }).click();
  if (await page.locator('[data-confirm]').count()) await page.locator('[data-confirm]').check();

  await context.setOffline(true);
  await page.locator('[data-send]').click();
  await expect(page.getByRole('alert')).toContainText('草稿留在本机');
  await context.setOffline(false);
  await page.locator('[data-send]').click();
  await expect(page.locator('[data-record]')).toBeVisible();
  const { rows } = await reports(page, `period=${next}&state=reported`);
  expect(rows[0]!.completed_total_minor).toBe('1500000000');
});

test('the office sees who is late, unit by unit, and where to chase', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto(`/reports?period=${period}&state=late`);
  await settled(page);
  const { counts } = await reports(page, `period=${period}`);
  await expect(page.locator('[data-status]')).toContainText(`${counts.reported}/${counts.owed}`);
  await expect(page.locator('[data-tab=late] b')).toHaveText(String(counts.late));
  const units = page.locator('[data-units] tbody tr');
  if ((await units.count()) > 0) {
    await units.first().getByRole('link', { name: '催报' }).click();
    await settled(page);
    // One row for each report that is late, ready to be assigned.
    await expect(page).toHaveURL(new RegExp(`/obligations/assign\\?late=${period}`));
    await expect(page.getByLabel('第 1 行 事项内容')).toHaveValue(`补报 ${period} 进展月报`);
  }
  await page.goto('/obligations?kind=report');
  await settled(page);
  await expect(page.getByRole('row', { name: new RegExp(`${period} 进展月报`) }).first()).toBeVisible();
});

async function ask(page: Page, month: string, reason: string): Promise<void> {
  await signIn(page, 'officer');
  await page.goto(`/projects/${project}/report?correct=${period}`);
  await settled(page);
  await page.locator('input[name=unit]').nth(1).check({ force: true });
  await page.getByLabel('本月完成投资').fill(month);
  await page.getByLabel('累计完成投资').fill('9');
  await page.getByLabel('更正原因').fill(reason);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.locator('[data-send]').click();
  await expect(page.locator('[data-record]')).toBeVisible();
}

test('before the close the head of the unit approves, not who asked', async ({ browser, page }) => {
  await ask(page, '2', '重复计入设备款');
  await page.goto('/reports/corrections');
  await settled(page);
  await expect(page.locator('[data-correction]')).toContainText('待单位负责人审定');

  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const head = await context.newPage();
  await signIn(head, 'head');
  await head.goto('/reports/corrections');
  await settled(head);
  const card = head.locator('[data-correction]');
  await expect(card).toContainText('重复计入设备款');
  await fitsThePhone(head);
  await card.getByRole('button', { name: '不同意' }).click();
  await expect(card.getByRole('alert')).toContainText('须写明意见');
  await card.getByRole('button', { name: '同意更正' }).click();
  await expect(head.getByText('没有等待审定的更正')).toBeVisible();
  await head.goto(`/projects/${project}`);
  await settled(head);
  await expect(head.locator('#reports s').first()).toBeVisible();
  await expect(head.locator('#reports')).toContainText('更正');
  await context.close();
});

test('after the close statistics approves', async ({ browser, page }) => {
  await ask(page, '1', '发票作废');
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const statistics = await context.newPage();
  await signIn(statistics, 'statistician');
  await statistics.goto('/reports/corrections');
  await settled(statistics);
  await expect(statistics.locator('[data-correction]')).toContainText('待单位负责人审定');
  await command(statistics, 'report.close_period', { period });
  await statistics.goto('/reports/corrections');
  await settled(statistics);
  await statistics.locator('[data-correction]').getByRole('button', { name: '同意更正' }).click();
  await expect(statistics.getByText('没有等待审定的更正')).toBeVisible();
  const { rows } = await reports(statistics, `period=${period}&state=reported`);
  expect(rows[0]!.completed_month_minor).toBe('100000000');
  await context.close();
});
