// SPDX-License-Identifier: Apache-2.0
// A project's files: photos as pictures, papers and evidence as a list, each with the record that names it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileUrl } from '@/api/client';
import type { FileList, FileRow } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { Card } from '@/components/card';
import { later } from '@/components/later';
import { Answer, Empty } from '@/components/states';
import { fileKind, fileSize, isPicture } from './file-kind';
import './files.css';

const FileSheet = later(() => import('./file-sheet'));

export function FilesCard({ project }: { project: string }) {
  const { t } = useTranslation();
  const files = useRead<FileList>(`/api/v1/projects/${project}/files`, undefined, { reads: 'now' });
  const [open, setOpen] = useState<FileRow | null>(null);
  return (
    <Card title={t('files.title')} note={files.data && t('files.count', { n: files.data.rows.length })} className="files">
      <Answer of={files} rows={3}>
        {(list) => {
          const pictures = list.rows.filter((r) => r.photo && isPicture(r.media_type));
          const others = list.rows.filter((r) => !pictures.includes(r));
          return list.rows.length === 0 ? (
            <Empty text={t('files.none')} />
          ) : (
            <>
              {pictures.length > 0 && (
                <ul className="file-photos" aria-label={t('files.photos')}>
                  {pictures.map((r) => (
                    <li key={`${r.seq}${r.digest}`}>
                      <button type="button" onClick={() => setOpen(r)} data-file={r.digest}>
                        <img src={fileUrl(r.digest)} alt={t('files.photo_of', { seq: r.seq })} loading="lazy" />
                      </button>
                    </li>
                  ))}
                </ul>
              )}
              <ul className="file-list">
                {others.map((r) => <Row key={`${r.seq}${r.digest}`} row={r} project={project} open={() => setOpen(r)} />)}
              </ul>
              {list.more && <p className="note">{t('files.more')}</p>}
            </>
          );
        }}
      </Answer>
      {open && <FileSheet key={open.digest} row={open} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function Row({ row, project, open }: { row: FileRow; project: string; open: () => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const name = `${t(`files.kind_${fileKind(row.media_type)}`)} ${row.digest.slice(7, 15)}`;
  return (
    <li>
      <span>
        {row.media_type === undefined ? <>{name} <span className="note">{t('files.missing')}</span></> : <button type="button" className="link" onClick={open} data-file={row.digest}>{name}</button>}
        {row.bytes !== undefined && <span className="note"> {fileSize(row.bytes)}</span>}
      </span>
      <span className="note">
        {labels.event(row.event)} <RecordLink seq={row.seq} />
        {row.on.id !== project && <> · <To to={`/obligations/${row.on.id}`}>{row.on.name || row.on.id}</To></>}
      </span>
    </li>
  );
}
