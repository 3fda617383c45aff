// SPDX-License-Identifier: Apache-2.0
// One month of a project office, on a ledger of its own with an invented city: thirty units' sheets go out, are filled in and come
// back; one unit was faster by phone; late reports are chased; a problem makes its whole way; a cadre moves with all duties; the
// wall is printed.
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { canMakeCity, serveCity, test } from './city';
import { closeSheet, command, expect, fillDay, plusDays, recorded, settled, sheet, signIn, today } from './support';
import { Workbook } from './xlsx';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const sheetsOut = 30;

test.describe.configure({ mode: 'serial' });
test.skip(!canMakeCity, 'needs landfall-city beside LANDFALL_BINARY');

const read = async <T>(page: Page, path: string): Promise<T> => (await (await page.request.get(path)).json()) as T;

/** A person at a screen of their own. */
async function at(browser: Browser, name: Parameters<typeof signIn>[1], screen: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: process.env.LANDFALL_URL, viewport: { width: 1440, height: 900 }, ...screen })).newPage();
  await signIn(page, name);
  return page;
}
interface Counts {
  owed: number;
  reported: number;
  late: number;
}
interface Report {
  project: { id: string; name: string };
  owner_unit: { id: string; name: string };
  completed_month_minor?: string;
  completed_total_minor?: string;
}
interface Reports {
  period: string;
  closed: boolean;
  counts: Counts;
  units: { unit: { id: string; name: string }; counts: Counts }[];
  rows: Report[];
}
const reports = (page: Page, query: string) => read<Reports>(page, `/api/v1/reports?limit=200&${query}`);
const monthBefore = (period: string) => {
  const [y, m] = period.split('-').map(Number);
  return m === 1 ? `${y! - 1}-12` : `${y}-${String(m! - 1).padStart(2, '0')}`;
};

/** The month that is being reported, and that of the newest figures before. */
let period: string;
let mine: { unit: string; name: string; project: string };
const before = new Map<string, Report>();
const out: { unit: string; name: string; book: Workbook }[] = [];
let totalOwed = 0;
let stop = async () => {};

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  stop = await serveCity(200);

  // The month that nobody has reported yet, and what was reported last. The city has fewer than thirty units with projects: some
  // projects get a lead unit of their own.
  const office = await at(browser, 'office');
  period = (await reports(office, 'state=all')).period;
  for (let month = monthBefore(period), i = 0; i < 3; month = monthBefore(month), ++i)
    for (const row of (await reports(office, `period=${month}&state=reported`)).rows) if (!before.has(row.project.id)) before.set(row.project.id, row);
  const { rows, units } = await reports(office, `period=${period}&state=missing`);
  const known = rows.filter((r) => before.has(r.project.id));
  const some = new Map<string, number>();
  for (const r of known) some.set(r.owner_unit.id, (some.get(r.owner_unit.id) ?? 0) + 1);
  for (let n = units.length; n < sheetsOut; ++n) {
    const moved = known.find((r) => some.get(r.owner_unit.id)! > 2)!;
    some.set(moved.owner_unit.id, some.get(moved.owner_unit.id)! - 1);
    known.splice(known.indexOf(moved), 1);
    const unit = await command(office, 'unit.create', { code: `MONTH-${n}`, name: `示例专班${n}` });
    await command(office, 'project.assign_owner', { project: moved.project.id, owner_unit: unit });
  }
  const officer = await at(browser, 'officer');
  const own = (await reports(officer, `period=${period}&state=missing`)).rows.find((r) => before.has(r.project.id))!;
  // The officer's own unit, or a park below it: which leads the project depends on the day.
  mine = { unit: own.owner_unit.id, name: own.owner_unit.name, project: own.project.id };
  await office.context().close();
  await officer.context().close();
});

test.afterAll(() => stop());

/** 万元, as people write it, of fen. */
const wan = (fen: bigint) => (Number(fen) / 1e6).toString();
const column = { number: '编号', unit: '牵头单位', month: '本月完成投资（万元）', total: '累计完成投资（万元）', image: '形象进度描述', checked: '已核对', reason: '更正原因' };

