// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { addressIn, readAddress } from './ledger-address';

it('reads the ledger from an address that names one', () => {
  expect(readAddress('/l/990201/projects/p1')).toEqual({ base: '/l/990201', ledger: '990201' });
  expect(readAddress('/l/990201')).toEqual({ base: '/l/990201', ledger: '990201' });
  expect(readAddress('/l/A%2FB/')).toEqual({ base: '/l/A%2FB', ledger: 'A/B' });
});
it('leaves short addresses alone', () => {
  for (const path of ['/', '/projects/p1', '/ledger', '/l/', '/l', '/projects/l/990201']) expect(readAddress(path)).toEqual({ base: '' });
});
it('does not stumble over what nobody could have made', () => {
  expect(readAddress('/l/%E0%A4%A/map')).toEqual({ base: '/l/%E0%A4%A', ledger: '%E0%A4%A' });
});
it('writes what it reads', () => {
  for (const code of ['990201', 'AU-MW', 'a/b?c#d', '100%']) expect(readAddress(addressIn(code, '/map')).ledger).toBe(code);
});
