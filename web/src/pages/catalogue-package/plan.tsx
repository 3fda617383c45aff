// SPDX-License-Identifier: Apache-2.0
// What a draft comes to: how long, in which order, whose limit would move the whole, which papers.
import { useTranslation } from 'react-i18next';
import type { CataloguePlan, GuideSchedule } from '@/api/types';
import { Card } from '@/components/card';
import { Empty } from '@/components/states';
import { Findings } from '../catalogue/findings';
import { useName } from '../guide/frame';
import { Strip } from './strip';

function Totals({ plan }: { plan: GuideSchedule }) {
  const { t } = useTranslation();
  const total = (key: string, label: string, totals: GuideSchedule['serial']) => (
    <div data-total={key}>
      <dt>{label}</dt>
      <dd>{t('guide.work_days', { n: totals.work_days })}<small>{t('guide.until', { day: totals.ends })}{totals.provisional && ` · ${t('guide.provisional')}`}</small></dd>
    </div>
  );
  return (
    <Card title={t('guide.how_long')} note={plan.package_promise_ends && t(plan.promised.ends > plan.package_promise_ends ? 'catalogue.promise_broken' : 'catalogue.promise_kept', { day: plan.package_promise_ends })}>
      <dl className="guide-totals" data-totals>
        {total('serial', t('guide.law_serial'), plan.serial)}
        {total('parallel', t('guide.law_parallel'), plan.parallel)}
        {total('serial_promised', t('catalogue.promised_serial'), plan.serial_promised)}
        {total('promised', t('guide.promised_parallel'), plan.promised)}
      </dl>
    </Card>
  );
}

function Gains({ plan, faster }: { plan: GuideSchedule; faster: number }) {
  const { t } = useTranslation();
  const name = useName();
  const names = new Map(plan.matters.map(({ matter }) => [matter.id, name(matter)]));
  return (
    <Card title={t('catalogue.gains', { n: faster })} note={t('catalogue.gains_note')}>
      {plan.faster.length === 0 ? <p className="note">{t('catalogue.no_gains')}</p> : (
        <table className="guide-strip" data-gains>
          <thead><tr><th scope="col">{t('guide.matter')}</th><th scope="col" className="num">{t('catalogue.earlier')}</th><th scope="col">{t('catalogue.then')}</th></tr></thead>
          <tbody>
            {plan.faster.map((g) => (
              <tr key={g.id} data-gain={g.id}><td>{names.get(g.id)}</td><td className="num">{t('guide.work_days', { n: g.work_days })}</td><td className="days">{g.ends}</td></tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function Papers({ plan }: { plan: GuideSchedule }) {
  const { t } = useTranslation();
  const name = useName();
  const names = new Map(plan.matters.map(({ matter }) => [matter.id, name(matter)]));
  const users = (ids: string[]) => ids.map((id) => names.get(id) ?? id).join(' · ');
  return (
    <Card title={t('guide.papers')} note={t('guide.papers_note', { asked: plan.asked.length, one_by_one: plan.one_by_one, made: plan.made.length })}>
      <div className="cat-two">
        <section>
          <h3 className="cat-h">{t('catalogue.asked', { n: plan.asked.length })}</h3>
          <ol className="guide-papers" data-asked>{plan.asked.map((p) => <li key={p.id} data-paper={p.id}>{name(p)} <span className="note">{users(p.matters)}</span></li>)}</ol>
        </section>
        <section>
          <h3 className="cat-h">{t('catalogue.made', { n: plan.made.length })}</h3>
          <ul className="guide-papers" data-made>{plan.made.map((p) => <li key={p.id} data-paper={p.id}>{name(p)} <span className="note">{t('catalogue.made_for', { by: names.get(p.made_by ?? '') ?? p.made_by, users: users(p.matters) })}</span></li>)}</ul>
        </section>
      </div>
    </Card>
  );
}

export function Plan({ of, faster }: { of: CataloguePlan; faster: number }) {
  const { t, i18n } = useTranslation();
  const name = useName();
  const plan = of.schedule;
  return (
    <>
      {of.findings.length > 0 && <Card title={t('catalogue.findings')} note={t('guide.count', { n: of.findings.length })} className="cat-wrong"><Findings rows={of.findings} /></Card>}
      {!plan && (
        <Card title={t('guide.to_do')}>
          <Empty text={of.missing.length > 0 ? t('catalogue.answer_first', { n: of.missing.length }) : t('catalogue.no_schedule')} />
        </Card>
      )}
      {plan && (
        <>
          <Totals plan={plan} />
          <Card title={t('guide.to_do')} note={t('guide.count', { n: plan.matters.length })}><Strip plan={plan} /></Card>
          <Gains plan={plan} faster={faster} />
          <Papers plan={plan} />
          {plan.spared.length > 0 && (
            <Card title={t('guide.spared')}>
              <ul className="guide-papers" data-spared>{plan.spared.map((m) => <li key={m.id}>{name(m)} <span className="note">{i18n.language === 'en' ? m.why_en : m.why_zh}</span></li>)}</ul>
            </Card>
          )}
          <Card title={t('catalogue.why')}>
            <ul className="guide-papers">{plan.matters.map(({ matter, why_zh, why_en }) => <li key={matter.id}>{name(matter)} <span className="note">{(i18n.language === 'en' ? why_en : why_zh) || t('catalogue.always')}</span></li>)}</ul>
          </Card>
        </>
      )}
    </>
  );
}
