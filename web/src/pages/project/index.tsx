// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { about, useCommands } from '@/actions/commands';
import type { Milestone, ProjectPage, Standing } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To, useActLink } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Amount } from '@/components/amount';
import { Card } from '@/components/card';
import { DataTable } from '@/components/data-table';
import { LightMark } from '@/components/light';
import { MedalMark } from '@/components/medal';
import { obligationKey, useObligationColumns } from '@/components/obligation-table';
import { later } from '@/components/later';
import { Answer, Empty } from '@/components/states';
import { exactMoney } from '@/format/money';
import { Gantt, GanttTable, stoppedOn } from '@/gantt';
import { AgreementCard } from './agreement';
import { BlocksCard } from './blocks';
import { Duties } from './duties';
import { DuplicatesCard, useFile, useMay } from './file';
import { FilesCard } from './files';
import { PapersCard } from './papers';
import { PlanCard, SixOnes } from './plan';
import { BaselineNote } from './baseline';
import { useOnePage } from './paper';
import { History } from './history';
import { Reports } from './reports';

const ListsCard = later(async () => ({ default: (await import('./lists')).ListsCard }));

function Hero({ page }: { page: ProjectPage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const navigate = useNavigate();
  const act = useActLink();
  const { project: p, standing } = page;
  const may = useMay();
  const next = page.milestones.find((m) => !m.reached_on)?.milestone;
  const medals = page.milestones.filter((m) => m.medal !== 'none');
  return (
    <section className="card hero">
      <div className="page-head">
        <h1>{p.title_erased ? t('common.erased') : p.title}</h1>
        <LightMark view={p.light} tagged />
        <div className="right">
          <Button onClick={() => print()}>{t('common.print')}</Button>
          {may('project.reach_milestone') && (
            <Button data-record-progress onClick={() => void navigate(act('project.reach_milestone', { project: p.id, milestone: next }))}>
              {labels.command('project.reach_milestone')}
            </Button>
          )}
          {may('obligation.assign') && (
            <Button type="primary" onClick={() => void navigate(act('obligation.assign', { project: p.id, kind: 'problem', owner_unit: p.owner_unit?.id }))}>
              {labels.command('obligation.assign')}
            </Button>
          )}
        </div>
      </div>
      <div className="tags">
        {p.code && <span className="tag">{p.code}</span>}
        <span className="tag">{labels.ladder(p.ladder)}</span>
        {p.region && <To className="tag" to="/projects" query={{ region: p.region.id }}>{p.region.name}</To>}
        {p.owner_unit && <To className="tag" to="/projects" query={{ unit: p.owner_unit.id }}>{p.owner_unit.name}</To>}
        {page.enterprise && <span className="tag">{page.enterprise.name}{page.enterprise_credit_code ? ` · ${page.enterprise_credit_code}` : ''}</span>}
        {p.counted_in && <To className="light light-amber tagged" to={`/projects/${p.counted_in.id}`}>{t('file.counted_in', { name: p.counted_in.name })}</To>}
        {p.contradictions > 0 && <span className="light light-amber tagged">{t('project.contradicts', { n: p.contradictions })}</span>}
      </div>
      <dl className="bignums">
        <div>
          <dt>{t('project.investment')}</dt>
          <dd>{p.investment_minor ? <Amount minor={p.investment_minor} standing={standing} /> : <span className="note">{t('common.not_known')}</span>}</dd>
        </div>
        <div>
          <dt>{t('project.funds')}</dt>
          <dd><Amount minor={p.funds_minor} standing={standing} /></dd>
        </div>
        <div>
          <dt>{t('project.stage')}</dt>
          <dd>{p.stage ? labels.milestone(p.stage) : t('board.no_stage')}</dd>
        </div>
        <div>
          <dt>{t('project.next')}</dt>
          <dd>
            {p.next_milestone ? labels.milestone(p.next_milestone) : '–'}
            {p.next_due_on && <span className="unit">{p.next_due_on}</span>}
          </dd>
        </div>
        <div>
          <dt>{t('project.records')}</dt>
          <dd><a href="#history">{page.records}</a></dd>
        </div>
      </dl>
      {medals.length > 0 && (
        <ol className="medals">
          {medals.map((m) => (
            <li key={m.milestone} className={m.reached_on ? 'reached' : undefined}>
              <MedalMark medal={m.medal} reached={m.reached_on !== undefined} />
              <span>
                <b>{t(`project.motto_${m.medal}`)}</b>
                <span className="note">
                  {m.reached_on ? t('project.medal_reached', { day: m.reached_on, milestone: labels.milestone(m.milestone) }) : m.planned_on ? t('project.medal_planned', { day: m.planned_on }) : t('gantt.no_plan')}
                  {m.reached_seq !== undefined && <> <RecordLink seq={m.reached_seq} /></>}
                </span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Legend() {
  const { t } = useTranslation();
  const swatch = (name: string) => (
    <span>
      <svg className="gantt" viewBox="0 0 22 8" aria-hidden="true"><rect className={name} width="22" height="8" rx="2" /></svg>
      {t(`gantt.${name}`)}
    </span>
  );
  const mark = (name: 'baseline' | 'forecast') => (
    <span>
      <svg className="gantt" viewBox="0 0 22 8" aria-hidden="true">
        {name === 'baseline' ? <line className="baseline" x1="11" x2="11" y1="0" y2="8" /> : <circle className="forecast" cx="11" cy="4" r="3" />}
      </svg>
      {t(`gantt.${name}`)}
    </span>
  );
  return <>{swatch('plan')}{swatch('actual')}{swatch('over')}{mark('baseline')}{mark('forecast')}</>;
}

function Progress({ page }: { page: ProjectPage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const [table, setTable] = useState(false);
  const may = useMay();
  const project = page.project.id;
  const acts = (m: Milestone) => {
    const links: [string, Record<string, string | number | undefined>][] = [];
    if (!m.reached_on) links.push(['project.plan_milestone', { project, milestone: m.milestone }], ['project.reach_milestone', { project, milestone: m.milestone }]);
    else links.push(['project.correct_milestone', { project, milestone: m.milestone, corrects: m.reached_seq }]);
    return (
      <span className="links">
        {links.map(([name, fields]) => may(name) && <Link key={name} to={act(name, fields)} className="nowrap">{labels.command(name)}</Link>)}
      </span>
    );
  };
  return (
    <Card
      title={t('gantt.title')}
      note={
        <span className="legend">
          {!table && <Legend />}
          <button type="button" className="link" data-twin onClick={() => setTable(!table)}>
            {t(table ? 'gantt.as_picture' : 'gantt.as_table')}
          </button>
        </span>
      }
      flush={table}
    >
      {table ? <GanttTable milestones={page.milestones} asOf={page.standing.as_of} stoppedOn={stoppedOn(page.project)} act={acts} /> : <Gantt milestones={page.milestones} asOf={page.standing.as_of} stoppedOn={stoppedOn(page.project)} />}
      <BaselineNote project={project} />
    </Card>
  );
}

/** As many rows as the printed page shows (app/print.css). */
const onPaper = 8;

function Obligations({ page }: { page: ProjectPage }) {
  const { t } = useTranslation();
  const columns = useObligationColumns(true);
  return (
    <Card title={t('project.obligations')} note={t('obligation.flow')} flush>
      <DataTable label={t('project.obligations')} columns={columns} rows={page.obligations} rowKey={obligationKey} empty={<Empty text={t('project.no_obligations')} />} />
      {page.obligations.length > onPaper && <p className="note paper-only">{t('project.paper_more', { n: page.obligations.length - onPaper })}</p>}
    </Card>
  );
}

/** The three readings of each kind, side by side; what nobody has read is said to be missing, never nought. */
function FundsReadings({ project, standing }: { project: string; standing: Standing }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const funds = useFile(project).data?.funds ?? [];
  if (funds.length === 0) return null;
  const cell = (minor: string, missing: number, all: number) =>
    missing === all ? <span className="note">{t('file.no_data')}</span> : <><Amount minor={minor} standing={standing} />{missing > 0 && <div className="note">{t('file.missing', { n: missing })}</div>}</>;
  return (
    <div className="table-box" tabIndex={0} role="group" aria-label={t('file.readings')}>
      <table className="data compact">
        <thead>
          <tr>
            <th scope="col">{t('project.funds_kind')}</th>
            <th scope="col" className="num">{t('file.stated')}</th>
            <th scope="col" className="num">{t('file.verified')}</th>
            <th scope="col" className="num">{t('file.counted')}</th>
          </tr>
        </thead>
        <tbody>
          {funds.map((f) => (
            <tr key={f.kind}>
              <td>{labels.value('FundsKind', f.kind)}</td>
              <td className="num"><Amount minor={f.stated_minor} standing={standing} /></td>
              <td className="num">{cell(f.verified_minor, f.unverified, f.receipts)}</td>
              <td className="num">{cell(f.counted_minor, f.uncounted, f.receipts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Money({ page, standing }: { page: ProjectPage; standing: Standing }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const may = useMay();
  return (
    <Card title={t('project.money')} note={may('project.receive_funds') && <Link to={act('project.receive_funds', { project: page.project.id })}>{labels.command('project.receive_funds')}</Link>} flush>
      {page.funds.length === 0 ? (
        <Empty text={t('project.no_funds')} />
      ) : (
        <>
          <FundsReadings project={page.project.id} standing={standing} />
          <div className="table-box" tabIndex={0} role="group" aria-label={t('project.money')}>
            <table className="data compact">
              <thead>
                <tr>
                  <th scope="col">{t('project.funds_day')}</th>
                  <th scope="col">{t('project.funds_kind')}</th>
                  <th scope="col" className="num">{standing.currency}</th>
                  <th scope="col">{t('common.record')}</th>
                </tr>
              </thead>
              <tbody>
                {page.funds.map((f) => (
                  <tr key={f.seq}>
                    <td className="nowrap">{f.effective_on}</td>
                    <td>
                      {labels.value('FundsKind', f.kind)}
                      {f.reversed_by !== undefined && <> · {t('project.reversed')} <RecordLink seq={f.reversed_by} /></>}
                      {f.reversed_by === undefined && may('project.reverse_funds') && (
                        <> <Link className="note" to={act('project.reverse_funds', { project: page.project.id, corrects: f.seq })}>{labels.command('project.reverse_funds')}</Link></>
                      )}
                      {f.reversed_by === undefined && (['project.verify_funds', 'project.count_funds'] as const).map((name) => may(name) && (
                        <span key={name}> <Link className="note" to={act(name, { project: page.project.id, receipt: f.seq })}>{labels.command(name)}</Link></span>
                      ))}
                    </td>
                    <td className="num">{f.reversed_by !== undefined ? <s>{exactMoney(f.amount_minor, standing.currency_decimals)}</s> : exactMoney(f.amount_minor, standing.currency_decimals)}</td>
                    <td><RecordLink seq={f.seq} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Card>
  );
}

function Acts({ project }: { project: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const commands = about(useCommands(), 'project');
  if (commands.length === 0) return null;
  return (
    <Card title={t('shell.act')} className="acts">
      <ul className="links">
        {commands.map((c) => (
          <li key={c.name}>
            <Link to={act(c.name, { project })}>{labels.command(c.name)}</Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export default function ProjectPageView() {
  const { t } = useTranslation();
  const labels = useLabels();
  const { id = '' } = useParams();
  const paper = useOnePage<HTMLDivElement>();
  const page = useRead<ProjectPage>(`/api/v1/projects/${id}`, {}, { keep: false });
  useShowStanding(page.data?.standing);
  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}>
        <ol>
          <li><To to="/">{t('shell.board')}</To></li>
          <li><To to="/projects">{t('shell.projects')}</To></li>
          <li aria-current="page">{page.data?.project.code ?? id}</li>
        </ol>
      </nav>
      <Answer of={page}>
        {(p) => (
          <div className="one-page" ref={paper}>
            <Hero page={p} />
            <div className="project-grid">
              <div className="col">
                <BlocksCard project={id} />
                <Progress page={p} />
                <AgreementCard project={id} stopped={stoppedOn(p.project)} />
                <PapersCard project={id} />
                <PlanCard project={id} stopped={stoppedOn(p.project)} />
                <Reports project={id} />
                <FilesCard project={id} />
                <Obligations page={p} />
                <History project={id} />
              </div>
              <div className="col">
                <SixOnes page={p} />
                <Duties page={p} />
                <ListsCard project={id} />
                <Money page={p} standing={p.standing} />
                <DuplicatesCard project={id} />
                {p.attributes.length > 0 && (
                  <Card title={t('project.attributes')} note={t('project.as_stated')}>
                    <dl className="facts">
                      {p.attributes.map((a) => (
                        <div key={a.key} style={{ display: 'contents' }}>
                          <dt>{labels.field(a.key, 'attribute')}</dt>
                          <dd>{a.value}</dd>
                        </div>
                      ))}
                    </dl>
                  </Card>
                )}
                <Acts project={id} />
              </div>
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}
