// SPDX-License-Identifier: Apache-2.0
// 办件: 企业开办 through the browser by those who do it. The window tells at once of everything that lacks, takes in and
// accepts; departments act side by side, one stands still by law and goes on, one sends back, one asks another unit; the
// head approves a longer time that another asked for; it is delivered and rated. Refusals are told in words.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { choose, closeSheet, command, expect, plusDays, recorded, settled, sheet, signIn, test, today, violations, type Account } from './support';

test.describe.configure({ mode: 'serial', timeout: 240_000 });

type Who = 'window' | 'police' | 'tax' | 'fire' | 'chief';
const team = {} as Record<Who, Account>;
let day: string;
let accepted: string;
let queryCode: string;

const step = (page: Page, n: number): Locator => page.locator(`[data-step="${n}"]`);
const limit = (days: number) => ({ days, unit: 'work_days' });

/** An account of a unit with a role, as the two offices make it. */
async function hire(page: Page, login: Who, unit: string, role: string): Promise<void> {
  const password = randomBytes(12).toString('base64url');
  await signIn(page, 'sysadmin');
  const account = await command(page, 'account.create', { login: `case-${login}`, display: `${login}（示例）`, unit });
  const { csrf } = (await (await page.request.get('/api/v1/session')).json()) as { csrf: string };
  const set = await page.request.post(`/api/v1/accounts/${account}/password`, { data: { password }, headers: { 'X-CSRF-Token': csrf } });
  expect(set.status(), await set.text()).toBe(204);
  await signIn(page, 'secadmin');
  await command(page, 'account.grant_role', { account, role });
  team[login] = { login: `case-${login}`, password };
}

async function open(page: Page, who: Who, path = `/cases/${accepted}`): Promise<void> {
  await signIn(page, team[who]);
  await page.goto(path);
  await settled(page);
}

/** Opens the form of an act on a step, fills it in and sends it. */
async function act(page: Page, n: number, name: string, fill?: (form: Locator) => Promise<void>): Promise<void> {
  await step(page, n).locator(`[data-act-of="${name}"]`).click();
  await fill?.(sheet(page));
  await sheet(page).locator('button[type=submit]').click();
}
async function done(page: Page): Promise<void> {
  await recorded(page);
  await closeSheet(page);
  await settled(page);
}

test('the offices define what 企业开办 is made of', async ({ page }) => {
  await signIn(page, 'office');
  day = await today(page);
  const unit = async (code: string, name: string) => command(page, 'unit.create', { code: `case-${code}`, name });
  const window = await unit('window', '示例政务服务中心');
  const police = await unit('police', '示例公安分局');
  const tax = await unit('tax', '示例税务局');
  const fire = await unit('fire', '示例消防救援大队');
  const define = (matter: string, zh: string, owner_unit: string, more: Record<string, unknown>) =>
    command(page, 'matter.define', { matter, version: 1, from: plusDays(day, -30), zh, owner_unit, kind: 'registration', level: 'district', discretion: true, statutory: limit(20), promised: limit(1), papers: [], makes: [], ...more });
  await define('e-01', '企业设立登记', window, {
    discretion: false, makes: ['licence'], made_valid: [{ paper: 'licence', valid_days: 365 }], law: '示例条例 第一条',
    papers: [{ paper: 'form', zh: '设立登记申请书' }, { paper: 'address', zh: '住所使用证明', valid_days: 365 }, { paper: 'articles', zh: '公司章程' }],
  });
  await define('e-02', '公章刻制备案', police, { kind: 'filing', papers: [{ paper: 'licence', zh: '营业执照' }], makes: ['seal'] });
  await define('e-03', '税务信息确认', tax, { papers: [{ paper: 'licence', zh: '营业执照' }, { paper: 'bank', zh: '银行账户承诺书', may_promise: true }], makes: ['tax-record'] });
  await define('e-04', '消防安全检查', fire, { kind: 'licence', promised: limit(10), papers: [{ paper: 'licence', zh: '营业执照' }, { paper: 'plan', zh: '场所平面布置图', may_follow: true }] });
  await define('e-05', '开业确认', police, { papers: [{ paper: 'seal', zh: '印章' }, { paper: 'tax-record', zh: '税务登记信息' }] });
  await command(page, 'package.define', { package: 'company_start', version: 1, from: plusDays(day, -30), zh: '企业开办', owner_unit: window, matters: ['e-01', 'e-02', 'e-03', 'e-04', 'e-05'], promised: limit(15) });
  await hire(page, 'window', window, 'unit_officer');
  await hire(page, 'police', police, 'unit_officer');
  await hire(page, 'tax', tax, 'unit_officer');
  await hire(page, 'fire', fire, 'unit_officer');
  await hire(page, 'chief', fire, 'unit_head');
});

