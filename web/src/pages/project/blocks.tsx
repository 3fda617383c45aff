// SPDX-License-Identifier: Apache-2.0
// What keeps the project from a milestone: who has to solve it, by when, since when.
import { useTranslation } from 'react-i18next';
import { useLabels } from '@/app/labels';
import { RecordLink } from '@/app/reading';
import { Card } from '@/components/card';
import { LightShape } from '@/components/light';
import { Answer, Empty } from '@/components/states';
import { ActLink, useFile } from './file';

export function BlocksCard({ project }: { project: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const file = useFile(project);
  const open = file.data?.blocks.filter((b) => !b.solved_on).length ?? 0;
  return (
    <Card
      title={t('file.blocks')}
      note={
        <span className="links">
          {open > 0 && <span className="light light-red"><LightShape light="red" />{t('file.blocks_open', { n: open })}</span>}
          <ActLink name="project.raise_block" fields={{ project }} />
        </span>
      }
      flush
    >
      <Answer of={file} rows={2}>
        {(f) =>
          f.blocks.length === 0 ? (
            <Empty text={t('file.no_blocks')} />
          ) : (
            <div className="table-box" tabIndex={0} role="group" aria-label={t('file.blocks')}>
              <table className="data compact">
                <thead>
                  <tr>
                    <th scope="col">{t('file.block_kind')}</th>
                    <th scope="col">{t('file.text')}</th>
                    <th scope="col">{t('file.block_unit')}</th>
                    <th scope="col">{t('file.block_since')}</th>
                    <th scope="col">{t('file.block_due')}</th>
                    <th scope="col">{t('file.block_solved')}</th>
                  </tr>
                </thead>
                <tbody>
                  {f.blocks.map((b) => (
                    <tr key={b.seq}>
                      <td className="nowrap">
                        {labels.value('BlockKind', b.block)}
                        <div className="note">{t('file.block_of')} {labels.milestone(b.milestone)}</div>
                      </td>
                      <td>{b.text_erased ? t('common.erased') : b.text}</td>
                      <td>{b.owner_unit.name}</td>
                      <td className="nowrap">{b.effective_on} <RecordLink seq={b.seq} /></td>
                      <td className="nowrap">{b.due_on}</td>
                      <td className="nowrap">
                        {b.solved_on ? (
                          <>{b.solved_on} <RecordLink seq={b.solved_seq!} /> <span className="note">{t('file.block_days', { n: b.days })}</span></>
                        ) : (
                          <>
                            <span className="light light-red"><LightShape light="red" />{t('file.open')} {t('file.block_days', { n: b.days })}</span>{' '}
                            <ActLink name="project.solve_block" fields={{ project, raised: b.seq }} />
                          </>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
    </Card>
  );
}
