// SPDX-License-Identifier: Apache-2.0
// Agreement, counterpart, and every version of what was promised beside what became of it.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Commitment, Fulfilment, FullOutput, ProjectFile, Results } from '@/api/types';
import { useLabels } from '@/app/labels';
import { RecordLink } from '@/app/reading';
import { Amount } from '@/components/amount';
import { Card } from '@/components/card';
import { Answer, Empty } from '@/components/states';
import { dayNumber } from '@/format/day';
import { exactMoney } from '@/format/money';
import { ActLink, useFile } from './file';
import { perMu, showHundredths } from './commitments';

function Counterpart({ file }: { file: ProjectFile }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const { agreement } = file;
  if (!agreement) return null;
  return (
    <dl className="facts">
      <dt>{t('file.signed_on')}</dt>
      <dd>{agreement.signed_on} <RecordLink seq={agreement.seq} /> <span className="note">{t('file.files', { n: agreement.evidence })}</span></dd>
      <dt>{t('file.counterpart')}</dt>
      <dd>
        {agreement.counterparts.map((c, i) => (
          <div key={c.seq} className={i > 0 ? 'note' : undefined}>
            {i > 0 && `${t('file.earlier')} `}{c.name_erased ? t('common.erased') : c.name}
            {' · '}{c.number ?? labels.value('CounterpartKind', c.counterpart)} · {c.effective_on} <RecordLink seq={c.seq} />
          </div>
        ))}
      </dd>
    </dl>
  );
}

/** A promised day, and the day it came true, or how late it is by now: by the day it was set aside, if it was. */
function DayFact({ promised, reached, seq, asOf, stopped }: { promised?: string; reached?: string; seq?: number; asOf: string; stopped?: string }) {
  const { t } = useTranslation();
  if (!promised) return reached ? <>{reached} <RecordLink seq={seq!} /></> : <span className="note">{t('file.no_data')}</span>;
  const late = dayNumber(reached ?? stopped ?? asOf) - dayNumber(promised);
  if (!reached) return late > 0 ? <span className="light light-red">{t('file.overdue', { n: late })}</span> : <span className="note">{stopped ? t('gantt.set_aside') : '–'}</span>;
  return (
    <>
      {reached} <RecordLink seq={seq!} />{' '}
      <span className={late > 0 ? 'light light-amber' : 'note'}>{late > 0 ? t('file.late', { n: late }) : late < 0 ? t('file.early', { n: -late }) : t('file.on_time')}</span>
    </>
  );
}

/** 履约率. */
function Fulfilled({ bp }: { bp?: number }) {
  const { t } = useTranslation();
  return bp === undefined ? null : <b className="nowrap" data-fulfilled={bp}> {t('file.fulfilled', { percent: showHundredths(bp) })}</b>;
}

/** What was brought of a promise, in which months, and how much of the promise that is. */
function Brought({ f, standing }: { f: Fulfilment; standing: ProjectFile['standing'] }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const of = f.first_period === f.last_period ? f.last_period : `${f.first_period} – ${f.last_period}`;
  return (
    <>
      {f.achieved_minor !== undefined ? <Amount minor={f.achieved_minor} standing={standing} /> : f.measure === 'land' ? t('file.mu', { n: showHundredths(f.achieved!) }) : t('file.person', { n: f.achieved })}
      <Fulfilled bp={f.fulfilled_bp} />
      <div className="note">
        {f.months !== undefined && f.months < 12 ? t('file.months_of', { of, n: f.months }) : of} · {labels.value('EvidenceLevel', f.evidence_level!)} {f.seqs.map((seq) => <RecordLink key={seq} seq={seq} />)}
        {f.fulfilled_bp !== undefined && <span className="nowrap"> · {t('file.against')} <RecordLink seq={f.promised_seq!} /></span>}
      </div>
    </>
  );
}

