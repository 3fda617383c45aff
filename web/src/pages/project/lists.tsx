// SPDX-License-Identifier: Apache-2.0
// Which lists the project stands on, and who shares the credit for it.
import { useTranslation } from 'react-i18next';
import { useLabels } from '@/app/labels';
import { RecordLink } from '@/app/reading';
import { Card } from '@/components/card';
import { Answer, Empty } from '@/components/states';
import { showHundredths } from './commitments';
import { ActLink, useFile } from './file';

export function ListsCard({ project }: { project: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const file = useFile(project);
  return (
    <Card title={t('file.lists')} note={<span className="links"><ActLink name="project.join_batch" fields={{ project }} /><ActLink name="project.set_shares" fields={{ project }} /></span>}>
      <Answer of={file} rows={2}>
        {(f) =>
          f.batches.length + f.shares.length === 0 ? (
            <Empty text={t('file.no_lists')} />
          ) : (
            <dl className="facts">
              {f.batches.length > 0 && <dt>{t('file.in_lists')}</dt>}
              {f.batches.length > 0 && (
                <dd>
                  {f.batches.map((b) => (
                    <div key={b.seq} className={b.until ? 'note' : undefined}>
                      {labels.value('Batch', b.batch)} · {b.until ? t('file.left', { from: b.from, until: b.until }) : t('file.since', { day: b.from })} <RecordLink seq={b.seq} />
                      {!b.until && <> <ActLink className="note" name="project.leave_batch" fields={{ project, batch: b.batch }} /></>}
                    </div>
                  ))}
                </dd>
              )}
              {f.shares.length > 0 && <dt>{t('file.shares')}</dt>}
              {f.shares.length > 0 && <dd>{f.shares.map((s) => <div key={s.unit.id}>{s.unit.name} {showHundredths(s.share_bp)}%</div>)}</dd>}
            </dl>
          )
        }
      </Answer>
    </Card>
  );
}
