// SPDX-License-Identifier: Apache-2.0
// At which day and record the page on the screen stands; the shell shows it.
import { useEffect, useSyncExternalStore } from 'react';
import type { Standing } from '@/api/types';

let shown: Standing | null = null;
const listeners = new Set<() => void>();

export function useShowStanding(standing: Standing | undefined): void {
  useEffect(() => {
    if (!standing) return;
    shown = standing;
    for (const tell of listeners) tell();
  }, [standing]);
}
export function useStanding(): Standing | null {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => shown,
  );
}
