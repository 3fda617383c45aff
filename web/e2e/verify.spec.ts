// SPDX-License-Identifier: Apache-2.0
// A record checked in the visitor's own browser: from a file, without an account, and from the server; with a witness in
// a process of its own. The whole way of a checkpoint: ledger → witness → published log → page.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, violations, type Account } from './support';

const binary = process.env.LANDFALL_BINARY ?? '';
const code = '990301';
const elsewhere = process.env.LANDFALL_URL;
let folder: string;
let url: string;
let vkey: string;
let witness: string;
let office: Account;
const running: ChildProcess[] = [];

test.skip(!binary, 'needs LANDFALL_BINARY, which run.mjs gives when it serves the demo itself');

const run = (...args: string[]) => execFileSync(binary, args, { encoding: 'utf8' });
function serve(...args: string[]): Promise<string> {
  const server = spawn(binary, args);
  running.push(server);
  return new Promise((found, failed) => {
    let said = '';
    server.stdout!.on('data', (data) => {
      said += String(data);
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (match) found(match[0]);
    });
    server.on('exit', () => failed(new Error('the server did not start')));
  });
}
const file = (name: string) => join(folder, name);
function proof(seq: number, name: string, ...more: string[]): string {
  run('proof', file('ledger'), String(seq), '--out', file(name), ...more);
  return file(name);
}

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'landfall-verify-'));
  run('init', file('ledger'), '--jurisdiction', code, '--name', '示例县', '--ladders', 'industrial');
  run('demo-accounts', file('ledger'), '--out', file('accounts.json'));
  office = (JSON.parse(readFileSync(file('accounts.json'), 'utf8')) as Account[]).find((a) => a.login === 'office')!;
  vkey = run('keys', file('ledger')).split('\n')[0]!;
  witness = run('witness', 'init', file('witness'), '--name', 'witness.example/w1').trim();
  run('witness', 'trust', file('witness'), vkey);
  const asked = await serve('witness', 'serve', file('witness'), '--listen', '127.0.0.1:0');
  run('keys', file('ledger'), '--witness', asked, witness);
  url = await serve('serve', file('ledger'), '--listen', '127.0.0.1:0', '--publish-log');
  process.env.LANDFALL_URL = url;
});
test.afterAll(async () => {
  process.env.LANDFALL_URL = elsewhere;
  for (const server of running) {
    const gone = new Promise((done) => server.on('exit', done));
    server.kill('SIGTERM');
    await gone;
  }
  if (folder) rmSync(folder, { recursive: true });
});

async function check(page: Page, path: string, witnesses = ''): Promise<void> {
  await page.goto(`${url}/verify.html`);
  await page.locator('input[type=file]').setInputFiles(path);
  await page.locator('input.mono').fill(vkey);
  await page.locator('textarea').fill(witnesses);
  await page.locator('button[type=submit]').click();
}

test('the ledger is cosigned soon after it is served', async ({ request }) => {
  await expect.poll(async () => (await request.get(`${url}/log/${code}/checkpoint`)).text(), { timeout: 30_000 }).toContain('\u2014 witness.example/w1 ');
});

test('a record in a file is verified without an account', async ({ page }) => {
  await check(page, proof(3, 'open.tlog-proof', '--open', 'public,internal,enterprise,personal'), witness);
  await expect(page.locator('[data-standing]')).toHaveAttribute('data-standing', /^(verified|unsigned)$/);
  // A browser without Ed25519 says so and calls nothing verified.
  const able = await page.evaluate(() => crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']).then(() => true, () => false));
  await expect(page.locator('[data-standing]')).toHaveAttribute('data-standing', able ? 'verified' : 'unsigned');
  await expect(page.locator('[data-check=signature]')).toHaveAttribute('data-outcome', able ? 'holds' : 'unknown');
  for (const step of ['form', 'root', 'place', 'payloads']) await expect(page.locator(`[data-check=${step}]`)).toHaveAttribute('data-outcome', 'holds');
});

test('what is withheld is unprovable, and without a witness unwitnessed', async ({ page }) => {
  const path = proof(2, 'closed.tlog-proof');
  await check(page, path, witness);
  await expect(page.locator('[data-standing]')).toHaveAttribute('data-standing', /^(unprovable|unsigned)$/);
  await check(page, path);
  await expect(page.locator('[data-standing]')).toHaveAttribute('data-standing', /^(unwitnessed|unsigned)$/);
});

test('a changed record is called faulty, and the step is named', async ({ page }) => {
  const path = proof(4, 'whole.tlog-proof', '--open', 'public,internal,enterprise,personal');
  const text = readFileSync(path, 'utf8');
  const record = Buffer.from(/extra (\S+)/.exec(text)![1]!, 'base64').toString('utf8');
  const forged = record.replace('"by\\":\\"local', '"by\\":\\"u7');
  expect(forged).not.toBe(record);
  writeFileSync(file('forged'), text.replace(/extra \S+/, `extra ${Buffer.from(forged).toString('base64')}`));
  await check(page, file('forged'), witness);
  await expect(page.locator('[data-standing]')).toHaveAttribute('data-standing', 'faulty');
  await expect(page.locator('[data-check=root]')).toHaveAttribute('data-outcome', 'wrong');
  await page.locator('input.mono').fill('nonsense');
  await page.locator('button[type=submit]').click();
  await expect(page.locator('.problem')).toBeVisible();
});

test('a record of this server is fetched by who is signed in', async ({ page }) => {
  await page.goto(`${url}/verify.html?seq=2`);
  await page.locator('.served button').click();
  await expect(page.locator('.problem')).toBeVisible();
  await page.goto(`${url}/sign-in`);
  await page.locator('#login').fill(office.login);
  await page.locator('#password').fill(office.password);
  await page.locator('form button[type=submit]').click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
  await page.goto(`${url}/verify.html?seq=2`);
  await page.locator('.served button').click();
  await expect(page.locator('input.mono')).toHaveValue(vkey);
  await expect(page.locator('.own-word')).toBeVisible();
  await page.locator('button[type=submit]').click();
  await expect(page.locator('[data-check=root]')).toHaveAttribute('data-outcome', 'holds');
});

for (const theme of ['light', 'dark'] as const)
  for (const language of ['zh-CN', 'en'] as const)
    test(`axe finds nothing and nothing is cut at 360 px: ${theme}, ${language}`, async ({ page }) => {
      await page.addInitScript(([t, l]) => {
        localStorage.setItem('landfall.theme', t!);
        localStorage.setItem('landfall.language', l!);
      }, [theme, language]);
      await page.setViewportSize({ width: 360, height: 780 });
      await check(page, proof(3, `${theme}-${language}.tlog-proof`, '--open', 'public,internal,enterprise,personal'), witness);
      await expect(page.locator('[data-standing]')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      if (process.env.LANDFALL_SHOTS) await page.screenshot({ path: join(process.env.LANDFALL_SHOTS, `verify-${theme}-${language}.png`), fullPage: true });
    });
