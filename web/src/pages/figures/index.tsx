// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { byHand, useCommands } from '@/actions/commands';
import type { FigureList, FigureValue } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To, useActLink } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Amount, useUnitWord } from '@/components/amount';
import { DataTable, type Column } from '@/components/data-table';
import { Answer, Empty } from '@/components/states';
import { count } from '@/format/day';
import { definitionText, stockText } from './definition';
import { PeriodFilters, usePeriod } from './period';

export function FigureNumber({ value }: { value: FigureValue }) {
  const { t } = useTranslation();
  if (value.sum !== undefined) return <span className="nowrap">{stockText(value.figure.measure, value.sum, t)}</span>;
  return value.sum_minor !== undefined ? (
    <Amount minor={value.sum_minor} standing={value.standing} />
  ) : (
    <>
      {count(value.count)}
      <span className="unit">{t('unit.projects')}</span>
    </>
  );
}

export default function FiguresPage() {
  const { t, i18n } = useTranslation();
  const labels = useLabels();
  const unit = useUnitWord();
  const act = useActLink();
  const navigate = useNavigate();
  const period = usePeriod();
  const list = useRead<FigureList>('/api/v1/figures', period.values);
  const standing = list.data?.standing;
  useShowStanding(standing);
  const mayDefine = byHand(useCommands()).some((c) => c.name === 'figure.define');
  const columns: Column<FigureValue>[] = [
    {
      key: 'name', title: t('figure.name'), width: 280, pinned: true,
      render: (v) => (
        <To to={`/figures/${v.figure.id}`} query={period.values} data-row-link>
          {i18n.language === 'en' ? v.figure.en : v.figure.zh}
        </To>
      ),
    },
    { key: 'value', title: t('figure.value'), width: 160, align: 'right', render: (v) => <b style={{ fontSize: 16 }}><FigureNumber value={v} /></b> },
    { key: 'records', title: t('figure.records'), width: 110, align: 'right', render: (v) => <To to={`/figures/${v.figure.id}`} query={period.values}>{count(v.count)}</To> },
    { key: 'left', title: t('figure.left_out'), width: 200, render: (v) => <LeftOut value={v} /> },
    { key: 'definition', title: t('figure.definition'), width: 380, render: (v) => definitionText(v.figure, v.standing, t, labels, unit) },
    { key: 'version', title: t('figure.version'), width: 120, render: (v) => <span className="nowrap">v{v.figure.version} {v.figure.defined_seq > 0 && <RecordLink seq={v.figure.defined_seq} />}</span> },
  ];
  return (
    <>
      <div className="page-head">
        <h1>{t('figure.list')}</h1>
        {list.data?.rows[0] && <span className="note">{t('figure.period', { from: list.data.rows[0].from, to: list.data.rows[0].to })}</span>}
        <div className="right">{mayDefine && <Button onClick={() => void navigate(act('figure.define'))}>{labels.command('figure.define')}</Button>}</div>
      </div>
      <PeriodFilters period={period} />
      <Answer of={list}>
        {(data) => (
          <div className="card table-card">
            <DataTable label={t('figure.list')} columns={columns} rows={data.rows} rowKey={(v) => v.figure.id} empty={<Empty text={t('figure.none')} />} />
          </div>
        )}
      </Answer>
      <p className="note">{t('figure.method_note')}</p>
    </>
  );
}

export function LeftOut({ value }: { value: FigureValue }) {
  const { t } = useTranslation();
  const parts = [];
  if (value.left_out_evidence > 0) parts.push(t('figure.left_out_evidence', { n: value.left_out_evidence }));
  if (value.left_out_amount > 0) parts.push(t('figure.left_out_amount', { n: value.left_out_amount }));
  return parts.length === 0 ? <>–</> : <span className="light-amber">{parts.join(' · ')}</span>;
}
