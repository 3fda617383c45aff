// SPDX-License-Identifier: Apache-2.0
// Filters live in the URL; one hook reads and writes them for every list.
import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useOptions, type Option } from '@/form/pickers';

export function useFilters<K extends string>(names: readonly K[]) {
  const [params, setParams] = useSearchParams();
  const values = Object.fromEntries(names.map((n) => [n, params.get(n) ?? undefined])) as Record<K, string | undefined>;
  const change = (patch: Partial<Record<K, string | undefined>>) =>
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        for (const [name, value] of Object.entries(patch) as [K, string | undefined][]) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  const active = names.filter((n) => n !== ('sort' as K) && values[n] !== undefined);
  const clear = () => change(Object.fromEntries(active.map((n) => [n, undefined])) as Partial<Record<K, undefined>>);
  return { values, change, active, clear };
}

/** Typed words take effect a moment after the last key. */
export function SearchBox({ value, onChange, label }: { value?: string; onChange: (text: string | undefined) => void; label: string }) {
  const [typed, setTyped] = useState(value ?? '');
  const [from, setFrom] = useState(value);
  if (value !== from) {
    setFrom(value);
    if ((value ?? '') !== typed.trim()) setTyped(value ?? '');
  }
  useEffect(() => {
    if (typed.trim() === (value ?? '')) return;
    const timer = setTimeout(() => onChange(typed.trim() || undefined), 250);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <span data-search>
      <Input type="search" aria-label={label} placeholder={label} value={typed} onChange={(e) => setTyped(e.target.value)} onPressEnter={() => onChange(typed.trim() || undefined)} style={{ width: 220 }} allowClear />
    </span>
  );
}

export function FilterSelect({ label, value, onChange, options, width = 140 }: {
  label: string;
  value?: string;
  onChange: (value: string | undefined) => void;
  options: Option[];
  width?: number;
}) {
  return (
    <Select
      aria-label={label} placeholder={label} value={value} onChange={(v: string | undefined) => onChange(v)} options={options} allowClear
      showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false} style={{ minWidth: width, maxWidth: 240 }} popupMatchSelectWidth={false}
    />
  );
}

export function SubjectFilter({ subject, ...rest }: { subject: 'unit' | 'region'; label: string; value?: string; onChange: (v: string | undefined) => void }) {
  const { options } = useOptions(subject);
  if (options.length === 0 && !rest.value) return null;
  return <FilterSelect options={options} {...rest} />;
}

export function ClearFilters({ active, clear }: { active: string[]; clear: () => void }) {
  const { t } = useTranslation();
  if (active.length === 0) return null;
  return (
    <Button type="link" onClick={clear} style={{ paddingInline: 4 }}>
      {t('common.clear_filters', { n: active.length })}
    </Button>
  );
}
