// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { FigureRecord, FigureValue } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { columnAmount, useColumnUnit, useUnitWord } from '@/components/amount';
import { DataTable, type Column } from '@/components/data-table';
import { Answer, Empty } from '@/components/states';
import { count } from '@/format/day';
import { FigureNumber, LeftOut } from '@/pages/figures';
import { definitionText, stockText } from '@/pages/figures/definition';
import { PeriodFilters, usePeriod } from '@/pages/figures/period';

/** A number and every record it was made of. */
export default function FigurePage() {
  const { t, i18n } = useTranslation();
  const labels = useLabels();
  const word = useUnitWord();
  const { id = '' } = useParams();
  const period = usePeriod();
  const { list, first, rows, more } = useReadPages(`/api/v1/figures/${id}`, period.values, (v: FigureValue) => v.records, 200);
  useShowStanding(first?.standing);
  const unit = useColumnUnit(first?.standing);
  const columns: Column<FigureRecord>[] = [
    { key: 'seq', title: t('common.record'), width: 90, pinned: true, render: (r) => <span data-evidence><RecordLink seq={r.seq} /></span> },
    { key: 'title', title: t('project.title'), width: 320, pinned: true, render: (r) => <To to={`/projects/${r.project}`} className="two" title={r.title} data-row-link>{r.title || t('common.erased')}</To> },
    { key: 'code', title: t('project.code'), width: 110, render: (r) => r.code ?? '–' },
    { key: 'day', title: t('figure.day'), width: 120, render: (r) => r.effective_on },
    first?.sum !== undefined
      ? { key: 'amount', title: t('figure.amount'), width: 140, align: 'right', render: (r) => (r.amount !== undefined ? stockText(first.figure.measure, r.amount, t) : '–') }
      : { key: 'amount', title: <>{t('figure.amount')}<span className="unit">{unit}</span></>, width: 140, align: 'right', render: (r) => (first && r.amount_minor !== undefined ? columnAmount(r.amount_minor, first.standing) : '–') },
    { key: 'evidence', title: t('gantt.evidence'), width: 120, render: (r) => labels.value('EvidenceLevel', r.evidence_level) },
  ];
  const name = first ? (i18n.language === 'en' ? first.figure.en : first.figure.zh) : id;
  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}>
        <ol>
          <li><To to="/figures" query={period.values}>{t('shell.figures')}</To></li>
          <li aria-current="page">{id}</li>
        </ol>
      </nav>
      <div className="page-head">
        <h1>{name}</h1>
        {first && <b style={{ fontSize: 21 }} data-figure-value><FigureNumber value={first} /></b>}
        {first && <span className="note">{t('figure.period', { from: first.from, to: first.to })} · {t('figure.made_of', { n: count(first.count) })}</span>}
      </div>
      {first && (
        <p className="note">
          {definitionText(first.figure, first.standing, t, labels, word)} · v{first.figure.version}{' '}
          {first.figure.defined_seq > 0 && <RecordLink seq={first.figure.defined_seq} />} · {t('figure.left_out')}: <LeftOut value={first} />
        </p>
      )}
      <PeriodFilters period={period} />
      <Answer of={list}>
        {() => (
          <div className="card table-card">
            <DataTable label={name} columns={columns} rows={rows} rowKey={(r, i) => `${r.seq}/${i}`} total={first?.count} more={more} empty={<Empty text={t('figure.no_records')} />} />
          </div>
        )}
      </Answer>
    </>
  );
}
