// SPDX-License-Identifier: Apache-2.0
// 代办: which active project has no agent, which unit no window, and how the work is spread over the posts.
import { useTranslation } from 'react-i18next';
import type { AgentGapRow, Agents } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Bar, lightParts } from '@/components/bar';
import { Card } from '@/components/card';
import { LightShape } from '@/components/light';
import { Answer, Empty } from '@/components/states';
import { count } from '@/format/day';
import { ActLink } from '@/pages/project/file';
import './agents.css';

const gapKinds = ['none', 'several', 'vacant', 'unmandated'] as const;

function Summary({ of }: { of: Agents }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const tiles: [string, number, string?][] = [
    [t('agents.projects'), of.projects],
    [t('agents.served'), of.served, t('agents.served_note')],
    ...gapKinds.map((gap): [string, number] => [labels.value('AgentGap', gap), of[gap]]),
  ];
  return (
    <Card title={t('agents.title')} note={t('agents.summary')}>
      <dl className="keys agent-keys">
        {tiles.map(([name, n, note], i) => (
          <div key={name} data-count={i < 2 ? ['projects', 'served'][i] : gapKinds[i - 2]}>
            <dt>{name}</dt>
            <dd>
              <span className={i > 1 && n > 0 ? 'agent-lacking' : undefined}>{count(n)}</span>
              {note && <div className="under">{note}</div>}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Mend({ row }: { row: AgentGapRow }) {
  const project = row.project.id;
  if (row.gap === 'none') return <ActLink name="duty.assign" fields={{ kind: 'agent', project }} />;
  if (row.gap === 'unmandated') return <ActLink name="mandate.give" fields={{ duty: row.duty }} />;
  if (row.gap === 'vacant') return <ActLink name="post.fill" fields={{ post: row.posts[0]!.id }} />;
  return <ActLink name="duty.end" fields={{}} />;
}

function Gaps({ of }: { of: Agents }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const all = gapKinds.reduce((sum, gap) => sum + of[gap], 0);
  return (
    <Card title={t('agents.gaps')} note={of.gaps.length < all ? t('agents.shown', { n: of.gaps.length }) : count(all)} flush>
      {of.gaps.length === 0 ? (
        <Empty text={t('agents.none')} />
      ) : (
        <div className="table-box agent-gaps" tabIndex={0} role="group" aria-label={t('agents.gaps')}>
          <table className="data compact">
            <thead>
              <tr>
                <th scope="col">{t('agents.reason')}</th>
                <th scope="col">{t('agents.project')}</th>
                <th scope="col">{t('agents.owner')}</th>
                <th scope="col">{t('agents.post')}</th>
                <th scope="col"><span className="hidden">{t('shell.act')}</span></th>
              </tr>
            </thead>
            <tbody>
              {of.gaps.map((row) => (
                <tr key={row.project.id} data-gap={row.gap}>
                  <td className="nowrap"><span className="light light-amber"><LightShape light="amber" />{labels.value('AgentGap', row.gap)}</span></td>
                  <td><To to={`/projects/${row.project.id}`}>{row.project.name || t('common.erased')}</To></td>
                  <td>{row.owner_unit?.name ?? '–'}</td>
                  <td>{row.posts.map((p) => p.name).join('、') || '–'}</td>
                  <td className="nowrap"><Mend row={row} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Windows({ of }: { of: Agents }) {
  const { t } = useTranslation();
  return (
    <Card title={t('agents.windows')} note={`${t('agents.windows_of')} ${count(of.windows)} · ${t('agents.without')} ${count(of.units_without_window)}`} flush>
      <div className="table-box" tabIndex={0} role="group" aria-label={t('agents.windows')}>
        <table className="data compact">
          <thead>
            <tr>
              <th scope="col">{t('agents.unit')}</th>
              <th scope="col" className="num">{t('agents.led')}</th>
              <th scope="col" className="num">{t('agents.agents')}</th>
              <th scope="col">{t('agents.windows')}</th>
            </tr>
          </thead>
          <tbody>
            {of.units.map((row) => (
              <tr key={row.unit.id}>
                <td>{row.unit.name}</td>
                <td className="num"><To to="/projects" query={{ unit: row.unit.id }}>{count(row.projects)}</To></td>
                <td className="num">{count(row.agents)}</td>
                <td className="nowrap">{row.agents > 0 ? t('agents.yes') : <span className="light light-amber"><LightShape light="amber" />{t('agents.no')}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Work({ of }: { of: Agents }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...of.agents.map((a) => a.projects));
  return (
    <Card title={t('agents.agents_title')} note={count(of.agents.length)} flush>
      {of.agents.length === 0 ? (
        <Empty text={t('agents.no_agents')} />
      ) : (
        <div className="table-box" tabIndex={0} role="group" aria-label={t('agents.agents_title')}>
          <table className="data compact">
            <thead>
              <tr>
                <th scope="col">{t('agents.post')}</th>
                <th scope="col">{t('agents.unit')}</th>
                <th scope="col" className="num">{t('agents.projects')}</th>
                <th scope="col">{t('agents.lights')}</th>
                <th scope="col" className="num">{t('agents.mandates')}</th>
              </tr>
            </thead>
            <tbody>
              {of.agents.map((a) => (
                <tr key={a.post.id} data-agent={a.post.id}>
                  <td>{a.post.name} <span className={a.filled ? 'note' : 'light light-amber'}>{a.filled ? t('agents.filled') : <><LightShape light="amber" />{t('agents.empty')}</>}</span></td>
                  <td>{a.unit.name}</td>
                  <td className="num">{count(a.projects)}</td>
                  <td>
                    <span className="agent-load" style={{ width: `${(a.projects / most) * 100}%` }}><Bar parts={lightParts(a.lights)} /></span>
                    {a.lights.red > 0 && <span className="light light-red"><LightShape light="red" />{count(a.lights.red)}</span>}
                  </td>
                  <td className="num">{count(a.mandates)}{a.ending > 0 && <div className="note">{t('agents.ending')} {count(a.ending)}</div>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

export default function AgentsPage() {
  const { t } = useTranslation();
  const page = useRead<Agents>('/api/v1/agents');
  useShowStanding(page.data?.standing);
  return (
    <Answer of={page}>
      {(of) => (
        <div className="agents-page">
          <h1 className="hidden">{t('agents.title')}</h1>
          <Summary of={of} />
          <Gaps of={of} />
          <div className="agents-two">
            <Work of={of} />
            <Windows of={of} />
          </div>
        </div>
      )}
    </Answer>
  );
}
