// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext } from 'react';
import type { Session } from '@/api/types';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession outside of a session');
  return session;
}
/** An enterprise's own account: applies and follows its own cases, and sees nothing of the work of offices. */
export function isApplicant(session: Session): boolean {
  return session.roles.includes('enterprise');
}
/** Holds the permission, for the whole jurisdiction or for its own unit. */
export function holds(session: Session, permission: string): boolean {
  return session.permissions.some((p) => p === permission || p === `${permission}:own`);
}
