// SPDX-License-Identifier: Apache-2.0
// 作战地图: map, counts and list are the same data; a filter in one filters the others, and stands in the address.
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCarry } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Card } from '@/components/card';
import { ClearFilters, SubjectFilter } from '@/components/filters';
import { Answer, Empty } from '@/components/states';
import { count } from '@/format/day';
import { Centre } from './centre';
import { groupsOf, useMap, useMapFilters, useProjectsByDue } from './data';
import { KeyFigures, LightFilter, Ranking } from './panels';
import { Strip } from './strip';
import { GroupTable } from './tiles';
import { Worklist } from './worklist';
import './map.css';

export default function MapPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const carry = useCarry();
  const { values, change, active, clear } = useMapFilters();
  const [table, setTable] = useState(false);
  const { by = 'region', groups, counts, lit, map } = useMap(values);
  const { first } = useProjectsByDue(values);
  useShowStanding(counts.data?.standing);
  const chosen = values[by];
  const choose = (id: string | undefined) => change({ [by]: id });
  const clearButton = active.length > 0 && <Button onClick={clear}>{t('common.clear_filters', { n: active.length })}</Button>;
  return (
    <>
      <div className="page-head map-head">
        <h1>{t('shell.map')}</h1>
        <div className="filters">
          <SubjectFilter subject="region" label={t('filter.region')} value={values.region} onChange={(region) => change({ region })} />
          <SubjectFilter subject="unit" label={t('filter.unit')} value={values.unit} onChange={(unit) => change({ unit })} />
          <ClearFilters active={active} clear={clear} />
        </div>
        <div className="right">
          <Button onClick={() => void navigate(carry('/map/sheet', { ...values }))}>{t('map.sheet')}</Button>
          <Button onClick={() => void navigate(carry('/map/wall', { region: values.region, unit: values.unit }))}>{t('map.wall')}</Button>
          <Button type="primary" onClick={() => void navigate(carry('/map/meeting', { region: values.region, unit: values.unit }))}>{t('map.meeting')}</Button>
        </div>
      </div>
      <Answer of={counts}>
        {(board) =>
          board.projects === 0 && active.length === 0 ? (
            <div className="card">
              <Empty text={t('board.nothing_yet')} />
            </div>
          ) : (
            <div className="warmap">
              <div className="col left">
                <KeyFigures board={board} lit={lit.data ?? board} filters={values} />
                <LightFilter board={board} chosen={values.light} choose={(light) => change({ light })} />
                {groups.data && <Ranking groups={groupsOf(groups.data, by)} by={by} chosen={chosen} choose={choose} />}
              </div>
              <div className="col centre">
                <Card
                  title={t('map.of', { name: board.standing.jurisdiction_name || board.standing.jurisdiction })} flush className="map-stage"
                  note={
                    <>
                      {first && <span role="status">{t('map.shown', { n: count(first.total) })}</span>}{' '}
                      <button type="button" className="link" data-twin onClick={() => setTable(!table)}>{t(table ? 'map.as_map' : 'gantt.as_table')}</button>
                    </>
                  }
                >
                  <Answer of={groups}>
                    {(g) =>
                      table ? (
                        <GroupTable groups={groupsOf(g, by)} by={by} chosen={chosen} choose={choose} />
                      ) : (
                        <Centre map={map.data} board={board} groups={groupsOf(g, by)} by={by} chosen={chosen} light={values.light} choose={choose} />
                      )
                    }
                  </Answer>
                </Card>
                <Strip board={lit.data ?? board} filters={values} />
              </div>
              <div className="col right">
                <Worklist filters={values} clear={clearButton} />
              </div>
            </div>
          )
        }
      </Answer>
    </>
  );
}
