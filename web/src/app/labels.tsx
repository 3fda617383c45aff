// SPDX-License-Identifier: Apache-2.0
// Words of the domain, as the server gives them. A key without a word shows itself rather than nothing.
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, get } from '@/api/client';
import type { Labels } from '@/api/types';
import { language } from '@/i18n';

const none: Labels = { commands: {}, fields: {}, milestones: {}, enums: {}, errors: {}, events: {}, permissions: {}, roles: {}, ladders: {}, finding: {} };

/** "Kind.problem" → Kind → {problem}: an enum in a schema has no name, so it is known by its values. */
function enumNames(labels: Labels): Map<string, Set<string>> {
  const out = new Map<string, Set<string>>();
  for (const key of Object.keys(labels.enums)) {
    const [name, value] = key.split('.') as [string, string];
    out.set(name, (out.get(name) ?? new Set()).add(value));
  }
  return out;
}

export function makeLabels(labels: Labels) {
  const enums = enumNames(labels);
  const enumFor = (values: string[]) => {
    // The narrowest that has them all: a list may show one more than a form can choose.
    let best: string | undefined;
    for (const [name, known] of enums) if (values.every((v) => known.has(v)) && (best === undefined || known.size < enums.get(best)!.size)) best = name;
    return best;
  };
  return {
    command: (name: string) => labels.commands[name] ?? name,
    /** A field may mean something else in one command: "project.receive_funds.kind". */
    field: (name: string, of?: string) => labels.fields[`${of}.${name}`] ?? labels.fields[name] ?? name,
    milestone: (key: string) => labels.milestones[key] ?? key,
    ladder: (key: string) => labels.ladders[key] ?? key,
    event: (type: string) => labels.events[type] ?? type,
    permission: (name: string) => labels.permissions[name] ?? name,
    role: (name: string) => labels.roles[name] ?? name,
    finding: (key: string) => labels.finding[key] ?? key,
    value: (type: string, value: string) => labels.enums[`${type}.${value}`] ?? value,
    valueAmong: (values: string[], value: string) => labels.enums[`${enumFor(values)}.${value}`] ?? value,
    error: (code: string) => labels.errors[code],
  };
}
export type LabelsApi = ReturnType<typeof makeLabels>;

const Context = createContext<LabelsApi>(makeLabels(none));
export const useLabels = () => useContext(Context);

export function LabelsProvider({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const lng = i18n.language === 'en' ? 'en' : language();
  const path = `/api/v1/labels/${lng}`;
  const labels = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<Labels>(path, undefined, signal), staleTime: Infinity });
  const api = useMemo(() => makeLabels(labels.data ?? none), [labels.data]);
  // Words are waited for shortly; a page without them would show bare keys. If they cannot be had, the keys must do.
  if (labels.isPending) return null;
  return <Context.Provider value={api}>{children}</Context.Provider>;
}

/** What to tell a person about a failure. */
export function useProblemText(): (error: unknown) => string {
  const labels = useLabels();
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return t('state.unknown_error');
    if (error.code === 'web.unreachable') return t('state.unreachable');
    if (error.code === 'web.unreadable_answer') return t('state.unreadable_answer');
    return labels.error(error.code) ?? error.title;
  };
}
