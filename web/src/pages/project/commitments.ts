// SPDX-License-Identifier: Apache-2.0
// Numbers of a promise as people write them.
import type { Commitment } from '@/api/types';

/** 14050 → "140.5": hundredths of a 亩 or of a per cent. */
export function showHundredths(hundredths: number): string {
  const whole = Math.trunc(hundredths / 100);
  const part = String(hundredths % 100).padStart(2, '0').replace(/0+$/, '');
  return part ? `${whole}.${part}` : String(whole);
}

/** Promised investment for each 亩, in whole minor units; undefined where one of the two is not promised. */
export function perMu(c: Pick<Commitment, 'investment_minor' | 'land_mu_hundredths'>): string | undefined {
  if (c.investment_minor === undefined || !c.land_mu_hundredths) return undefined;
  return ((BigInt(c.investment_minor) * 100n) / BigInt(c.land_mu_hundredths)).toString();
}