/** Fills in what a unit knows of its own projects: as much as the month before. */
function fillIn(book: Workbook, name: string): number {
  let filled = 0;
  for (let row = 2; book.get(row, column.number) !== ''; ++row) {
    const last = before.get(book.get(row, column.number));
    if (!last || book.get(row, column.unit) !== name || book.get(row, column.total) !== '') continue;
    const month = BigInt(last.completed_month_minor!);
    book.set(row, column.month, wan(month));
    book.set(row, column.total, wan(BigInt(last.completed_total_minor!) + month));
    book.set(row, column.image, '按计划推进（示例）');
    book.set(row, column.checked, '是');
    ++filled;
  }
  return filled;
}
async function download(page: Page): Promise<Workbook> {
  await page.locator('[data-excel]').click();
  const waits = page.waitForEvent('download');
  await page.locator('[data-export]').click();
  return new Workbook(readFileSync(await (await waits).path()));
}
async function give(page: Page, book: Workbook, name: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name: `${name}.xlsx`, mimeType: xlsx, buffer: book.save() });
  await expect(page.locator('[data-counts]')).toBeVisible();
}

test('thirty units’ sheets go out, each with the projects of one unit', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'office');
  const { units, counts } = await reports(page, `period=${period}&state=all`);
  totalOwed = counts.owed;
  expect(units.length).toBe(sheetsOut);
  for (const { unit } of units) {
    await page.goto(`/reports?period=${period}&state=all&unit=${unit.id}`);
    await settled(page);
    const book = await download(page);
    expect(book.heads()).toEqual(expect.arrayContaining(Object.values(column)));
    book.rowOf(column.unit, unit.name);
    out.push({ unit: unit.id, name: unit.name, book });
  }
});

