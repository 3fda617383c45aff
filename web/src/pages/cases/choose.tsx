// SPDX-License-Identifier: Apache-2.0
// What is applied for: the 一件事, and which of its matters apply. The window's desk and the enterprise's own page ask alike.
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GuideIndex, GuidePlan, MatterInForce, PackageInForce } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { Card } from '@/components/card';
import type { Facts } from '../guide/facts';
import { Question } from '../guide/questions';
import { useLimit } from './words';

export function Packages({ of, chosen, choose }: { of: PackageInForce[]; chosen: string | undefined; choose: (of: PackageInForce) => void }) {
  const { t } = useTranslation();
  const limit = useLimit();
  return (
    <Card title={t('case.which_package')}>
      <div className="case-choices" role="radiogroup" aria-label={t('case.which_package')}>
        {of.map((p) => (
          <label key={p.package} data-package={p.package}>
            <input type="radio" name="package" checked={chosen === p.package} onChange={() => choose(p)} />
            <span>
              <b>{p.name || p.package}</b>
              <br />
              <span className="note">{p.owner_unit.name} · {t('case.n_matters', { n: p.matters.length })}{p.promised ? ` · ${limit(p.promised)}` : ''}</span>
            </span>
          </label>
        ))}
      </div>
    </Card>
  );
}

/** The public guide's questions, where it has the package: its plan says which matters apply. */
function Questions({ of, open, choose }: { of: PackageInForce; open: boolean; choose: (matters: string[]) => void }) {
  const { t } = useTranslation();
  const index = useRead<GuideIndex>('/api/v1/guide', undefined, { timeless: true });
  const found = index.data?.packages.find((p) => p.id === of.package);
  const [facts, setFacts] = useState<Facts>({});
  const plan = useRead<GuidePlan>(`/api/v1/guide/packages/${of.package}/plan`, { facts: JSON.stringify(facts) }, { timeless: true, enabled: found !== undefined });
  const missing = plan.data?.missing ?? [];
  if (!found || found.questions.length === 0) return null;
  const set = (id: string, value: Facts[string] | undefined) => {
    const { [id]: _, ...others } = facts;
    setFacts(value === undefined ? others : { ...others, [id]: value });
  };
  const schedule = plan.data?.schedule;
  return (
    <details open={open || undefined}>
      <summary>{t('case.ask_questions')}</summary>
      <div className="guide-questions">
        {found.questions.map((q) => <Question key={q.id} of={q} value={facts[q.id]} open={missing.includes(q.id)} set={(value) => set(q.id, value)} />)}
        <Button disabled={!schedule} onClick={() => choose(schedule!.matters.map((m) => m.matter.id))}>{t('case.tick_by_answers')}</Button>
      </div>
    </details>
  );
}

/** `ask`: the questions stand open. */
export function Matters({ of, matters, chosen, set, ask = false }: { of: PackageInForce; matters: MatterInForce[]; chosen: string[]; set: (chosen: string[]) => void; ask?: boolean }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const limit = useLimit();
  return (
    <Card title={t('case.which_matters')} note={t('case.n_of', { n: chosen.length, of: matters.length })}>
      <Questions of={of} open={ask} choose={(ids) => set(matters.map((m) => m.matter).filter((m) => ids.includes(m)))} />
      <div className="case-choices" role="group" aria-label={t('case.which_matters')}>
        {matters.map((m) => (
          <label key={m.matter} data-matter={m.matter}>
            <input type="checkbox" checked={chosen.includes(m.matter)} onChange={(e) => set(matters.map((o) => o.matter).filter((o) => (o === m.matter ? e.target.checked : chosen.includes(o))))} />
            <span>
              <b>{m.name || m.matter}</b>
              <br />
              <span className="note">{m.owner_unit.name} · {labels.value('MatterKind', m.kind)} · {limit(m.promised ?? m.statutory)}{m.discretion ? '' : ` · ${t('case.no_discretion')}`}</span>
            </span>
          </label>
        ))}
      </div>
    </Card>
  );
}
