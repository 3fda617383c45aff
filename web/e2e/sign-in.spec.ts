// SPDX-License-Identifier: Apache-2.0
import { expect, settled, signInByForm, test } from './support';

test('a wrong password is refused in words and the focus goes to them', async ({ page }) => {
  await page.goto('/projects?light=red');
  await expect(page).toHaveURL(/sign-in\?next=/);
  await page.locator('#login').fill('nobody');
  await page.locator('#password').fill('not the password');
  await page.getByRole('button', { name: '登录' }).click();
  const problem = page.getByRole('alert');
  await expect(problem).toBeFocused();
  await expect(problem).not.toContainText('session.');
});

test('signing in leads to the overview, signing out back', async ({ page }) => {
  await signInByForm(page, 'office');
  await settled(page);
  await expect(page.getByText('在库项目')).toBeVisible();
  await page.goto('/me');
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page).toHaveURL(/sign-in/);
  await page.goto('/projects');
  await expect(page).toHaveURL(/sign-in/);
});

test('an account sees only the menus of its role', async ({ page }) => {
  await signInByForm(page, 'auditor');
  const menu = page.getByRole('navigation', { name: '主菜单' });
  await expect(menu.getByRole('link', { name: '账本' })).toBeVisible();
  await expect(menu.getByRole('link', { name: '项目' })).toHaveCount(0);
  await page.goto('/registers/audit');
  await settled(page);
  await expect(page.getByRole('row').nth(1)).toBeVisible();
});

test('the language can be changed and stays', async ({ page }) => {
  await signInByForm(page, 'office');
  await page.getByRole('button', { name: 'EN', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Projects', exact: true })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});