test('the desk tells once of everything that lacks, and accepts when it is there', async ({ page }) => {
  await open(page, 'window', '/cases');
  await expect(page.getByText('没有在办的办件')).toBeVisible();
  await page.locator('[data-new-case]').click();
  await settled(page);
  await page.locator('[data-package="company_start"] input').check();
  await expect(page.locator('[data-matter]')).toHaveCount(5);
  // What is made on the way is asked of nobody, but of those who leave its maker out.
  await expect(page.locator('[data-paper]')).toHaveCount(5);
  await page.locator('[data-matter="e-01"] input').uncheck();
  await expect(page.locator('[data-paper="licence"]')).toBeVisible();
  await page.locator('[data-matter="e-01"] input').check();
  await expect(page.locator('[data-strip]')).toHaveCount(5);

  const told = (paper: string, word: string) => page.locator(`[data-paper="${paper}"]`).getByLabel(word, { exact: true });
  await told('form', '已交').check();
  await told('address', '已交').check();
  await expect(page.getByText('请填写日期：住所使用证明')).toBeVisible();
  await expect(page.locator('[data-send="notify"]')).toBeDisabled();
  await page.locator('[data-paper="address"] input[type=date]').fill(plusDays(day, 200));
  await told('bank', '告知承诺').check();
  await expect(page.locator('[data-lacking="2"]')).toBeVisible();
  await expect(page.locator('.case-notice li')).toHaveText(['公司章程', '场所平面布置图']);
  await page.screenshot({ path: 'test-results/case-desk.png', fullPage: true });
  expect(await violations(page)).toEqual([]);
  await page.locator('[data-send="notify"]').click();
  accepted = (await page.locator('[data-done]').getAttribute('data-done'))!;
  await expect(page.locator('[data-done]')).toContainText('已一次告知');

  // The notice names both papers, on one sheet.
  await page.getByRole('link', { name: '打印一次告知书' }).click();
  await settled(page);
  await expect(page.locator('[data-lacking]')).toHaveCount(2);
  expect((await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.getByRole('link', { name: '返回办件' }).click();
  await settled(page);
  await expect(page.locator('[data-clock="office"]')).toContainText('尚未受理');
  await expect(page.locator('[data-act-of="case.notify"]')).toHaveCount(0);

  await page.locator('[data-act-of="case.supply"]').click();
  const form = sheet(page);
  await form.locator('[data-paper="articles"]').getByLabel('已交').check();
  await form.locator('[data-paper="plan"]').getByLabel('容缺后补').check();
  await form.locator('[data-paper="plan"] input[type=date]').fill(plusDays(day, 20));
  await form.getByRole('button', { name: '补交材料' }).click();
  await done(page);
  await page.locator('[data-act-of="case.accept"]').click();
  await sheet(page).locator('button[type=submit]').click();
  await done(page);
  await expect(page.locator('[data-clock="office"]')).toContainText('限 15 个工作日');
  await expect(page.locator('[data-case-paper="plan"]')).toContainText('容缺');
  // Without discretion and with all papers in hand, it is approved by rule.
  await act(page, 1, 'step.approve_by_rule');
  await done(page);
  await expect(step(page, 1)).toContainText('按规则准予');
  await expect(step(page, 1).locator('[data-outcomes]')).toContainText(`营业执照 (有效期至 ${plusDays(day, 365)})`);
  // What other units decide is not offered here.
  await expect(step(page, 2).locator('[data-act-of]')).toHaveCount(0);
  await page.getByRole('link', { name: '受理单' }).click();
  await settled(page);
  await expect(page.locator('h1')).toHaveText('受理单');
  queryCode = (await page.locator('[data-query-code]').textContent())!;
  await expect(page.getByRole('img', { name: '查办件进度的二维码' })).toBeVisible();
  await page.screenshot({ path: 'test-results/case-receipt.png', fullPage: true });
});

test('departments act side by side; who has to wait is told so', async ({ page }) => {
  await open(page, 'police', '/cases/inbox');
  await expect(page.locator('[data-task]')).toHaveCount(1);
  await page.locator('[data-task] [data-act-of="step.receive"]').click();
  await sheet(page).locator('button[type=submit]').click();
  await done(page);
  await page.locator('[data-row-link]').click();
  await settled(page);
  await expect(step(page, 5)).toContainText('等第 2、3 环节');
  await act(page, 2, 'step.countersign', async (form) => {
    await form.getByRole('combobox', { name: '会签单位' }).fill('示例税务局');
    await form.locator('.ant-select-item-option', { hasText: '示例税务局' }).click();
    await form.getByRole('heading', { level: 2 }).click();
  });
  await done(page);
  // Who may agree is chosen by name: those who decide on steps, and nobody else.
  await act(page, 2, 'step.add_reviewer', async (form) => {
    const box = form.getByRole('combobox', { name: '加签人' });
    await box.fill('sysadmin');
    await expect(form.getByText('没有找到')).toBeVisible();
    await box.fill('tax');
    await form.locator('.ant-select-item-option', { hasText: 'tax（示例） · 示例税务局' }).click();
    await form.getByRole('heading', { level: 2 }).click();
  });
  await done(page);
  await expect(step(page, 2)).toContainText('tax（示例）');
  // Nobody decides before those who were asked have agreed; the reason stands in the form.
  await act(page, 2, 'step.approve');
  await expect(sheet(page).getByRole('alert').first()).toContainText('同意');
  await closeSheet(page);

  await open(page, 'tax');
  await act(page, 2, 'step.agree');
  await done(page);
  await expect(step(page, 2)).toContainText('已同意');
  await act(page, 3, 'step.receive');
  await done(page);
  await act(page, 3, 'step.send_back', (form) => form.getByLabel('说明').fill('信息表缺页，请窗口补正'));
  await done(page);
  await expect(step(page, 3)).toContainText('退回 1 次');

  await open(page, 'fire');
  await act(page, 4, 'step.receive');
  await done(page);
  await act(page, 4, 'step.suspend', async (form) => {
    await choose(page, form, '原因', '公示');
    await form.getByLabel('天数').fill('5');
  });
  await done(page);
  await expect(step(page, 4)).toContainText('公示');
  await expect(step(page, 4)).toContainText('未核实');
  await expect(page.locator('[data-strip="e-04"]')).toHaveClass(/still/);
  await page.screenshot({ path: 'test-results/case-light.png', fullPage: true });
  expect(await violations(page)).toEqual([]);
  // The applicant sees what stands still, since when and why.
  await page.goto(`/progress/${accepted}#${queryCode}`);
  await expect(step(page, 4)).toContainText('计时中止');
  await expect(step(page, 4)).toContainText(`公示 ${day} 起`);
  await open(page, 'fire');
  await act(page, 4, 'step.resume');
  await done(page);
  await act(page, 4, 'step.extend', async (form) => {
    await form.getByLabel('天数').fill('10');
    await form.getByLabel('说明').fill('现场情况复杂');
  });
  await done(page);
  await expect(step(page, 4)).toContainText('待负责人批准');

  // The head rejects with a reason; who asked sees both and asks again.
  await open(page, 'chief');
  await act(page, 4, 'step.reject_extension', (form) => form.getByLabel('驳回理由').fill('请先写明现场还要查什么'));
  await done(page);
  await open(page, 'fire');
  await expect(step(page, 4).locator('[data-extension-rejected]')).toContainText('驳回延长 10 天');
  await expect(page.locator('#records')).toContainText('请先写明现场还要查什么');
  await act(page, 4, 'step.extend', async (form) => {
    await form.getByLabel('天数').fill('10');
    await form.getByLabel('说明').fill('现场情况复杂，须再查两处');
  });
  await done(page);

  await open(page, 'chief');
  await act(page, 4, 'step.approve_extension');
  await done(page);
  await expect(step(page, 4)).toContainText('已延长 10 天');
  await expect(step(page, 4)).toContainText('限 20 个工作日');
});

test('the applicant follows it on a phone, with the code of the receipt and no account', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/sign-in');
  await page.getByRole('link', { name: '办件进度' }).click();
  await settled(page);
  await expect(page.getByText('印在受理单上')).toBeVisible();
  await page.getByLabel('办件号').fill(accepted);
  await page.getByLabel('查询码').fill('00000-00000');
  await page.getByRole('button', { name: '查询' }).click();
  await expect(page.getByRole('alert')).toContainText('办件号或查询码不对');
  await expect(page.getByRole('alert')).toBeFocused();
  await expect(page.locator('[data-step]')).toHaveCount(0);

  // As people type it; and the code goes into no address.
  await page.getByLabel('查询码').fill(queryCode.replace('-', '').toLowerCase());
  const [asked] = await Promise.all([page.waitForRequest(/\/api\/v1\/progress/), page.keyboard.press('Enter')]);
  expect(new URL(asked.url()).search + new URL(page.url()).search + new URL(page.url()).hash).toBe('');
  await expect(page.locator('[data-step]')).toHaveCount(5);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(step(page, 1)).toContainText('准予');
  await expect(step(page, 1)).toContainText(`营业执照 (有效期至 ${plusDays(day, 365)})`);
  await expect(step(page, 4)).toContainText('示例消防救援大队');
  await expect(step(page, 5)).toContainText('等第 2、3 环节');
  await expect(page.locator('[data-paper="later"]')).toContainText(`场所平面布置图 容缺 · 最迟 ${plusDays(day, 20)} 补交`);
  await expect(page.locator('[data-clock="office"]')).toContainText('限 15 个工作日');
  for (const word of ['（示例）', '现场情况复杂', '信息表缺页']) await expect(page.locator('main')).not.toContainText(word);

  // The receipt's link brings both.
  for (const [theme, language] of [['light', 'zh-CN'], ['dark', 'en']]) {
    await page.addInitScript(([t, l]) => (localStorage.setItem('landfall.theme', t!), localStorage.setItem('landfall.language', l!)), [theme, language]);
    await page.goto('/guide');
    await page.goto(`/progress/${accepted}#${queryCode}`);
    await expect(page.locator('[data-step]')).toHaveCount(5);
    expect(await violations(page), theme).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), theme).toBeLessThanOrEqual(390);
    await page.screenshot({ path: `test-results/progress-${theme}.png`, fullPage: true });
  }
});

