// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from '@playwright/test';
import { withoutWindows } from './browser';

export default defineConfig({
  testDir: '.',
  outputDir: process.env.LANDFALL_E2E_RESULTS ?? '../test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // The tests of one file tell one story over one ledger.
  workers: 1,
  retries: 0,
  reporter: [['line'], ['json', { outputFile: process.env.LANDFALL_E2E_REPORT ?? '../test-results/report.json' }]],
  use: {
    baseURL: process.env.LANDFALL_URL,
    viewport: { width: 1440, height: 900 },
    // A trace of every test, kept of those that fail, made the whole suite a third slower; this asks for it.
    trace: process.env.LANDFALL_E2E_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: withoutWindows,
  },
});
