// SPDX-License-Identifier: Apache-2.0
// 一件事 being drawn up: matters are chosen and a case described on the left, the plan they come to stands on the right and
// follows every change. The draft stands in the address; the catalogue stays as it is.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import type { CataloguePackageRow, CataloguePackages, CataloguePlan, GuideLimit, GuideQuestion } from '@/api/types';
import { useAsk, useRead } from '@/app/read';
import { Card } from '@/components/card';
import { PrintButton } from '@/components/print-button';
import { Answer, Empty } from '@/components/states';
import type { Facts } from '../guide/facts';
import { useLimitText, useName } from '../guide/frame';
import { Question } from '../guide/questions';
import { readDraft, toPlan, writeDraft, type Draft } from './draft';
import { useLater } from './later';
import { Matters } from './matters';
import { Plan } from './plan';
import { TakeAway } from './take-away';
import '../catalogue/catalogue.css';

function PackagePromise({ value, set }: { value: GuideLimit | undefined; set: (value: GuideLimit | undefined) => void }) {
  const { t } = useTranslation();
  const unit = value?.unit ?? 'work_days';
  return (
    <div className="cat-promise">
      <label htmlFor="package-promise">{t('catalogue.package_promise')}</label>
      <input
        id="package-promise" type="number" inputMode="numeric" min={0} max={3650} step={1} value={value?.days ?? ''}
        onChange={(e) => {
          const days = Math.trunc(Number(e.target.value));
          if (e.target.value === '') set(undefined);
          else if (days >= 0 && days <= 3650) set({ days, unit });
        }}
      />
      <select aria-label={t('catalogue.unit')} value={unit} disabled={!value} onChange={(e) => value && set({ days: value.days, unit: e.target.value as GuideLimit['unit'] })}>
        <option value="work_days">{t('catalogue.unit_work_days')}</option>
        <option value="calendar_days">{t('catalogue.unit_calendar_days')}</option>
      </select>
    </div>
  );
}

/** On paper the answers stand as words: there is nothing to tick. */
function Answers({ questions, draft }: { questions: GuideQuestion[]; draft: Draft }) {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  const word = (q: GuideQuestion) => {
    const value = draft.facts[q.id];
    if (value === undefined) return '–';
    if (typeof value === 'boolean') return t(value ? 'guide.yes' : 'guide.no');
    const choice = q.choices.find((c) => c.id === value);
    return choice ? name(choice) : `${value}${q.unit ? ` ${q.unit}` : ''}`;
  };
  return (
    <dl className="guide-facts cat-paper">
      <dt>{t('guide.accepted')}</dt><dd>{draft.accepted}</dd>
      <dt>{t('catalogue.package_promise')}</dt><dd>{limit(draft.promised)}</dd>
      {questions.map((q) => <div key={q.id} style={{ display: 'contents' }}><dt>{name(q)}</dt><dd>{word(q)}</dd></div>)}
    </dl>
  );
}

