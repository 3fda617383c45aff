// SPDX-License-Identifier: Apache-2.0
// Several ledgers behind one server: choosing one, being in two, and addresses that name their own, so that a link never opens
// another's record of the same number.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, settled, test, violations, type Account } from './support';

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

test.skip(!binary, 'needs LANDFALL_BINARY, which run.mjs gives when it serves the demo itself');

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'landfall-ledgers-'));
  const run = (...args: string[]) => execFileSync(binary, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  for (const { code, name } of ledgers) {
    const ledger = join(folder, code);
    run('init', ledger, '--jurisdiction', code, '--name', name, '--ladders', 'industrial');
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
