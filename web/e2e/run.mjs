// SPDX-License-Identifier: Apache-2.0
// Runs the end-to-end tests: `node web/e2e/run.mjs BINARY` makes a demo ledger in a temporary folder, serves it, runs
// Playwright and takes everything down again. With LANDFALL_URL and LANDFALL_ACCOUNTS set it tests what is served there.
// Further arguments go to Playwright; without any the files are shared out to two runs at once, each with a ledger of its
// own, where there are two cores. The last line is "N passed, N failed, N skipped".
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
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

/** How long a file takes, roughly: a second for each hundred bytes of steps, and the time that it asks for beyond what tests have. */
function weigh(file) {
  const text = readFileSync(join(web, file), 'utf8');
  return text.length / 100 + [...text.matchAll(/setTimeout\((\d+)_000\)/g)].reduce((all, asked) => all + Number(asked[1]), 0);
}

/** Files of tests in `n` parts, the longest first to whoever has least. */
function shareOut(n) {
  const parts = Array.from({ length: n }, () => ({ files: [], weight: 0 }));
  const files = readdirSync(join(web, 'e2e')).filter((f) => f.endsWith('.spec.ts')).map((f) => ({ file: `e2e/${f}`, weight: weigh(`e2e/${f}`) }));
  for (const { file, weight } of files.sort((a, b) => b.weight - a.weight || a.file.localeCompare(b.file))) {
    const least = parts.reduce((a, b) => (b.weight < a.weight ? b : a));
    least.files.push(file);
    least.weight += weight;
  }
  return parts.map((p) => p.files);
}

/** One run of Playwright over `files`, or over all; its counts. `name` tells its results from another's. */
async function run(binary, files, name) {
  const folder = mkdtempSync(join(tmpdir(), 'landfall-e2e-'));
  const served = binary ? await serveDemo(binary, folder) : undefined;
  const results = join(web, 'test-results', name);
  const report = join(folder, 'report.json');
  try {
    const ran = spawn(process.execPath, [join(web, 'node_modules/@playwright/test/cli.js'), 'test', '-c', 'e2e/playwright.config.ts', ...files], {
      cwd: web,
      stdio: 'inherit',
      env: { ...process.env, ...served?.env, LANDFALL_E2E_RESULTS: results, LANDFALL_E2E_REPORT: report },
    });
    const status = await new Promise((done) => ran.on('exit', (code) => done(code ?? 1)));
    return { ...JSON.parse(readFileSync(report, 'utf8')).stats, status };
  } finally {
    if (served) {
      const gone = new Promise((done) => served.server.on('exit', done));
      served.server.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true });
  }
}

let binary;
if (!process.env.LANDFALL_URL) {
  binary = passOn.shift();
  if (!binary) throw new Error('usage: node web/e2e/run.mjs BINARY [PLAYWRIGHT ARGUMENT…]');
  binary = resolve(binary);
}
const parts = binary && passOn.length === 0 && availableParallelism() > 1 ? shareOut(2) : [passOn];
const runs = await Promise.all(parts.map((files, i) => run(binary, files, parts.length > 1 ? `part-${i + 1}` : '')));
const sum = (of) => runs.reduce((all, one) => all + of(one), 0);
console.log(`${sum((r) => r.expected)} passed, ${sum((r) => r.unexpected + r.flaky)} failed, ${sum((r) => r.skipped)} skipped`);
process.exit(Math.max(...runs.map((r) => r.status)));
