// SPDX-License-Identifier: Apache-2.0
// 六个一 and 一项目一策: who and what the project has to have, and the plan in its versions.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DutyList, ProjectFile, ProjectPage } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { Card } from '@/components/card';
import { LightMark, LightShape } from '@/components/light';
import { Answer, Empty } from '@/components/states';
import { dayNumber } from '@/format/day';
import { ActLink, useFile } from './file';

export function SixOnes({ page }: { page: ProjectPage }) {
  const { t } = useTranslation();
  const project = page.project.id;
  const duties = useRead<DutyList>('/api/v1/duties', { project });
  const file = useFile(project);
  const post = (kind: string): ReactNode =>
    duties.data?.rows.filter((d) => d.kind === kind).map((d) => (
      <div key={d.id}>{d.unit.name} {d.post.name} <span className="note nowrap">{t('file.since', { day: d.from })} <RecordLink seq={d.seq} /></span></div>
    ));
  const has = (kind: string) => duties.data?.rows.some((d) => d.kind === kind) ?? false;
  const plan = file.data?.plans[0];
  const ones: [string, boolean, ReactNode, ReactNode][] = [
    ['one_project', true, page.project.title_erased ? t('common.erased') : page.project.title, null],
    ['one_leader', has('lead_official'), post('lead_official'), <ActLink key="a" name="duty.assign" fields={{ project, kind: 'lead_official' }} />],
    ['one_unit', page.project.owner_unit !== undefined, page.project.owner_unit?.name, <ActLink key="a" name="project.assign_owner" fields={{ project }} />],
    ['one_force', has('task_force'), post('task_force'), <ActLink key="a" name="duty.assign" fields={{ project, kind: 'task_force' }} />],
    ['one_plan', plan !== undefined, plan && <a href="#plan">{t('file.plan_version', { n: plan.version, day: plan.effective_on })}</a>, <ActLink key="a" name="project.adopt_plan" fields={{ project }} />],
    ['one_commander', has('commander'), post('commander'), <ActLink key="a" name="duty.assign" fields={{ project, kind: 'commander' }} />],
  ];
  return (
    <Card title={t('file.six_ones')} note={t('file.six_note')}>
      <dl className="facts">
        {ones.map(([name, there, what, act]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{t(`file.${name}`)}</dt>
            <dd>{there ? what : <><span className="light light-amber"><LightShape light="amber" />{t('file.lacking')}</span> {act}</>}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Tasks({ plan, project, clock }: { plan: ProjectFile['plans'][number]; project: string; clock: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <div className="table-box" tabIndex={0} role="group" aria-label={`${t('file.plan')} ${plan.version}`}>
      <table className="data compact">
        <thead>
          <tr>
            <th scope="col">{t('file.task')}</th>
            <th scope="col">{t('file.task_unit')}</th>
            <th scope="col">{t('file.task_due')}</th>
            <th scope="col">{t('file.task_milestone')}</th>
          </tr>
        </thead>
        <tbody>
          {plan.tasks.map((task, i) => {
            const late = dayNumber(clock) - dayNumber(task.due_on);
            return (
              <tr key={i}>
                <td>
                  {plan.words_erased ? t('common.erased') : task.text}{' '}
                  {task.obligation ? (
                    <div className="links note" data-task-obligation={task.obligation.id}>
                      <LightMark view={task.obligation.light} />
                      <To to={`/obligations/${task.obligation.id}`}>{t('file.task_obligation', { id: task.obligation.id })}</To>
                      <span>{labels.value('ObligationState', task.obligation.state)}</span>
                      {task.done_on ? <b>{t('file.task_done', { day: task.done_on })}</b> : <span>{t('file.task_until', { day: task.obligation.due_on })}</span>}
                    </div>
                  ) : (
                    <span className="note links">
                      <ActLink name="obligation.assign_task" fields={{ project, plan: plan.seq, task: task.task, owner_unit: task.owner_unit.id, due_on: task.due_on, text: task.text }} />
                      <ActLink name="obligation.link_task" fields={{ plan: plan.seq, task: task.task }} />
                    </span>
                  )}
                </td>
                <td>{task.owner_unit.name}</td>
                <td className="nowrap">{task.due_on}</td>
                <td className="nowrap">
                  {task.milestone ? labels.milestone(task.milestone) : '–'}
                  {task.milestone && (task.reached_on ? <div className="note">{t('file.task_reached', { day: task.reached_on })}</div> : late > 0 && <div className="light light-red"><LightShape light="red" />{t('file.task_late', { n: late })}</div>)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function PlanCard({ project, stopped }: { project: string; stopped?: string }) {
  const { t } = useTranslation();
  const file = useFile(project);
  return (
    <div id="plan">
      <Card title={t('file.plan')} note={<ActLink name="project.adopt_plan" fields={{ project }} />} flush>
        <Answer of={file} rows={2}>
          {(f) => {
            const [now, ...earlier] = f.plans;
            if (!now) return <Empty text={t('file.no_plan')} />;
            return (
              <>
                <p className="card-body"><b>{t('file.plan_version', { n: now.version, day: now.effective_on })}</b> <RecordLink seq={now.seq} /> {now.words_erased ? t('common.erased') : now.strategy}</p>
                <Tasks plan={now} project={project} clock={stopped ?? f.standing.as_of} />
                {earlier.length > 0 && (
                  <details className="card-body">
                    <summary>{t('file.plan_earlier')}</summary>
                    {earlier.map((plan) => (
                      <div key={plan.seq}>
                        <p><b>{t('file.plan_version', { n: plan.version, day: plan.effective_on })}</b> <RecordLink seq={plan.seq} /> {plan.words_erased ? t('common.erased') : plan.strategy}</p>
                        <ul className="note">
                          {plan.tasks.map((task, i) => (
                            <li key={i} className="links">
                              <span>{task.text} · {task.owner_unit.name} · {task.due_on}</span>
                              {task.obligation && <To to={`/obligations/${task.obligation.id}`}>{t('file.task_obligation', { id: task.obligation.id })}</To>}
                            </li>
                          ))}
                        </ul>
                      </div>
                    ))}
                  </details>
                )}
              </>
            );
          }}
        </Answer>
      </Card>
    </div>
  );
}
