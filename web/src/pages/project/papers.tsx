// SPDX-License-Identifier: Apache-2.0
// What each rung needs before it can be recorded, and the papers that are there.
import { useTranslation } from 'react-i18next';
import type { ProjectFile } from '@/api/types';
import { useLabels } from '@/app/labels';
import { RecordLink } from '@/app/reading';
import { Card } from '@/components/card';
import { LightShape } from '@/components/light';
import { Answer, Empty } from '@/components/states';
import { ActLink, useFile } from './file';

type Ground = ProjectFile['papers'][number]['ground'];
/** Grounds that follow from other records, and the command that brings them about. */
const follows: Partial<Record<Ground, string | undefined>> = {
  agreement: 'project.conclude_agreement', counterpart: 'project.conclude_agreement', amount: 'project.set_investment',
  duplicates_judged: undefined, local_enterprise: undefined, full_definition: 'project.make_commitments',
};

function Guards({ file, project }: { file: ProjectFile; project: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const rungs = [...new Set(file.guards.map((g) => g.rung))];
  const firstOpen = rungs.find((rung) => file.guards.some((g) => g.rung === rung && !g.met_by));
  return (
    <div>
      {rungs.map((rung) => {
        const guards = file.guards.filter((g) => g.rung === rung);
        const lacking = guards.filter((g) => !g.met_by).length;
        return (
          <details key={rung} open={rung === firstOpen} className="guards">
            <summary>
              <b>{labels.milestone(rung)}</b>{' '}
              {lacking === 0 ? <span className="note">{t('file.all_met')}</span> : <span className="light light-amber"><LightShape light="amber" />{t('file.lack')} {lacking}/{guards.length}</span>}
            </summary>
            <ul>
              {guards.map((g) => (
                <li key={g.any.join()} className={g.met_by ? undefined : 'lacking'}>
                  <span className={`light light-${g.met_by ? 'done' : 'amber'}`}>
                    <LightShape light={g.met_by ? 'done' : 'amber'} />
                    {t(g.met_by ? 'file.have' : 'file.lack')}
                  </span>{' '}
                  {g.any.map((ground, i) => (
                    <span key={ground}>
                      {i > 0 && <span className="note"> {t('file.or')} </span>}
                      {labels.value('Ground', ground)}
                      {!g.met_by && (ground in follows
                        ? follows[ground] && <> <ActLink className="note" name={follows[ground]} fields={{ project }} /></>
                        : <> <ActLink className="note" name="project.record_ground" fields={{ project, ground }} /></>)}
                    </span>
                  ))}
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </div>
  );
}

export function PapersCard({ project }: { project: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const file = useFile(project);
  return (
    <Card title={t('file.papers')} note={<span className="links">{t('file.papers_note')}<ActLink name="project.record_ground" fields={{ project }} /></span>} flush>
      <Answer of={file} rows={3}>
        {(f) => (
          <>
            {f.guards.length > 0 ? <div className="card-body"><Guards file={f} project={project} /></div> : <p className="card-body note">{t('file.no_guards')}</p>}
            {f.papers.length === 0 ? (
              <Empty text={t('file.no_papers')} />
            ) : (
              <div className="table-box" tabIndex={0} role="group" aria-label={t('file.papers_kept')}>
                <table className="data compact">
                  <thead>
                    <tr>
                      <th scope="col">{t('file.paper')}</th>
                      <th scope="col">{t('file.number')}</th>
                      <th scope="col">{t('file.day')}</th>
                      <th scope="col">{t('common.record')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {f.papers.map((p) => (
                      <tr key={p.seq}>
                        <td>
                          {p.withdrawn_by !== undefined ? <s>{labels.value('Ground', p.ground)}</s> : labels.value('Ground', p.ground)}
                          {p.withdrawn_by !== undefined
                            ? <> · {t('file.withdrawn_paper')} <RecordLink seq={p.withdrawn_by} /></>
                            : <> <ActLink className="note" name="project.withdraw_ground" fields={{ project, corrects: p.seq }} /></>}
                        </td>
                        <td>{p.number ?? '–'}</td>
                        <td className="nowrap">{p.effective_on}</td>
                        <td className="nowrap"><RecordLink seq={p.seq} /> <span className="note">{t('file.files', { n: p.evidence })}</span></td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </>
        )}
      </Answer>
    </Card>
  );
}
