// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { LedgerList } from '@/api/types';

/** The ledgers that are served here. */
export function useLedgers({ enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({ queryKey: ['/api/v1/ledgers'], queryFn: ({ signal }) => get<LedgerList>('/api/v1/ledgers', undefined, signal), staleTime: 300_000, enabled });
}