test('it ends with all decided, delivered and rated', async ({ page }) => {
  await open(page, 'police');
  await act(page, 2, 'step.approve');
  await done(page);
  await open(page, 'tax');
  await act(page, 3, 'step.receive');
  await done(page);
  await act(page, 3, 'step.approve');
  await done(page);
  await open(page, 'fire');
  // A paper that was to follow is not in: the step that needs it cannot be approved.
  await act(page, 4, 'step.approve');
  await expect(sheet(page).getByRole('alert').first()).toContainText('材料');
  await closeSheet(page);
  await open(page, 'window');
  await page.locator('[data-act-of="case.supply"]').click();
  await sheet(page).locator('[data-paper="plan"]').getByLabel('已交').check();
  await sheet(page).getByRole('button', { name: '补交材料' }).click();
  await done(page);
  await open(page, 'fire');
  await act(page, 4, 'step.approve');
  await done(page);
  await open(page, 'police');
  await act(page, 5, 'step.receive');
  await done(page);
  await act(page, 5, 'step.approve');
  await done(page);
  await expect(step(page, 5)).toContainText('准予');

  await open(page, 'window');
  await page.locator('[data-act-of="case.deliver"]').click();
  await expect(page.locator('[data-document]')).toHaveCount(0);
  await choose(page, sheet(page), '送达方式', '电子');
  await sheet(page).locator('button[type=submit]').click();
  await done(page);
  await page.locator('[data-act-of="case.rate"]').click();
  await sheet(page).getByLabel('评分').fill('5');
  await sheet(page).locator('button[type=submit]').click();
  await done(page);
  await expect(page.getByText('评价 5 星')).toBeVisible();
  await expect(page.getByText(/\d 电子送达/)).toBeVisible();

  // The clerk takes the sealed paper along; whoever holds it checks it without an account, from its bytes alone.
  const [paper] = await Promise.all([page.waitForEvent('download'), page.locator('[data-document]').click()]);
  expect(paper.suggestedFilename()).toBe(`${accepted}.pdf`);
  await paper.saveAs('test-results/case-delivered.pdf');
  const pdf = await readFile(await paper.path());
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  await signIn(page, 'office');
  const { verifier_key: vkey } = (await (await page.request.get('/api/v1/entries/1/proof')).json()) as { verifier_key: string };
  // Where its code leads, whoever has an account is given the proof; without one the paper itself is enough.
  const seq = /entry-(\d+)\.tlog-proof/.exec(pdf.toString('latin1'))![1]!;
  await page.goto(`/verify.html?ledger=${/\/(.*?)\+/.exec(vkey)![1]!}&seq=${seq}`);
  await page.locator('.served button').click();
  await expect(page.locator('input.mono')).toHaveValue(vkey);
  await page.context().clearCookies();
  await page.goto(`/progress/${accepted}#${queryCode}`);
  await expect(page.locator('main')).toContainText(`${day} 电子送达`);
  await page.goto('/verify.html');
  await page.locator('input[type=file]').setInputFiles({ name: `${accepted}.pdf`, mimeType: 'application/pdf', buffer: pdf });
  await page.locator('input.mono').fill(vkey);
  await page.locator('button[type=submit]').click();
  await expect(page.locator('[data-check=root]')).toHaveAttribute('data-outcome', 'holds');
  await expect(page.locator('[data-standing]')).toContainText('"how":"electronic"');

  // Whoever may read the ledger finds every record with its proof.
  await signIn(page, 'office');
  await page.goto(`/cases/${accepted}`);
  await settled(page);
  await page.locator('#records a.record').first().click();
  await expect(sheet(page).locator('[data-proof="verified"]')).toBeVisible();
});

