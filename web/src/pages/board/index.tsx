// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import type { Board, BoardGroup, MilestoneCounts, ObligationList, ProjectList } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Amount } from '@/components/amount';
import { Bar, lightParts } from '@/components/bar';
import { Card } from '@/components/card';
import { LightMark, LightShape } from '@/components/light';
import { LightsCard } from '@/components/lights-card';
import { ProjectCard } from '@/components/project-card';
import { Answer, Empty } from '@/components/states';
import { count } from '@/format/day';
import { noStage } from '@/pages/projects/columns';
import { Lists } from './lists';

function KeyFigures({ board }: { board: Board }) {
  const { t } = useTranslation();
  return (
    <Card title={t('board.overview')} note={t('board.as_of', { day: board.standing.as_of })}>
      <dl className="keys">
        <div>
          <dt>{t('board.projects')}</dt>
          <dd>
            <To to="/projects">{count(board.projects)}</To>
            <span className="unit">{t('unit.projects')}</span>
          </dd>
        </div>
        <div>
          <dt>{t('board.investment')}</dt>
          <dd>
            <To to="/projects" query={{ sort: '-investment' }}>
              <Amount minor={board.investment_minor} standing={board.standing} />
            </To>
            {board.without_investment > 0 && <div className="under">{t('board.without_investment', { n: count(board.without_investment) })}</div>}
          </dd>
        </div>
        <div>
          <dt>{t('board.funds')}</dt>
          <dd>
            <To to="/projects" query={{ sort: '-funds' }}>
              <Amount minor={board.funds_minor} standing={board.standing} />
            </To>
          </dd>
        </div>
        <div>
          <dt>{t('board.overdue_obligations')}</dt>
          <dd>
            <To to="/obligations" query={{ light: 'red' }}>{count(board.obligations.red)}</To>
            <span className="unit">{t('unit.items')}</span>
          </dd>
        </div>
      </dl>
    </Card>
  );
}