test('meanwhile one unit reports from a phone, with a photo', async ({ browser }) => {
  const phone = await at(browser, 'officer', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await phone.goto(`/reports?period=${period}`);
  await settled(phone);
  await phone.locator(`[data-report="${mine.project}"]`).getByRole('link', { name: '登记' }).click();
  await settled(phone);
  await phone.locator('[data-copy]').click();
  await phone.getByLabel('本月完成投资').fill(wan(BigInt(before.get(mine.project)!.completed_month_minor!) + 5_000_000n));
  await phone.getByRole('textbox', { name: '形象进度' }).fill('主体封顶（示例）');
  await phone.locator('[data-photo=camera]').setInputFiles({ name: 'site.png', mimeType: 'image/png', buffer: png });
  await expect(phone.locator('.report-photos img')).toHaveCount(1);
  expect(await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await phone.getByRole('button', { name: '下一步' }).click();
  const confirm = phone.locator('[data-confirm]');
  await expect(phone.locator('[data-send]')).toBeVisible();
  if (await confirm.count()) await confirm.check();
  await phone.locator('[data-send]').click();
  await expect(phone.locator('[data-record]')).toBeVisible();
  await phone.goto(`/projects/${mine.project}`);
  await settled(phone);
  // Months before it may have photos of their own, which the city took.
  const reported = phone.locator('#reports tr', { hasText: period });
  await expect(reported).toContainText('主体封顶（示例）');
  await expect(reported.locator('.report-photos img')).toHaveCount(1);
  await phone.context().close();
});

test('the sheets come back; where the unit was faster there is a conflict, settled by a correction that a second person approves', async ({ browser, page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'office');
  await page.goto('/sheets/reports');
  await settled(page);
  let given = 0;
  for (const { unit, name, book } of out) {
    const filled = fillIn(book, name);
    given += filled;
    if (filled === 0) continue;
    await give(page, book, name);
    await expect(page.locator('[data-what=error]')).toHaveCount(0);
    if (unit === mine.unit) {
      const clash = page.locator('tr', { has: page.locator('[data-what=conflict]') });
      await expect(clash.filter({ hasText: '主体封顶（示例）' })).toContainText('按计划推进（示例）');
      given -= 1;
    }
    if ((await page.locator('[data-confirm]').count()) > 0) {
      await page.locator('[data-confirm]').click();
      await expect(page.locator('.success[data-record]')).toBeVisible();
    }
    await page.getByRole('button', { name: /^(再导入一张|换一张表格)$/ }).click();
  }
  const { counts } = await reports(page, `period=${period}&state=all`);
  expect(counts.reported).toBe(given + 1);
  expect(given).toBeGreaterThan(sheetsOut);
  expect(counts.owed).toBe(totalOwed);

  // Settled: on a fresh sheet, with a reason, as a correction.
  await page.goto(`/reports?period=${period}&state=all&unit=${mine.unit}`);
  await settled(page);
  const fresh = await download(page);
  const row = fresh.rowOf(column.number, mine.project);
  const last = before.get(mine.project)!;
  const agreed = BigInt(last.completed_month_minor!) + 3_000_000n;
  fresh.set(row, column.month, wan(agreed));
  fresh.set(row, column.total, wan(BigInt(last.completed_total_minor!) + agreed));
  fresh.set(row, column.checked, '是');
  fresh.set(row, column.reason, '电话报数有误，以盖章表为准（示例）');
  await page.goto('/sheets/reports');
  await settled(page);
  await give(page, fresh, mine.name);
  await expect(page.locator('[data-what=conflict]')).toHaveCount(0);
  await page.locator('[data-confirm]').click();
  await expect(page.locator('.success[data-record]')).toBeVisible();
  const head = await at(browser, 'head');
  await head.goto('/reports/corrections');
  await settled(head);
  const card = head.locator('[data-correction]').filter({ hasText: '以盖章表为准' });
  await card.getByRole('button', { name: '同意更正' }).click();
  await expect(card).toHaveCount(0);
  const { rows } = await reports(head, `period=${period}&state=reported`);
  expect(rows.find((r) => r.project.id === mine.project)!.completed_month_minor).toBe(String(agreed));
  await head.context().close();
});

test('reports that are late are chased: a task for each unit, urged', async ({ page }) => {
  await signIn(page, 'office');
  let month = monthBefore(period);
  let late = 0;
  for (let i = 0; i < 12 && late === 0; ++i, month = late === 0 ? monthBefore(month) : month) late = (await reports(page, `period=${month}&state=late`)).counts.late;
  expect(late).toBeGreaterThan(0);
  await page.goto(`/reports?period=${month}&state=late`);
  await settled(page);
  await expect(page.locator('[data-tab=late] b')).toHaveText(String(late));
  await page.locator('[data-chase-all]').click();
  await settled(page);
  await expect(page.getByLabel(`第 ${late} 行 事项内容`)).toHaveValue(`补报 ${month} 进展月报`);
  await page.getByRole('button', { name: `交办 ${late} 项` }).click();
  await expect(page.locator('[data-record]')).toContainText(`已交办 ${late} 项`);
  await page.goto(`/obligations?derived=false&q=${encodeURIComponent(`补报 ${month}`)}`);
  await settled(page);
  await page.getByRole('button', { name: '全选本页' }).click();
  await page.locator('[data-urge-chosen]').click();
  await sheet(page).getByRole('button', { name: '催办', exact: true }).click();
  await recorded(page);
  await closeSheet(page);
  await expect(page.getByRole('row', { name: new RegExp(`补报 ${month}`) }).filter({ hasText: '催办 1 次' })).toHaveCount(late);
});

test('a problem is assigned, answered, returned, answered again and written off by a second person', async ({ browser }) => {
  test.setTimeout(120_000);
  const [office, officer, supervisor] = [await at(browser, 'office'), await at(browser, 'officer'), await at(browser, 'supervisor')];
  const now = await today(office);
  const text = '施工用电未接入（示例）';
  await office.goto(`/obligations?act=obligation.assign&with=${encodeURIComponent(JSON.stringify({ kind: 'problem', text, owner_unit: mine.unit, project: mine.project, list: 'problem', category: 'blockage' }))}`);
  await settled(office);
  await fillDay(sheet(office), '时限', plusDays(now, 7));
  await sheet(office).locator('button[type=submit]').click();
  await recorded(office);

  await officer.goto('/inbox');
  await settled(officer);
  const task = officer.locator('[data-task]').filter({ hasText: text });
  await task.getByRole('link', { name: '签收' }).click();
  await sheet(officer).getByRole('button', { name: '签收', exact: true }).click();
  await recorded(officer);
  await closeSheet(officer);
  await task.getByRole('link', { name: '查看' }).click();
  await settled(officer);
  const detail = new URL(officer.url()).pathname;
  const act = async (page: Page, name: string, fill: () => Promise<void>) => {
    await page.goto(detail);
    await settled(page);
    await page.locator('.hero').getByRole('link', { name, exact: true }).click();
    await fill();
    await sheet(page).getByRole('button', { name, exact: true }).click();
    await recorded(page);
  };
  const evidence = async (page: Page) => {
    await sheet(page).locator('input[type=file]').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: png });
    await expect(sheet(page).getByRole('button', { name: '移除' })).toBeVisible();
  };
  const answer = async () => {
    await evidence(officer);
    await fillDay(sheet(officer), '发生日期', now);
  };
  await act(officer, '报告办结', answer);
  await act(supervisor, '退回重办', async () => {
    await fillDay(sheet(supervisor), '时限', plusDays(now, 9));
    await sheet(supervisor).getByLabel('说明').fill('没有通电记录（示例）');
  });
  await act(officer, '报告办结', answer);
  // Who answered does not write off.
  await officer.goto(detail);
  await settled(officer);
  await expect(officer.locator('.hero').getByRole('link', { name: '销号' })).toHaveCount(0);
  await act(supervisor, '销号', async () => {
    await sheet(supervisor).getByLabel('说明').fill('现场看过（示例）');
    await evidence(supervisor);
  });
  await office.goto(detail);
  await settled(office);
  await expect(office.locator('[data-story="obligation.return"]')).toContainText('没有通电记录（示例）');
  await expect(office.locator('[data-story="obligation.write_off"] img')).toBeVisible();
  for (const page of [office, officer, supervisor]) await page.context().close();
});

