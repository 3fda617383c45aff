// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { ApiError, carrySession, get, remove } from '@/api/client';
import type { Session } from '@/api/types';
import { SessionContext } from './session-context';
import { Failure, Loading } from '@/components/states';

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
  if (session.isPending) return <Loading />;
  if (session.isError) return <Failure error={session.error} retry={() => void session.refetch()} />;
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