/** Plans and facts are kept apart per milestone: past, ahead, none at all, and what contradicts itself. */
function Milestones({ milestones }: { milestones: Record<string, MilestoneCounts> }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <Card title={t('board.milestones')} note={t('board.milestones_note')} flush>
      <div className="table-box" tabIndex={0} role="group" aria-label={t('board.milestones')}>
        <table className="data compact">
          <thead>
            <tr>
              <th scope="col">{t('board.milestone')}</th>
              <th scope="col" style={{ width: '32%' }}>
                <span className="hidden">{t('board.share')}</span>
              </th>
              <th scope="col" className="num">{t('board.past')}</th>
              <th scope="col" className="num">{t('board.ahead')}</th>
              <th scope="col" className="num">{t('board.none')}</th>
              <th scope="col" className="num">{t('board.contradicting')}</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(milestones).map(([key, c]) => (
              <tr key={key}>
                <th scope="row" style={{ background: 'var(--card)', position: 'static', fontWeight: 600, borderBottom: '1px solid var(--line2)', color: 'var(--ink)' }}>
                  {labels.milestone(key)}
                </th>
                <td>
                  <Bar parts={[['past', c.past], ['ahead', c.ahead], ['none', c.none]]} />
                </td>
                <td className="num"><b>{count(c.past)}</b></td>
                <td className="num">{count(c.ahead)}</td>
                <td className="num">{count(c.none)}</td>
                <td className="num">
                  {c.contradicting > 0 ? (
                    <To to="/projects" query={{ contradicting: 'true' }} className="light-amber">
                      <b>{count(c.contradicting)}</b>
                    </To>
                  ) : (
                    0
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Stages({ stages }: { stages: Record<string, number> }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <Card title={t('board.stages')} note={t('board.stages_note')} flush>
      <div className="steps">
        {Object.entries(stages).map(([key, n]) => (
          <To key={key} to="/projects" query={{ stage: key || noStage }}>
            <span>{key ? labels.milestone(key) : t('board.no_stage')}</span>
            <b>{count(n)}</b>
          </To>
        ))}
      </div>
    </Card>
  );
}

/** Each below the one it belongs to, with its depth. */
function asTree(groups: BoardGroup[]): [BoardGroup, number][] {
  const known = new Set(groups.map((g) => g.id));
  const below = (parent: string | undefined, depth: number): [BoardGroup, number][] =>
    groups
      .filter((g) => (parent === undefined ? g.parent === undefined || !known.has(g.parent) : g.parent === parent))
      .flatMap((g): [BoardGroup, number][] => [[g, depth], ...(g.id ? below(g.id, depth + 1) : [])]);
  return below(undefined, 0);
}

/** Numbers are with all below, as the list behind them is; what is a row's own is said where it is less. */
function Groups({ title, groups, by }: { title: string; groups: BoardGroup[]; by: 'unit' | 'region' }) {
  const { t } = useTranslation();
  if (groups.length === 0) return null;
  return (
    <Card title={title} note={t('board.groups_note')}>
      <ul>
        {asTree(groups).map(([g, depth]) => (
          <li key={g.id} className="rank-row" data-group={g.id || undefined}>
            {g.id ? (
              <span style={{ paddingInlineStart: `${depth}em` }}>
                <To to="/projects" query={{ [by]: g.id }}>{g.name}</To>
                {g.projects > 0 && g.projects < g.all_projects && (
                  <>
                    {' '}
                    {by === 'region' ? (
                      <To to="/projects" query={{ region: g.id, region_only: 'true' }} className="note nowrap" data-own>{t('board.own_of', { n: count(g.projects) })}</To>
                    ) : (
                      <span className="note nowrap" data-own>{t('board.own_of', { n: count(g.projects) })}</span>
                    )}
                  </>
                )}
              </span>
            ) : (
              <span>{t('board.not_recorded')}</span>
            )}
            <span className="num">{count(g.all_projects)}</span>
            <Bar parts={lightParts(g.all_lights)} />
            <span className="nowrap note">
              {g.all_lights.red > 0 && (
                <span className="light light-red">
                  <LightShape light="red" />
                  {count(g.all_lights.red)}
                </span>
              )}{' '}
              {g.all_lights.amber > 0 && (
                <span className="light light-amber">
                  <LightShape light="amber" />
                  {count(g.all_lights.amber)}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Worklist() {
  const { t } = useTranslation();
  const red = useRead<ProjectList>('/api/v1/projects', { light: 'red', sort: 'next_due', limit: 14 });
  return (
    <Card title={t('board.red_list')} note={red.data && <To to="/projects" query={{ light: 'red', sort: 'next_due' }}>{t('board.all_red', { n: count(red.data.total) })}</To>} flush>
      <Answer of={red}>
        {(list) =>
          list.rows.length === 0 ? (
            <Empty text={t('board.no_red')}>
              <To to="/projects" query={{ light: 'amber', sort: 'next_due' }}>{t('board.see_amber')}</To>
            </Empty>
          ) : (
            <ul className="worklist">
              {list.rows.map((p) => (
                <ProjectCard key={p.id} project={p} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  );
}

function RedObligations() {
  const { t } = useTranslation();
  const list = useRead<ObligationList>('/api/v1/obligations', { derived: false, sort: 'due', limit: 6 });
  if (!list.data || list.data.rows.length === 0) return null;
  return (
    <Card title={t('board.obligations')} note={<To to="/obligations">{t('board.all_obligations', { n: count(list.data.total) })}</To>} flush>
      <ul className="worklist">
        {list.data.rows.map((o) => (
          <li key={o.id}>
            <To to="/obligations" query={{ q: o.text.slice(0, 20), derived: 'false' }}>
              <span className={`light light-${o.light.light}`}>
                <LightShape light={o.light.light} />
              </span>
              <strong>{o.text || t('common.erased')}</strong>
              <span />
              <span className="note">
                {o.owner_unit?.name} · <LightMark view={o.light} />
              </span>
            </To>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export default function BoardPage() {
  const { t } = useTranslation();
  const board = useRead<Board>('/api/v1/board');
  useShowStanding(board.data?.standing);
  return (
    <>
      <h1 className="hidden">{t('shell.board')}</h1>
      <Answer of={board}>
        {(b) =>
          b.projects === 0 ? (
            <div className="card">
              <Empty text={t('board.nothing_yet')}>
                <To to="/start">{t('shell.start')}</To>
              </Empty>
            </div>
          ) : (
            <div className="board">
              <div className="col">
                <KeyFigures board={b} />
                <LightsCard board={b} note={t('board.click_to_filter')}>{(light, row) => <To to="/projects" query={{ light }}>{row}</To>}</LightsCard>
                <Groups title={t('board.regions')} groups={b.regions.filter((r) => r.id)} by="region" />
              </div>
              <div className="col wide">
                <Stages stages={b.stages} />
                <Milestones milestones={b.milestones} />
                <Groups title={t('board.units')} groups={b.units} by="unit" />
              </div>
              <div className="col">
                <Lists />
                <RedObligations />
                <Worklist />
              </div>
            </div>
          )
        }
      </Answer>
    </>
  );
}
