// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Segmented } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { byHand, useCommands } from '@/actions/commands';
import type { ObligationList, ObligationRow } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { To, useActLink, useHere } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { DataTable, type Column } from '@/components/data-table';
import { ClearFilters, FilterSelect, SearchBox, SubjectFilter, useFilters } from '@/components/filters';
import { later } from '@/components/later';
import { lightOrder, LightShape } from '@/components/light';
import { PrintButton } from '@/components/print-button';
import { SheetMenu } from '@/components/sheet-menu';
import { obligationKey, useObligationColumns } from '@/components/obligation-table';
import { Answer, Empty } from '@/components/states';
import { count } from '@/format/day';

const UrgeSheet = later(() => import('./urge-sheet'));
const names = ['state', 'light', 'unit', 'kind', 'list', 'category', 'urged', 'project', 'q', 'derived', 'sort'] as const;
const lists = ['problem', 'task', 'duty'];
const categories = ['pain_point', 'blockage', 'breakpoint', 'difficulty'];
const mostAtOnce = 500;
const kinds = ['problem', 'task', 'resolution', 'request', 'visit', 'step'];

export default function ObligationsPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const here = useHere();
  const navigate = useNavigate();
  const { values, change, active, clear } = useFilters(names);
  const { list, first, rows, more } = useReadPages('/api/v1/obligations', values, (p: ObligationList) => p.rows, 200);
  useShowStanding(first?.standing);
  const search = useCallback((q: string | undefined) => change({ q }), [change]);
  const shared = useObligationColumns(false, first?.standing.as_of);
  const commands = byHand(useCommands());
  const mayAssign = commands.some((c) => c.name === 'obligation.assign');
  const mayUrge = commands.some((c) => c.name === 'obligation.urge');
  const [chosen, setChosen] = useState<Record<string, ObligationRow>>({});
  const [urging, setUrging] = useState(false);
  const chosenRows = Object.values(chosen);
  const columns = useMemo((): Column<ObligationRow>[] => {
    const number: Column<ObligationRow> = { key: 'n', title: t('obligation.number'), width: 48, align: 'right', pinned: true, render: (_, i) => i + 1 };
    if (!mayUrge) return [number, ...shared];
    const select: Column<ObligationRow> = {
      key: 'select', title: <span className="hidden">{t('obligation.choose')}</span>, width: 40, pinned: true, screen: true,
      render: (o) => o.id && o.next.includes('obligation.urge') && (
        <Checkbox
          aria-label={t('obligation.choose_one', { text: o.text || o.id })} checked={chosen[o.id] !== undefined}
          onChange={(e) => setChosen((now) => {
            const { [o.id!]: _, ...others } = now;
            return e.target.checked ? { ...others, [o.id!]: o } : others;
          })}
        />
      ),
    };
    return [select, number, ...shared];
  }, [t, shared, mayUrge, chosen]);
  const chooseAll = () => setChosen(Object.fromEntries(rows.filter((o) => o.id && o.next.includes('obligation.urge')).slice(0, mostAtOnce).map((o) => [o.id!, o])));
  return (
    <>
      <div className="page-head">
        <h1>{t('obligation.list')}</h1>
        {first && (
          <span className="note" role="status" data-total={first.total}>
            {t('obligation.total', { n: count(first.total) })}
          </span>
        )}
        {first && (
          <span className="links">
            {lightOrder.map(
              (light) =>
                first.lights[light] > 0 && (
                  <Link key={light} to={here({ light })} className={`light light-${light}`}>
                    <LightShape light={light} />
                    {labels.value('Light', light)} {count(first.lights[light])}
                  </Link>
                ),
            )}
          </span>
        )}
        <div className="right">
          {mayUrge && rows.length > 0 && <Button onClick={chooseAll}>{t('obligation.choose_all')}</Button>}
          {chosenRows.length > 0 && (
            <>
              <Button danger onClick={() => setUrging(true)} data-urge-chosen>{t('obligation.urge_chosen', { n: chosenRows.length })}</Button>
              <Button onClick={() => setChosen({})}>{t('obligation.choose_none')}</Button>
            </>
          )}
          <PrintButton list={list} />
          <SheetMenu list="obligations" query={values} />
          {mayAssign && <To to="/obligations/assign" className="button">{t('obligation.assign_many')}</To>}
          {mayAssign && (
            <Button type="primary" onClick={() => void navigate(act('obligation.assign'))}>
              {labels.command('obligation.assign')}
            </Button>
          )}
        </div>
      </div>
      <div className="filters">
        <Segmented
          aria-label={t('obligation.lists')} value={values.list ?? 'all'} onChange={(list) => change({ list: list === 'all' ? undefined : list })}
          options={[{ value: 'all', label: t('obligation.all_lists') }, ...lists.map((l) => ({ value: l, label: labels.value('ListName', l) }))]}
        />
        <Segmented
          aria-label={t('obligation.state')} value={values.state ?? 'open'} onChange={(state) => change({ state: state === 'open' ? undefined : state })}
          options={['open', 'closed', 'all'].map((s) => ({ value: s, label: t(`obligation.show_${s}`) }))}
        />
        <Segmented
          aria-label={t('obligation.source')} value={values.derived ?? 'true'} onChange={(derived) => change({ derived: derived === 'true' ? undefined : derived })}
          options={[{ value: 'true', label: t('obligation.with_planned') }, { value: 'false', label: t('obligation.only_assigned') }]}
        />
        <SearchBox label={t('obligation.search')} value={values.q} onChange={search} />
        <FilterSelect label={t('filter.light')} value={values.light} onChange={(light) => change({ light })} options={lightOrder.map((l) => ({ value: l, label: labels.value('Light', l) }))} width={100} />
        <FilterSelect label={t('filter.kind')} value={values.kind} onChange={(kind) => change({ kind })} options={kinds.map((k) => ({ value: k, label: labels.value('Kind', k) }))} width={100} />
        <FilterSelect label={labels.field('category')} value={values.category} onChange={(category) => change({ category })} options={categories.map((c) => ({ value: c, label: labels.value('Category', c) }))} width={130} />
        <FilterSelect label={t('obligation.urges')} value={values.urged} onChange={(urged) => change({ urged })} options={[{ value: 'true', label: t('obligation.unanswered') }]} width={110} />
        <SubjectFilter subject="unit" label={t('filter.unit')} value={values.unit} onChange={(unit) => change({ unit })} />
        <ClearFilters active={active} clear={clear} />
      </div>
      <Answer of={list}>
        {(data) => (
          <div className="card table-card">
            <DataTable
              label={t('obligation.list')} columns={columns} rows={rows} rowKey={obligationKey} total={data.pages[0]!.total}
              sort={values.sort ?? 'due'} onSort={(sort) => change({ sort: sort.replace('-', '') })} more={more}
              empty={
                <Empty text={t(active.length > 0 ? 'obligation.none_match' : 'obligation.none')}>
                  {active.length > 0 && <Button onClick={clear}>{t('common.clear_filters', { n: active.length })}</Button>}
                </Empty>
              }
            />
          </div>
        )}
      </Answer>
      {urging && <UrgeSheet rows={chosenRows} onClose={(done) => { setUrging(false); if (done) setChosen({}); }} />}
    </>
  );
}