test('the window\'s health says of each number what it is', async ({ page }) => {
  await signIn(page, 'office');
  await page.goto('/cases/health');
  await settled(page);
  await expect(page.getByRole('row', { name: /示例消防救援大队/ })).toContainText('延长 1');
  await expect(page.locator('#definitions')).toContainText('窗口一次通过率');
  await page.screenshot({ path: 'test-results/case-health.png', fullPage: true });
  expect(await violations(page)).toEqual([]);
});

test('the pages stay accessible in English and in the dark, and fit a phone', async ({ page }) => {
  // One more that is open: taken in, without anything else.
  await open(page, 'window', '/cases/new');
  await page.locator('[data-package="company_start"] input').check();
  await page.locator('[data-send="only"]').click();
  const second = await page.locator('[data-done]').getAttribute('data-done');
  const paths = ['/cases?open=all', '/cases/new', `/cases/${accepted}`, `/cases/${second}`, '/cases/inbox', '/cases/health', `/cases/${second}/receipt`, `/cases/${second}/notice`];
  await signIn(page, team.window, { theme: 'dark', language: 'en' });
  for (const path of paths) {
    await page.goto(path);
    await settled(page);
    expect(await violations(page), path).toEqual([]);
    await page.screenshot({ path: `test-results/case-dark-${paths.indexOf(path)}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of paths) {
    await page.goto(path);
    await settled(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), path).toBeLessThanOrEqual(0);
    expect(await violations(page), `phone ${path}`).toEqual([]);
    await page.screenshot({ path: `test-results/case-phone-${paths.indexOf(path)}.png`, fullPage: true });
  }
  await signIn(page, 'sysadmin');
  await page.goto('/cases');
  await expect(page.getByRole('alert')).toContainText('你的角色看不到这一页');
});
