// SPDX-License-Identifier: Apache-2.0
// The pictures of the README, taken from a served demo ledger: LANDFALL_URL and LANDFALL_ACCOUNTS as for the browser tests.
import { createRequire } from 'node:module';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { chromium } = createRequire(join(root, 'web/package.json'))('@playwright/test');
const { office } = JSON.parse(process.env.LANDFALL_ACCOUNTS);
const out = join(root, 'docs/screenshots');
const most = 200 * 1024;

// name, path, theme, language
const pictures = [
  ['board', '/', 'light', 'zh-CN'],
  ['projects', '/projects?sort=-investment', 'light', 'zh-CN'],
  ['project', '', 'light', 'zh-CN'],
  ['obligations', '/obligations', 'light', 'zh-CN'],
  ['figures', '/figures?from=2015-01-01&to=2024-12-31', 'light', 'zh-CN'],
  ['board-dark-en', '/', 'dark', 'en'],
];

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'],
});
const page = await browser.newPage({ baseURL: process.env.LANDFALL_URL, viewport: { width: 1440, height: 900 } });
await page.goto('/sign-in');
await page.locator('#login').fill(office.login);
await page.locator('#password').fill(office.password);
await page.locator('form button[type=submit]').click();
await page.getByRole('navigation').first().waitFor();
// The project page of the picture is one that has something late, something reached and something ahead.
const late = await (await page.request.get('/api/v1/projects?light=red&sort=-investment&limit=1')).json();
pictures.find(([name]) => name === 'project')[1] = `/projects/${late.rows[0]?.id ?? 'p1'}`;
let heavy = false;
for (const [name, path, theme, language] of pictures) {
  await page.evaluate(([t, l]) => {
    localStorage.setItem('landfall.theme', t);
    localStorage.setItem('landfall.language', l);
  }, [theme, language]);
  await page.goto(path);
  await page.locator('main h1').waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], .refreshing') === null);
  const file = join(out, `${name}.png`);
  await page.screenshot({ path: file });
  const { size } = statSync(file);
  heavy ||= size > most;
  console.log(`${name}.png ${(size / 1024).toFixed(0)} KB${size > most ? ', more than 200 KB' : ''}`);
}
await browser.close();
process.exit(heavy ? 1 : 0);
