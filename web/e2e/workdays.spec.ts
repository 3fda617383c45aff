// SPDX-License-Identifier: Apache-2.0
// The calendar of a ledger that counts by the national notices: holidays, make-up days, what is unverified, what nobody has announced.
import { canServe, serveEmpty, test } from './city';
import { expect, settled, signIn, violations } from './support';

test.skip(!canServe, 'needs LANDFALL_BINARY, which run.mjs gives when it serves the demo itself');
let end: () => Promise<void>;
test.beforeAll(async () => {
  end = await serveEmpty();
});
test.afterAll(async () => end?.());

test('a year shows its holidays and make-up days with the notices they come from', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/calendar?year=2020');
  await settled(page);
  // The Spring Festival of 2020 was made longer by a second notice, which took a make-up day away.
  await expect(page.locator('[data-day="2020-01-24"]')).toHaveClass('off');
  await expect(page.locator('[data-day="2020-01-24"]')).toContainText('休');
  await expect(page.locator('[data-day="2020-01-19"]')).toContainText('班');
  await expect(page.locator('[data-day="2020-02-01"]')).not.toContainText('班');
  const second = page.locator('[data-notice="cn-2020-a1"]');
  await expect(second).toContainText('修改');
  await expect(page.locator('[data-exception="2020-01-31"]')).toContainText('春节');
  await page.goto('/calendar?year=2008');
  await settled(page);
  await expect(page.locator('[data-notice="cn-2008"]')).toContainText('未核实：文号');
  await page.goto('/calendar?year=2030');
  await settled(page);
  await expect(page.locator('[data-provisional]')).toContainText('尚未公布');
});

test('a deadline goes around the National Day and says which days were counted', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/calendar?accepted=2024-09-27&days=3');
  await settled(page);
  // Counted by hand: Sunday 29 and Monday 30 September are worked, 1 to 7 October are off.
  await expect(page.locator('[data-due]')).toHaveAttribute('data-due', '2024-10-08');
  await expect(page.locator('[data-counted="1"]')).toContainText('2024-09-29');
  await expect(page.locator('[data-counted]')).toHaveCount(3);
  await page.goto('/calendar?accepted=2029-12-20&days=30');
  await settled(page);
  await expect(page.locator('[data-due]')).toContainText('暂定');
});

for (const [theme, language] of [['light', 'zh-CN'], ['dark', 'en']] as const) {
  test(`axe finds nothing in a year with holidays: ${theme}, ${language}`, async ({ page }) => {
    await signIn(page, 'office', { theme, language });
    for (const width of [1366, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto('/calendar?year=2020');
      await settled(page);
      await expect(page.locator('[data-notice]').first()).toBeVisible();
      expect(await violations(page), String(width)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      if (process.env.SHOT) await page.screenshot({ path: `${process.env.SHOT}/holidays-${width}-${language}.png`, fullPage: true });
    }
  });
}
