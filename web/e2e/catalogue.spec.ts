// SPDX-License-Identifier: Apache-2.0
// The catalogue, the package editor whose plan follows every change, and the calendar page with its deadline.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, settled, signIn, test, violations } from './support';

const facts = JSON.stringify({ investment_kind: 'filing', company_exists: true, land: 'auction', eia: 'form', energy_tce: 2000, electricity_kwh: 0, land_m2: 42000, earthwork_m3: 0, special_fire: false });
const editor = `/catalogue/packages/industrial_filing?accepted=2024-09-27&facts=${encodeURIComponent(facts)}`;
const circle = `/catalogue/packages/new?accepted=2024-09-27&facts=${encodeURIComponent(facts)}&matters=p1-04,p2-01,p2-02&changes=${encodeURIComponent(JSON.stringify([{ matter: 'p1-04', needs: ['works_permit'] }]))}`;

test('the list finds a matter by a word, by package and by what is unconfirmed', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/');
  await page.getByRole('navigation').first().getByRole('link', { name: '一件事' }).click();
  await settled(page);
  const total = page.locator('[data-total]');
  await expect(total).toBeVisible();
  const all = Number(await total.getAttribute('data-total'));
  expect(all).toBeGreaterThanOrEqual(30);
  await page.getByRole('searchbox').fill('施工许可');
  await expect(total).toHaveAttribute('data-total', '1');
  await page.locator('[data-row-link]').click();
  await settled(page);
  await expect(page.locator('h1')).toHaveText('建筑工程施工许可证');
  await expect(page.locator('[data-version="1"]')).toContainText('7 日');
  for (const heading of ['要交的材料', '办出的结果']) await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  await page.goto('/catalogue?package=company_start&confirmed=false');
  await settled(page);
  await expect(total).toHaveAttribute('data-total', '7');
  await expect(page.locator('.cat-table tbody tr').first()).toContainText('未核实');
});

test('of how many matters the time was cut by half is counted from their versions', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/catalogue');
  await settled(page);
  const card = page.locator('.cat-limits');
  // Nineteen of the built-in matters state both numbers in one unit; ten of them promise half of the law's or less.
  await expect(card.locator('[data-comparable="19"]')).toHaveAttribute('data-halved', '10');
  await expect(card.locator('.cat-share')).toHaveText('52.6%');
  await card.getByText('逐项列出').click();
  await expect(card.getByRole('row', { name: /节能审查/ })).toContainText('压缩过半');
  // Before the first versions nothing was in force: all of it is new, and there is no share to boast of.
  await card.locator('input[type=date]').fill('1999-01-01');
  await expect(card.locator('[data-comparable="0"]')).toBeVisible();
  await expect(card.locator('.cat-share')).toHaveText('–');
  await page.screenshot({ path: 'test-results/catalogue-limits.png', fullPage: true });
});

test('the plan of the industrial package ends on the day counted by hand and moves as matters come and go', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto(editor);
  await settled(page);
  const promised = page.locator('[data-total="promised"]');
  // tests/scenario/approval/industrial_filing.json
  await expect(promised).toContainText('2024-12-11');
  await expect(page.locator('[data-path]')).toContainText('工业用地出让');
  await expect(page.locator('[data-bar="p3-04"]')).toBeVisible();
  await expect(page.locator('[data-gain]').first()).toBeVisible();

  // Without the sale of land the rest is done sooner, and its contract is asked of the applicant.
  await page.locator('[data-remove="l-02"]').click();
  await expect(promised).not.toContainText('2024-12-11');
  await expect(page.locator('[data-asked] [data-paper="land_contract"]')).toBeVisible();
  await expect(page.locator('h1 + .note')).toContainText('草案');
  expect(new URL(page.url()).searchParams.get('matters')).not.toContain('l-02');
  // A reload shows the draft, since it stands in the address.
  await page.reload();
  await settled(page);
  await expect(page.locator('[data-matter="l-02"]')).toHaveCount(0);
  await page.locator('#add-matter').fill('工业用地出让');
  await page.locator('[data-add="l-02"]').click();
  await expect(promised).toContainText('2024-12-11');
  await expect(page.locator('[data-made] [data-paper="land_contract"]')).toBeVisible();

  // Another promise of one matter moves the whole.
  await page.locator('[data-what-if="p3-04"] summary').click();
  await page.locator('#promise-p3-04').fill('2');
  await expect(promised).toContainText('2024-12-06');
  await page.locator('[data-as-before="p3-04"]').click();
  await expect(promised).toContainText('2024-12-11');
  // Another day of acceptance: the eve of the National Day of 2025.
  await page.locator('#accepted').fill('2025-09-30');
  await expect(promised).toContainText('2025-12-15');
});

