// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { byHand, useCommands } from '@/actions/commands';
import type { LadderList, ProjectList } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead, useReadPages } from '@/app/read';
import { useActLink } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Amount, useColumnUnit } from '@/components/amount';
import { DataTable } from '@/components/data-table';
import { ClearFilters, FilterSelect, SearchBox, SubjectFilter, useFilters } from '@/components/filters';
import { lightOrder } from '@/components/light';
import { ProjectCard } from '@/components/project-card';
import { PrintButton } from '@/components/print-button';
import { SheetMenu } from '@/components/sheet-menu';
import { Answer, Empty } from '@/components/states';
import { useNarrow } from '@/components/use-narrow';
import { count } from '@/format/day';
import { noStage, useProjectColumns } from './columns';

const names = ['q', 'light', 'stage', 'unit', 'region', 'region_only', 'ladder', 'contradicting', 'min_investment_minor', 'sort'] as const;

export default function ProjectsPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const navigate = useNavigate();
  const act = useActLink();
  const { values, change, active, clear } = useFilters(names);
  const asked = { ...values, stage: values.stage === noStage ? '' : values.stage };
  const { list, first, rows, more } = useReadPages('/api/v1/projects', asked, (p: ProjectList) => p.rows, 200);
  const ladders = useRead<LadderList>('/api/v1/ladders').data?.rows ?? [];
  useShowStanding(first?.standing);
  const unit = useColumnUnit(first?.standing);
  const columns = useProjectColumns(first?.standing, unit);
  const search = useCallback((q: string | undefined) => change({ q }), [change]);
  const mayRegister = byHand(useCommands()).some((c) => c.name === 'project.register');
  const narrow = useNarrow();
  const empty = (
    <Empty text={t(active.length > 0 ? 'project.none_match' : 'project.none')}>
      {active.length > 0 && <Button onClick={clear}>{t('common.clear_filters', { n: active.length })}</Button>}
    </Empty>
  );
  const used = ladders.filter((l) => l.projects > 0);
  const stages = [...new Set(used.flatMap((l) => l.rungs.map((r) => r.key)))];
  return (
    <>
      <div className="page-head">
        <h1>{t('project.list')}</h1>
        {first && (
          <span className="note" role="status" data-total={first.total}>
            {t('project.total', { n: count(first.total) })} · <Amount minor={first.investment_minor} standing={first.standing} />
          </span>
        )}
        <div className="right">
          <PrintButton list={list} />
          <SheetMenu list="projects" query={asked} />
          {mayRegister && (
            <Button type="primary" onClick={() => void navigate(act('project.register'))}>
              {labels.command('project.register')}
            </Button>
          )}
        </div>
      </div>
      <div className="filters">
        <SearchBox label={t('project.search')} value={values.q} onChange={search} />
        <FilterSelect label={t('filter.light')} value={values.light} onChange={(light) => change({ light })} options={lightOrder.map((l) => ({ value: l, label: labels.value('Light', l) }))} width={100} />
        <FilterSelect label={t('filter.stage')} value={values.stage} onChange={(stage) => change({ stage })} options={[...stages.map((s) => ({ value: s, label: labels.milestone(s) })), { value: noStage, label: t('board.no_stage') }]} />
        <SubjectFilter subject="unit" label={t('filter.unit')} value={values.unit} onChange={(unit) => change({ unit })} />
        <SubjectFilter subject="region" label={t('filter.region')} value={values.region} onChange={(region) => change({ region, region_only: undefined })} />
        {values.region && <FilterSelect label={t('filter.below')} value={values.region_only} onChange={(region_only) => change({ region_only })} options={[{ value: 'true', label: t('filter.region_only') }]} />}
        {used.length > 1 && <FilterSelect label={t('filter.ladder')} value={values.ladder} onChange={(ladder) => change({ ladder })} options={used.map((l) => ({ value: l.ladder, label: labels.ladder(l.ladder) }))} />}
        <FilterSelect label={t('filter.dates')} value={values.contradicting} onChange={(contradicting) => change({ contradicting })} options={[{ value: 'true', label: t('filter.contradicting') }]} />
        <ClearFilters active={active} clear={clear} />
      </div>
      <Answer of={list}>
        {(data) => narrow ? (
          <div className="card">
            <ul className="worklist">{rows.map((p) => <ProjectCard key={p.id} project={p} />)}</ul>
            {rows.length === 0 && empty}
            {list.hasNextPage && <div className="more"><Button block loading={list.isFetchingNextPage} onClick={more}>{t('common.more')}</Button></div>}
          </div>
        ) : (
          <div className="card table-card">
            <DataTable
              label={t('project.list')} columns={columns} rows={rows} rowKey={(p) => p.id} total={data.pages[0]!.total}
              sort={values.sort ?? 'code'} onSort={(sort) => change({ sort })} more={more}
              empty={empty}
            />
          </div>
        )}
      </Answer>
    </>
  );
}
