// SPDX-License-Identifier: Apache-2.0
// Every page on loaded data: no violation of WCAG 2.2 A and AA that axe can see. All of them in light zh-CN; in the three other
// pairs of theme and language a third each, so that every page is seen twice.
import { businessPages } from './pages';
import { expect, settled, sheet, signIn, test, violations } from './support';

const sheets = [
  '/projects/p1?entry=1', '/projects?act=project.register', '/projects/p1?act=project.receive_funds', '/obligations?act=obligation.assign', '/projects?known_at=5',
];

let pair = 0;
for (const theme of ['light', 'dark'] as const) {
  for (const language of ['zh-CN', 'en'] as const) {
    const turn = pair++;
    const mine = (_: string, i: number) => turn === 0 || i % 3 === turn - 1;
    test(`axe finds nothing: ${theme}, ${language}`, async ({ page }) => {
      test.setTimeout(240_000);
      await signIn(page, 'office', { theme, language });
      const found: string[] = [];
      const check = async (path: string) => found.push(...(await violations(page)).map((v) => `${path} ${v}`));
      for (const path of businessPages.filter(mine)) {
        await page.goto(path);
        await settled(page);
        await check(path);
      }
      await page.goto('/projects/p1');
      await settled(page);
      await page.locator('[data-twin]').click();
      await check('/projects/p1 as table');
      await page.goto('/map');
      await settled(page);
      await page.locator('[data-twin]').click();
      await check('/map as table');
      await page.goto('/figures?from=2000-01-01&to=2040-12-31');
      await page.locator('tbody [data-row-link]').first().click();
      await settled(page);
      await check('/figures/one');
      for (const path of sheets.filter(mine)) {
        await page.goto(path);
        await settled(page);
        if (path.includes('entry=') || path.includes('act=')) await expect(sheet(page)).toBeVisible();
        if (path.includes('entry=')) await expect(sheet(page).locator('[data-proof="verified"]')).toBeVisible();
        await check(path);
      }
      await page.goto('/projects?act=project.register');
      await sheet(page).locator('button[type=submit]').click();
      await expect(sheet(page).getByRole('alert').first()).toBeVisible();
      await check('refused form');
      expect(found).toEqual([]);
    });
  }
}

test('axe finds nothing on the pages of the administrators and before signing in', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.locator('#login')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await signIn(page, 'auditor');
  for (const path of ['/registers/audit', '/registers/accounts', '/ledger']) {
    await page.goto(path);
    await settled(page);
    expect(await violations(page), path).toEqual([]);
  }
});

test('at 320 px nothing but tables needs sideways scrolling', async ({ page }) => {
  await signIn(page, 'office');
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of ['/', '/map', '/map/meeting', '/map/wall', '/map/sheet', '/map/borders', '/inbox', '/projects', '/projects/p1', '/obligations', '/obligations/assign', '/reports', '/reports/corrections', '/projects/p1/report', '/figures', '/claims', '/catalogue', '/catalogue/packages/industrial_filing', '/calendar', '/agents', '/mechanisms', '/registers/units', '/sheets/reports', '/cases', '/cases/new', '/cases/inbox', '/cases/health', '/progress']) {
    await page.goto(path);
    await settled(page);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, path).toBeLessThanOrEqual(0);
  }
});
