// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { ApiError, carrySession, get, remove } from '@/api/client';
import { pageAddress } from '@/api/ledger-address';
import type { Session } from '@/api/types';
import { useLedgers } from './ledgers';
import { SessionContext } from './session-context';
import { Failure, Loading } from '@/components/states';
import { WhichLedger } from './which-ledger';

export const sessionKey = ['/api/v1/session'];

export function SessionGate({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation();
  const session = useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => {
      try {
        const found = await get<Session>('/api/v1/session', undefined, signal);
        carrySession(found);
        return found;
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
    retry: false,
  });
  const short = pageAddress.ledger === undefined;
  const ledgers = useLedgers({ enabled: short });
  if (session.isPending || ledgers.isLoading) return <Loading />;
  if (session.error instanceof ApiError && session.error.code === 'ledger.unknown' && !short) return <WhichLedger path="/" gone />;
  const failed = session.error ?? ledgers.error;
  if (failed) return <Failure error={failed} retry={() => (void session.refetch(), void ledgers.refetch())} />;
  // A short address names no ledger: where there are several, whoever opens a record by it is asked, and never guessed for.
  if (short && session.data && ledgers.data && ledgers.data.rows.length > 1) return <WhichLedger path={pathname + search} last={session.data.jurisdiction} />;
  if (!session.data) return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  return <SessionContext.Provider value={session.data}>{children}</SessionContext.Provider>;
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await remove('/api/v1/session').catch(() => undefined);
    carrySession(null);
    client.removeQueries({ predicate: (q) => !String(q.queryKey[0]).startsWith('/api/v1/labels/') });
    client.setQueryData(sessionKey, null);
  };
}
