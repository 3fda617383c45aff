// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { perMu, showHundredths } from './commitments';

describe('numbers of a promise', () => {
  it('shows hundredths without needless digits', () => {
    expect([14000, 14050, 14055, 5].map(showHundredths)).toEqual(['140', '140.5', '140.55', '0.05']);
  });
  it('gives investment for each mu, exactly, and nothing where one is missing', () => {
    expect(perMu({ investment_minor: '50000000000', land_mu_hundredths: 14000 })).toBe('357142857');
    expect(perMu({ investment_minor: '1', land_mu_hundredths: 0 })).toBeUndefined();
    expect(perMu({ land_mu_hundredths: 100 })).toBeUndefined();
  });
});
