// SPDX-License-Identifier: Apache-2.0
// Runs the end-to-end tests: `node web/e2e/run.mjs BINARY` makes a demo ledger in a temporary folder, serves it, runs
// Playwright and takes everything down again. With LANDFALL_URL and LANDFALL_ACCOUNTS set it tests what is served there.
// Further arguments go to Playwright. The last line is "N passed, N failed, N skipped".
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('..', import.meta.url));
const demo = join(web, '../catalog/demo/melbourne');
const passOn = process.argv.slice(2);

async function serveDemo(binary, folder) {
  const ledger = join(folder, 'ledger');
  const list = join(folder, 'accounts.json');
  const run = (...args) => execFileSync(binary, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  run('init', ledger, '--jurisdiction', 'AU-MW', '--name', 'Melbourne Water (CC0)', '--currency', 'AUD', '--utc-offset', '+10:00');
  run('import', ledger, 'projects', join(demo, 'register.csv'), '--mapping', join(demo, 'mapping.json'));
  run('demo-accounts', ledger, '--out', list);
  const accounts = Object.fromEntries(JSON.parse(readFileSync(list, 'utf8')).map((account) => [account.login, account]));
  const server = spawn(binary, ['serve', ledger, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const port = await new Promise((found, failed) => {
    let said = '';
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (data) => {
        said += data;
        const match = /127\.0\.0\.1:(\d+)/.exec(said);
        if (match) found(match[1]);
      });
    server.on('exit', () => failed(new Error(`the server did not start: ${said}`)));
  });
  return { server, env: { LANDFALL_BINARY: binary, LANDFALL_URL: `http://127.0.0.1:${port}`, LANDFALL_ACCOUNTS: JSON.stringify(accounts) } };
}

let served;
let folder;
let status = 1;
try {
  if (!process.env.LANDFALL_URL) {
    const binary = passOn.shift();
    if (!binary) throw new Error('usage: node web/e2e/run.mjs BINARY [PLAYWRIGHT ARGUMENT…]');
    folder = mkdtempSync(join(tmpdir(), 'landfall-e2e-'));
    served = await serveDemo(resolve(binary), folder);
  }
  const report = join(web, 'test-results/report.json');
  rmSync(report, { force: true });
  const ran = spawnSync(process.execPath, [join(web, 'node_modules/@playwright/test/cli.js'), 'test', '-c', 'e2e/playwright.config.ts', ...passOn], {
    cwd: web,
    stdio: 'inherit',
    env: { ...process.env, ...served?.env },
  });
  const { expected, unexpected, flaky, skipped } = JSON.parse(readFileSync(report, 'utf8')).stats;
  status = ran.status ?? 1;
  console.log(`${expected} passed, ${unexpected + flaky} failed, ${skipped} skipped`);
} finally {
  if (served) {
    const gone = new Promise((done) => served.server.on('exit', done));
    served.server.kill('SIGTERM');
    await gone;
  }
  if (folder) rmSync(folder, { recursive: true });
}
process.exit(status);