test('a circle is named with its path and goes when it is broken', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/catalogue/packages/new?matters=p1-04,p2-01,p2-02&accepted=2024-09-27');
  await settled(page);
  await page.locator('[data-what-if="p1-04"] summary').click();
  await page.locator('#need-p1-04').selectOption('works_permit');
  const finding = page.locator('[data-finding="approval.cycle"]');
  await expect(finding).toContainText('建设用地规划许可证 → 建设工程规划许可证 → 建设用地规划许可证');
  await expect(finding).toContainText('互相等待');
  await page.locator('[data-as-before="p1-04"]').click();
  await expect(finding).toHaveCount(0);
});

test('it can be done by keyboard alone', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/catalogue/packages/new?accepted=2024-09-27');
  await settled(page);
  await page.locator('#add-matter').focus();
  await page.keyboard.type('p3-01');
  await expect(page.locator('[data-add="p3-01"]')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-matter="p3-01"]')).toBeVisible();
  await expect(page.locator('#add-matter')).toBeFocused();
  await page.keyboard.type('p3-03');
  await expect(page.locator('[data-add="p3-03"]')).toBeVisible();
  await page.keyboard.press('Enter');
  // The question that both ask is answered with the arrow keys.
  await page.locator('input[name="fact-land"]').first().focus();
  await page.keyboard.press('Space');
  await expect(page.locator('[data-total="promised"]')).toContainText('8 个工作日');
  // The table in place of the drawing, by its key.
  await page.locator('h1').click();
  await page.keyboard.press('t');
  await expect(page.locator('[data-step="p3-03"]')).toContainText('施工图联合审查');
  // Taking one out goes on to the next.
  await page.locator('[data-remove="p3-01"]').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-remove="p3-03"]')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#add-matter')).toBeFocused();
  await expect(page.locator('[data-total]')).toHaveCount(0);
});

test('the draft is taken away as a file of the catalogue', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto(editor.replace('industrial_filing?', 'industrial_filing?matters=p3-01,p3-03,p3-04&'));
  await settled(page);
  await page.locator('.cat-take summary').click();
  await page.locator('#file-from').fill('2018-01-01');
  await page.locator('[data-download]').click();
  await expect(page.locator('[data-take-away] [role=alert]')).toContainText('版本日期重叠');
  await page.locator('#file-from').fill('2027-01-04');
  const download = page.waitForEvent('download');
  await page.locator('[data-download]').click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('industrial_filing.json');
  const catalogue = JSON.parse(readFileSync((await file.path())!, 'utf8')) as { packages: { id: string; version: number; until?: string; matters: string[] }[]; matters: unknown[] };
  const versions = catalogue.packages.filter((p) => p.id === 'industrial_filing');
  expect(versions.map((p) => [p.version, p.until])).toEqual([[1, '2027-01-03'], [2, undefined]]);
  expect(versions[1]!.matters).toEqual(['p3-01', 'p3-03', 'p3-04']);
  expect(catalogue.matters.length).toBeGreaterThanOrEqual(30);
  // The command line reads it and plans by it.
  const binary = process.env.LANDFALL_BINARY;
  if (!binary) return;
  const folder = mkdtempSync(join(tmpdir(), 'landfall-catalogue-'));
  const taken = join(folder, 'catalogue');
  mkdirSync(taken);
  copyFileSync((await file.path())!, join(taken, 'all.json'));
  writeFileSync(join(folder, 'facts.json'), facts);
  execFileSync(binary, ['catalog', 'check', '--catalog', taken, '--on', '2027-02-01']);
  const plan = execFileSync(binary, ['plan', 'industrial_filing', '--catalog', taken, '--accepted', '2027-03-01', '--facts', join(folder, 'facts.json'), '--json'], { encoding: 'utf8' });
  expect((JSON.parse(plan) as { version: number; matters: { id: string }[] }).matters.map((m) => m.id)).toEqual(['p3-01', 'p3-03', 'p3-04']);
  rmSync(folder, { recursive: true });
});

