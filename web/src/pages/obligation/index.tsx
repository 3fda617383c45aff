// SPDX-License-Identifier: Apache-2.0
// One obligation: where it stands on its way, where it came from, and everything that was said and shown.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { about, useCommands } from '@/actions/commands';
import type { Entry, EntryList, ObligationPage } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead, useReadPages } from '@/app/read';
import { RecordLink, To, useActLink } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Card } from '@/components/card';
import { Evidence } from '@/components/evidence';
import { LightMark } from '@/components/light';
import { ObligationActs, ObligationTags } from '@/components/obligation-table';
import { Answer } from '@/components/states';
import { Who } from '@/components/who';
import { dayNumber, wallTime } from '@/format/day';
import { digestsIn, stepsOf, wordsIn } from './story';

function Steps({ page, entries }: { page: ObligationPage; entries: Entry[] }) {
  const { t } = useTranslation();
  return (
    <ol className="ladder-steps">
      {stepsOf(page, entries).map((step, i, all) => {
        const before = all.slice(0, i).reverse().find((s) => s.on)?.on;
        return (
          <li key={step.name} className={step.on ? 'past' : step.now ? 'now' : undefined} aria-current={step.now ? 'step' : undefined}>
            <b>{t(`obligation.at_${step.name}`)}</b>
            <span>{step.on ?? (step.now ? t('obligation.step_now') : step.left_out ? t('obligation.step_left_out') : '–')}</span>
            {step.on && before && <span className="note">{t('obligation.step_days', { n: dayNumber(step.on) - dayNumber(before) })}</span>}
            {step.seq !== undefined && <RecordLink seq={step.seq} />}
          </li>
        );
      })}
    </ol>
  );
}

function Source({ page, entries }: { page: ObligationPage; entries: Entry[] }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const source = page.stated_source;
  if (!source) return null;
  const entry = entries.find((e) => e.seq === source.seq);
  return (
    <Card title={t('obligation.source_title')}>
      <dl className="facts">
        <dt>{labels.field('source')}</dt>
        <dd>{labels.value('Source', source.source)}</dd>
        {source.stated_on && (<><dt>{labels.field('stated_on')}</dt><dd>{source.stated_on}</dd></>)}
        {source.post && (<><dt>{labels.field('post')}</dt><dd>{source.post.name}</dd></>)}
        <dt>{t('common.record')}</dt>
        <dd><RecordLink seq={source.seq} /></dd>
      </dl>
      {entry && wordsIn(entry).map((w) => <p key={w} className="said">{w}</p>)}
      {entry && <Evidence digests={digestsIn(entry)} />}
    </Card>
  );
}

/** The task of the project's plan that it carries out; written off, the task is done. */
function PlanTask({ page }: { page: ObligationPage }) {
  const { t } = useTranslation();
  const task = page.plan_task;
  if (!task) return null;
  return (
    <Card title={t('obligation.plan_task')}>
      <p data-plan-task={task.task}>{task.text_erased ? t('common.erased') : task.text}</p>
      <p className="note">
        <To to={`/projects/${page.obligation.project?.id}#plan`}>{t('obligation.plan_task_of', { version: task.version, n: task.task })}</To> · {t('inbox.due', { day: task.due_on })} <RecordLink seq={task.plan} />
      </p>
      {!task.in_force && <p className="note">{t('obligation.plan_replaced')}</p>}
    </Card>
  );
}

function Story({ entries, more, busy }: { entries: Entry[]; more?: () => void; busy: boolean }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <Card title={t('obligation.story')} note={t('project.history_note')}>
      <ol className="story">
        {entries.map((e) => (
          <li key={e.seq} data-story={e.command}>
            <p>
              <b>{labels.command(e.command)}</b> <span className="note"><Who entry={e} /> · {wallTime(e.at)}</span> <RecordLink seq={e.seq} />
            </p>
            <p className="note">{[...new Set(e.events.map((v) => labels.event(v.type)))].join(' · ')}</p>
            {wordsIn(e).map((w) => <p key={w} className="said">{w}</p>)}
            {e.events.some((v) => v.erased) && <p className="note">{t('entry.erased')}</p>}
            <Evidence digests={digestsIn(e)} />
          </li>
        ))}
      </ol>
      {more && <Button onClick={more} loading={busy}>{t('common.more')}</Button>}
    </Card>
  );
}

/** What can be said of it at any step; the steps themselves stand above. */
const beside = new Set(['obligation.state_source', 'obligation.list']);

function Acts({ id }: { id: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const commands = about(useCommands(), 'obligation').filter((c) => beside.has(c.name));
  if (commands.length === 0) return null;
  return (
    <Card title={t('shell.act')}>
      <ul className="links">
        {commands.map((c) => <li key={c.name}><Link to={act(c.name, { obligation: id })}>{labels.command(c.name)}</Link></li>)}
      </ul>
    </Card>
  );
}

export default function ObligationPageView() {
  const { t } = useTranslation();
  const labels = useLabels();
  const { id = '' } = useParams();
  const page = useRead<ObligationPage>(`/api/v1/obligations/${id}`, {}, { keep: false });
  const { list, rows } = useReadPages(`/api/v1/obligations/${id}/entries`, {}, (p: EntryList) => p.rows, 100, 'records');
  useShowStanding(page.data?.standing);
  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}>
        <ol>
          <li><To to="/">{t('shell.board')}</To></li>
          <li><To to="/obligations">{t('shell.obligations')}</To></li>
          <li aria-current="page">{id}</li>
        </ol>
      </nav>
      <Answer of={page}>
        {(p) => {
          const o = p.obligation;
          return (
            <>
              <section className="card hero">
                <div className="page-head">
                  <h1>{o.text_erased ? t('common.erased') : o.text}</h1>
                  <LightMark view={o.light} tagged />
                  <div className="right"><Button onClick={() => print()}>{t('common.print')}</Button></div>
                </div>
                <ObligationTags row={o} />
                <dl className="bignums">
                  <div><dt>{t('obligation.kind')}</dt><dd>{labels.value('Kind', o.kind)}</dd></div>
                  <div><dt>{t('obligation.owner')}</dt><dd>{o.owner_unit?.name ?? '–'}</dd></div>
                  <div><dt>{t('obligation.due')}</dt><dd>{o.due_on}</dd></div>
                  <div><dt>{t('obligation.state')}</dt><dd>{labels.value('ObligationState', o.state)}</dd></div>
                  {o.project && <div><dt>{t('obligation.project')}</dt><dd><To to={`/projects/${o.project.id}`}>{o.project.name || t('common.erased')}</To></dd></div>}
                </dl>
                <Steps page={p} entries={rows} />
                <ObligationActs row={o} buttons />
              </section>
              <div className="project-grid">
                <div className="col">
                  <Answer of={list}>{() => <Story entries={rows} more={list.hasNextPage ? () => void list.fetchNextPage() : undefined} busy={list.isFetchingNextPage} />}</Answer>
                </div>
                <div className="col">
                  <PlanTask page={p} />
                  <Source page={p} entries={rows} />
                  {o.next.length > 0 && <Acts id={id} />}
                </div>
              </div>
            </>
          );
        }}
      </Answer>
    </>
  );
}
