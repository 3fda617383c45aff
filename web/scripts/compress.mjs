// SPDX-License-Identifier: Apache-2.0
// Writes a .gz beside every compressible file of dist: the server sends these copies from memory and packs nothing itself.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
let files = 0;
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  // index.html differs in each answer (its nonce), and the manifest is read by the budget only.
  if (!/\.(js|css|svg|json|txt)$/.test(name) || name.startsWith('.vite')) continue;
  const path = join(dist, name);
  const plain = readFileSync(path);
  const packed = gzipSync(plain, { level: 9 });
  rmSync(`${path}.gz`, { force: true });
  if (packed.length < plain.length) {
    writeFileSync(`${path}.gz`, packed);
    ++files;
  }
}
console.log(`${files} files compressed`);
