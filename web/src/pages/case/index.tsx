// SPDX-License-Identifier: Apache-2.0
// One case: what waits for what, both clocks, papers, and what may be done next by whom.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { documentUrl, fileUrl } from '@/api/client';
import type { CaseFiles, CasePage, CasePaper } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To, useActLink } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Card } from '@/components/card';
import { later } from '@/components/later';
import { PrintButton } from '@/components/print-button';
import { Answer } from '@/components/states';
import { wallTime } from '@/format/day';
import { useCaseActs } from '../cases/acts';
import '../cases/cases.css';
import { Strip } from '../cases/strip';
import { applicantOf, CaseLight, Clock, StepLight } from '../cases/words';
import { HandOvers } from './hand-overs';
import { Records } from './records';
import { Steps } from './steps';
import { Times } from './times';

const NotifySheet = later(async () => ({ default: (await import('./sheets')).NotifySheet }));
const SupplySheet = later(async () => ({ default: (await import('./sheets')).SupplySheet }));

const main = new Set(['case.accept', 'case.deliver', 'case.rate', 'case.notify']);

function Hero({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const all = useCaseActs(page);
  const first = all.find((a) => main.has(a));
  const acts = first ? [first, ...all.filter((a) => a !== first)] : all;
  const [sheet, setSheet] = useState<'case.notify' | 'case.supply' | null>(null);
  const { file, standing } = page;
  return (
    <section className="card hero">
      <div className="page-head">
        <h1>{file.name || t('common.erased')} <span className="unit">{file.id}</span></h1>
        <CaseLight row={file} asOf={standing.as_of} tagged />
        <div className="right">
          {page.notified && <To to={`/cases/${file.id}/notice`} className="button">{t('case.notice')}</To>}
          <To to={`/cases/${file.id}/receipt`} className="button">{t('case.receipt')}</To>
          {page.delivery === 'electronic' && <a className="button" href={documentUrl(file.id)} download={`${file.id}.pdf`} data-document>{t('case.document')}</a>}
          <PrintButton />
        </div>
      </div>
      <div className="tags">
        <span className="tag">{labels.value('CaseState', file.state)}</span>
        <span className="tag" data-channel={file.channel}>{labels.value('CaseChannel', file.channel)}</span>
        {file.enterprise && <span className="tag">{file.enterprise.name}</span>}
        {file.project && <To className="tag" to={`/projects/${file.project.id}`}>{file.project.name}</To>}
        {!applicantOf(file) && <span className="tag">{t('case.no_applicant')}</span>}
        <span className="tag">{file.owner_unit.name}</span>
        <span className="tag">{t('case.version', { n: file.version })}</span>
        {page.newer_versions && <span className="light light-amber tagged">{t('case.newer')}</span>}
        {page.delivery && <span className="tag">{t('case.delivered', { how: labels.value('Delivery', page.delivery), day: file.delivered_on ?? '' })}</span>}
        {page.stars !== undefined && <span className="tag">{t('case.rated', { n: page.stars })}</span>}
      </div>
      <dl className="case-clocks">
        <div>
          <dt>{t('case.office_clock')}</dt>
          <dd data-clock="office">{page.office ? <Clock of={page.office} /> : t(file.accepted_on ? 'case.no_promise' : 'case.not_accepted')}</dd>
        </div>
        <div>
          <dt>{t('case.applicant_clock')}</dt>
          <dd data-clock="applicant">
            <b>{t('unit.days', { n: file.waiting_days })}</b> <span className="note">{t('case.in_work_days', { n: page.waiting_work_days })} · {t('case.since', { day: file.applied_on })} <RecordLink seq={file.seq} /></span>
          </dd>
        </div>
        <div>
          <dt>{t('case.progress')}</dt>
          <dd><b>{file.steps_decided} / {file.steps}</b> <span className="note">{file.accepted_on ? t('case.accepted_day', { day: file.accepted_on }) : ''} {file.closed_on ? t('case.closed_day', { day: file.closed_on }) : ''}</span></dd>
        </div>
      </dl>
      {acts.length > 0 && (
        <div className="case-acts" data-case-acts>
          {acts.map((name) => {
            const className = name === first ? 'button primary' : 'button';
            if (name === 'case.notify' || name === 'case.supply') return <button key={name} type="button" className={className} onClick={() => setSheet(name)} data-act-of={name}>{labels.command(name)}</button>;
            return <Link key={name} className={className} to={act(name, { case_id: file.id })} data-act-of={name}>{labels.command(name)}</Link>;
          })}
        </div>
      )}
      {sheet === 'case.notify' && <NotifySheet page={page} onClose={() => setSheet(null)} />}
      {sheet === 'case.supply' && <SupplySheet page={page} onClose={() => setSheet(null)} />}
    </section>
  );
}

function PaperTag({ paper }: { paper: CasePaper }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const bad = paper.state === 'lacking' || paper.state === 'asked' || paper.overdue;
  const word = labels.value('PaperState', paper.state);
  const className = bad ? 'light light-red tagged' : paper.state === 'later' ? 'light light-amber tagged' : 'tag';
  return <span className={className}>{word}{paper.due_on ? ` · ${t(paper.overdue ? 'case.was_due' : 'case.due', { day: paper.due_on })}` : ''}</span>;
}

function Papers({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const { as_of } = page.standing;
  const files = useRead<CaseFiles>(`/api/v1/cases/${page.file.id}/files`, {}, { reads: 'now' }).data?.rows ?? [];
  return (
    <Card title={t('case.papers')} note={page.file.papers_lacking > 0 ? t('case.n_lacking', { n: page.file.papers_lacking }) : t('case.complete')}>
      {page.papers.length === 0 && <p className="note">{t('case.no_papers')}</p>}
      <ul className="plain">
        {page.papers.map((p) => (
          <li key={p.paper} className="event" data-case-paper={p.paper}>
            <h3>{p.name || p.paper}</h3>
            <PaperTag paper={p} />{' '}
            <span className="note">
              {t('case.for_steps', { steps: p.steps.join(t('common.comma')) })}
              {p.valid_until && ` · ${t(p.valid_until < as_of ? 'case.expired' : 'case.valid', { day: p.valid_until })}`}
            </span>
            {files.filter((f) => f.paper === p.paper).map((f) => (
              <p key={f.seq}><a href={fileUrl(f.digest)} download data-file={f.digest}>{t('case.paper_file')} {wallTime(f.at)}</a></p>
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}

const open = (state: CasePage['steps'][number]['state']) => state === 'received' || state === 'suspended' || state === 'sent_back' || state === 'handed_over';

function StripCard({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <Card title={t('case.order')} note={t('case.order_note')} flush>
      <Strip
        label={t('case.order')}
        steps={page.steps.map((s) => ({
          key: s.matter, step: s.step, name: s.name || s.matter, unit: s.owner_unit.name, waits: s.waits_for, href: `#step-${s.step}`,
          className: `${s.light}${s.state === 'suspended' ? ' still' : ''}`,
          body: (
            <>
              <StepLight step={s} asOf={page.standing.as_of} />
              <p className="note">{[open(s.state) && labels.value('StepState', s.state), s.office && `${s.office.used} / ${s.office.limit} ${labels.value('LimitUnit', s.office.unit)}`].filter(Boolean).join(' · ')}</p>
            </>
          ),
        }))}
      />
      <Times page={page} />
    </Card>
  );
}

export default function CaseFilePage() {
  const { id } = useParams();
  const { t } = useTranslation();
  const page = useRead<CasePage>(`/api/v1/cases/${id}`, {}, { keep: false });
  useShowStanding(page.data?.standing);
  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}><To to="/cases">{t('case.list')}</To></nav>
      {!page.data && <h1 className="hidden">{t('case.list')}</h1>}
      <Answer of={page}>
        {(data) => (
          <>
            <Hero page={data} />
            <StripCard page={data} />
            <div className="project-grid">
              <div className="col"><Steps page={data} /></div>
              <div className="col"><HandOvers page={data} /><Papers page={data} /></div>
            </div>
            <Records page={data} />
          </>
        )}
      </Answer>
    </>
  );
}
