// SPDX-License-Identifier: Apache-2.0
// 工业项目（备案类）: from the filing to the construction permit, on the built-in matters, through the browser by five roles: the
// project office, the window, the officers of eight departments, a head who grants a longer time, and a supervisor who looks at it all.
import { randomBytes } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { canServe, serveEmpty, test } from './city';
import { choose, closeSheet, command, expect, recorded, settled, sheet, signIn, type Account } from './support';

test.describe.configure({ mode: 'serial', timeout: 240_000 });
test.skip(!canServe, 'needs LANDFALL_BINARY, which run.mjs gives when it serves the demo itself');

// What the guide's questions find for land at auction, an environmental report form, much energy and much land.
const applies = ['p1-01', 'l-02', 'p1-04', 'p1-05', 'x-02', 'x-04', 'x-05', 'p2-01', 'p2-02', 'p3-01', 'p3-03', 'p3-04'];
const passedOver = ['e-01', 'p1-02', 'p1-03', 'x-01', 'x-03', 'p3-02'];

let end: (() => Promise<void>) | undefined;
test.beforeAll(async () => {
  end = await serveEmpty(true);
});
test.afterAll(async () => end?.());

const team: Record<string, Account> = {};
const unitOf: Record<string, string> = {};
let id: string;

const step = (page: Page, n: number): Locator => page.locator(`[data-step="${n}"]`);
const at = (matter: string) => applies.indexOf(matter) + 1;

async function hire(page: Page, login: string, unit: string, role: string): Promise<void> {
  const password = randomBytes(12).toString('base64url');
  await signIn(page, 'sysadmin');
  const account = await command(page, 'account.create', { login, display: `${login}（示例）`, unit });
  const { csrf } = (await (await page.request.get('/api/v1/session')).json()) as { csrf: string };
  const set = await page.request.post(`/api/v1/accounts/${account}/password`, { data: { password }, headers: { 'X-CSRF-Token': csrf } });
  expect(set.status(), await set.text()).toBe(204);
  await signIn(page, 'secadmin');
  await command(page, 'account.grant_role', { account, role });
  team[login] = { login, password };
}

async function open(page: Page, who: string, path = `/cases/${id}`): Promise<void> {
  await signIn(page, team[who]!);
  await page.goto(path);
  await settled(page);
}
async function act(page: Page, n: number, name: string, fill?: (form: Locator) => Promise<void>): Promise<void> {
  await step(page, n).locator(`[data-act-of="${name}"]`).click();
  await fill?.(sheet(page));
  await sheet(page).locator('button[type=submit]').click();
  await recorded(page);
  await closeSheet(page);
  await settled(page);
}
/** The officer of a department receives and approves what is theirs, as the page offers it. */
async function decide(page: Page, department: string, matters: string[]): Promise<void> {
  await open(page, department);
  for (const matter of matters) {
    await act(page, at(matter), 'step.receive');
    await act(page, at(matter), 'step.approve');
    await expect(step(page, at(matter))).toContainText('准予');
  }
}

test('the project office registers the project; every department has its officer', async ({ page }) => {
  await signIn(page, 'office');
  const { packages, matters } = (await (await page.request.get('/api/v1/matters-in-force')).json()) as {
    packages: { package: string; matters: string[]; owner_unit: { id: string } }[];
    matters: { matter: string; owner_unit: { id: string; name: string } }[];
  };
  const filing = packages.find((p) => p.package === 'industrial_filing')!;
  expect(filing.matters).toHaveLength(applies.length + passedOver.length);
  unitOf.window = filing.owner_unit.id;
  for (const m of matters) unitOf[m.matter] = m.owner_unit.id;
  await page.goto('/projects?act=project.register');
  await settled(page);
  await sheet(page).getByLabel('项目名称').fill('示例新材料项目');
  await sheet(page).getByRole('combobox', { name: '里程碑阶梯' }).click();
  await sheet(page).locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click();
  const owner = sheet(page).getByRole('combobox', { name: '牵头单位' });
  await owner.fill('政务服务');
  await sheet(page).locator('.ant-select-item-option', { hasText: '政务服务中心' }).first().click();
  await sheet(page).locator('button[type=submit]').click();
  await recorded(page);
  await closeSheet(page);
  const departments = [...new Set(applies.map((m) => unitOf[m]!))];
  await hire(page, 'window', unitOf.window, 'unit_officer');
  for (const unit of departments) await hire(page, `at-${unit}`, unit, 'unit_officer');
  await hire(page, 'eco-head', unitOf['x-02']!, 'unit_head');
});

