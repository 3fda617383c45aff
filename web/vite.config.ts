// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Where the API stands while developing: a served demo ledger, or mock/server.mjs.
const api = process.env.LANDFALL_URL ?? 'http://127.0.0.1:4170';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // An inlined asset would be a data: URL, which the content policy refuses for everything but images.
    assetsInlineLimit: 0,
    manifest: true,
    // verify.html stands alone: who checks a record needs no account.
    rolldownOptions: { input: ['index.html', 'verify.html'] },
  },
  server: { proxy: { '/api': { target: api, changeOrigin: false } } },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
