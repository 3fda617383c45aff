// SPDX-License-Identifier: Apache-2.0
// What every end-to-end test shares: accounts, signing in, and the two promises that hold on every page — no request
// leaves the server's origin, and nothing breaks the content policy.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as base, expect, type Locator, type Page } from '@playwright/test';

export interface Account {
  login: string;
  password: string;
}
type AccountName = 'office' | 'officer' | 'statistician' | 'auditor' | 'head' | 'supervisor' | 'sysadmin' | 'secadmin' | 'clerk';

function accounts(): Record<AccountName, Account> {
  const given = process.env.LANDFALL_ACCOUNTS ?? '';
  return JSON.parse(given.trimStart().startsWith('{') ? given : readFileSync(given, 'utf8'));
}

export const test = base.extend<{ promises: undefined }>({
  promises: [
    async ({ context }, use) => {
      const broken: string[] = [];
      const own = new URL(process.env.LANDFALL_URL!).origin;
      context.on('request', (request) => {
        const url = request.url();
        if (/^https?:/.test(url) && new URL(url).origin !== own) broken.push(`foreign request: ${url}`);
      });
      context.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|violates/i.test(message.text())) broken.push(message.text());
      });
      context.on('weberror', (error) => broken.push(`page error: ${error.error().message}`));
      await use(undefined);
      expect(broken).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

type Look = { theme?: 'light' | 'dark'; language?: 'zh-CN' | 'en' };

async function prefer(page: Page, look: Look): Promise<void> {
  await page.addInitScript(
    ([theme, language]) => {
      // Frames of the browser's own, as that of a PDF, have no store.
      localStorage?.setItem('landfall.theme', theme!);
      localStorage?.setItem('landfall.language', language!);
    },
    [look.theme ?? 'light', look.language ?? 'zh-CN'],
  );
}

/**
 * Comes in without opening a page, which half of the tests would leave at once. `who`: an account of the demo by its name, or one that
 * the test made.
 */
export async function signIn(page: Page, who: AccountName | Account, look: Look = {}): Promise<void> {
  const { login, password } = typeof who === 'string' ? accounts()[who] : who;
  await prefer(page, look);
  const answer = await page.request.post('/api/v1/session', { data: { login, password } });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** Comes in as a person does; the overview is open then. */
export async function signInByForm(page: Page, who: AccountName | Account, look: Look = {}): Promise<void> {
  const { login, password } = typeof who === 'string' ? accounts()[who] : who;
  await prefer(page, look);
  await page.goto('/sign-in');
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
  await page.locator('form button[type=submit]').click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
}

/** Loaded: no skeleton, and nothing being fetched again. */
export async function settled(page: Page): Promise<void> {
  // What a page still waits for is known once it has its heading.
  await expect(page.locator('main h1')).toHaveCount(1);
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await expect(page.locator('.refreshing')).toHaveCount(0);
  await expect(page.locator('main h1')).toHaveCount(1);
}

export function sheet(page: Page): Locator {
  return page.locator('dialog[open]');
}

/** Chooses by the words shown, in a form or a filter. */
export async function choose(page: Page, scope: Locator | Page, label: string, option: string): Promise<void> {
  const box = scope.getByRole('combobox', { name: label, exact: true });
  await box.click();
  const inSheet = (await sheet(page).count()) > 0;
  await (inSheet ? sheet(page) : page).locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: option }).first().click();
}

export async function fillDay(scope: Locator, label: string, day: string): Promise<void> {
  const box = scope.getByLabel(label);
  await box.fill(day);
  // Not Enter, which would also send the form.
  await box.press('Tab');
}

/** The number of the record that the form reports. */
export async function recorded(page: Page): Promise<number> {
  const link = sheet(page).locator('[data-record]');
  await expect(link).toBeVisible();
  return Number(await link.getAttribute('data-record'));
}

export async function closeSheet(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
}

/** Sends a command that must be accepted; the first id that it gave. */
export async function command(page: Page, name: string, fields: Record<string, unknown>): Promise<string> {
  const { csrf } = (await (await page.request.get('/api/v1/session')).json()) as { csrf: string };
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  const key = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const answer = await page.request.post(`/api/v1/commands/${name}`, { data: fields, headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': key } });
  expect(answer.status(), `${name}: ${await answer.text()}`).toBe(200);
  return ((await answer.json()) as { ids: string[] }).ids[0]!;
}

export async function today(page: Page): Promise<string> {
  const answer = await page.request.get('/api/v1/board');
  return ((await answer.json()) as { standing: { as_of: string } }).standing.as_of;
}
export function plusDays(day: string, n: number): string {
  return new Date(Date.parse(day) + n * 86_400_000).toISOString().slice(0, 10);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe sees of WCAG 2.2 A and AA. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const result = await (window as unknown as { axe: { run: (o: unknown) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe.run({ runOnly: tags });
    return result.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} — ${n.failureSummary.slice(0, 200)}`));
  });
}
