// SPDX-License-Identifier: Apache-2.0
// The pictures of the README, taken from a served demo ledger: LANDFALL_URL and LANDFALL_ACCOUNTS as for the browser tests.
import { createRequire } from 'node:module';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const { chromium } = createRequire(join(root, 'web/package.json'))('@playwright/test');
const { office } = JSON.parse(process.env.LANDFALL_ACCOUNTS);
const out = join(root, 'docs/screenshots');
const most = 200 * 1024;

// name, path, theme, language
const pictures = [
  ['board', '/', 'light', 'zh-CN'],
  ['projects', '/projects?sort=-investment', 'light', 'zh-CN'],
  ['project', '', 'light', 'zh-CN'],
  ['obligations', '/obligations', 'light', 'zh-CN'],
  ['figures', '/figures?from=2015-01-01&to=2024-12-31', 'light', 'zh-CN'],
  ['board-dark-en', '/', 'dark', 'en'],
];

/** A PNG of 8-bit RGB or RGBA, decoded to rows of pixels (RFC 2083 §6). */
function decode(png) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = png[25] === 6 ? 4 : 3;
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (stride + 1)];
    for (let i = 0; i < stride; ++i) {
      const left = i >= channels ? pixels[y * stride + i - channels] : 0;
      const up = y > 0 ? pixels[(y - 1) * stride + i] : 0;
      const corner = i >= channels && y > 0 ? pixels[(y - 1) * stride + i - channels] : 0;
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      pixels[y * stride + i] = raw[y * (stride + 1) + 1 + i] + [0, left, up, (left + up) >> 1, paeth][filter];
    }
  }
  return { width, height, channels, pixels };
}

/** The same picture in 256 colours: a screen needs few, and the file shrinks to a third. */
function withPalette(png) {
  const { width, height, channels, pixels } = decode(png);
  const counts = new Map();
  const colours = new Uint32Array(width * height);
  for (let i = 0; i < colours.length; ++i) {
    const at = i * channels;
    colours[i] = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    counts.set(colours[i], (counts.get(colours[i]) ?? 0) + 1);
  }
  // Each next colour is the one that would be shown most wrongly so far, so that a small mark keeps its own.
  const known = [...counts];
  const least = new Float64Array(known.length).fill(Infinity);
  const closest = new Uint8Array(known.length);
  const palette = [];
  for (let next = known.indexOf(known.reduce((a, b) => (b[1] > a[1] ? b : a))); palette.length < 256 && next >= 0; ) {
    const chosen = known[next][0];
    let worst = 0;
    next = -1;
    known.forEach(([colour, count], i) => {
      const distance = ((chosen >> 16) - (colour >> 16)) ** 2 + (((chosen >> 8) & 255) - ((colour >> 8) & 255)) ** 2 + ((chosen & 255) - (colour & 255)) ** 2;
      if (distance < least[i]) [least[i], closest[i]] = [distance, palette.length];
      if (least[i] * count > worst) [worst, next] = [least[i] * count, i];
    });
    palette.push(chosen);
  }
  const index = new Map(known.map(([colour], i) => [colour, closest[i]]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let i = 0; i < colours.length; ++i) rows[i + Math.floor(i / width) + 1] = index.get(colours[i]);
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const header = Buffer.from(png.subarray(16, 29));
  header[9] = 3; // Colour type: palette.
  const plte = Buffer.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  return Buffer.concat([png.subarray(0, 8), chunk('IHDR', header), chunk('PLTE', plte), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'],
});
const page = await browser.newPage({ baseURL: process.env.LANDFALL_URL, viewport: { width: 1440, height: 900 } });
await page.goto('/sign-in');
await page.locator('#login').fill(office.login);
await page.locator('#password').fill(office.password);
await page.locator('form button[type=submit]').click();
await page.getByRole('navigation').first().waitFor();
// The project page of the picture is one that has something late, something reached and something ahead.
const late = await (await page.request.get('/api/v1/projects?light=red&sort=-investment&limit=1')).json();
pictures.find(([name]) => name === 'project')[1] = `/projects/${late.rows[0]?.id ?? 'p1'}`;
let heavy = false;
for (const [name, path, theme, language] of pictures) {
  await page.evaluate(([t, l]) => {
    localStorage.setItem('landfall.theme', t);
    localStorage.setItem('landfall.language', l);
  }, [theme, language]);
  await page.goto(path);
  await page.locator('main h1').waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], .refreshing') === null);
  const picture = withPalette(await page.screenshot());
  const size = picture.length;
  writeFileSync(join(out, `${name}.png`), picture);
  heavy ||= size > most;
  console.log(`${name}.png ${(size / 1024).toFixed(0)} KB${size > most ? ', more than 200 KB' : ''}`);
}
await browser.close();
process.exit(heavy ? 1 : 0);
