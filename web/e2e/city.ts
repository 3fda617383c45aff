// SPDX-License-Identifier: Apache-2.0
// A ledger of its own, as that of the invented city, served for one file of tests beside the ledger that the others share.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test as base } from './support';

const binary = process.env.LANDFALL_BINARY ?? '';
export const canServe = binary !== '';
const maker = join(dirname(binary), 'landfall-city');
export const canMakeCity = existsSync(maker);

/** Asks whatever is served when the test begins, not what was served when the runner started. */
export const test = base.extend({ baseURL: async ({}, use) => use(process.env.LANDFALL_URL) });

export const serveCity = (projects: number) => serveLedger((ledger, list) => execFileSync(maker, [ledger, '--projects', String(projects), '--out', list], { stdio: 'ignore' }));

/** An empty ledger that counts in renminbi, and so by the national calendar; on request with the built-in matters. */
export const serveEmpty = (matters = false) =>
  serveLedger((ledger, list) => {
    execFileSync(binary, ['init', ledger, '--jurisdiction', '990203', '--name', '示例三市', '--ladders', 'industrial'], { stdio: 'ignore' });
    if (matters) execFileSync(binary, ['import', ledger, 'matters'], { stdio: 'ignore' });
    execFileSync(binary, ['demo-accounts', ledger, '--out', list], { stdio: 'ignore' });
  });

/** Serves the ledger that `make` makes, and lets the tests speak to it; what it gives ends it. */
async function serveLedger(make: (ledger: string, accounts: string) => void): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'landfall-city-'));
  const ledger = join(folder, 'city');
  const list = join(folder, 'accounts.json');
  make(ledger, list);
  const server = spawn(binary, ['serve', ledger, '--listen', '127.0.0.1:0']);
  const { LANDFALL_URL, LANDFALL_ACCOUNTS } = process.env;
  process.env.LANDFALL_URL = await new Promise<string>((found, failed) => {
    let said = '';
    server.stdout!.on('data', (data) => {
      said += String(data);
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (match) found(match[0]);
    });
    server.on('exit', () => failed(new Error('the server did not start')));
  });
  const accounts = JSON.parse(readFileSync(list, 'utf8')) as { login: string }[];
  process.env.LANDFALL_ACCOUNTS = JSON.stringify(Object.fromEntries(accounts.map((a) => [a.login, a])));
  return async () => {
    Object.assign(process.env, { LANDFALL_URL, LANDFALL_ACCOUNTS });
    const gone = new Promise((done) => server.on('exit', done));
    server.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true });
  };
}
