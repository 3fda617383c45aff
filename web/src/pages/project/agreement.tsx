// SPDX-License-Identifier: Apache-2.0
// Agreement, counterpart, and every version of what was promised beside what became of it.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Commitment, ProjectFile } from '@/api/types';
import { useLabels } from '@/app/labels';
import { RecordLink } from '@/app/reading';
import { Amount } from '@/components/amount';
import { Card } from '@/components/card';
import { Answer, Empty } from '@/components/states';
import { dayNumber } from '@/format/day';
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

/** A promised day, and the day it came true, or how late it is by now. */
function DayFact({ promised, reached, seq, asOf }: { promised?: string; reached?: string; seq?: number; asOf: string }) {
  const { t } = useTranslation();
  if (!promised) return reached ? <>{reached} <RecordLink seq={seq!} /></> : <span className="note">{t('file.no_data')}</span>;
  const late = dayNumber(reached ?? asOf) - dayNumber(promised);
  if (!reached) return late > 0 ? <span className="light light-red">{t('file.overdue', { n: late })}</span> : <span className="note">–</span>;
  return (
    <>
      {reached} <RecordLink seq={seq!} />{' '}
      <span className={late > 0 ? 'light light-amber' : 'note'}>{late > 0 ? t('file.late', { n: late }) : late < 0 ? t('file.early', { n: -late }) : t('file.on_time')}</span>
    </>
  );
}

function Versions({ file }: { file: ProjectFile }) {
  const { t } = useTranslation();
  const { commitments: versions, facts, standing } = file;
  if (versions.length === 0) return null;
  const money = (minor?: string) => minor && <Amount minor={minor} standing={standing} />;
  const missing = <span className="note">{t('file.no_data')}</span>;
  const lines: [string, (c: Commitment) => ReactNode, ReactNode][] = [
    [t('file.investment'), (c) => money(c.investment_minor), facts.completed_minor ? <>{money(facts.completed_minor)} <RecordLink seq={facts.completed_seq!} /><div className="note">{t('file.completed', { period: facts.completed_in })}</div></> : missing],
    [t('file.output'), (c) => money(c.output_minor), missing],
    [t('file.tax'), (c) => money(c.tax_minor), missing],
    [t('file.jobs'), (c) => c.jobs !== undefined && t('file.person', { n: c.jobs }), missing],
    [t('file.land'), (c) => c.land_mu_hundredths !== undefined && t('file.mu', { n: showHundredths(c.land_mu_hundredths) }), missing],
    [t('file.intensity'), (c) => { const minor = perMu(c); return minor && <span className="nowrap"><Amount minor={minor} standing={standing} />/{t('file.mu', { n: '' }).trim()}</span>; }, missing],
    [
      t('file.start'),
      (c) => c.start_on,
      <div key="s">
        <DayFact promised={versions[0]!.start_on} reached={facts.start_on} seq={facts.start_seq} asOf={standing.as_of} />
        {facts.sign_to_start_days !== undefined && facts.sign_to_start_days >= 0 && <div className="note">{t('file.after_signing', { n: facts.sign_to_start_days })}</div>}
      </div>,
    ],
    [t('file.production'), (c) => c.production_on, <DayFact key="p" promised={versions[0]!.production_on} reached={facts.production_on} seq={facts.production_seq} asOf={standing.as_of} />],
    [t('file.full'), (c) => c.full_months !== undefined && t('file.full_is', { months: c.full_months, percent: showHundredths(c.full_output_bp!) }), missing],
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

export function AgreementCard({ project }: { project: string }) {
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
            <Versions file={f} />
            {f.withdrawn_agreements > 0 && <p className="card-body note">{t('file.withdrawn', { n: f.withdrawn_agreements })}</p>}
          </>
        )}
      </Answer>
    </Card>
  );
}
