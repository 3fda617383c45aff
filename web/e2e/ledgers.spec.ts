// SPDX-License-Identifier: Apache-2.0
// Several ledgers behind one server: choosing one, being in two, and addresses that name their own, so that a link never opens
// another's record of the same number; and a case that is handed from one to the other and back.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { choose, closeSheet, expect, recorded, settled, sheet, test, violations, type Account } from './support';

const binary = process.env.LANDFALL_BINARY ?? '';
const ledgers = [
  { code: '990201', name: '示例一市' },
  { code: '990202', name: '示例二市' },
] as const;
type Which = 0 | 1;

let folder: string;
let server: ChildProcess;
let url: string;
const elsewhere = process.env.LANDFALL_URL;
const accounts: Record<string, Account>[] = [];
const keys: string[] = [];

test.skip(!binary, 'needs LANDFALL_BINARY, which run.mjs gives when it serves the demo itself');

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'landfall-ledgers-'));
  const run = (...args: string[]) => execFileSync(binary, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  for (const { code, name } of ledgers) {
    const ledger = join(folder, code);
    run('init', ledger, '--jurisdiction', code, '--name', name, '--ladders', 'industrial');
    // The same matter in both, of which a case is made here and decided there.
    run('command', ledger, 'unit.create', '--code', 'window', '--name', '示例政务服务中心');
    run('command', ledger, 'matter.define', '--matter', 'h-01', '--version', '1', '--from', '2020-01-01', '--zh', '示例备案', '--owner_unit', 'o1', '--kind', 'filing', '--level', 'district', '--discretion', 'false', '--promised', '{"days":5,"unit":"work_days"}', '--papers', '[]', '--makes', '["receipt"]', '--made_valid', '[{"paper":"receipt","valid_days":365}]');
    run('command', ledger, 'package.define', '--package', 'joint', '--version', '1', '--from', '2020-01-01', '--zh', '示例一件事', '--owner_unit', 'o1', '--matters', '["h-01"]');
    keys.push(String(execFileSync(binary, ['keys', ledger])).split('\n')[0]!);
    run('demo-accounts', ledger, '--out', `${ledger}.json`);
    const list = JSON.parse(readFileSync(`${ledger}.json`, 'utf8')) as Account[];
    accounts.push(Object.fromEntries(list.map((account) => [account.login, account])));
  }
  server = spawn(binary, ['serve', ...ledgers.map(({ code }) => join(folder, code)), '--listen', '127.0.0.1:0']);
  url = await new Promise((found, failed) => {
    let said = '';
    server.stdout!.on('data', (data) => {
      said += String(data);
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (match) found(match[0]);
    });
    server.on('exit', () => failed(new Error('the server did not start')));
  });
  // The promise of support.ts, that nothing leaves the origin, is asked of the server that is tested here.
  process.env.LANDFALL_URL = url;
});

test.afterAll(async () => {
  process.env.LANDFALL_URL = elsewhere;
  if (!server) return;
  const gone = new Promise((done) => server.on('exit', done));
  server.kill('SIGTERM');
  await gone;
  rmSync(folder, { recursive: true });
});

async function enter(page: Page, which: Which): Promise<void> {
  const { login, password } = accounts[which]!.office!;
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
  await page.locator('form button[type=submit]').click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
}
async function pick(page: Page, which: Which): Promise<void> {
  await page.getByRole('combobox', { name: '账本' }).click();
  await page.locator('.ant-select-item-option', { hasText: ledgers[which].name }).click();
}
const inHead = (page: Page, which: Which) => expect(page.locator('header .brand small')).toHaveText(ledgers[which].name);

test('the same login belongs to whoever has its password in the chosen ledger', async ({ page }) => {
  await page.goto(`${url}/sign-in`);
  await expect(page.getByText(ledgers[0].name)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await pick(page, 1);
  const { login, password } = accounts[0]!.office!;
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
  await page.locator('form button[type=submit]').click();
  await expect(page.getByRole('alert')).toBeFocused();
  await enter(page, 1);
  await inHead(page, 1);
});

test('a link survives the sign-in, and the last ledger is remembered by reloads and new tabs', async ({ page, context }) => {
  await page.goto(`${url}/projects?light=red`);
  await expect(page).toHaveURL(/sign-in\?next=/);
  await pick(page, 1);
  await enter(page, 1);
  await expect(page).toHaveURL(/\/l\/990202\/projects\?light=red$/);
  await inHead(page, 1);
  await page.reload();
  await inHead(page, 1);
  const tab = await context.newPage();
  await tab.goto(`${url}/`);
  await inHead(tab, 1);
  await page.goto(`${url}/l/990202/me`);
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page.locator('form .ant-select')).toContainText(ledgers[1].name);
});

