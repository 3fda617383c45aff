// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProjectRow, Standing } from '@/api/types';
import { useLabels } from '@/app/labels';
import { To } from '@/app/reading';
import { columnAmount } from '@/components/amount';
import type { Column } from '@/components/data-table';
import { LightMark } from '@/components/light';
import { MedalMark } from '@/components/medal';

/** In our URLs: no rung reached. The API says it with an empty stage. */
export const noStage = '-';

export function useProjectColumns(standing: Standing | undefined, unit: string): Column<ProjectRow>[] {
  const { t } = useTranslation();
  const labels = useLabels();
  return useMemo(() => {
    const money = (minor: string | undefined) => (standing && minor !== undefined ? columnAmount(minor, standing) : '–');
    const inUnit = (title: string) => (
      <>
        {title}
        <span className="unit">{unit}</span>
      </>
    );
    return [
      { key: 'light', title: t('project.light'), width: 226, pinned: true, sort: 'light', render: (p) => <LightMark view={p.light} /> },
      {
        key: 'title', title: t('project.title'), width: 280, pinned: true, sort: 'title',
        render: (p) => (
          <To to={`/projects/${p.id}`} className="two" title={p.title} data-row-link>
            {p.title_erased ? t('common.erased') : p.title}
          </To>
        ),
      },
      { key: 'code', title: t('project.code'), width: 100, sort: 'code', render: (p) => <span className="nowrap">{p.code ?? '–'}</span> },
      {
        key: 'stage', title: t('project.stage'), width: 130, sort: 'stage',
        render: (p) => (
          <span className="nowrap">
            {p.medal && p.medal !== 'none' && <MedalMark medal={p.medal} small />} {p.stage ? labels.milestone(p.stage) : t('board.no_stage')}
          </span>
        ),
      },
      { key: 'next', title: t('project.next'), width: 130, render: (p) => (p.next_milestone ? labels.milestone(p.next_milestone) : '–') },
      { key: 'due', title: t('project.next_due'), width: 110, sort: 'next_due', render: (p) => <span className="nowrap">{p.next_due_on ?? '–'}</span> },
      { key: 'investment', title: inUnit(t('project.investment')), width: 130, align: 'right', sort: 'investment', render: (p) => money(p.investment_minor) },
      { key: 'funds', title: inUnit(t('project.funds')), width: 120, align: 'right', sort: 'funds', render: (p) => money(p.funds_minor) },
      { key: 'unit', title: t('project.owner'), width: 180, render: (p) => p.owner_unit?.name ?? '–' },
      { key: 'region', title: t('project.region'), width: 120, render: (p) => p.region?.name ?? '–' },
      {
        key: 'contradictions', title: t('project.contradictions'), width: 90, align: 'right',
        render: (p) => (p.contradictions > 0 ? <b className="light-amber">{p.contradictions}</b> : ''),
      },
    ];
  }, [t, labels, standing, unit]);
}
