// SPDX-License-Identifier: Apache-2.0
// One matter on one printable page: conditions, papers, limits, fees, steps, window, questions.
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { GuideMatter, GuidePaper } from '@/api/types';
import { useRead } from '@/app/read';
import { Card } from '@/components/card';
import { PrintButton } from '@/components/print-button';
import { Answer } from '@/components/states';
import { GuideFrame, Unconfirmed, useLimitText, useName } from '../guide/frame';

function Papers({ of, none, given }: { of: GuidePaper[]; none: string; given?: boolean }) {
  const { t } = useTranslation();
  const name = useName();
  if (of.length === 0) return <p className="note">{none}</p>;
  const from = (paper: GuidePaper) => {
    if (given) return undefined;
    if (paper.made_by.length > 0) return t('guide.made_by', { matter: paper.made_by.map(name).join(' / ') });
    return t(paper.by === 'outside' ? 'guide.by_outside' : 'guide.by_applicant');
  };
  return (
    <ol className="guide-papers">
      {of.map((paper) => (
        <li key={paper.id}>
          {name(paper)}{' '}
          <span className="note">
            {[from(paper), paper.if_due && t('guide.if_due'), paper.valid_days && t('guide.valid', { n: paper.valid_days }), paper.fields && t('guide.fields', { n: paper.fields })].filter(Boolean).join(' · ')}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Matter({ of }: { of: GuideMatter }) {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  const { matter } = of;
  return (
    <>
      <div className="page-head">
        <h1>{name(matter)}</h1>
        <Unconfirmed of={matter} />
        <span className="note">{t('guide.version', { n: of.version, from: of.from })}</span>
        <div className="right"><PrintButton /></div>
      </div>
      <Card title={t('guide.basics')}>
        <dl className="guide-facts">
          <dt>{t('guide.department')}</dt><dd>{name(matter.department)}</dd>
          <dt>{t('guide.kind')}</dt><dd>{t(`guide.kind_${matter.kind}`)} · {t(`guide.level_${matter.level}`)}</dd>
          {of.code && <><dt>{t('guide.code')}</dt><dd>{of.code}</dd></>}
          <dt>{t('guide.law')}</dt><dd>{of.law}</dd>
        </dl>
      </Card>
      <Card title={t('guide.conditions')}><p>{of.applies ? t('guide.conditional') : t('guide.always')}</p>
        {of.packages.length > 0 && <p className="note">{t('guide.part_of')}{of.packages.map((p) => <Link key={p.id} to={`/guide/packages/${p.id}`}> {name(p)}</Link>)}</p>}
      </Card>
      <Card title={t('guide.papers')}><Papers of={of.needs} none={t('guide.no_papers')} /></Card>
      <Card title={t('guide.limits')}>
        <dl className="guide-facts">
          <dt>{t('guide.statutory')}</dt><dd>{limit(matter.statutory)}{of.limit_law && ` (${of.limit_law})`}</dd>
          <dt>{t('guide.promise')}</dt><dd>{limit(matter.promised)}</dd>
          <dt>{t('guide.fee')}</dt><dd>{of.fee ?? t('guide.no_fee')}</dd>
        </dl>
      </Card>
      <Card title={t('guide.steps')}>
        <ol className="guide-steps"><li>{t('guide.step_apply')}</li><li>{t('guide.step_accept')}</li><li>{t('guide.step_decide', { limit: limit(matter.promised ?? matter.statutory) })}</li><li>{t('guide.step_deliver')}</li></ol>
      </Card>
      <Card title={t('guide.outcome')}><Papers of={of.makes} none={t('guide.no_outcome')} given /></Card>
      <Card title={t('guide.window')}><p>{name(matter.department)}{of.channels.length > 0 && ` · ${of.channels.map((c) => (c === 'online' ? t('guide.online') : t('guide.counter'))).join(' · ')}`}</p></Card>
      <Card title={t('guide.faq')}>
        <dl className="guide-facts guide-asked">
          <dt>{t('guide.faq_visits')}</dt><dd>{of.visits === undefined ? t('guide.faq_visits_unknown') : t('guide.faq_visits_n', { n: of.visits })}</dd>
          <dt>{t('guide.faq_short')}</dt><dd>{t('guide.faq_short_answer')}</dd>
          {!matter.confirmed && <><dt>{t('guide.faq_unconfirmed')}</dt><dd>{t('guide.unconfirmed_help')}</dd></>}
        </dl>
      </Card>
      <p className="note">{t('guide.source', { source: of.source, day: of.on })}</p>
    </>
  );
}

export default function GuideMatterPage() {
  const { id } = useParams();
  const { t } = useTranslation();
  const matter = useRead<GuideMatter>(`/api/v1/guide/matters/${encodeURIComponent(id ?? '')}`, undefined, { timeless: true });
  return (
    <GuideFrame>
      <nav className="crumbs" aria-label={t('guide.title')}><Link to="/guide">{t('guide.title')}</Link></nav>
      <Answer of={matter}>{(data) => <Matter of={data} />}</Answer>
    </GuideFrame>
  );
}