test('a change of ledger asks for that ledger’s password once, and signs nobody out of the other', async ({ page, context }) => {
  await page.goto(`${url}/sign-in`);
  await pick(page, 0);
  await enter(page, 0);
  const other = await context.newPage();
  await other.goto(`${url}/l/990201/me`);
  await settled(other);
  expect(await violations(other)).toEqual([]);
  await other.getByRole('link', { name: `切换到${ledgers[1].name}` }).click();
  await expect(other.locator('form .ant-select')).toContainText(ledgers[1].name);
  await enter(other, 1);
  await inHead(other, 1);
  // The first tab is where it was, and back is one click, without a password.
  await page.reload();
  await inHead(page, 0);
  await other.goto(`${url}/l/990202/me`);
  await other.getByRole('link', { name: `切换到${ledgers[0].name}` }).click();
  await inHead(other, 0);
});

test('a ledger that is no longer served is forgotten', async ({ page }) => {
  await page.addInitScript(() => {
    if (!sessionStorage.getItem('seen')) localStorage.setItem('landfall.ledger', '990299');
    sessionStorage.setItem('seen', '1');
  });
  await page.goto(`${url}/`);
  await expect(page.locator('#login')).toBeVisible();
  await enter(page, 0);
  await inHead(page, 0);
});

test('a copied link opens in its own ledger, in a browser that was last in another', async ({ page, context }) => {
  await page.goto(`${url}/l/990201/sign-in`);
  await enter(page, 0);
  await page.getByRole('link', { name: '待办' }).first().click();
  await expect(page).toHaveURL(`${url}/l/990201/inbox`);
  const other = await context.newPage();
  await other.goto(`${url}/l/990202/inbox`);
  // Not signed in there yet: the way in is that ledger's, and leads to the page that was asked for.
  await expect(other).toHaveURL(/\/l\/990202\/sign-in\?next=%2Finbox$/);
  await expect(other.locator('form .ant-select')).toContainText(ledgers[1].name);
  await enter(other, 1);
  await expect(other).toHaveURL(`${url}/l/990202/inbox`);
  await inHead(other, 1);
  const copied = await context.newPage();
  await copied.goto(`${url}/l/990201/obligations?state=open`);
  await inHead(copied, 0);
  // What the browser fetches by itself is of that ledger too.
  await copied.goto(`${url}/l/990201/ledger`);
  await settled(copied);
  await expect(copied.locator('a[download]')).toHaveAttribute('href', '/api/v1/checkpoint?ledger=990201');
});

test('an address without a ledger asks which, and one of a ledger that is not here says so', async ({ page }) => {
  await page.goto(`${url}/l/990201/sign-in`);
  await enter(page, 0);
  await page.goto(`${url}/projects/p1?entry=1`);
  const asked = page.locator('[data-which-ledger]');
  await expect(asked).toContainText('/projects/p1?entry=1');
  await expect(page.getByRole('navigation')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await expect(asked.getByRole('link', { name: ledgers[1].name })).toHaveAttribute('href', '/l/990202/projects/p1?entry=1');
  await asked.getByRole('link', { name: ledgers[0].name }).click();
  await expect(page).toHaveURL(`${url}/l/990201/projects/p1?entry=1`);
  await inHead(page, 0);
  await page.goto(`${url}/l/990299/projects/p1`);
  await expect(asked).toContainText('990299');
  expect(await violations(page)).toEqual([]);
  await asked.getByRole('link', { name: ledgers[0].name }).click();
  await expect(page).toHaveURL(/\/l\/990201\/?$/);
  await inHead(page, 0);
});

/** Comes to a page of one ledger as one of its accounts. */
async function come(page: Page, which: Which, who: string, path: string): Promise<void> {
  const { login, password } = accounts[which]![who]!;
  const { code } = ledgers[which];
  const answer = await page.request.post(`${url}/api/v1/session`, { data: { login, password }, headers: { 'Landfall-Ledger': code } });
  expect(answer.status(), await answer.text()).toBe(200);
  await page.goto(`${url}/l/${code}${path}`);
  await settled(page);
}
/** Sends the form that stands open, and puts it away. */
async function send(page: Page): Promise<void> {
  await sheet(page).locator('button[type=submit]').click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
}
/** What is not done to something that stands on a page is chosen from the list of all acts. */
async function begin(page: Page, act: string): Promise<Locator> {
  await page.locator('[data-act]').click();
  await sheet(page).getByRole('button', { name: act, exact: true }).click();
  await expect(sheet(page).locator('button[type=submit]')).toBeVisible();
  return sheet(page);
}
async function act(page: Page, name: string): Promise<Locator> {
  await page.locator(`[data-act-of="${name}"]`).click();
  return sheet(page);
}
/** The path of a receipt that was downloaded from the case's page. */
async function keep(page: Page, record: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator(`[data-receipt="${record}"]`).click()]);
  expect(file.suggestedFilename()).toBe(`k1-${record}.tlog-proof`);
  const path = join(folder, `${record}.tlog-proof`);
  await file.saveAs(path);
  return path;
}