test('the window takes the whole of it in at once', async ({ page }) => {
  await open(page, 'window', '/cases/new');
  await page.locator('[data-package="industrial_filing"] input').check();
  for (const matter of passedOver) await page.locator(`[data-matter="${matter}"] input`).uncheck();
  await expect(page.locator('[data-strip]')).toHaveCount(applies.length);
  await page.locator('#desk-project').fill('示例新材料');
  await page.locator('.ant-select-item-option', { hasText: '示例新材料项目' }).click();
  for (const row of await page.locator('[data-paper]').all()) {
    await row.getByLabel('已交', { exact: true }).check();
    const day = row.locator('input[type=date]');
    if ((await day.count()) > 0) await day.fill('2040-01-01');
  }
  await expect(page.locator('[data-lacking="0"]')).toBeVisible();
  await page.locator('[data-send="accept"]').click();
  id = (await page.locator('[data-done]').getAttribute('data-done'))!;
  await page.goto(`/cases/${id}`);
  await settled(page);
  await expect(page.locator('[data-clock="office"]')).toContainText('限 60 个工作日');
  await page.screenshot({ path: 'test-results/industrial-accepted.png', fullPage: true });
});

test('departments decide side by side, each when what it needs is made', async ({ page }) => {
  // The construction permit waits for everybody's result, and says for whose.
  await open(page, `at-${unitOf['p3-04']}`);
  await expect(step(page, at('p3-04')).locator('[data-act-of]')).toHaveCount(0);
  await expect(step(page, at('p3-04'))).toContainText('等第');

  await decide(page, `at-${unitOf['p1-01']}`, ['p1-01']);
  await decide(page, `at-${unitOf['x-04']}`, ['x-04']);
  await decide(page, `at-${unitOf['x-05']}`, ['x-05']);

  await open(page, `at-${unitOf['x-02']}`);
  await act(page, at('x-02'), 'step.receive');
  await act(page, at('x-02'), 'step.extend', async (form) => {
    await form.getByLabel('天数').fill('5');
    await form.getByLabel('说明').fill('现场情况复杂（示例）');
  });
  await open(page, 'eco-head');
  await act(page, at('x-02'), 'step.approve_extension');
  await expect(step(page, at('x-02'))).toContainText('已延长 5 天');
  await open(page, `at-${unitOf['x-02']}`);
  await act(page, at('x-02'), 'step.approve');

  await decide(page, `at-${unitOf['l-02']}`, ['l-02', 'p1-04']);
  await decide(page, `at-${unitOf['p1-05']}`, ['p1-05']);
  await decide(page, `at-${unitOf['p2-01']}`, ['p2-01', 'p2-02']);
  await page.screenshot({ path: 'test-results/industrial-half.png', fullPage: true });
  await decide(page, `at-${unitOf['p3-01']}`, ['p3-01', 'p3-03', 'p3-04']);
});

test('the permit is delivered, rated, and the whole is seen by who supervises', async ({ page }) => {
  await open(page, 'window');
  await page.locator('[data-act-of="case.deliver"]').click();
  await choose(page, sheet(page), '送达方式', '窗口');
  await sheet(page).locator('button[type=submit]').click();
  await recorded(page);
  await closeSheet(page);
  await page.locator('[data-act-of="case.rate"]').click();
  await sheet(page).getByLabel('评分').fill('5');
  await sheet(page).locator('button[type=submit]').click();
  await recorded(page);
  await closeSheet(page);
  await expect(page.getByText('评价 5 星')).toBeVisible();

  await signIn(page, 'supervisor');
  await page.goto('/cases/health');
  await settled(page);
  await expect(page.getByRole('row', { name: /生态环境/ })).toContainText('延长 1');
  await page.goto(`/cases/${id}`);
  await settled(page);
  // Every act of the five roles is a record, and the supervisor reads who did what.
  await expect(page.locator('#records tbody tr')).toHaveCount(2 + 2 * applies.length + 2 + 2);
  await page.screenshot({ path: 'test-results/industrial-done.png', fullPage: true });
});
