// SPDX-License-Identifier: Apache-2.0
// Chromium as the tests start it. Without its windows it needs half the processor time; with them it also has what a page opens in
// Chromium's own parts, as its viewer of PDFs.
import { existsSync } from 'node:fs';

const whole = process.env.CHROMIUM ?? '/usr/bin/chromium';
const shell = '/usr/bin/chromium-headless-shell';
const start = (executablePath: string) => ({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'] });

export const withoutWindows = start(!process.env.CHROMIUM && existsSync(shell) ? shell : whole);
export const withWindows = start(whole);
