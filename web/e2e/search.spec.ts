// SPDX-License-Identifier: Apache-2.0
// Finding things from anywhere: keys, groups, what it leads to, and how it looks to a phone and to a screen reader.
import type { Page } from '@playwright/test';
import { expect, settled, signIn, test, violations } from './support';

interface Project { id: string; code: string; title: string; owner_unit: { id: string; name: string } }

const box = (page: Page) => page.getByRole('combobox', { name: '搜索' });
const found = (page: Page) => page.locator('dialog.find [data-found]');
/** One of the register, of the unit that has most: other tests make projects without a code and units with few. */
const anyProject = async (page: Page): Promise<Project> => {
  const board = (await (await page.request.get('/api/v1/board')).json()) as { units: { id: string; projects: number }[] };
  const [unit] = board.units.sort((x, y) => y.projects - x.projects);
  const { rows } = (await (await page.request.get(`/api/v1/projects?limit=50&sort=-investment&unit=${unit!.id}`)).json()) as { rows: Project[] };
  return rows.find((row) => row.code)!;
};

test('a slash opens the search, arrows and Enter lead to the project, Escape gives the focus back', async ({ page }) => {
  await signIn(page, 'office');
  const project = await anyProject(page);
  await page.goto('/projects');
  await settled(page);
  await page.locator('[data-row-link]').first().focus();
  await page.keyboard.press('/');
  await expect(box(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog[open]')).toHaveCount(0);
  await expect(page.locator('[data-row-link]').first()).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type(project.code);
  await expect(found(page)).toHaveAttribute('data-found', /^[1-9]/);
  const first = page.getByRole('option').first();
  await expect(first).toContainText(project.title);
  await expect(first).toHaveAttribute('aria-selected', 'true');
  await expect(box(page)).toHaveAttribute('aria-activedescendant', (await first.getAttribute('id'))!);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/projects/${project.id}$`));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(project.title);
});

test('results are grouped; the rest of a group is one step away; a unit leads to its projects', async ({ page }) => {
  await signIn(page, 'office');
  const { owner_unit: unit } = await anyProject(page);
  await page.goto('/');
  await page.locator('[data-find]').click();
  await box(page).fill(unit.name.slice(0, 6));
  const units = page.locator('[data-group="unit"]');
  await expect(units.getByRole('option').first()).toBeVisible();
  await expect(found(page)).toHaveAttribute('data-found', /^[1-9]/);
  const projects = page.locator('[data-group="project"]');
  await expect(projects.getByText('显示更多…')).toBeVisible();
  await projects.getByText('显示更多…').click();
  await expect(page.locator('[role="group"][data-group]')).toHaveCount(1);
  await expect.poll(async () => Number(await found(page).getAttribute('data-found'))).toBeGreaterThan(5);

  await box(page).fill(unit.name);
  await units.getByRole('option').first().click();
  await expect(page).toHaveURL(new RegExp(`/projects\\?unit=${unit.id}`));
});

test('what is not there is said, and single keys that are off do not open it', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/');
  await settled(page);
  await page.evaluate(() => localStorage.setItem('landfall.shortcuts', 'off'));
  await page.keyboard.press('/');
  await expect(page.locator('dialog[open]')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await box(page).fill('齉齾龘');
  await expect(found(page)).toHaveAttribute('data-found', '0');
  await expect(page.locator('dialog.find')).toContainText('没有找到“齉齾龘”');
});

test('on a phone it fills the screen, and axe finds nothing in either look', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const look of [{}, { theme: 'dark', language: 'en' }] as const) {
    await signIn(page, 'office', look);
    await page.goto('/');
    await settled(page);
    await page.locator('[data-find]').click();
    await page.getByRole('combobox').last().fill('water');
    await expect(found(page)).toHaveAttribute('data-found', /^[1-9]/);
    const size = await page.locator('dialog.find').boundingBox();
    expect(size).toMatchObject({ x: 0, width: 360 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `test-results/find-${'theme' in look ? 'dark' : 'light'}.png` });
    await page.keyboard.press('Escape');
    await page.context().clearCookies();
  }
});
