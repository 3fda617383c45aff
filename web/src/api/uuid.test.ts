// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { newKey } from './uuid';

it('makes keys of version 7 that sort by time and never repeat', () => {
  const early = newKey(1_700_000_000_000);
  expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(early.replace('-', '').slice(0, 12), 16)).toBe(1_700_000_000_000);
  expect(early < newKey(1_700_000_000_001)).toBe(true);
  expect(new Set(Array.from({ length: 1000 }, () => newKey())).size).toBe(1000);
});
