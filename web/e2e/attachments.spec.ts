// SPDX-License-Identifier: Apache-2.0
// Files: uploaded in parts over a line that breaks, refused for what they are, and looked at on the project's page.
import type { Page } from '@playwright/test';
import { withWindows } from './browser';
import { closeSheet, expect, fillDay, recorded, settled, sheet, signIn, test, today, violations } from './support';

// One test looks at what the viewer of PDFs shows.
test.use({ launchOptions: withWindows });

const firstProject = async (page: Page): Promise<string> =>
  ((await (await page.request.get('/api/v1/projects?limit=9')).json()) as { rows: { id: string }[] }).rows[8]!.id;

/** Opens the form that puts a paper into the project's file. */
async function paperForm(page: Page, project: string) {
  await page.goto(`/projects/${project}?act=project.record_ground&with=${encodeURIComponent(JSON.stringify({ project, ground: 'land_grant' }))}`);
  await settled(page);
  await fillDay(sheet(page), '发生日期', await today(page));
  return sheet(page).locator('input[type=file]');
}

test('a large file goes on after a lost connection and becomes part of the project', async ({ page }) => {
  await signIn(page, 'office');
  const project = await firstProject(page);
  const text = Buffer.alloc(3_300_000, 'an invented line of a long list\n');
  const parts: string[] = [];
  let cut = 1;
  await page.route('**/api/v1/uploads/*?offset=*', async (route) => {
    parts.push(new URL(route.request().url()).searchParams.get('offset')!);
    if (parts.length === 2 && cut-- > 0) await route.abort('connectionreset');
    else await route.continue();
  });
  const input = await paperForm(page, project);
  await input.setInputFiles({ name: 'list.txt', mimeType: 'text/plain', buffer: text });
  await expect(sheet(page).getByRole('button', { name: '移除' })).toBeVisible();
  expect(parts).toEqual(['0', '1048576', '1048576', '2097152', '3145728']);

  await sheet(page).locator('button[type=submit]').click();
  await recorded(page);
  await closeSheet(page);
  await page.goto(`/projects/${project}`);
  await settled(page);
  const card = page.locator('.files');
  await expect(card.locator('[data-file]')).toHaveCount(1);
  await expect(card).toContainText('3.1 MB');
  await card.locator('[data-file]').click();
  await expect(sheet(page).locator('.file-table tr')).toHaveCount(50);
  await expect(sheet(page).locator('[data-facts]')).toContainText('sha256:');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: 'test-results/file-sheet.png' });
  const download = page.waitForEvent('download');
  await sheet(page).locator('[data-download]').click();
  expect((await download).suggestedFilename()).toMatch(/^[0-9a-f]{64}/);
});

test('an upload can be cancelled, and a web page in disguise is refused with its reason', async ({ page }) => {
  await signIn(page, 'office');
  const input = await paperForm(page, await firstProject(page));
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route('**/api/v1/uploads/*?offset=1048576', async (route) => {
    await held;
    await route.abort();
  });
  const gone = page.waitForRequest((r) => r.method() === 'DELETE' && r.url().includes('/api/v1/uploads/'));
  await input.setInputFiles({ name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.alloc(2_500_000, 'line\n') });
  await expect(sheet(page).getByRole('progressbar')).toHaveAttribute('value', /^0\.4/);
  await sheet(page).getByRole('button', { name: '取消上传' }).click();
  await expect(sheet(page)).toContainText('已取消上传');
  await gone;
  release();

  await input.setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<!doctype html><script>alert(1)</script>') });
  await expect(sheet(page)).toContainText('不接收网页');
});

/** A PDF of one page with a word on it; `inside` stands in its catalogue. */
function pdf(inside = ''): Buffer {
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${inside} >>`, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    '<< /Length 45 >>\nstream\nBT /F1 24 Tf 40 100 Td (An invented page) Tj ET\nendstream', '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let out = '%PDF-1.4\n';
  const at = objects.map((object, i) => {
    const begin = out.length;
    out += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return begin;
  });
  const table = out.length;
  return Buffer.from(`${out}xref\n0 6\n0000000000 65535 f \n${at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
}

test('a PDF opens in the browser’s own viewer; one with a script does not', async ({ page }) => {
  await signIn(page, 'office');
  const project = ((await (await page.request.get('/api/v1/projects?limit=11')).json()) as { rows: { id: string }[] }).rows[10]!.id;
  for (const [name, bytes] of [['plain.pdf', pdf()], ['script.pdf', pdf('/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>')]] as const) {
    const input = await paperForm(page, project);
    await input.setInputFiles({ name, mimeType: 'application/pdf', buffer: bytes });
    await expect(sheet(page).getByRole('button', { name: '移除' })).toBeVisible();
    await sheet(page).locator('button[type=submit]').click();
    await recorded(page);
    await closeSheet(page);
  }
  await page.goto(`/projects/${project}`);
  await settled(page);
  const files = page.locator('.files [data-file]');
  await expect(files).toHaveCount(2);
  // Newest first.
  await files.first().click();
  await expect(sheet(page).locator('[data-not-shown]')).toContainText('不在此显示');
  await expect(sheet(page).locator('iframe')).toHaveCount(0);
  await closeSheet(page);

  const answered = page.waitForResponse((r) => /\/api\/v1\/blobs\/[^/]+\/view/.test(r.url()));
  await files.nth(1).click();
  // Asked for again without a viewer, which shows the browser only what it heeds of the policy.
  const headers = (await page.request.get((await answered).url())).headers();
  expect(headers['content-type']).toBe('application/pdf');
  expect(headers['content-disposition']).toMatch(/^inline;/);
  expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'");
  await expect(sheet(page).locator('iframe[data-pages]')).toBeVisible();
  // Chromium's viewer has taken the document over.
  await expect.poll(() => page.frames().some((f) => f.url().startsWith('chrome-extension:'))).toBe(true);
  await expect(sheet(page).locator('[data-download]')).toBeVisible();
  await page.screenshot({ path: 'test-results/file-pdf.png' });
  expect(await violations(page)).toEqual([]);
});

test('on a phone the files of a project stand in the page', async ({ page }) => {
  await signIn(page, 'office', { theme: 'dark' });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`/projects/${await firstProject(page)}`);
  await settled(page);
  await page.locator('.files').scrollIntoViewIfNeeded();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await violations(page)).toEqual([]);
  await page.locator('.files').screenshot({ path: 'test-results/files-phone.png' });
});
