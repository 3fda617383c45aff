// SPDX-License-Identifier: Apache-2.0
import { Button, Segmented } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { byHand, useCommands } from '@/actions/commands';
import type { ObligationList } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { useActLink, useHere } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { DataTable } from '@/components/data-table';
import { ClearFilters, FilterSelect, SearchBox, SubjectFilter, useFilters } from '@/components/filters';
import { lightOrder, LightShape } from '@/components/light';
import { obligationKey, useObligationColumns } from '@/components/obligation-table';
import { Answer, Empty } from '@/components/states';
import { count } from '@/format/day';

const names = ['state', 'light', 'unit', 'kind', 'project', 'q', 'derived', 'sort'] as const;
const kinds = ['problem', 'task', 'resolution', 'request', 'visit'];

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
  const columns = useObligationColumns();
  const mayAssign = byHand(useCommands()).some((c) => c.name === 'obligation.assign');
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
          {mayAssign && (
            <Button type="primary" onClick={() => void navigate(act('obligation.assign'))}>
              {labels.command('obligation.assign')}
            </Button>
          )}
        </div>
      </div>
      <div className="filters">
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
    </>
  );
}
