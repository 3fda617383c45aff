// SPDX-License-Identifier: Apache-2.0
// Fails when the first load or any page weighs more than UI guide §3 allows. Sizes are gzip -9, everything a page loads
// counted once: the shell, the page, the sheets it can open, and the words of one language.
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const shellLimit = 180 * 1024;
const pageLimit = 360 * 1024;
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));
const size = (file) => gzipSync(readFileSync(dist + file), { level: 9 }).length;

function files(key, seen = new Set()) {
  const chunk = manifest[key];
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const imported of chunk.imports ?? []) files(imported, seen);
  return seen;
}
const weigh = (set) => [...set].reduce((sum, file) => sum + size(file), 0);

const keys = Object.keys(manifest);
const entry = 'index.html';
const always = files(entry);
for (const key of ['src/i18n/zh.ts', 'src/i18n/antd-zh.ts']) files(key, always);
const shell = weigh(always);
const kb = (n) => `${(n / 1024).toFixed(1)} KB`;
let failed = shell > shellLimit;
console.log(`shell ${kb(shell)} of ${kb(shellLimit)}${failed ? '  TOO HEAVY' : ''}`);
for (const key of keys.filter((k) => /^src\/pages\/[^/]+\/index\.tsx$/.test(k))) {
  const all = new Set(always);
  files(key, all);
  for (const sheet of ['src/i18n/zh-pages.ts', 'src/form/command-sheet.tsx', 'src/pages/ledger/entry-sheet.tsx']) files(sheet, all);
  if (/^src\/pages\/(agents|borders|calendar|case|catalogue|claims|progress|start)/.test(key)) files('src/i18n/zh-apart.ts', all);
  if (/^src\/pages\/(help|mechanisms)\//.test(key)) files('src/i18n/zh-help.ts', all);
  const weight = weigh(all);
  const heavy = weight > pageLimit;
  failed ||= heavy;
  console.log(`${key.slice(10, -10).padEnd(12)} ${kb(weight)} of ${kb(pageLimit)}${heavy ? '  TOO HEAVY' : ''}`);
}
rmSync(`${dist}.vite`, { recursive: true });
process.exit(failed ? 1 : 0);
