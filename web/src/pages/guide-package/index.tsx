// SPDX-License-Identifier: Apache-2.0
// 一件事: a few questions, then what is to be done, by when, with which papers. The answers stand in the address, so that a
// plan can be sent on.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import type { GuideIndex, GuidePackage, GuidePlan, GuideSchedule } from '@/api/types';
import { useRead } from '@/app/read';
import { Card } from '@/components/card';
import { PrintButton } from '@/components/print-button';
import { Answer, Empty } from '@/components/states';
import { dayNumber } from '@/format/day';
import { GuideFrame, Unconfirmed, useLimitText, useName } from '../guide/frame';
import { readFacts, type Facts } from '../guide/facts';
import { Question } from '../guide/questions';

function Strip({ plan, accepted }: { plan: GuideSchedule; accepted: string }) {
  const { t } = useTranslation();
  const name = useName();
  const from = dayNumber(accepted);
  const width = Math.max(1, dayNumber(plan.promised.ends) - from + 1);
  const at = (day: string) => ((dayNumber(day) - from) / width) * 100;
  return (
    <table className="guide-strip">
      <caption className="hidden">{t('guide.order')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('guide.matter')}</th>
          <th scope="col" className="who">{t('guide.department')}</th>
          <th scope="col">{t('guide.days')}</th>
          <th scope="col" className="lane"><span className="hidden">{t('guide.order')}</span></th>
        </tr>
      </thead>
      <tbody>
        {plan.matters.map(({ matter, begins, ends, critical, slack }) => (
          <tr key={matter.id} data-step={matter.id}>
            <td><Link to={`/guide/matters/${matter.id}`}>{name(matter)}</Link> <Unconfirmed of={matter} /></td>
            <td className="who">{name(matter.department)}</td>
            <td className="days">{begins === ends ? ends : `${begins} → ${ends}`}<br /><span className="note">{critical ? t('guide.critical') : t('guide.slack', { n: slack })}</span></td>
            <td className="lane">
              <div className="guide-bar" aria-hidden="true"><i className={critical ? 'critical' : undefined} style={{ left: `${at(begins)}%`, width: `${((dayNumber(ends) - dayNumber(begins) + 1) / width) * 100}%` }} /></div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Plan({ plan, accepted }: { plan: GuideSchedule; accepted: string }) {
  const { t, i18n } = useTranslation();
  const name = useName();
  const names = new Map(plan.matters.map(({ matter }) => [matter.id, name(matter)]));
  const total = (label: string, totals: GuideSchedule['serial']) => (
    <div>
      <dt>{label}</dt>
      <dd>{t('guide.work_days', { n: totals.work_days })}<small>{t('guide.until', { day: totals.ends })}{totals.provisional && ` · ${t('guide.provisional')}`}</small></dd>
    </div>
  );
  const first = plan.faster[0];
  return (
    <>
      <Card title={t('guide.how_long')}>
        <dl className="guide-totals" data-totals>
          {total(t('guide.promised_parallel'), plan.promised)}
          {total(t('guide.law_parallel'), plan.parallel)}
          {total(t('guide.law_serial'), plan.serial)}
        </dl>
        {first && <p className="note">{t('guide.faster', { matter: names.get(first.id), n: first.work_days })}</p>}
      </Card>
      <Card title={t('guide.to_do')} note={t('guide.count', { n: plan.matters.length })}><Strip plan={plan} accepted={accepted} /></Card>
      <Card title={t('guide.papers')} note={t('guide.papers_note', { asked: plan.asked.length, one_by_one: plan.one_by_one, made: plan.made.length })}>
        <ol className="guide-papers" data-asked>
          {plan.asked.map((paper) => (
            <li key={paper.id}>{name(paper)} <span className="note">{paper.matters.map((id) => names.get(id) ?? id).join(' · ')}</span></li>
          ))}
        </ol>
      </Card>
      {plan.spared.length > 0 && (
        <Card title={t('guide.spared')}>
          <ul className="guide-papers">
            {plan.spared.map((m) => <li key={m.id}>{name(m)} <span className="note">{i18n.language === 'en' ? m.why_en : m.why_zh}</span></li>)}
          </ul>
        </Card>
      )}
    </>
  );
}

function OnePackage({ of, today }: { of: GuidePackage; today: string }) {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  const [params, setParams] = useSearchParams();
  // Kept here as well: the address follows a moment later, and a box that is ticked must be ticked at once.
  const [facts, setFacts] = useState(() => readFacts(params.get('facts')));
  const [accepted, setAccepted] = useState(params.get('accepted') ?? today);
  const asked = JSON.stringify(facts);
  const plan = useRead<GuidePlan>(`/api/v1/guide/packages/${of.id}/plan`, { accepted, facts: asked }, { timeless: true });
  const change = (more: Record<string, string>) => setParams({ ...Object.fromEntries(params), ...more }, { replace: true });
  const setDay = (day: string) => {
    if (day === '') return;
    setAccepted(day);
    change({ accepted: day });
  };
  const set = (id: string, value: Facts[string] | undefined) => {
    const next = { ...facts };
    if (value === undefined) delete next[id];
    else next[id] = value;
    setFacts(next);
    change({ facts: JSON.stringify(next) });
  };
  const missing = plan.data?.missing ?? [];
  return (
    <>
      <div className="page-head">
        <h1>{name(of)}</h1>
        <span className="note">{t('guide.lead', { lead: name(of.lead) })}{of.promised && ` · ${t('guide.promised', { limit: limit(of.promised) })}`}</span>
        <div className="right"><Link to={`/apply?package=${of.id}`} className="button no-print">{t('guide.apply')}</Link><PrintButton /></div>
      </div>
      <div className="guide-two">
        <Card title={t('guide.questions')} note={missing.length > 0 ? t('guide.still', { n: missing.length }) : undefined} className="no-print">
          <div className="guide-questions">
            <fieldset>
              <label className="ask" htmlFor="accepted">{t('guide.accepted')}</label>
              <input id="accepted" type="date" value={accepted} onChange={(e) => setDay(e.target.value)} />
            </fieldset>
            {of.questions.map((q) => <Question key={q.id} of={q} value={facts[q.id]} open={missing.includes(q.id)} set={(value) => set(q.id, value)} />)}
          </div>
        </Card>
        <div style={{ display: 'grid', gap: 14 }} aria-live="polite">
          <Answer of={plan}>
            {(data) => (data.schedule ? <Plan plan={data.schedule} accepted={data.accepted} /> : <Card title={t('guide.to_do')}><Empty text={t('guide.answer_first')} /></Card>)}
          </Answer>
        </div>
      </div>
    </>
  );
}

export default function GuidePackagePage() {
  const { id } = useParams();
  const { t } = useTranslation();
  const index = useRead<GuideIndex>('/api/v1/guide', undefined, { timeless: true });
  return (
    <GuideFrame>
      <nav className="crumbs" aria-label={t('guide.title')}><Link to="/guide">{t('guide.title')}</Link></nav>
      <Answer of={index}>
        {(data) => {
          const found = data.packages.find((p) => p.id === id);
          return found ? <OnePackage of={found} today={data.on} /> : <><h1>{t('guide.title')}</h1><Empty text={t('guide.none')} /></>;
        }}
      </Answer>
    </GuideFrame>
  );
}
