// SPDX-License-Identifier: Apache-2.0
// Which state of the facts is read. It stands in the URL (as_of, known_at), so that a shared link shows the same.
import type { ComponentProps } from 'react';
import { useMemo } from 'react';
import { Link, NavLink, useLocation, useSearchParams } from 'react-router';
import { queryString, type Query } from '@/api/client';
import { holds, useSession } from './session-context';

export interface Reading {
  as_of?: string;
  known_at?: string;
}

export function useReading(): Reading {
  const [params] = useSearchParams();
  const as_of = params.get('as_of') ?? undefined;
  const known_at = params.get('known_at') ?? undefined;
  return useMemo(() => ({ as_of, known_at }), [as_of, known_at]);
}

/** A path that keeps the state of reading and takes `query` along. */
export function useCarry(): (path: string, query?: Query) => string {
  const reading = useReading();
  return useMemo(() => (path, query) => path + queryString({ ...query, ...reading }), [reading]);
}

/** This page with some search parameters changed; undefined takes one away. */
export function useHere(): (change: Query) => string {
  const { pathname, search } = useLocation();
  return useMemo(
    () => (change) => {
      const now = Object.fromEntries(new URLSearchParams(search));
      return pathname + queryString({ ...now, ...change });
    },
    [pathname, search],
  );
}

type ToProps = Omit<ComponentProps<typeof Link>, 'to'> & { to: string; query?: Query };

export function To({ to, query, ...rest }: ToProps) {
  return <Link to={useCarry()(to, query)} {...rest} />;
}
export function NavTo({ to, ...rest }: Omit<ComponentProps<typeof NavLink>, 'to'> & { to: string }) {
  return <NavLink to={useCarry()(to)} {...rest} />;
}

/** Opens a record beside the page it was asked from. */
export function RecordLink({ seq }: { seq: number }) {
  const here = useHere();
  if (!holds(useSession(), 'ledger.read')) return <span className="nowrap">#{seq}</span>;
  return (
    <Link to={here({ act: undefined, with: undefined, entry: seq })} className="record">
      #{seq}
    </Link>
  );
}

/** Opens the form of a command beside the page; `fields` are filled in. */
export function useActLink(): (command: string, fields?: Record<string, unknown>) => string {
  const here = useHere();
  return (command, fields = {}) => {
    const given = Object.entries(fields).filter(([, v]) => v !== undefined);
    return here({ act: command, with: JSON.stringify(Object.fromEntries(given)) });
  };
}
