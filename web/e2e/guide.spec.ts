// SPDX-License-Identifier: Apache-2.0
// The public guide, by somebody without an account: from the list to the plan of a case and the page of one matter.
import { expect, settled, test, violations } from './support';

const answered = JSON.stringify({ company_exists: false, employs: false, needs_invoices: true, needs_seals: true });

test('a visitor answers the questions of a package and sees what is to be done by when', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: /办事指南/ }).click();
  await settled(page);
  await page.locator('[data-package="company_start"]').click();
  await settled(page);
  await page.locator('#accepted').fill('2024-09-30');
  await expect(page.getByText('回答标 ● 的问题后')).toBeVisible();
  const answer = (name: string, word: string) => page.locator(`fieldset:has(input[name="fact-${name}"])`).getByLabel(word, { exact: true }).check();
  await answer('company_exists', '否');
  await answer('employs', '否');
  await answer('needs_invoices', '是');
  await expect(page.locator('[data-totals]')).toHaveCount(0);
  await answer('needs_seals', '是');

  // National Day lies between: registered on 8 October, the seal on the 9th, the account two working days later.
  await expect(page.locator('[data-totals]')).toContainText('2024-10-11');
  await expect(page.locator('[data-step="e-01"]')).toContainText('关键');
  // The plan stands in the address and can be sent on; nobody is asked to sign in for it.
  expect(new URL(page.url()).searchParams.get('facts')).toBe(answered);
  await page.reload();
  await expect(page.locator('[data-totals]')).toContainText('2024-10-11');

  await page.locator('[data-step="e-01"] a').click();
  await expect(page.locator('h1')).toContainText('企业设立登记');
  for (const heading of ['受理条件', '材料', '时限与收费', '流程', '窗口', '常见问题']) await expect(page.getByRole('heading', { name: heading })).toBeVisible();
});

test('one matter fits on one sheet of A4', async ({ page }) => {
  await page.goto('/guide/matters/p3-04');
  await settled(page);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test('the guide passes axe, on a phone too, and finds a matter by a word', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const pages = ['/guide', `/guide/packages/company_start?accepted=2024-09-30&facts=${encodeURIComponent(answered)}`, '/guide/matters/e-01'];
  for (const theme of ['light', 'dark']) {
    await page.addInitScript((t) => localStorage.setItem('landfall.theme', t), theme);
    for (const path of pages) {
      await page.goto(path);
      await settled(page);
      expect(await violations(page), `${theme} ${path}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
    }
  }
  await page.goto('/guide');
  await page.getByPlaceholder('按名称、部门或编号查找').fill('施工许可');
  await expect(page.locator('.guide-list li')).toHaveCount(1);
  await page.getByPlaceholder('按名称、部门或编号查找').fill('没有这样的事项');
  await expect(page.getByText('没有找到')).toBeVisible();
});

test('on a phone every target of the guide is one that a finger hits, and nothing is cut', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const language of ['zh-CN', 'en']) {
    await page.addInitScript((l) => localStorage.setItem('landfall.language', l), language);
    for (const path of ['/guide', `/guide/packages/company_start?accepted=2024-09-30&facts=${encodeURIComponent(answered)}`, '/guide/packages/industrial_filing', '/guide/matters/p1-01']) {
      await page.goto(path);
      await settled(page);
      const found = await page.evaluate(() => {
        const problems = [];
        // A choice is hit by its label.
        for (const one of document.querySelectorAll('a, button, input:not([type=radio]):not([type=checkbox]), select, summary, label.choice')) {
          const { height, right } = one.getBoundingClientRect();
          if (height > 0 && (height < 40 || right > innerWidth)) problems.push(one.outerHTML.slice(0, 120));
        }
        if (document.documentElement.scrollWidth > innerWidth) problems.push('wider than the screen');
        return problems;
      });
      expect(found, `${language} ${path}`).toEqual([]);
    }
  }
});

test('an unknown matter or package is said so', async ({ page }) => {
  await page.goto('/guide/matters/no-such');
  await expect(page.getByText('没有这一事项')).toBeVisible();
  await page.goto('/guide/packages/no-such');
  await expect(page.getByText('没有找到')).toBeVisible();
});
