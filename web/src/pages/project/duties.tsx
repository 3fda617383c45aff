// SPDX-License-Identifier: Apache-2.0
// Who answers for the project: the leading unit, and the posts with a duty on it.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DutyList, ProjectPage } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To, useActLink } from '@/app/reading';
import { Card } from '@/components/card';
import { Answer } from '@/components/states';
import { useMay } from './file';

export function Duties({ page }: { page: ProjectPage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const project = page.project.id;
  const may = useMay();
  const duties = useRead<DutyList>('/api/v1/duties', { project });
  const owner = page.project.owner_unit;
  return (
    <Card
      title={t('project.duties')}
      note={may('duty.assign') && <Link to={act('duty.assign', { project })}>{labels.command('duty.assign')}</Link>}
    >
      <Answer of={duties}>
        {(list) => (
          <dl className="facts">
            <dt>{t('project.lead_unit')}</dt>
            <dd>{owner ? <To to="/projects" query={{ unit: owner.id }}>{owner.name}</To> : t('project.no_lead_unit')}</dd>
            {list.rows.map((d) => (
              <div key={d.id} style={{ display: 'contents' }}>
                <dt>{labels.value('DutyKind', d.kind)}</dt>
                <dd>
                  {d.unit.name} {d.post.name} <span className="note nowrap">{d.from} {t('project.duty_since')} <RecordLink seq={d.seq} /></span>
                  {may('duty.end') && <> <Link className="note" to={act('duty.end', { duty: d.id })}>{labels.command('duty.end')}</Link></>}
                  {d.kind === 'commander' && may('delegation.grant') && <> <Link className="note" to={act('delegation.grant', { duty: d.id, effective_on: list.standing.as_of })}>{labels.command('delegation.grant')}</Link></>}
                  {d.delegations.map((g) => (
                    <div key={g.id} className="note" data-delegation={g.id}>
                      {g.running ? <b>{t('project.delegated')}</b> : t(g.from > list.standing.as_of ? 'project.delegation_later' : 'project.delegation_over')} {g.powers.map((p) => labels.value('Power', p)).join(' · ')}{' '}
                      {t('project.delegation_term', { from: g.from, until: g.until, name: g.by_name })} <RecordLink seq={g.seq} />
                      {g.uses > 0 && ` · ${t('project.delegation_uses', { n: g.uses })}`}
                      {g.until > list.standing.as_of && may('delegation.end') && <> <Link to={act('delegation.end', { delegation: g.id, effective_on: list.standing.as_of })}>{labels.command('delegation.end')}</Link></>}
                    </div>
                  ))}
                </dd>
              </div>
            ))}
            {list.rows.length === 0 && <><dt>{labels.value('DutyKind', 'lead_official')}</dt><dd>{t('project.no_duties')}</dd></>}
          </dl>
        )}
      </Answer>
    </Card>
  );
}
