// SPDX-License-Identifier: Apache-2.0
// 调度会模式: the red projects one after the other, longest overdue first. The project shown stands in the address, so that
// a reload or a second screen shows the same; what the meeting decides goes through the ordinary forms, at once.
import { Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { about, useCommands } from '@/actions/commands';
import type { Board, DutyList, ObligationRow, ProjectList, ProjectPage, ProjectReports, ProjectRow } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To, useActLink, useCarry, useHere } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Amount } from '@/components/amount';
import { Card } from '@/components/card';
import { LightMark } from '@/components/light';
import { MedalMark } from '@/components/medal';
import { ObligationActs, obligationKey } from '@/components/obligation-table';
import { Answer, Empty } from '@/components/states';
import { dayNumber } from '@/format/day';
import { Gantt, stoppedOn } from '@/gantt';
import { useMapFilters } from '../map/data';
import '../map/map.css';
import './meeting.css';

const most = 500;

function Facts({ page }: { page: ProjectPage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const { project: p, standing } = page;
  const duties = useRead<DutyList>('/api/v1/duties', { project: p.id }).data?.rows ?? [];
  const facts: [string, React.ReactNode][] = [
    [t('filter.region'), p.region?.name ?? t('common.not_known')],
    [t('filter.unit'), p.owner_unit?.name ?? t('common.not_known')],
    [t('project.investment'), p.investment_minor ? <Amount minor={p.investment_minor} standing={standing} /> : t('common.not_known')],
    [t('project.funds'), <Amount minor={p.funds_minor} standing={standing} />],
    [t('project.stage'), p.stage ? <><MedalMark medal={p.medal ?? 'none'} small /> {labels.milestone(p.stage)}</> : t('board.no_stage')],
  ];
  return (
    <dl className="meeting-facts">
      {facts.map(([word, value]) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {duties.map((d) => (
        <div key={d.id}>
          <dt>{labels.value('DutyKind', d.kind)}</dt>
          <dd>{d.unit.name} {d.post.name}</dd>
        </div>
      ))}
    </dl>
  );
}

function WhyRed({ page }: { page: ProjectPage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const { light } = page.project;
  const since = light.since;
  const node = page.milestones.find((m) => m.milestone === light.milestone);
  return (
    <p className="meeting-why">
      <LightMark view={light} tagged />
      {since && <span>{t('map.red_since', { day: since, days: dayNumber(page.standing.as_of) - dayNumber(since) })}</span>}
      {node?.planned_on && <span>{t('map.was_due', { milestone: labels.milestone(node.milestone), day: node.planned_on })}</span>}
    </p>
  );
}

function Owed({ row }: { row: ObligationRow }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const text = row.milestone ? labels.milestone(row.milestone) : row.period ? t('obligation.report_of', { period: row.period }) : row.text_erased ? t('common.erased') : row.text;
  return (
    <li className="task">
      <LightMark view={row.light} />
      <span className="task-text">{text}</span>
      <span className="note">{[row.owner_unit?.name, row.due_on, row.id && labels.value('ObligationState', row.state)].filter(Boolean).join(' · ')}</span>
      <ObligationActs row={row} most={3} />
    </li>
  );
}

const closed: ObligationRow['state'][] = ['written_off', 'done', 'cancelled'];

function Obligations({ rows }: { rows: ObligationRow[] }) {
  const { t } = useTranslation();
  if (rows.length === 0) return <Empty text={t('map.nothing_owed')} />;
  return <ul className="meeting-owed">{rows.map((o) => <Owed key={obligationKey(o)} row={o} />)}</ul>;
}

function LastReport({ project }: { project: string }) {
  const { t } = useTranslation();
  const reports = useRead<ProjectReports>(`/api/v1/projects/${project}/reports`, {}, { keep: false });
  return (
    <Card title={t('map.last_report')} note={<To to={`/projects/${project}`}>{t('map.project_page')}</To>}>
      <Answer of={reports} rows={3}>
        {(r) => {
          const last = r.rows.find((row) => row.reported_on !== undefined);
          if (!last) return <p className="note">{t('map.no_report')}</p>;
          const words: [string, string | undefined][] = [['map.done', last.image_progress], ['map.next_step', last.next_step], ['map.difficulty', last.difficulty]];
          return (
            <>
              <p className="note">{t('map.reported', { period: last.period, day: last.reported_on })}</p>
              {last.words_erased ? (
                <p>{t('common.erased')}</p>
              ) : (
                <dl className="facts">
                  {words.map(([key, text]) => text && (
                    <div key={key} style={{ display: 'contents' }}>
                      <dt>{t(key)}</dt>
                      <dd>{text}</dd>
                    </div>
                  ))}
                </dl>
              )}
              {last.completed_total_minor !== undefined && (
                <p>{t('map.completed_total')} <b><Amount minor={last.completed_total_minor} standing={r.standing} /></b></p>
              )}
            </>
          );
        }}
      </Answer>
    </Card>
  );
}

/** What else can be decided here: every command about a project that the account may send. */
function Decide({ page }: { page: ProjectPage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const commands = about(useCommands(), 'project').filter((c) => c.name !== 'obligation.assign');
  if (commands.length === 0) return null;
  return (
    <Card title={t('map.decide')} note={t('map.decide_note')}>
      <ul className="links">
        {commands.map((c) => (
          <li key={c.name}><Link to={act(c.name, { project: page.project.id })}>{labels.command(c.name)}</Link></li>
        ))}
      </ul>
    </Card>
  );
}

function ProjectSlide({ project }: { project: ProjectRow }) {
  const { t } = useTranslation();
  const page = useRead<ProjectPage>(`/api/v1/projects/${project.id}`, {}, { keep: false });
  useShowStanding(page.data?.standing);
  return (
    <Answer of={page}>
      {(p) => (
        <div className="meeting-grid">
          <div className="col">
            <section className="card meeting-hero">
              <h2>{p.project.title_erased ? t('common.erased') : p.project.title}</h2>
              <WhyRed page={p} />
              <Facts page={p} />
            </section>
            <Card title={t('gantt.title')}>
              <Gantt milestones={p.milestones} asOf={p.standing.as_of} stoppedOn={stoppedOn(p.project)} />
            </Card>
            <LastReport project={project.id} />
          </div>
          <div className="col">
            <Card title={t('map.owed')} flush>
              <Obligations rows={p.obligations.filter((o) => !closed.includes(o.state))} />
            </Card>
            <Decide page={p} />
          </div>
        </div>
      )}
    </Answer>
  );
}

export default function MeetingPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const navigate = useNavigate();
  const carry = useCarry();
  const here = useHere();
  const act = useActLink();
  const [params] = useSearchParams();
  const { region, unit } = useMapFilters().values;
  const board = useRead<Board>('/api/v1/board', { region, unit });
  const list = useRead<ProjectList>('/api/v1/projects', { region, unit, light: 'red', sort: 'next_due', limit: most });
  const may = useCommands().some((c) => c.name === 'obligation.assign' && c.allowed);
  const rows = list.data?.rows ?? [];
  const at = Math.max(0, rows.findIndex((p) => p.id === params.get('p')));
  const project = rows[at];
  const leave = carry('/map', { region, unit });
  const to = (index: number) => here({ p: rows[index]?.id, act: undefined, with: undefined });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]')) return;
      const by = event.key === 'ArrowRight' || event.key === 'PageDown' ? 1 : event.key === 'ArrowLeft' || event.key === 'PageUp' ? -1 : 0;
      const next = rows[at + by];
      if (by !== 0 && next) {
        event.preventDefault();
        void navigate(here({ p: next.id, act: undefined, with: undefined }), { replace: true });
      } else if (event.key === 'Escape' && !document.fullscreenElement) void navigate(leave);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [rows, at, here, navigate, leave]);
  useEffect(() => {
    scrollTo(0, 0);
  }, [project?.id]);
  return (
    <div className="meeting">
      <div className="page-head">
        <h1>{t('map.meeting')}</h1>
        {board.data && <span className="note">{t('board.as_of', { day: board.data.standing.as_of })} · {t('map.red_of', { red: board.data.lights.red, n: board.data.projects })}</span>}
        <div className="right">
          {may && project && (
            <Button type="primary" onClick={() => void navigate(act('obligation.assign', { project: project.id, kind: 'problem', owner_unit: project.owner_unit?.id }))}>
              {labels.command('obligation.assign')}
            </Button>
          )}
          <nav className="meeting-walk" aria-label={t('map.walk')}>
            <Button disabled={at === 0} onClick={() => void navigate(to(at - 1), { replace: true })} aria-label={t('map.previous')}>←</Button>
            <span role="status" data-meeting-at={at + 1}>{rows.length > 0 ? t('map.nth', { i: at + 1, n: rows.length }) : ''}</span>
            <Button disabled={at >= rows.length - 1} onClick={() => void navigate(to(at + 1), { replace: true })} aria-label={t('map.next')}>→</Button>
          </nav>
          <Button onClick={() => void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())}>{t('map.full_screen')}</Button>
          <Button onClick={() => void navigate(leave)}>{t('map.leave')}</Button>
        </div>
      </div>
      <Answer of={list}>
        {() => (project ? <ProjectSlide key={project.id} project={project} /> : <div className="card"><Empty text={t('board.no_red')}><To to="/map">{t('shell.map')}</To></Empty></div>)}
      </Answer>
    </div>
  );
}
