// SPDX-License-Identifier: Apache-2.0
// The wall: map → red projects → steps → ranking, thirty seconds each, without anybody touching it. No amounts of money and
// no telephone numbers stand here: whoever walks past may read it. Who asks for less motion gets it standing still.
import { Button } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Board, ProjectList, Standing } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { useCarry } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Bar, lightParts } from '@/components/bar';
import { Card } from '@/components/card';
import { LightShape } from '@/components/light';
import { MedalMark } from '@/components/medal';
import { Answer, Empty } from '@/components/states';
import { count, percent, wallTime } from '@/format/day';
import { Centre } from '../map/centre';
import { groupsOf, useMap, useMapFilters, type Grouping } from '../map/data';
import { Ranking } from '../map/panels';
import { useMedals } from '../map/strip';
import { ProjectLine } from '../map/worklist';
import '../map/map.css';
import './wall.css';

const slides = ['map', 'red', 'steps', 'ranking'] as const;
const slideMs = 30_000;
const ageMs = 15_000;
const redShown = 24;

/** How old what is shown is: the last record's time, and the minutes since then on this machine's clock. */
function DataAge({ standing }: { standing: Standing }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), ageMs);
    return () => clearInterval(timer);
  }, []);
  if (!standing.known_at_time) return <span className="wall-age">{t('board.as_of', { day: standing.as_of })}</span>;
  const minutes = Math.max(0, Math.floor((now - Date.parse(standing.known_at_time)) / 60_000));
  const age = minutes < 60 ? t('map.age_minutes', { n: minutes }) : minutes < 1440 ? t('map.age_hours', { n: Math.floor(minutes / 60) }) : t('map.age_days', { n: Math.floor(minutes / 1440) });
  return <span className="wall-age" data-age={minutes}>{t('map.data_age', { time: wallTime(standing.known_at_time), age })}</span>;
}

function Totals({ board }: { board: Board }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <ul className="wall-totals">
      {lightParts(board.lights).map(([light, n]) => (
        <li key={light} className={`light light-${light}`}>
          <LightShape light={light} />
          {labels.value('Light', light)} <b>{count(n)}</b> <span className="unit">{percent(n, board.projects)}%</span>
        </li>
      ))}
      <li>{t('map.all', { n: count(board.projects) })}</li>
    </ul>
  );
}

function Red({ region, unit }: { region?: string; unit?: string }) {
  const { t } = useTranslation();
  const list = useRead<ProjectList>('/api/v1/projects', { region, unit, light: 'red', sort: 'next_due', limit: redShown });
  return (
    <Answer of={list}>
      {(red) => (
        <Card title={t('board.red_list')} note={red.total > redShown ? t('map.longest', { n: count(red.total), shown: redShown }) : t('project.total', { n: count(red.total) })} flush className="wall-card">
          {red.rows.length === 0 ? <Empty text={t('board.no_red')} /> : <ul className="worklist wall-red">{red.rows.map((p) => <ProjectLine key={p.id} project={p} />)}</ul>}
        </Card>
      )}
    </Answer>
  );
}

function Steps({ board }: { board: Board }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const medal = useMedals();
  return (
    <Card title={t('map.steps')} note={t('map.steps_note')} className="wall-card">
      <ol className="wall-steps">
        {Object.entries(board.milestones).map(([key, c]) => (
          <li key={key}>
            <span className="strip-name"><MedalMark medal={medal(key)} />{labels.milestone(key)}</span>
            <b>{count(c.past)}</b>
            <Bar parts={[['past', c.past], ['ahead', c.ahead], ['none', c.none]]} />
            <span className="note">{t('map.ahead', { n: count(c.ahead) })}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

export default function WallPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const carry = useCarry();
  const { region, unit } = useMapFilters().values;
  const { by = 'region', groups, counts, map } = useMap({ region, unit, light: undefined });
  const [at, setAt] = useState(0);
  const [paused, setPaused] = useState(() => matchMedia('(prefers-reduced-motion: reduce)').matches);
  useShowStanding(counts.data?.standing);
  const go = (n: number) => setAt((now) => (now + n + slides.length) % slides.length);
  useEffect(() => {
    if (paused) return;
    const timer = setTimeout(() => go(1), slideMs);
    return () => clearTimeout(timer);
  }, [paused, at]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === 'ArrowRight') go(1);
      else if (event.key === 'ArrowLeft') go(-1);
      else if (event.key === 'Escape' && !document.fullscreenElement) void navigate(carry('/map', { region, unit }));
      else if (event.key === ' ' && !(event.target instanceof HTMLElement && event.target.closest('button, a'))) setPaused((p) => !p);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate, carry, region, unit]);
  const slide = slides[at]!;
  const body = (board: Board, grouped: Board, grouping: Grouping): Record<(typeof slides)[number], ReactNode> => {
    const shown = groupsOf(grouped, grouping);
    return {
      map: (
        <Card title={t(`map.by_${grouping}`)} className="wall-card" flush>
          <Centre map={map.data} board={board} groups={shown} by={grouping} text={20} />
        </Card>
      ),
      red: <Red region={region} unit={unit} />,
      steps: <Steps board={board} />,
      ranking: <div className="wall-card wall-ranking"><Ranking groups={shown} by={grouping} /></div>,
    };
  };
  return (
    <div className="wall">
      <header className="wall-head">
        <h1>{counts.data ? t('map.of', { name: counts.data.standing.jurisdiction_name || counts.data.standing.jurisdiction }) : t('shell.map')}</h1>
        {counts.data && <DataAge standing={counts.data.standing} />}
        <nav className="wall-tools" aria-label={t('map.wall')}>
          {slides.map((name, i) => (
            <button key={name} type="button" aria-current={i === at ? 'true' : undefined} onClick={() => setAt(i)}>{t(`map.slide_${name}`)}</button>
          ))}
          <Button onClick={() => setPaused(!paused)} data-paused={paused}>{t(paused ? 'map.resume' : 'map.pause')}</Button>
          <Button onClick={() => void navigate(carry('/map', { region, unit }))}>{t('map.leave')}</Button>
        </nav>
      </header>
      <Answer of={counts}>
        {(board) => (
          <>
            <Totals board={board} />
            <div className="wall-slide" data-slide={slide}>
              <Answer of={groups}>{(grouped) => body(board, grouped, by)[slide]}</Answer>
            </div>
          </>
        )}
      </Answer>
    </div>
  );
}