function Editor({ of, today }: { of: CataloguePackageRow | undefined; today: string }) {
  const { t } = useTranslation();
  const name = useName();
  const [params, setParams] = useSearchParams();
  const begun = useMemo(() => ({ matters: of?.package.matters ?? [], promised: of?.package.promised }), [of]);
  // Kept here as well: the address follows a moment later, and what is ticked must be ticked at once.
  const [draft, setDraft] = useState(() => readDraft(params, begun, today));
  const change = (more: Partial<Draft>) => {
    const next = { ...draft, ...more };
    setDraft(next);
    setParams(writeDraft(next, begun, today), { replace: true });
  };
  const body = useMemo(() => ({ draft: toPlan(draft), facts: draft.facts, accepted: draft.accepted, faster: draft.faster }), [draft]);
  const asked = useLater(body, 250);
  const plan = useAsk<CataloguePlan>('/api/v1/catalogue/plan', asked, { enabled: asked.draft.matters.length > 0 });
  const answer = draft.matters.length > 0 ? plan.data : undefined;
  const set = (id: string, value: Facts[string] | undefined) => {
    const facts = { ...draft.facts };
    if (value === undefined) delete facts[id];
    else facts[id] = value;
    change({ facts });
  };
  const edited = [...params.keys()].some((key) => ['matters', 'promised', 'changes'].includes(key));
  const missing = answer?.missing ?? [];
  const questions = answer?.questions ?? [];
  // On a phone the plan stands far below what is edited.
  const result = answer?.schedule && (
    <button type="button" className="cat-sum" onClick={() => document.getElementById('plan')?.scrollIntoView()}>
      {t('guide.work_days', { n: answer.schedule.promised.work_days })} → {answer.schedule.promised.ends} <span>{t('catalogue.to_plan')} ↓</span>
    </button>
  );
  return (
    <>
      <div className="page-head">
        <h1>{of ? name(of.package) : t('catalogue.new_package')}</h1>
        <span className="note">
          {of && `${t('guide.lead', { lead: name(of.package.lead) })} · ${t('guide.version', { n: of.package.version, from: of.from })}`}
          {edited && ` · ${t('catalogue.draft')}`}
        </span>
        <div className="right">
          {edited && <button type="button" className="button" onClick={() => change({ ...begun, changes: [] })} data-start-over>{t('catalogue.start_over')}</button>}
          <PrintButton />
        </div>
      </div>
      <Answers questions={questions} draft={draft} />
      <div className="cat-editor">
        <div className="cat-side no-print">
          <Card title={t('catalogue.matters')} note={t('guide.count', { n: draft.matters.length })}>
            <Matters ids={draft.matters} rows={answer?.matters ?? []} spared={answer?.schedule?.spared.map((m) => m.id) ?? []} changes={draft.changes} on={draft.accepted} setIds={(matters) => change({ matters })} setChanges={(changes) => change({ changes })} />
            <PackagePromise value={draft.promised} set={(promised) => change({ promised })} />
            {result}
          </Card>
          <Card title={t('catalogue.case')} note={missing.length > 0 ? t('guide.still', { n: missing.length }) : undefined}>
            <div className="guide-questions">
              <fieldset>
                <label className="ask" htmlFor="accepted">{t('guide.accepted')}</label>
                <input id="accepted" type="date" value={draft.accepted} onChange={(e) => e.target.value !== '' && change({ accepted: e.target.value })} />
              </fieldset>
              {questions.map((q) => <Question key={q.id} of={q} value={draft.facts[q.id]} open={missing.includes(q.id)} set={(value) => set(q.id, value)} />)}
              <fieldset>
                <label className="ask" htmlFor="faster">{t('catalogue.faster')}</label>
                <input id="faster" type="number" min={1} max={100} step={1} value={draft.faster} onChange={(e) => { const n = Math.trunc(Number(e.target.value)); if (n >= 1 && n <= 100) change({ faster: n }); }} />
              </fieldset>
            </div>
            {result}
          </Card>
          <details className="card cat-take">
            <summary>{t('catalogue.take_away')}</summary>
            <div className="card-body"><TakeAway of={of} draft={body.draft} on={draft.accepted} /></div>
          </details>
        </div>
        <div className="cat-plan" id="plan" tabIndex={-1} data-plan>
          <p className="hidden" role="status">{answer?.schedule && t('catalogue.said', { days: answer.schedule.promised.work_days, ends: answer.schedule.promised.ends })}</p>
          {draft.matters.length === 0 ? <Card title={t('guide.to_do')}><Empty text={t('catalogue.empty_package')} /></Card> : <Answer of={plan}>{(data) => <Plan of={data} faster={draft.faster} />}</Answer>}
        </div>
      </div>
    </>
  );
}

export default function CataloguePackage() {
  const { id } = useParams();
  const { t } = useTranslation();
  const packages = useRead<CataloguePackages>('/api/v1/catalogue/packages', undefined, { timeless: true });
  return (
    <>
      <nav className="crumbs" aria-label={t('catalogue.title')}><ol><li><Link to="/catalogue">{t('catalogue.title')}</Link></li></ol></nav>
      {!packages.data && <h1 className="hidden">{t('catalogue.package')}</h1>}
      <Answer of={packages}>
        {(data) => {
          const found = data.rows.find((row) => row.package.id === id);
          return found || id === 'new' ? <Editor key={id} of={found} today={data.on} /> : <><h1>{t('catalogue.package')}</h1><Empty text={t('catalogue.no_such_package')} /></>;
        }}
      </Answer>
    </>
  );
}
