// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from 'react';

const query = '(width < 760px)';

/** On a phone: cards stand where a desk has a table. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}
