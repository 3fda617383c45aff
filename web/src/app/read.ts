// SPDX-License-Identifier: Apache-2.0
// Every read goes through these two: the state of reading is added, the old answer stays while a new one is fetched.
import { keepPreviousData, useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/react-query';
import { ApiError, get, type Query } from '@/api/client';
import { useReading } from './reading';

const retry = (failures: number, error: Error) => failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500);

/** What a path can be asked about: facts have both days, records only what was known, the rest is as of now. */
export type Reads = 'facts' | 'records' | 'now';

function useAsked(query: Query | undefined, reads: Reads): Query {
  const { as_of, known_at } = useReading();
  return { ...(reads === 'facts' ? { as_of } : {}), ...(reads === 'now' ? {} : { known_at }), ...query };
}

export function useRead<T>(path: string, query?: Query, options: { enabled?: boolean; reads?: Reads; timeless?: boolean; keep?: boolean } = {}) {
  const full = useAsked(query, options.timeless ? 'now' : (options.reads ?? 'facts'));
  return useQuery({
    queryKey: [path, full],
    queryFn: ({ signal }) => get<T>(path, full, signal),
    placeholderData: options.keep === false ? undefined : keepPreviousData,
    enabled: options.enabled,
    staleTime: options.timeless ? 300_000 : 15_000,
    retry,
  });
}

/** `pageSize` undefined: the path answers with everything at once. */
export function useReadPages<T extends { next_cursor?: string }>(path: string, query: Query, pageSize: number | undefined, reads: Reads = 'facts') {
  const full = useAsked({ ...query, limit: pageSize }, reads);
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