test('a plan that is overtaken is called off', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto(editor);
  await settled(page);
  // The first of two answers comes long after the second; what is shown belongs to the second.
  let held = 0;
  await page.route('**/api/v1/catalogue/plan', async (route) => {
    if (held++ === 0) await new Promise((done) => setTimeout(done, 1500));
    await route.continue().catch(() => undefined);
  });
  const called = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/catalogue/plan'));
  await page.locator('#accepted').fill('2024-02-05');
  await expect.poll(() => held).toBe(1);
  await page.locator('#accepted').fill('2025-09-30');
  await called;
  await expect(page.locator('[data-total="promised"]')).toContainText('2025-12-15');
});

test('it is printed on a few sheets with the answers in words', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto(editor);
  await settled(page);
  await expect(page.locator('[data-total="promised"]')).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.cat-paper')).toContainText('2024-09-27');
  await expect(page.locator('#add-matter')).toBeHidden();
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)!.length).toBeLessThanOrEqual(3);
});

test('the calendar tells each exception with its notice and counts a limit out', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/registers/units');
  await page.getByRole('link', { name: '工作日历' }).click();
  await settled(page);
  await page.goto('/calendar?year=2024&accepted=2024-09-27&days=3');
  await settled(page);
  await expect(page.locator('[data-year="2024"] .month')).toHaveCount(12);
  // The demo's ledger counts in Australian dollars: the plain week, without the holidays of another country.
  await expect(page.locator('[data-due]')).toHaveAttribute('data-due', '2024-10-02');
  await expect(page.locator('[data-counted="3"]')).toContainText('2024-10-02');
  await page.locator('#deadline-unit').selectOption('calendar_days');
  await expect(page.locator('[data-due]')).toHaveAttribute('data-due', '2024-09-30');
  await page.locator('#deadline-days').fill('1');
  // Saturday: the end moves to Monday.
  await expect(page.locator('[data-due]')).toContainText('顺延');
  await page.locator('[data-later]').click();
  await expect(page.locator('[data-year="2025"]')).toBeVisible();
});

for (const [theme, language] of [['light', 'zh-CN'], ['dark', 'en']] as const) {
  test(`axe finds nothing, and a phone of 360 px shows it all: ${theme}, ${language}`, async ({ page }) => {
    test.setTimeout(120_000);
    await signIn(page, 'office', { theme, language });
    const found: string[] = [];
    for (const width of [1366, 360]) {
      await page.setViewportSize({ width, height: 800 });
      for (const path of ['/catalogue', '/catalogue/matters/p3-04', editor, circle, '/catalogue/packages/no-such', '/calendar?year=2024']) {
        await page.goto(path);
        await settled(page);
        if (path === editor) {
          await expect(page.locator('[data-total="promised"]')).toBeVisible();
          await page.locator('[data-what-if="p3-04"] summary').click();
          await page.locator('.cat-take summary').click();
          await page.locator('#add-matter').fill(language === 'en' ? 'permit' : '许可');
          await expect(page.locator('[data-found]')).toBeVisible();
        }
        if (path === circle) await expect(page.locator('[data-finding="approval.cycle"]')).toBeVisible();
        // What the head that stays half covers has its size all the same.
        await page.evaluate(() => scrollTo(0, 0));
        found.push(...(await violations(page)).map((v) => `${width} ${path}: ${v}`));
        expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} ${path}`).toBeLessThanOrEqual(width);
        if (path === editor) {
          await page.locator('[data-twin]').click();
          found.push(...(await violations(page)).map((v) => `${width} ${path} as table: ${v}`));
          expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} ${path} as table`).toBeLessThanOrEqual(width);
        }
      }
    }
    expect(found).toEqual([]);
  });
}
