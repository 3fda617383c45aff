// SPDX-License-Identifier: Apache-2.0
// 事项目录: every matter in force with its limit and law, the packages made of them, and what is wrong with it all.
import { Button } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CatalogueFindings, CatalogueMatterRow, CatalogueMatters, CataloguePackages } from '@/api/types';
import { useRead, useReadPages } from '@/app/read';
import { Card } from '@/components/card';
import { DataTable, type Column } from '@/components/data-table';
import { ClearFilters, FilterSelect, SearchBox, useFilters } from '@/components/filters';
import { PrintButton } from '@/components/print-button';
import { Answer, Empty } from '@/components/states';
import { useNarrow } from '@/components/use-narrow';
import { count } from '@/format/day';
import { Unconfirmed, useLimitText, useName } from '../guide/frame';
import { Findings } from './findings';
import { Limits } from './limits';
import './catalogue.css';

const names = ['q', 'package', 'department', 'kind', 'confirmed'] as const;
const kinds = ['licence', 'filing', 'review', 'confirmation', 'registration', 'service', 'joint', 'procedure', 'benefit', 'award', 'ruling', 'other'];

function Packages({ of }: { of: CataloguePackages }) {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  return (
    <nav className="cat-packages" aria-label={t('catalogue.packages')}>
      {of.rows.map(({ package: p }) => (
        <Link key={p.id} to={`/catalogue/packages/${p.id}`} className="card" data-package={p.id}>
          <b>{name(p)}</b>
          <span className="note">{t('guide.package_note', { n: p.matters.length, lead: name(p.lead) })}{p.promised && ` · ${t('guide.promised', { limit: limit(p.promised) })}`}</span>
        </Link>
      ))}
      <Link to="/catalogue/packages/new" className="card cat-new" data-package="new"><b>{t('catalogue.new_package')}</b><span className="note">{t('catalogue.new_package_note')}</span></Link>
    </nav>
  );
}

/** On a phone: what a row of the table says, as a card. */
function Cards({ rows }: { rows: CatalogueMatterRow[] }) {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  return (
    <ul className="cat-cards">
      {rows.map(({ matter, law }) => (
        <li key={matter.id}>
          <Link to={`/catalogue/matters/${matter.id}`}>{name(matter)}</Link> <Unconfirmed of={matter} />
          <div className="note">{name(matter.department)} · {t(`guide.kind_${matter.kind}`)} · {limit(matter.promised ?? matter.statutory)}</div>
          <div className="note">{law}</div>
        </li>
      ))}
    </ul>
  );
}

export default function CataloguePage() {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  const narrow = useNarrow();
  const { values, change, active, clear } = useFilters(names);
  const { list, first, rows, more } = useReadPages('/api/v1/catalogue/matters', values, (p: CatalogueMatters) => p.rows, 200, 'now');
  const packages = useRead<CataloguePackages>('/api/v1/catalogue/packages', undefined, { timeless: true });
  const findings = useRead<CatalogueFindings>('/api/v1/catalogue/findings', undefined, { timeless: true });
  const [before, setBefore] = useState<string>();
  const search = useCallback((q: string | undefined) => change({ q }), [change]);
  const columns = useMemo((): Column<CatalogueMatterRow>[] => {
    const packageNames = new Map(packages.data?.rows.map(({ package: p }) => [p.id, p]));
    return [
      { key: 'name', title: t('guide.matter'), width: 280, pinned: true, render: ({ matter }) => <><Link to={`/catalogue/matters/${matter.id}`} data-row-link>{name(matter)}</Link> <Unconfirmed of={matter} /> <span className="note mono">{matter.id}</span></> },
      { key: 'department', title: t('guide.department'), width: 150, render: ({ matter }) => name(matter.department) },
      { key: 'kind', title: t('guide.kind'), width: 100, render: ({ matter }) => t(`guide.kind_${matter.kind}`) },
      { key: 'statutory', title: t('guide.statutory'), width: 120, render: ({ matter }) => limit(matter.statutory) },
      { key: 'promised', title: t('guide.promise'), width: 120, render: ({ matter }) => limit(matter.promised) },
      {
        key: 'packages', title: t('catalogue.packages'), width: 240,
        render: (r) => r.packages.map((id, i) => <span key={id}>{i > 0 && ' · '}<Link to={`/catalogue/packages/${id}`}>{packageNames.has(id) ? name(packageNames.get(id)!) : id}</Link></span>),
      },
      { key: 'law', title: t('guide.law'), render: (r) => <span className="two">{r.law}</span> },
    ];
  }, [t, name, limit, packages.data]);
  const found = findings.data;
  return (
    <>
      <div className="page-head">
        <h1>{t('catalogue.title')}</h1>
        {first && <span className="note" role="status" data-total={first.total}>{t('catalogue.count', { n: count(first.total), unconfirmed: count(first.unconfirmed) })}</span>}
        <div className="right">
          <Link className="button" to="/calendar">{t('shell.workdays')}</Link>
          <PrintButton list={list} />
        </div>
      </div>
      {packages.data && <Packages of={packages.data} />}
      {found && (
        <Card title={t('catalogue.findings')} note={t('catalogue.findings_note', { n: found.matters, day: found.on })} className="no-print">
          {found.rows.length === 0 ? <p data-no-findings>{t('catalogue.no_findings')}</p> : <Findings rows={found.rows} />}
        </Card>
      )}
      <Limits before={before} change={setBefore} />
      <div className="filters">
        <SearchBox label={t('guide.find')} value={values.q} onChange={search} />
        {packages.data && <FilterSelect label={t('catalogue.package')} value={values.package} onChange={(v) => change({ package: v })} options={packages.data.rows.map(({ package: p }) => ({ value: p.id, label: name(p) }))} />}
        <FilterSelect label={t('guide.department')} value={values.department} onChange={(department) => change({ department })} options={(first?.departments ?? []).map((d) => ({ value: d.name.id, label: `${name(d.name)} ${count(d.count)}` }))} />
        <FilterSelect label={t('guide.kind')} value={values.kind} onChange={(kind) => change({ kind })} options={kinds.map((k) => ({ value: k, label: t(`guide.kind_${k}`) }))} />
        <FilterSelect label={t('catalogue.confirmed')} value={values.confirmed} onChange={(confirmed) => change({ confirmed })} options={[{ value: 'true', label: t('catalogue.confirmed_yes') }, { value: 'false', label: t('guide.unconfirmed') }]} />
        <ClearFilters active={active} clear={clear} />
      </div>
      <Answer of={list}>
        {(data) => {
          const none = <Empty text={t(active.length > 0 ? 'guide.none' : 'catalogue.none')}>{active.length > 0 && <Button onClick={clear}>{t('common.clear_filters', { n: active.length })}</Button>}</Empty>;
          return (
            <div className="card table-card cat-table">
              {narrow ? <>{rows.length === 0 && none}<Cards rows={rows} />{list.hasNextPage && <div className="more"><Button block onClick={more}>{t('catalogue.more')}</Button></div>}</> : (
                <DataTable label={t('catalogue.title')} columns={columns} rows={rows} rowKey={(r) => r.matter.id} total={data.pages[0]!.total} more={more} empty={none} />
              )}
            </div>
          );
        }}
      </Answer>
      <p className="note">{t('guide.unconfirmed_help')}</p>
    </>
  );
}
