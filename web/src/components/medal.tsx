// SPDX-License-Identifier: Apache-2.0
// 签约是铜，落地是银，达产才是金: filled when reached, outlined when not.
import { useLabels } from '@/app/labels';

export function MedalMark({ medal, reached = true, small }: { medal: string; reached?: boolean; small?: boolean }) {
  const labels = useLabels();
  if (medal === 'none') return null;
  const colour = `var(--${medal})`;
  return (
    <svg className={`medal${small ? ' small' : ''}`} viewBox="0 0 24 24" role="img" aria-label={labels.value('Medal', medal)}>
      <path d="M8 1h3l2 6-3 1.4zM16 1h-3l-2 6 3 1.4z" fill={colour} opacity={reached ? 0.75 : 0.35} />
      <circle cx="12" cy="15" r="7.6" fill={reached ? colour : 'none'} stroke={colour} strokeWidth="1.6" />
      <text x="12" y="18.4" textAnchor="middle" fontSize="9.5" fontWeight="700" fill={reached ? 'var(--card)' : 'var(--ink)'}>
        {labels.value('Medal', medal).slice(0, 1)}
      </text>
    </svg>
  );
}