test('a case is handed over, decided there and answered, all by clicking; each side keeps its receipts', async ({ page }) => {
  test.setTimeout(180_000);
  for (const which of [0, 1] as const) {
    const other = which === 0 ? 1 : 0;
    await come(page, which, 'secadmin', '/me');
    const form = await begin(page, '信任外地账本');
    await form.getByLabel('对方地区代码').fill(ledgers[other].code);
    await form.getByLabel('名称').fill(ledgers[other].name);
    await form.getByLabel('账本公钥').fill(keys[other]!);
    await send(page);
  }

  await come(page, 0, 'office', '/cases/new');
  await page.locator('[data-package="joint"] input').check();
  await page.locator('[data-send="accept"]').click();
  await expect(page.locator('[data-done="k1"]')).toBeVisible();
  await page.getByRole('link', { name: '打开办件' }).click();
  await settled(page);
  await choose(page, await act(page, 'case.hand_over'), '对方地区代码', ledgers[1].name);
  await send(page);
  await expect(page.locator('[data-hand-over="990202"]')).toContainText(ledgers[1].name);
  const handed = await keep(page, 'handed_over');

  await come(page, 1, 'office', '/cases');
  const taking = await begin(page, '接办外地移交');
  await choose(page, taking, '一件事', '示例一件事');
  // What is no receipt is told so beside the field, and nothing is taken over.
  await taking.getByLabel('回执全文').last().fill('c2sp.org/tlog-proof@v1');
  await taking.locator('button[type=submit]').click();
  await expect(taking.getByRole('alert').first()).toContainText('回执');
  await taking.locator('input[type=file]').setInputFiles(handed);
  await expect(taking.getByLabel('回执全文').last()).toHaveValue(/landfall\/990201/);
  expect(await violations(page)).toEqual([]);
  await send(page);
  await page.locator('[data-row-link]').first().click();
  await settled(page);
  await expect(page.locator('[data-taken-over="990201"]')).toContainText('k1');
  await act(page, 'case.accept');
  await send(page);
  await act(page, 'step.approve_by_rule');
  await send(page);
  await expect(page.locator('[data-outcomes]')).toContainText('有效期至');
  await act(page, 'case.return_result');
  await send(page);
  await keep(page, 'taken_over');
  const result = await keep(page, 'result_returned');

  await come(page, 0, 'office', '/cases/k1');
  await (await act(page, 'case.receive_result')).locator('input[type=file]').setInputFiles(result);
  await send(page);
  await expect(page.locator('[data-step="1"]')).toContainText('准予');
  // Until when it stands, the paper of the other ledger says.
  await expect(page.locator('[data-outcomes]')).not.toContainText('有效期至');
  await keep(page, 'handed_over');
  await keep(page, 'result_received');
  await page.screenshot({ path: 'test-results/case-back.png', fullPage: true });
  expect(await violations(page)).toEqual([]);
});

test('the code of a receipt opens the case of its own ledger without an account, and none of another', async ({ page }) => {
  await come(page, 0, 'office', '/cases/k1/receipt');
  const code = (await page.locator('[data-query-code]').textContent())!;
  await expect(page.locator('.case-query')).toContainText(`${url}/l/990201/progress/k1`);
  await page.context().clearCookies();
  await page.goto(`${url}/l/990201/progress/k1#${code}`);
  await expect(page.locator('[data-step]')).toHaveCount(1);
  // A short address asks where the case is.
  await page.goto(`${url}/progress`);
  await page.getByLabel('办件号').fill('K1');
  await page.getByLabel('查询码').fill(code);
  await page.getByLabel('地区').selectOption(ledgers[1].name);
  await page.getByRole('button', { name: '查询' }).click();
  await expect(page.getByRole('alert')).toContainText('办件号或查询码不对');
  await page.getByLabel('地区').selectOption(ledgers[0].name);
  await page.getByRole('button', { name: '查询' }).click();
  await expect(page.locator('[data-step]')).toHaveCount(1);
  expect(await violations(page)).toEqual([]);
});
