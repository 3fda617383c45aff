// SPDX-License-Identifier: Apache-2.0
// Each step of the case: where it stands, its clocks, what stood still and by which article, who is still to agree, and
// what may be done next.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CasePage, CaseStep } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useActLink } from '@/app/reading';
import { Card } from '@/components/card';
import { useStepActs } from '../cases/acts';
import { Clock, StepLight, SuspensionLine } from '../cases/words';

/** The acts that end a step or lead on are buttons; what is asked on the way stands behind them. */
const first = new Set(['step.receive', 'step.approve', 'step.resume', 'step.approve_extension', 'step.agree', 'step.approve_by_rule']);

function Step({ page, step, acts }: { page: CasePage; step: CaseStep; acts: ReturnType<ReturnType<typeof useStepActs>> }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const main = acts.find((a) => first.has(a.command))?.command;
  const open = step.state !== 'approved' && step.state !== 'refused';
  const asked = step.agreements;
  const lacking = page.papers.filter((p) => p.steps.includes(step.step) && p.state !== 'handed' && p.state !== 'promised');
  return (
    <li id={`step-${step.step}`} className="case-step" data-step={step.step} tabIndex={-1}>
      <div className="case-step-head">
        <h3>{step.step} {step.name || step.matter}</h3>
        <span className="tag">{labels.value('StepState', step.state)}</span>
        {step.by_rule && <span className="tag">{t('case.by_rule')}</span>}
        <StepLight step={step} asOf={page.standing.as_of} />
      </div>
      <p className="note">
        {step.owner_unit.name} · {t('case.version', { n: step.version })}
        {step.began_on && ` · ${t('case.began_on', { day: step.began_on })}`}
        {step.received_on && ` · ${t('case.received_on', { day: step.received_on })}`}
        {step.decided_on && ` · ${t('case.decided_on', { day: step.decided_on })}`}
      </p>
      {step.office && <p><span className="note">{t('case.promised_clock')}</span> <Clock of={step.office} /></p>}
      {step.statutory && <p><span className="note">{t('case.statutory_clock')}</span> <Clock of={step.statutory} /></p>}
      {step.outcomes.length > 0 && (
        <p className="note" data-outcomes>
          {t('case.outcomes')} {step.outcomes.map((o) => (o.valid_until ? `${o.name} (${t('case.valid', { day: o.valid_until })})` : o.name)).join(t('common.comma'))}
        </p>
      )}
      {step.suspensions.length > 0 && (
        <ul className="plain" aria-label={t('case.suspensions')}>
          {step.suspensions.map((s, i) => <li key={i} className="case-still"><SuspensionLine of={s} /></li>)}
        </ul>
      )}
      <p className="tags">
        {step.corrected && <span className="tag">{t('case.corrected')}</span>}
        {step.sent_back > 0 && <span className="tag">{t('case.sent_back', { n: step.sent_back })}</span>}
        {step.extended_by !== undefined && <span className="tag">{t('case.extended', { n: step.extended_by })}</span>}
        {step.extension_rejected && <span className="tag" data-extension-rejected>{t('case.extension_rejected', { n: step.extension_rejected.days, day: step.extension_rejected.on })}</span>}
        {step.extension_asked && step.extended_by === undefined && open && <span className="light light-amber tagged">{t('case.extension_open')}</span>}
        {asked.map((a, i) => (
          <span key={i} className={a.agreed || !open ? 'tag' : 'light light-amber tagged'}>
            {t(a.unit ? 'case.countersign_of' : 'case.review_of', { who: a.unit?.name ?? a.reviewer_name ?? a.reviewer ?? '' })} · {t(a.agreed ? 'case.agreed' : 'case.not_agreed')}
          </span>
        ))}
        {open && lacking.length > 0 && <span className="light light-amber tagged">{t('case.wants', { papers: lacking.map((p) => p.name || p.paper).join(t('common.comma')) })}</span>}
      </p>
      {acts.length > 0 && (
        <div className="case-acts">
          {acts.map((a) => <Link key={a.command} className={a.command === main ? 'button primary' : 'button'} to={act(a.command, a.fields)} data-act-of={a.command}>{labels.command(a.command)}</Link>)}
        </div>
      )}
    </li>
  );
}

export function Steps({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const acts = useStepActs(page);
  return (
    <Card title={t('case.steps')} note={t('case.n_of', { n: page.file.steps_decided, of: page.file.steps })} flush>
      <ol>{page.steps.map((step) => <Step key={step.step} page={page} step={step} acts={acts(step)} />)}</ol>
    </Card>
  );
}
