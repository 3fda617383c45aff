// SPDX-License-Identifier: Apache-2.0
// How many notifications the account has not read; the feed says so after each commit.
import { useSyncExternalStore } from 'react';

let unread = 0;
const listeners = new Set<() => void>();

export function setUnread(n: number): void {
  if (n === unread) return;
  unread = n;
  for (const tell of listeners) tell();
}
export function useUnread(): number {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => unread,
  );
}
