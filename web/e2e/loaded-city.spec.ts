// SPDX-License-Identifier: Apache-2.0
// The pages on the loaded city: what they weigh on the wire, how soon something is seen, and what axe finds. The weight of code is
// asserted. That of data, which grows with the ledger, and times, which a busy machine stretches, are printed and stand in
// docs/PERFORMANCE.md.
import type { Browser, BrowserContextOptions } from '@playwright/test';
import { canMakeCity, serveCity, test } from './city';
import { businessPages } from './pages';
import { expect, settled, signIn, violations } from './support';

// UI guide §3: scripts, styles and the page itself, compressed, for a browser that has nothing yet.
const pageBytes = 360 * 1024;
// The whole city with LANDFALL_TEST_ALL; otherwise a quarter of it, as making it takes most of the time.
const cityProjects = process.env.LANDFALL_TEST_ALL ? 2000 : 500;
const timed = ['/', '/projects', '/map', '/inbox', '/obligations'];
const rounds = 3;

test.skip(!canMakeCity, 'needs landfall-city beside LANDFALL_BINARY');
let stop = async () => {};
test.beforeAll(async () => {
  test.setTimeout(180_000);
  console.log(`the city has ${cityProjects} projects`);
  stop = await serveCity(cityProjects);
});
test.afterAll(() => stop());

interface Seen {
  code: number;
  data: number;
  paint: number;
  ready: number;
}

/** Opens a page in a browser that has the session and nothing else. */
async function cold(browser: Browser, path: string, cookies: BrowserContextOptions['storageState']): Promise<Seen> {
  const context = await browser.newContext({ baseURL: process.env.LANDFALL_URL, viewport: { width: 1440, height: 900 }, storageState: cookies });
  const page = await context.newPage();
  await page.goto(path);
  await settled(page);
  const seen = await page.evaluate(() => {
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')] as PerformanceResourceTiming[];
    const weigh = (data: boolean) => all.filter((e) => new URL(e.name).pathname.startsWith('/api/') === data).reduce((n, e) => n + e.encodedBodySize, 0);
    return { code: weigh(false), data: weigh(true), paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, ready: performance.now() };
  });
  await context.close();
  return seen;
}

test('no page is heavier than the guide allows, and the first paint is soon', async ({ page, browser }) => {
  test.setTimeout(240_000);
  await signIn(page, 'office');
  const cookies = await page.context().storageState();
  const heavy: string[] = [];
  const kb = (bytes: number) => `${(bytes / 1024).toFixed(0).padStart(4)} KB`;
  for (const path of businessPages) {
    const { code, data } = await cold(browser, path, cookies);
    console.log(`${path.padEnd(44)} code ${kb(code)}, data ${kb(data)}`);
    if (code > pageBytes) heavy.push(`${path}: ${code}`);
  }
  expect(heavy).toEqual([]);
  for (const path of timed) {
    const runs: Seen[] = [];
    for (let i = 0; i < rounds; ++i) runs.push(await cold(browser, path, cookies));
    const middle = (of: (s: Seen) => number) => runs.map(of).sort((a, b) => a - b)[Math.floor(rounds / 2)]!.toFixed(0);
    console.log(`${path.padEnd(44)} first contentful paint ${middle((s) => s.paint)} ms, all there ${middle((s) => s.ready)} ms`);
  }
});

let pair = 0;
for (const theme of ['light', 'dark'] as const) {
  for (const language of ['zh-CN', 'en'] as const) {
    const turn = pair++;
    test(`axe finds nothing on the city: ${theme}, ${language}`, async ({ page }) => {
      test.setTimeout(240_000);
      await signIn(page, 'office', { theme, language });
      const found: string[] = [];
      for (const path of businessPages.filter((_, i) => turn === 0 || i % 4 === turn)) {
        await page.goto(path);
        await settled(page);
        found.push(...(await violations(page)).map((v) => `${path} ${v}`));
      }
      expect(found).toEqual([]);
    });
  }
}
