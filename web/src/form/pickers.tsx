// SPDX-License-Identifier: Apache-2.0
// Choosing a thing by its name instead of typing its number.
import { Input, Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  AccountList, CaseList, DutyList, EnterpriseList, FigureValue, LadderList, MattersInForce, ObligationList, PeerList, PersonList, PolicyView, PostList, ProjectList, ProjectPage, RegionList, ReviewerList,
  UnitList,
} from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead, type Reads } from '@/app/read';
import { language } from '@/i18n';

export interface Option {
  value: string;
  label: string;
}
interface PickerProps {
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
  allowClear?: boolean;
  placeholder?: string;
  'aria-label'?: string;
  style?: React.CSSProperties;
}

/** Kinds whose whole list is small enough to be fetched at once. */
type Row = { id: string; code?: string; package?: string; figure?: { id: string } };
type Small = { path: string; reads: Reads; label: (row: never) => string };
const by = <R,>(path: string, reads: Reads, label: (row: R) => string): Small => ({ path, reads, label });
type RowOf<L extends { rows: unknown[] }> = L['rows'][number];
const small: Record<string, Small> = {
  unit: by('/api/v1/units', 'facts', (r: RowOf<UnitList>) => r.name),
  region: by('/api/v1/regions', 'facts', (r: RowOf<RegionList>) => (r.until ? `${r.name} (→ ${r.until})` : r.name)),
  post: by('/api/v1/posts', 'now', (r: RowOf<PostList>) => `${r.unit.name} ${r.title}`),
  person: by('/api/v1/persons', 'now', (r: RowOf<PersonList>) => r.name),
  account: by('/api/v1/accounts', 'now', (r: RowOf<AccountList>) => `${r.display} (${r.login})`),
  reviewer: by('/api/v1/reviewers', 'now', (r: RowOf<ReviewerList>) => [r.display, ...r.units.map((u) => u.name)].join(' · ')),
  peer: by('/api/v1/peers', 'facts', (r: RowOf<PeerList>) => `${r.name} (${r.code})`),
  package: by('/api/v1/matters-in-force', 'facts', (r: MattersInForce['packages'][number]) => r.name),
  duty: by('/api/v1/duties', 'facts', (r: RowOf<DutyList>) => `${r.project.name} · ${r.unit.name} ${r.post.name}`),
  case: by('/api/v1/cases', 'facts', (r: RowOf<CaseList>) => [r.id, r.name, r.enterprise?.name ?? r.project?.name].filter(Boolean).join(' · ')),
  enterprise: by('/api/v1/enterprises', 'facts', (r: RowOf<EnterpriseList>) => r.name),
  figure: by('/api/v1/figures', 'facts', ({ figure }: FigureValue) => (language() === 'en' ? figure.en : figure.zh)),
};

const paged = new Set(['enterprise', 'case']);

export function useOptions(subject: string, enabled = true): { options: Option[]; loading: boolean; failed: boolean } {
  const kind = small[subject];
  const list = useRead<{ rows?: Row[]; packages?: Row[] }>(kind?.path ?? '', paged.has(subject) ? { limit: 500 } : {}, { enabled: enabled && kind !== undefined, reads: kind?.reads });
  return {
    options: kind && list.data ? (list.data.rows ?? list.data.packages ?? []).map((r) => ({ value: (r.figure ?? r).id ?? r.package ?? r.code, label: kind.label(r as never) })) : [],
    loading: list.isFetching,
    failed: list.isError,
  };
}

const searchable = { filterOption: (typed: string, option?: Option) => `${option?.label} ${option?.value}`.toLowerCase().includes(typed.toLowerCase()) };

/** `mode`: several of them. */
function SmallPicker({ subject, ...rest }: PickerProps & { subject: string; mode?: 'multiple' }) {
  const { options, loading, failed } = useOptions(subject);
  const { t } = useTranslation();
  // Who may not read the list still knows the number of whom they mean.
  if (failed && !rest.mode) {
    const { id, value, onChange } = rest;
    return <Input id={id} aria-label={rest['aria-label']} value={value} placeholder={t('form.type_number')} onChange={(e) => onChange?.(e.target.value.trim() || undefined)} style={{ maxWidth: 320 }} autoComplete="off" />;
  }
  return <Select showSearch={searchable} options={options} loading={loading} notFoundContent={t('form.nothing_found')} {...rest} />;
}

function ProjectPicker({ value, ...rest }: PickerProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim()) || undefined;
  const found = useRead<ProjectList>('/api/v1/projects', { q, limit: 20 });
  const chosen = useRead<ProjectPage>(`/api/v1/projects/${value}`, {}, { enabled: value !== undefined, keep: false });
  const options = (found.data?.rows ?? []).map((p) => ({ value: p.id, label: `${p.title || p.id}${p.code ? ` · ${p.code}` : ''}` }));
  if (value && chosen.data && !options.some((o) => o.value === value)) options.unshift({ value, label: chosen.data.project.title || value });
  return (
    <Select
      value={value} options={options} loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={t('form.nothing_found')} {...rest}
    />
  );
}

function ObligationPicker({ value, ...rest }: PickerProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim()) || undefined;
  const found = useRead<ObligationList>('/api/v1/obligations', { q, state: 'all', derived: false, limit: 50 });
  const options = (found.data?.rows ?? []).flatMap((o) => (o.id ? [{ value: o.id, label: `${o.id} · ${o.text || t('common.erased')}` }] : []));
  if (value && !options.some((o) => o.value === value)) options.unshift({ value, label: value });
  return (
    <Select
      value={value} options={options} loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={t('form.nothing_found')} {...rest}
    />
  );
}

export function Picker({ subject, ...rest }: PickerProps & { subject: string; mode?: 'multiple' }) {
  if (subject === 'project') return <ProjectPicker {...rest} />;
  if (subject === 'obligation') return <ObligationPicker {...rest} />;
  return <SmallPicker subject={subject} {...rest} />;
}

export function LadderPicker(props: PickerProps) {
  const labels = useLabels();
  const ladders = useRead<LadderList>('/api/v1/ladders');
  return <Select options={(ladders.data?.rows ?? []).map((l) => ({ value: l.ladder, label: labels.ladder(l.ladder) }))} loading={ladders.isFetching} {...props} />;
}

/** A permission by its name, from the policy. */
export function PermissionPicker(props: PickerProps) {
  const labels = useLabels();
  const policy = useRead<PolicyView>('/api/v1/policy', {}, { reads: 'now' });
  const names = [...new Set((policy.data?.cells ?? []).map((c) => c.permission))];
  return <Select showSearch={searchable} options={names.map((n) => ({ value: n, label: labels.permission(n) }))} loading={policy.isFetching} {...props} />;
}

/** The rungs of the ladder named, or of the ladder of the project named. */
export function MilestonePicker({ project, ladder, ...rest }: PickerProps & { project?: string; ladder?: string }) {
  const labels = useLabels();
  const { t } = useTranslation();
  const page = useRead<ProjectPage>(`/api/v1/projects/${project}`, {}, { enabled: project !== undefined, keep: false });
  const ladders = useRead<LadderList>('/api/v1/ladders');
  const key = ladder ?? page.data?.project.ladder;
  const rungs = ladders.data?.rows.find((l) => l.ladder === key)?.rungs ?? [];
  return (
    <Select
      options={rungs.map((r) => ({ value: r.key, label: labels.milestone(r.key) }))}
      virtual={false} notFoundContent={t('form.choose_project_first')} loading={ladders.isFetching} {...rest}
    />
  );
}