interface Post {
  id: string;
  title: string;
  person?: { id: string; name: string };
  duties: number;
}

test('a cadre moves, and every duty goes to the successor in one act', async ({ page }) => {
  await signIn(page, 'office');
  const posts = async () => (await read<{ rows: Post[] }>(page, '/api/v1/posts')).rows;
  const held = new Map<string, Post[]>();
  for (const post of await posts()) if (post.person) held.set(post.person.id, [...(held.get(post.person.id) ?? []), post]);
  const leaving = [...held.values()].sort((a, b) => b.reduce((n, p) => n + p.duties, 0) - a.reduce((n, p) => n + p.duties, 0))[0]!;
  const duties = leaving.reduce((n, p) => n + p.duties, 0);
  expect(duties).toBeGreaterThan(1);
  const persons = (await read<{ rows: { id: string; name: string }[] }>(page, '/api/v1/persons')).rows;
  const next = persons.find((p) => !held.has(p.id))!;

  await page.goto(`/registers/persons?q=${encodeURIComponent(leaving[0]!.person!.name)}`);
  await settled(page);
  await page.getByRole('link', { name: '干部调动（整体移交）' }).click();
  await fillDay(sheet(page), '发生日期', await today(page));
  const successor = sheet(page).getByRole('combobox', { name: /^接任人/ });
  await successor.click();
  await successor.fill(next.name);
  await sheet(page).locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: next.name }).click();
  await sheet(page).locator('button[type=submit]').click();
  const seq = await recorded(page);
  await closeSheet(page);
  const after = await posts();
  for (const { id, duties: n } of leaving) expect(after.find((p) => p.id === id)).toMatchObject({ person: { id: next.id }, duties: n });
  expect(after.some((p) => p.person?.id === leaving[0]!.person!.id)).toBe(false);
  // One act: the record of it holds the whole.
  await page.goto(`/ledger?entry=${seq}`);
  await expect(sheet(page).locator('[data-proof="verified"]')).toBeVisible();
  await closeSheet(page);
  await page.goto('/registers/posts');
  await settled(page);
  await expect(page.getByRole('row', { name: new RegExp(`^${leaving[0]!.id} `) })).toContainText(next.name);
});

test('the wall is printed, A0 and A3, with every project on it', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, 'office');
  // Not the board's number: a duplicate stands on the wall, with where it counts, and counts nothing.
  const { total } = await read<{ total: number }>(page, '/api/v1/projects');
  for (const [size, width, height] of [['a0', 1189, 841], ['a3', 420, 297]] as const) {
    await page.goto(`/map/sheet?size=${size}`);
    await settled(page);
    await expect(page.locator('[data-whole="true"]')).toBeVisible();
    await expect(page.locator('.paper tbody tr')).toHaveCount(total);
    await expect(page.locator('.paper .map-region').first()).toBeVisible();
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
    const box = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/.exec(pdf)!;
    for (const [got, mm] of [[box[1], width], [box[2], height]] as const) expect(Math.abs(Number(got) - (mm * 72) / 25.4)).toBeLessThan(3);
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(await page.locator('.paper').count());
  }
});
