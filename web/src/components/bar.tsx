// SPDX-License-Identifier: Apache-2.0
import type { Light, LightCounts } from '@/api/types';
import { lightOrder } from './light';

/** Parts of a whole side by side; the numbers stand beside it in words. */
export function Bar({ parts }: { parts: [string, number][] }) {
  const whole = parts.reduce((sum, [, n]) => sum + n, 0);
  return (
    <span className="bar" aria-hidden="true">
      {parts.map(([name, n]) => n > 0 && <i key={name} className={name} style={{ width: `${(n / whole) * 100}%` }} />)}
    </span>
  );
}

export function lightParts(counts: LightCounts): [Light, number][] {
  return lightOrder.map((light) => [light, counts[light]]);
}
