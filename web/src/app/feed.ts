// SPDX-License-Identifier: Apache-2.0
// New records anywhere make what is shown out of date: read again, at most once a second.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { chosenLedger, queryString } from '@/api/client';
import type { FeedEvent } from '@/api/types';
import { forgetFacts } from './read';
import { useReading } from './reading';
import { setUnread } from './unread';

export function useFeed(): void {
  const client = useQueryClient();
  const { known_at } = useReading();
  useEffect(() => {
    if (known_at) return; // What was known then cannot change.
    const source = new EventSource(`/api/v1/feed${queryString({ ledger: chosenLedger() || undefined })}`);
    let waiting: ReturnType<typeof setTimeout> | undefined;
    source.addEventListener('committed', (event: MessageEvent<string>) => {
      setUnread((JSON.parse(event.data) as FeedEvent).unread);
      waiting ??= setTimeout(() => {
        waiting = undefined;
        forgetFacts(client);
      }, 1000);
    });
    return () => {
      clearTimeout(waiting);
      source.close();
    };
  }, [client, known_at]);
}
