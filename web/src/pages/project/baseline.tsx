// SPDX-License-Identifier: Apache-2.0
// Which baseline is in force, whether the plan has left it, and who decides on the one that was asked for.
import { useTranslation } from 'react-i18next';
import { useLabels } from '@/app/labels';
import { RecordLink } from '@/app/reading';
import { ActLink, useFile } from './file';

export function BaselineNote({ project }: { project: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const file = useFile(project).data;
  if (!file) return null;
  const inForce = file.baselines.find((b) => b.in_force);
  const asked = file.baselines.find((b) => b.verdict === 'asked');
  return (
    <div className="baseline-note note" data-baseline={inForce?.seq ?? ''}>
      <span className="links">
        {inForce ? <span>{t('file.baseline_in_force', { day: inForce.decided_on ?? inForce.effective_on })} <RecordLink seq={inForce.seq} /></span> : <span>{t('file.baseline_none')}</span>}
        {file.plan_differs && <span className="light light-amber">{t('file.baseline_differs')}</span>}
        {!inForce && <ActLink name="project.freeze_baseline" fields={{ project }} />}
        {inForce && file.plan_differs && !asked && <ActLink name="project.ask_rebaseline" fields={{ project }} />}
        {asked && <span>{t('file.baseline_asked', { who: asked.by, day: asked.effective_on })} <RecordLink seq={asked.seq} /></span>}
        {asked && !asked.by_me && <ActLink name="project.approve_rebaseline" fields={{ project }} />}
        {asked && !asked.by_me && <ActLink name="project.reject_rebaseline" fields={{ project }} />}
      </span>
      {file.baselines.length > 1 && (
        <details>
          <summary>{t('file.baseline_history')}</summary>
          <ul>
            {file.baselines.map((b) => (
              <li key={b.seq}>
                {b.effective_on} {b.by} <RecordLink seq={b.seq} /> {labels.value('BaselineVerdict', b.verdict)}
                {b.decided_on && <> · {t('file.baseline_verdict', { day: b.decided_on, verdict: labels.value('BaselineVerdict', b.verdict), who: b.decided_by })} <RecordLink seq={b.decided_seq!} /></>}
                {': '}{b.days.map((d) => `${labels.milestone(d.milestone)} ${d.due_on}`).join(' · ')}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
