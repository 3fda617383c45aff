// SPDX-License-Identifier: Apache-2.0
// Lights are colour, shape and word together; the word says why and since when.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Light, LightView } from '@/api/types';
import { useLabels, type LabelsApi } from '@/app/labels';

export const lightOrder: Light[] = ['red', 'amber', 'green', 'done', 'idle'];

export function LightShape({ light }: { light: Light }) {
  const shapes = {
    red: (
      <>
        <path d="M8 1.2 15.4 14.4H.6z" fill="currentColor" />
        <path d="M8 5.8v4.2M8 11.4v1.4" stroke="var(--card)" strokeWidth="1.6" />
      </>
    ),
    amber: <path d="M8 .8 15.2 8 8 15.2.8 8z" fill="currentColor" />,
    green: <circle cx="8" cy="8" r="6.6" fill="currentColor" />,
    done: (
      <>
        <rect x="1.4" y="1.4" width="13.2" height="13.2" rx="2.4" fill="currentColor" />
        <path d="m4.4 8.2 2.6 2.6 4.8-5.4" fill="none" stroke="var(--card)" strokeWidth="1.8" />
      </>
    ),
    idle: <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  };
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      {shapes[light]}
    </svg>
  );
}

/** Why the light stands as it does: “主体建设逾期 32 天”. */
export function lightReason(view: LightView, t: TFunction, labels: LabelsApi): string {
  const milestone = view.milestone ? labels.milestone(view.milestone) : '';
  const days = view.days ?? 0;
  switch (view.reason) {
    case 'overdue':
      return t('light.overdue', { milestone, days });
    case 'on_plan':
      return t(days === 0 ? 'light.due_today' : 'light.days_left', { milestone, days });
    case 'no_plan':
      return t('light.no_plan');
    case 'all_reached':
      return t('light.all_reached');
    case 'on_hold':
      return t('light.on_hold', { since: view.since ?? '' });
    case 'terminated':
      return t('light.terminated', { since: view.since ?? '' });
    case 'closed':
      return t('light.closed');
    case 'blocked':
      return t('light.blocked', { milestone, days, since: view.since ?? '', block: view.block ? labels.value('BlockKind', view.block) : '' });
  }
}

export function LightMark({ view, tagged, reason = true }: { view: LightView; tagged?: boolean; reason?: boolean }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const name = labels.value('Light', view.light);
  const why = lightReason(view, t, labels);
  // What is idle says only why: "not started" would be wrong of a project that is held, or has no plan left.
  const words = !reason ? name : view.light === 'idle' ? why : `${name} · ${why}`;
  return (
    <span className={`light light-${view.light}${tagged ? ' tagged' : ''}`}>
      <LightShape light={view.light} />
      <span>
        {words}
      </span>
    </span>
  );
}