/** 达产, by the agreement's own definition and by the output that is recorded. */
function Full({ of }: { of: FullOutput }) {
  const { t } = useTranslation();
  return (
    <span data-full-output>
      {of.reached_in !== undefined ? <b>{t('file.full_reached', { period: of.reached_in })}</b>
        : of.months === undefined ? <span className="note">{t('file.no_data')}</span>
        : t('file.full_so_far', { n: of.months, of: of.needed_months })}{' '}
      {of.seqs.map((seq) => <RecordLink key={seq} seq={seq} />)}
    </span>
  );
}

/** What a correction begins with: the record as it would be typed. */
function asTyped(r: Results, decimals: number) {
  const money = (minor?: string) => minor === undefined ? undefined : { amount: exactMoney(minor, decimals), unit: 'one' };
  return {
    first_period: r.first_period,
    last_period: r.last_period,
    output_minor: money(r.output_minor),
    tax_minor: money(r.tax_minor),
    jobs: r.jobs,
    land_mu_hundredths: r.land_mu_hundredths === undefined ? undefined : showHundredths(r.land_mu_hundredths),
  };
}

/** The records behind the facts, month by month; what was corrected or withdrawn stays to be seen. */
function RecordedResults({ file, project }: { file: ProjectFile; project: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  if (file.results.length === 0) return null;
  const none = <span className="note">–</span>;
  const money = (minor?: string) => (minor === undefined ? none : <Amount minor={minor} standing={file.standing} />);
  return (
    <details className="card-body" data-results>
      <summary>{t('file.results', { n: file.results.length })}</summary>
      <div className="table-box" tabIndex={0} role="group" aria-label={t('file.results_table')}>
        <table className="data compact">
          <thead>
            <tr>
              <th scope="col">{t('file.months')}</th>
              {(['output', 'tax', 'jobs', 'land'] as const).map((m) => <th key={m} scope="col" className="num">{labels.value('ResultMeasure', m)}</th>)}
              <th scope="col">{t('file.stated_by')}</th>
              <th scope="col">{t('file.backing')}</th>
            </tr>
          </thead>
          <tbody>
            {file.results.map((r) => (
              <tr key={r.seq} className={r.ended_by ? 'note' : undefined}>
                <th scope="row" className="nowrap">{r.first_period === r.last_period ? r.last_period : `${r.first_period} – ${r.last_period}`} <RecordLink seq={r.seq} /></th>
                <td className="num">{money(r.output_minor)}</td>
                <td className="num">{money(r.tax_minor)}</td>
                <td className="num">{r.jobs ?? none}</td>
                <td className="num">{r.land_mu_hundredths === undefined ? none : showHundredths(r.land_mu_hundredths)}</td>
                <td>{r.by_name || none}</td>
                <td>
                  {t('file.files', { n: r.evidence })}{' '}
                  {r.ended_by ? <>{t('file.result_ended')} <RecordLink seq={r.ended_by} /></> : (
                    <span className="links">
                      <ActLink className="note" name="project.correct_results" fields={{ project, corrects: r.seq, ...asTyped(r, file.standing.currency_decimals) }} />
                      <ActLink className="note" name="project.withdraw_results" fields={{ project, corrects: r.seq }} />
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Versions({ file, stopped }: { file: ProjectFile; stopped?: string }) {
  const { t } = useTranslation();
  const { commitments: versions, facts, standing } = file;
  if (versions.length === 0) return null;
  const money = (minor?: string) => minor && <Amount minor={minor} standing={standing} />;
  const missing = <span className="note">{t('file.no_data')}</span>;
  const brought = (measure: Fulfilment['measure']) => {
    const f = file.fulfilment.find((x) => x.measure === measure);
    return f && f.seqs.length > 0 ? <Brought f={f} standing={standing} /> : missing;
  };
  const lines: [string, (c: Commitment) => ReactNode, ReactNode][] = [
    [t('file.investment'), (c) => money(c.investment_minor), facts.completed_minor ? <>{money(facts.completed_minor)} <RecordLink seq={facts.completed_seq!} /><Fulfilled bp={facts.completed_bp} /><div className="note">{t('file.completed', { period: facts.completed_in })}</div></> : missing],
    [t('file.output'), (c) => money(c.output_minor), brought('output')],
    [t('file.tax'), (c) => money(c.tax_minor), brought('tax')],
    [t('file.jobs'), (c) => c.jobs !== undefined && t('file.person', { n: c.jobs }), brought('jobs')],
    [t('file.land'), (c) => c.land_mu_hundredths !== undefined && t('file.mu', { n: showHundredths(c.land_mu_hundredths) }), brought('land')],
    [t('file.intensity'), (c) => { const minor = perMu(c); return minor && <span className="nowrap"><Amount minor={minor} standing={standing} />/{t('file.mu', { n: '' }).trim()}</span>; }, missing],
    [
      t('file.start'),
      (c) => c.start_on,
      <div key="s">
        <DayFact promised={versions[0]!.start_on} reached={facts.start_on} seq={facts.start_seq} asOf={standing.as_of} stopped={stopped} />
        {facts.sign_to_start_days !== undefined && facts.sign_to_start_days >= 0 && <div className="note">{t('file.after_signing', { n: facts.sign_to_start_days })}</div>}
      </div>,
    ],
    [t('file.production'), (c) => c.production_on, <DayFact key="p" promised={versions[0]!.production_on} reached={facts.production_on} seq={facts.production_seq} asOf={standing.as_of} stopped={stopped} />],
    [t('file.full'), (c) => c.full_months !== undefined && t('file.full_is', { months: c.full_months, percent: showHundredths(c.full_output_bp!) }), file.full_output ? <Full key="f" of={file.full_output} /> : missing],
  ];
  const asText = (c: Commitment, i: number) => JSON.stringify([c.investment_minor, c.output_minor, c.tax_minor, c.jobs, c.land_mu_hundredths, perMu(c), c.start_on, c.production_on, [c.full_months, c.full_output_bp]][i] ?? null);
  return (
    <div className="table-box" tabIndex={0} role="group" aria-label={t('file.versions')}>
      <table className="data compact">
        <thead>
          <tr>
            <th scope="col">{t('file.promise')}</th>
            {versions.map((c, i) => (
              <th key={c.seq} scope="col">
                {t('file.version', { n: c.version })}{i === 0 && ` · ${t('file.now')}`} <RecordLink seq={c.seq} />
                <div className="note">{c.effective_on}</div>
              </th>
            ))}
            <th scope="col">{t('file.fact')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(([name, cell, fact], line) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {versions.map((c, i) => {
                const before = versions[i + 1];
                const changed = before !== undefined && asText(c, line) !== asText(before, line);
                return (
                  <td key={c.seq}>
                    {cell(c) || <span className="note">{t('file.not_promised')}</span>}
                    {changed && <span className="tag" style={{ marginLeft: 6 }}>{t('file.changed')}</span>}
                  </td>
                );
              })}
              <td>{fact}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function AgreementCard({ project, stopped }: { project: string; stopped?: string }) {
  const { t } = useTranslation();
  const file = useFile(project);
  const agreement = file.data?.agreement;
  return (
    <Card
      title={t('file.agreement')}
      note={
        <span className="links">
          {!agreement && file.data && <ActLink name="project.conclude_agreement" fields={{ project }} />}
          {agreement && <ActLink name="project.make_commitments" fields={{ project }} />}
          <ActLink name="project.record_results" fields={{ project }} />
          {agreement && <ActLink name="project.change_counterpart" fields={{ project }} />}
          {agreement && <ActLink name="project.withdraw_agreement" fields={{ project, corrects: agreement.seq }} />}
        </span>
      }
      flush
    >
      <Answer of={file} rows={3}>
        {(f) => (
          <>
            {f.agreement ? <div className="card-body"><Counterpart file={f} /></div> : <Empty text={t('file.none')} />}
            <Versions file={f} stopped={stopped} />
            <RecordedResults file={f} project={project} />
            {f.withdrawn_agreements > 0 && <p className="card-body note">{t('file.withdrawn', { n: f.withdrawn_agreements })}</p>}
          </>
        )}
      </Answer>
    </Card>
  );
}
