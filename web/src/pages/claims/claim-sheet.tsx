// SPDX-License-Identifier: Apache-2.0
// One published figure: its verdict in a sentence, and every check with what it looked at.
import { useTranslation } from 'react-i18next';
import type { ClaimCheck, ClaimPage } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { Sheet } from '@/components/sheet';
import { Answer } from '@/components/states';
import { PrintedValue, VerdictMark } from './value';

function Input({ input }: { input: ClaimCheck['inputs'][number] }) {
  const { t } = useTranslation();
  const name = input.name || t('common.erased');
  const place = input.id.startsWith('p') ? `/projects/${input.id}` : undefined;
  return (
    <li>
      {place ? <To to={place}>{name}</To> : name} {input.value && <b className="nowrap">{input.value}<span className="unit">{input.unit_words}</span></b>}
      {input.counted_in && <span className="note"> {t('claim.counted_in', { name: input.counted_in.name })}</span>} {input.of_report && <span className="note">{t('claim.of_report')}</span>} {input.seq > 0 && <RecordLink seq={input.seq} />}
    </li>
  );
}

function Check({ check }: { check: ClaimCheck }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <section className="claim-check" data-check={check.rule}>
      <h3>{labels.value('ClaimRule', check.rule)} · {labels.value('CheckOutcome', check.result)}</h3>
      <p className="note">{check.claim.name || t('common.erased')}</p>
      {check.found && <p>{t('claim.claimed')} <b>{check.claimed}</b> · {t('claim.found')} <b>{check.found}</b></p>}
      {check.derived && (
        <p className="claim-derived">
          {t(`claim.derived_${check.rule}`)} <b>{check.derived.value}<span className="unit">{check.derived.unit_words}</span></b>{' '}
          {check.derived.low !== check.derived.high && <span className="note">{t('claim.between', { low: check.derived.low, high: check.derived.high })}</span>}
        </p>
      )}
      <span className="note">{t('claim.inputs')}</span>
      <ul>{check.inputs.map((input) => <Input key={input.id} input={input} />)}</ul>
    </section>
  );
}

function Facts({ page }: { page: ClaimPage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const c = page.claim;
  const facts: [string, React.ReactNode][] = [
    [t('claim.value'), <PrintedValue key="v" claim={c} />],
    [t('claim.period'), c.period],
    [t('claim.scope'), c.scope],
    [t('claim.region'), c.region?.name],
    [t('claim.category'), labels.value('ClaimCategory', c.category)],
    [t('claim.evidence'), labels.value('EvidenceLevel', c.evidence_level)],
    [t('claim.source'), c.source],
    [t('claim.record'), <RecordLink key="r" seq={c.seq} />],
  ];
  return (
    <dl className="claim-facts">
      {facts.filter(([, value]) => value).map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export default function ClaimSheet({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const read = useRead<ClaimPage>(`/api/v1/claims/${id}`, undefined, { keep: false });
  return (
    <Sheet title={name} onClose={onClose}>
      <Answer of={read}>
        {(page) => (
          <div data-claim={id}>
            <p><VerdictMark verdict={page.claim.verdict} /> {page.claim.name_inferred && <span className="note">{t('claim.inferred')}</span>}</p>
            <p className="claim-words">{t(`claim.why_${page.claim.verdict}`)}</p>
            <Facts page={page} />
            <h3>{t('claim.checks')}</h3>
            {page.checks.length === 0 && <p className="note">{t('claim.no_checks')}</p>}
            {page.checks.map((check, i) => <Check key={i} check={check} />)}
          </div>
        )}
      </Answer>
    </Sheet>
  );
}
