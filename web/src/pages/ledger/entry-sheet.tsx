// SPDX-License-Identifier: Apache-2.0
// One record of the ledger and its proof. The browser recomputes the hashes; nothing is taken on trust but the signature,
// which the proof file lets anybody check with other tools.
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { verifyProof, type ProofVerdict } from '@/api/proof';
import type { Entry, EventView, Proof } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { useStanding } from '@/app/standing';
import { Who } from '@/components/who';
import { Sheet } from '@/components/sheet';
import { Answer } from '@/components/states';
import { wallTime } from '@/format/day';
import { exactMoney } from '@/format/money';
import { SubjectLink } from './index';

export default function EntrySheet({ seq, onClose }: { seq: number; onClose: () => void }) {
  const { t } = useTranslation();
  const entry = useRead<Entry>(`/api/v1/entries/${seq}`, {}, { timeless: true, keep: false });
  return (
    <Sheet title={t('entry.title', { seq })} onClose={onClose}>
      <Answer of={entry}>{(e) => <EntryFacts entry={e} />}</Answer>
      <ProofCheck seq={seq} />
    </Sheet>
  );
}

function EntryFacts({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <>
      <dl className="facts">
        <dt>{t('entry.command')}</dt>
        <dd>{labels.command(entry.command)}</dd>
        <dt>{t('entry.at')}</dt>
        <dd>{wallTime(entry.at)}</dd>
        <dt>{t('entry.by')}</dt>
        <dd><Who entry={entry} />{entry.by_name && /^u/.test(entry.by) && <span className="unit">{entry.by}</span>}</dd>
        {entry.batch && (
          <>
            <dt>{t('entry.batch')}</dt>
            <dd className="mono">{entry.batch}</dd>
          </>
        )}
      </dl>
      {entry.events.map((event, i) => (
        <EventFacts key={i} event={event} />
      ))}
    </>
  );
}

function parsed(payload: string | undefined): Record<string, unknown> {
  try {
    return payload ? (JSON.parse(payload) as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A payload's member as a person reads it; what has no better form is shown as it is written. */
function FactValue({ name, value }: { name: string; value: unknown }) {
  const labels = useLabels();
  const standing = useStanding();
  if (typeof value === 'string') {
    if (name.endsWith('_minor')) return <>{exactMoney(value, standing?.currency_decimals ?? 2)} {standing?.currency}</>;
    if (name === 'milestone' || name === 'needs') return <>{labels.milestone(value)}</>;
    if (name === 'ladder') return <>{labels.ladder(value)}</>;
    if (name === 'finding') return <>{labels.finding(value)}</>;
    const enums: Record<string, string[]> = { evidence_level: ['EvidenceLevel'], evidence: ['EvidenceLevel'], kind: ['Kind', 'FundsKind'], level: ['UrgeLevel'], source: ['Source'], list: ['ListName'], category: ['Category'], reason: ['HoldReason'], role: ['Role'], measure: ['Measure'], funds_kind: ['FundsKind'] };
    const known = enums[name]?.map((type) => labels.value(type, value)).find((word) => word !== value);
    return <>{known ?? value}</>;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return <>–</>;
    return (
      <ul>
        {value.map((item, i) => (
          <li key={i} className={typeof item === 'string' && item.startsWith('sha256:') ? 'mono' : undefined}>
            {typeof item === 'object' && item !== null && 'key' in item && 'value' in item ? `${labels.field(String(item.key), 'attribute')}: ${String(item.value)}` : typeof item === 'object' ? JSON.stringify(item) : name === 'powers' ? labels.value('Power', String(item)) : String(item)}
          </li>
        ))}
      </ul>
    );
  }
  return <>{String(value)}</>;
}

function EventFacts({ event }: { event: EventView }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const members = Object.entries(parsed(event.payload));
  return (
    <section className="event">
      <h3>
        {labels.event(event.type)} <span className="unit"><SubjectLink on={event.on} /> · {labels.value('EventClass', event.cls)}</span>
      </h3>
      {event.erased && <p>{t('entry.erased')}</p>}
      {event.withheld && <p>{t('entry.withheld')}</p>}
      <dl className="facts">
        {members.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{labels.field(name)}</dt>
            <dd><FactValue name={name} value={value} /></dd>
          </div>
        ))}
        <dt>{t('entry.digest')}</dt>
        <dd className="mono">{event.digest}</dd>
      </dl>
    </section>
  );
}

function ProofCheck({ seq }: { seq: number }) {
  const { t } = useTranslation();
  const proof = useRead<Proof>(`/api/v1/entries/${seq}/proof`, {}, { timeless: true, keep: false });
  const [verdict, setVerdict] = useState<ProofVerdict | null>(null);
  const data = proof.data;
  useEffect(() => {
    let stale = false;
    setVerdict(null);
    if (data) void verifyProof(data).catch((): ProofVerdict => ({ ok: false, failed: 'root', leafHash: '', root: '' })).then((v) => !stale && setVerdict(v));
    return () => {
      stale = true;
    };
  }, [data]);
  return (
    <section className="event">
      <h3>{t('proof.title')}</h3>
      <Answer of={proof} rows={3}>{(p) => <Verdict proof={p} verdict={verdict} />}</Answer>
    </section>
  );
}

function Verdict({ proof, verdict }: { proof: Proof; verdict: ProofVerdict | null }) {
  const { t } = useTranslation();
  const steps = ['leaf', 'root', 'checkpoint'] as const;
  const failedAt = verdict?.failed ? steps.indexOf(verdict.failed) : verdict?.ok ? steps.length : 0;
  return (
    <>
      <p role="status" data-proof={verdict ? (verdict.ok ? 'verified' : 'failed') : 'checking'} className={verdict?.ok ? 'success' : verdict ? 'problem' : 'note'}>
        <strong>{t(verdict ? (verdict.ok ? 'proof.verified' : 'proof.failed') : 'proof.checking')}</strong> {verdict?.ok && t('proof.meaning', { size: proof.tree_size })}
      </p>
      <ol className="check-steps">
        {steps.map((step, i) => (
          <li key={step}>
            {verdict && <b className={i >= failedAt ? 'bad' : undefined}>{i < failedAt ? '✓' : '✗'}</b>}
            <span>{t(`proof.step_${step}`)}</span>
          </li>
        ))}
      </ol>
      <dl className="facts">
        <dt>{t('entry.leaf_hash')}</dt>
        <dd className="mono">{proof.leaf_hash}</dd>
        <dt>{t('proof.root')}</dt>
        <dd className="mono">{proof.root}</dd>
        <dt>{t('proof.verifier_key')}</dt>
        <dd className="mono">{proof.verifier_key}</dd>
      </dl>
      <details>
        <summary>{t('proof.details')}</summary>
        <pre className="mono" tabIndex={0}>{proof.leaf}</pre>
        <pre className="mono" tabIndex={0}>{proof.checkpoint}</pre>
      </details>
      <Button size="small" onClick={() => save(`landfall-${proof.seq}.tlog-proof`, proof.proof_file)}>{t('proof.save')}</Button>
      <p><a href={`/verify.html?seq=${proof.seq}`} target="_blank" rel="noreferrer">{t('proof.elsewhere')}</a></p>
    </>
  );
}

/** The proof goes into a file that outlives this system. */
function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
