// SPDX-License-Identifier: Apache-2.0
// Every read goes through these two: the state of reading is added, the old answer stays while a new one is fetched.
import { keepPreviousData, useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { ApiError, ask, get, type Query } from '@/api/client';
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

/** A question with a body. A newer one calls the older off, and the old answer stays until the new one is there. */
export function useAsk<T>(path: string, body: unknown, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: [path, body],
    queryFn: ({ signal }) => ask<T>(path, body, signal),
    placeholderData: keepPreviousData,
    enabled: options.enabled,
    staleTime: 300_000,
    retry,
  });
}

/**
 * A list that is fetched page by page as it is scrolled: `rows` so far, and `more`, which asks for the next page unless it is
 * on its way. `pageSize` undefined: the path answers with everything at once.
 */
export function useReadPages<T extends { next_cursor?: string }, Row>(
  path: string,
  query: Query,
  rowsOf: (page: T) => Row[],
  pageSize: number | undefined,
  reads: Reads = 'facts',
) {
  const full = useAsked({ ...query, limit: pageSize }, reads);
  const list = useInfiniteQuery({
    queryKey: [path, full, 'pages'],
    queryFn: ({ signal, pageParam }) => get<T>(path, { ...full, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
    retry,
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  // `rowsOf` is a plain accessor: a new one each render says nothing new.
  const rows = useMemo(() => data?.pages.flatMap(rowsOf) ?? [], [data]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { list, first: data?.pages[0], rows, more };
}

/** After a commit everything that was read may have changed; what never changes (labels, commands) is kept. */
export function forgetFacts(client: QueryClient): void {
  const kept = /^\/api\/v1\/(commands|session|ledgers|labels\/.*|catalogue\/.*)$/;
  void client.invalidateQueries({ predicate: (q) => !kept.test(String(q.queryKey[0])) });
}
