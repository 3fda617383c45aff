// SPDX-License-Identifier: Apache-2.0
// One file, looked at: a picture with what its camera wrote, the first rows of a sheet, the pages of a PDF, and always the
// file to keep.
import { useTranslation } from 'react-i18next';
import { fileUrl, viewUrl } from '@/api/client';
import type { FileFacts, FileRow, FileTable } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink } from '@/app/reading';
import { Sheet } from '@/components/sheet';
import { Answer } from '@/components/states';
import { fileKind, fileSize, isPicture } from './file-kind';

const degrees = (e7: number) => (e7 / 1e7).toFixed(5);

export default function FileSheet({ row, onClose }: { row: FileRow; onClose: () => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const facts = useRead<FileFacts>(`/api/v1/blobs/${row.digest}/facts`, undefined, { timeless: true, keep: false });
  const kind = fileKind(row.media_type);
  return (
    <Sheet
      title={`${t(`files.kind_${kind}`)} ${row.digest.slice(7, 15)}`}
      onClose={onClose}
      foot={<a className="button primary" href={fileUrl(row.digest)} download data-download>{t('files.download')}</a>}
    >
      {isPicture(row.media_type) && <img className="file-picture" src={fileUrl(row.digest)} alt={t('files.photo_of', { seq: row.seq })} />}
      {(kind === 'sheet' || kind === 'text') && <Table digest={row.digest} />}
      <Answer of={facts} rows={4}>
        {(f) => (
          <>
            {kind === 'pdf' && <Pages facts={f} title={t('files.pages', { name: row.digest.slice(7, 15) })} />}
            {f.warnings.length > 0 && <div className="problem" role="alert">{f.warnings.map((w) => <p key={w}>{t(`files.warn_${w}`)}</p>)}</div>}
            <dl className="facts" data-facts>
              {f.taken_at && <><dt>{t('files.taken_at')}</dt><dd>{f.taken_at} <span className="note">{t('files.by_camera')}</span></dd></>}
              {f.latitude_e7 !== undefined && f.longitude_e7 !== undefined && <><dt>{t('files.place')}</dt><dd>{degrees(f.latitude_e7)}, {degrees(f.longitude_e7)} <span className="note">WGS-84</span></dd></>}
              {f.place_withheld && <><dt>{t('files.place')}</dt><dd>{t('files.place_withheld')}</dd></>}
              {f.camera && <><dt>{t('files.camera')}</dt><dd>{f.camera}</dd></>}
              {f.width !== undefined && <><dt>{t('files.pixels')}</dt><dd>{f.width} × {f.height}</dd></>}
              <dt>{t('files.size')}</dt><dd>{fileSize(f.bytes)}</dd>
              <dt>{t('files.named_by')}</dt><dd>{labels.event(row.event)} <RecordLink seq={row.seq} /></dd>
              <dt>{t('files.digest')}</dt><dd className="mono">{f.digest}</dd>
            </dl>
          </>
        )}
      </Answer>
    </Sheet>
  );
}

/**
 * A PDF in the browser's own viewer, in a frame of this origin. The frame has no sandbox attribute, for Chromium shows no PDF in
 * one that has: its viewer is a process and an origin of its own already. The answer's policy puts the document into a sandbox in
 * every browser that would take it for a page. What the server will not show (active content, encrypted) and what browsers without
 * a viewer would only download stands here as a sentence.
 */
function Pages({ facts, title }: { facts: FileFacts; title: string }) {
  const { t } = useTranslation();
  if (!facts.viewable) return <p className="note" data-not-shown>{t('files.pdf_not_shown')}</p>;
  if (!navigator.pdfViewerEnabled) return <p className="note" data-not-shown>{t('files.pdf_no_viewer')}</p>;
  return (
    <>
      <iframe className="file-pages" src={viewUrl(facts.digest)} title={title} data-pages />
      <p className="note"><a href={viewUrl(facts.digest)} target="_blank" rel="noreferrer">{t('files.pdf_window')}</a></p>
    </>
  );
}

function Table({ digest }: { digest: string }) {
  const { t } = useTranslation();
  const table = useRead<FileTable>(`/api/v1/blobs/${digest}/table`, undefined, { timeless: true, keep: false });
  return (
    <Answer of={table} rows={4}>
      {(shown) => (
        <>
          {shown.sheet && <p className="note">{t('files.sheet', { name: shown.sheet, n: shown.sheets.length })}</p>}
          <div className="table-box file-table" tabIndex={0} role="group" aria-label={t('files.first_rows')}>
            <table className="data compact">
              <tbody>{shown.rows.map((cells, r) => <tr key={r}>{cells.length === 0 ? <td /> : cells.map((cell, c) => <td key={c}>{cell}</td>)}</tr>)}</tbody>
            </table>
          </div>
          {shown.more && <p className="note">{t('files.more_rows')}</p>}
        </>
      )}
    </Answer>
  );
}
