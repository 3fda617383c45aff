// SPDX-License-Identifier: Apache-2.0
// How a published number is written, and the mark of its verdict: shape, colour and word, always all three.
import { useTranslation } from 'react-i18next';
import type { ClaimRow } from '@/api/types';
import { useLabels } from '@/app/labels';

/** Never the shapes of the lights: a verdict is about a printed number, not about a project. */
const marks: Record<ClaimRow['verdict'], string> = { backed: '✓', consistent: '＝', unbacked: '？', contradicted: '≠', missing: '□', stated: '…' };
export const verdicts = Object.keys(marks) as ClaimRow['verdict'][];

export function VerdictMark({ verdict }: { verdict: ClaimRow['verdict'] }) {
  const labels = useLabels();
  return (
    <span className={`nowrap verdict verdict-${verdict}`} data-verdict={verdict}>
      <span aria-hidden="true">{marks[verdict]} </span>
      {labels.value('ClaimVerdict', verdict)}
    </span>
  );
}

const bounds: Record<ClaimRow['bound'], string> = { exact: '', at_least: '≥ ', more_than: '> ', at_most: '≤ ', less_than: '< ', nearly: '≲ ' };

export function PrintedValue({ claim }: { claim: ClaimRow }) {
  const { t } = useTranslation();
  if (claim.verdict === 'missing') return <b>{t('claim.missing')}</b>;
  if (claim.values.length === 0) return <>–</>;
  return (
    <span className="nowrap">
      {bounds[claim.bound]}
      {claim.values.join(claim.kind === 'proportion' ? ' : ' : '–')}
      {claim.unit_words && <span className="unit">{claim.unit_words}</span>}
    </span>
  );
}
