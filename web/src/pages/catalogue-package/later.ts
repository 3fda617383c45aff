// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';

/** The value as it was when it had stood still for a moment: nobody is asked at each key. */
export function useLater<T>(value: T, ms: number): T {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return later;
}
