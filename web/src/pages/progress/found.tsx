// SPDX-License-Identifier: Apache-2.0
// The course of a case as its applicant is told of it.
import { useTranslation } from 'react-i18next';
import type { CaseProgress, ProgressStep } from '@/api/types';
import { useLabels } from '@/app/labels';
import { Card } from '@/components/card';
import { Clock, SuspensionLine } from '../cases/words';
import './progress.css';

function Step({ of, asOf }: { of: ProgressStep; asOf: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const decided = of.state === 'approved' || of.state === 'refused';
  const next = () => {
    if (decided) return of.decided_on && t('case.decided_on', { day: of.decided_on });
    if (of.dead_end) return t('case.dead_end');
    if (of.waits_for.length > 0) return t('case.waits', { steps: of.waits_for.join(t('common.comma')) });
    return of.due_on && t(of.due_on < asOf ? 'progress.was_due' : 'progress.due', { day: of.due_on });
  };
  return (
    <li data-step={of.step} data-state={of.state}>
      <div className="progress-step">
        <h3>{of.step}. {of.name}</h3>
        <b className="progress-state">{labels.value('StepState', of.state)}</b>
      </div>
      <p className="note">{[of.department, next()].filter(Boolean).join(' · ')}</p>
      {of.suspension && <p><SuspensionLine of={of.suspension} /></p>}
      {of.outcomes.map((one) => (
        <p key={one.paper}>{t('case.outcomes')} {one.name}{one.valid_until && ` (${t('case.valid', { day: one.valid_until })})`}</p>
      ))}
    </li>
  );
}

function Papers({ of }: { of: CaseProgress }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <Card title={t('progress.papers')}>
      {of.papers.length === 0 ? <p className="note">{t('progress.no_papers')}</p> : (
        <ul className="guide-papers">
          {of.papers.map((paper) => (
            <li key={paper.name} data-paper={paper.state}>
              {paper.name} <span className="note">{labels.value('PaperState', paper.state)}{paper.due_on && ` · ${t(paper.overdue ? 'case.was_due' : 'progress.bring_by', { day: paper.due_on })}`}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** `own`: shown to the enterprise that applied, on a page that has its papers and its name by themselves. */
export function Progress({ of, own = false }: { of: CaseProgress; own?: boolean }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const days: [string, string | undefined][] = [
    [t('case.applied_on'), of.applied_on],
    [t('case.accepted_on'), of.accepted_on],
    [t('case.promised_until'), of.due_on],
    [t('progress.closed_on'), of.closed_on],
  ];
  return (
    <>
      <Card title={of.name} note={t('case.number', { id: of.id })}>
        <p className="progress-whole" data-state={of.state}>{labels.value('CaseState', of.state)}</p>
        <dl className="guide-facts">
          <dt>{t('case.lead')}</dt><dd>{of.department}</dd>
          {days.map(([name, day]) => day && <div className="progress-pair" key={name}><dt>{name}</dt><dd>{day}</dd></div>)}
          {of.delivered_on && of.delivery && <><dt>{t('progress.delivery')}</dt><dd>{t('case.delivered', { day: of.delivered_on, how: labels.value('Delivery', of.delivery) })}</dd></>}
        </dl>
      </Card>
      <Card title={t('progress.clocks')}>
        <dl className="guide-facts">
          <dt>{t('case.office_clock')}</dt><dd data-clock="office">{of.office ? <Clock of={of.office} /> : t(of.accepted_on ? 'case.no_promise' : 'case.not_accepted')}</dd>
          <dt>{t('case.applicant_clock')}</dt><dd data-clock="applicant">{t('case.waited', { n: of.waiting_days })} <span className="note">{t('case.in_work_days', { n: of.waiting_work_days })}</span></dd>
        </dl>
      </Card>
      {!own && <Papers of={of} />}
      <Card title={t('case.steps')} flush>
        <ol className="progress-steps">{of.steps.map((step) => <Step key={step.step} of={step} asOf={of.as_of} />)}</ol>
      </Card>
      {!own && <p className="note">{t('progress.as_of', { day: of.as_of })}</p>}
    </>
  );
}
