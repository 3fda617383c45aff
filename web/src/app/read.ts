// SPDX-License-Identifier: Apache-2.0
// Every read goes through these two: the state of reading is added, the old answer stays while a new one is fetched.
import { keepPreviousData, useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/react-query';
import { ApiError, get, type Query } from '@/api/client';
import { useReading } from './reading';

const retry = (failures: number, error: Error) => failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500);

export function useRead<T>(path: string, query?: Query, options: { enabled?: boolean; timeless?: boolean; keep?: boolean } = {}) {
  const reading = useReading();
  const full = options.timeless ? { ...query } : { ...reading, ...query };
  return useQuery({
    queryKey: [path, full],
    queryFn: ({ signal }) => get<T>(path, full, signal),
    placeholderData: options.keep === false ? undefined : keepPreviousData,
    enabled: options.enabled,
    staleTime: options.timeless ? 300_000 : 15_000,
    retry,
  });
}

export function useReadPages<T extends { next_cursor?: string }>(path: string, query: Query, pageSize = 200) {
  const reading = useReading();
  const full = { ...reading, ...query, limit: pageSize };
  return useInfiniteQuery({
    queryKey: [path, full, 'pages'],
    queryFn: ({ signal, pageParam }) => get<T>(path, { ...full, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
    retry,
  });
}

/** After a commit everything that was read may have changed; what never changes (labels, commands) is kept. */
export function forgetFacts(client: QueryClient): void {
  void client.invalidateQueries({ predicate: (q) => !['/api/v1/commands', '/api/v1/session', '/api/v1/ledgers'].includes(String(q.queryKey[0])) && !String(q.queryKey[0]).startsWith('/api/v1/labels/') });
}
