// SPDX-License-Identifier: Apache-2.0
import { expect, settled, sheet, signIn, test } from './support';

test('a number opens its records, a record its content, and the content its proof', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/figures?from=2000-01-01&to=2040-12-31');
  await settled(page);
  const withRecords = page.locator('tbody tr').filter({ has: page.locator('td:nth-child(3)', { hasText: /[1-9]/ }) });
  const shown = (await withRecords.first().locator('td').nth(1).innerText()).trim();
  await withRecords.first().locator('[data-row-link]').click();
  await settled(page);
  await expect(page.locator('[data-figure-value]')).toHaveText(shown);
  await page.locator('[data-evidence] a').first().click();
  await expect(sheet(page).locator('[data-proof="verified"]')).toContainText('已验证');
  await expect(sheet(page)).toContainText('叶哈希');
  const link = page.url();
  expect(link).toMatch(/entry=\d+/);
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
  await page.goto(link);
  await expect(sheet(page).locator('[data-proof="verified"]')).toBeVisible();
});

test('the count shown is the number of records listed', async ({ page }) => {
  await signIn(page, 'statistician');
  await page.goto('/figures?from=2000-01-01&to=2040-12-31');
  await settled(page);
  const rows = page.locator('tbody tr');
  for (let i = 0; i < Math.min(3, await rows.count()); ++i) {
    const count = Number((await rows.nth(i).locator('td').nth(2).innerText()).replace(/,/g, ''));
    await rows.nth(i).locator('[data-row-link]').click();
    await settled(page);
    const box = page.locator('.table-box');
    if (count > 0) {
      await expect(async () => {
        await box.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        await expect(page.locator('tbody tr').last()).toBeVisible({ timeout: 500 });
        expect(await page.locator('tbody tr[data-index]').last().getAttribute('aria-rowindex')).toBe(String(count + 1));
      }).toPass();
    } else {
      await expect(page.getByText('本期没有记录')).toBeVisible();
    }
    await page.goBack();
    await settled(page);
  }
});

test('the ledger lists its records with proofs, and a tampered answer is not called verified', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/ledger');
  await settled(page);
  await page.locator('[data-evidence] a').nth(2).click();
  await expect(sheet(page).locator('[data-proof="verified"]')).toBeVisible();
  await page.route('**/proof', async (route) => {
    const answer = await route.fetch();
    const proof = (await answer.json()) as { leaf: string };
    await route.fulfill({ response: answer, json: { ...proof, leaf: `${proof.leaf} ` } });
  });
  await page.goto('/ledger?entry=1');
  await expect(sheet(page).locator('[data-proof="failed"]')).toContainText('验证未通过');
});
