// SPDX-License-Identifier: Apache-2.0
// Photos: taken by the camera or chosen from the device, stored as evidence at once and shown small.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileUrl } from '@/api/client';
import { uploadFile } from '@/api/upload';
import { useProblemText } from '@/app/labels';
import type { Photo } from './draft';

export const photosMax = 9;

export function Thumbnails({ photos, remove }: { photos: Photo[]; remove?: (digest: string) => void }) {
  const { t } = useTranslation();
  if (photos.length === 0) return null;
  return (
    <ul className="report-photos">
      {photos.map((p, i) => (
        <li key={p.digest}>
          <a href={fileUrl(p.digest)} download={p.name || undefined}>
            <img src={fileUrl(p.digest)} alt={p.name || t('report.photo_n', { n: i + 1 })} loading="lazy" />
          </a>
          {remove && (
            <button type="button" className="report-photo-remove" onClick={() => remove(p.digest)} aria-label={t('report.photo_remove', { n: i + 1 })}>
              ×
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

export function PhotosInput({ value, onChange }: { value: Photo[]; onChange: (change: (now: Photo[]) => Photo[]) => void }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const [waiting, setWaiting] = useState<File[]>([]);
  const [busy, setBusy] = useState(false);
  const [note, setNote] = useState('');
  const store = async (files: File[]) => {
    setBusy(true);
    setNote('');
    let left = files;
    try {
      for (const file of files) {
        const { digest } = await uploadFile(file);
        left = left.slice(1);
        onChange((now) => (now.some((p) => p.digest === digest) || now.length >= photosMax ? now : [...now, { digest, name: file.name }]));
      }
    } catch (error) {
      setNote(problem(error));
    }
    setWaiting(left);
    setBusy(false);
  };
  const add = (list: FileList | null) => {
    const files = [...(list ?? [])];
    const images = files.filter((f) => f.type.startsWith('image/')).slice(0, photosMax - value.length);
    if (images.length > 0) void store([...waiting, ...images]);
    if (images.length < files.length) setNote(t('report.photo_only', { n: photosMax }));
  };
  // What could not be stored for want of a network is stored when it is back.
  useEffect(() => {
    if (waiting.length === 0 || busy) return;
    const again = () => void store(waiting);
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  });
  const full = value.length >= photosMax || busy;
  const button = (name: string, capture: boolean) => (
    <label className="report-big">
      <input type="file" accept="image/*" {...(capture ? { capture: 'environment' as const } : { multiple: true })} disabled={full} data-photo={name}
        onChange={(e) => {
          add(e.target.files);
          e.target.value = '';
        }}
      />
      <span>{t(`report.photo_${name}`)}</span>
    </label>
  );
  return (
    <fieldset className="report-field">
      <legend>
        {t('report.photos')} <span className="note">{t('report.photos_note', { n: value.length, most: photosMax })}</span>
      </legend>
      <Thumbnails photos={value} remove={(digest) => onChange((now) => now.filter((p) => p.digest !== digest))} />
      <div className="report-two">
        {button('camera', true)}
        {button('library', false)}
      </div>
      <p className="note" aria-live="polite">
        {busy ? t('report.photo_storing') : note}
        {!busy && waiting.length > 0 && (
          <>
            {' '}
            {t('report.photo_waiting', { n: waiting.length })}{' '}
            <button type="button" className="link" onClick={() => void store(waiting)}>{t('report.photo_again')}</button>
          </>
        )}
      </p>
    </fieldset>
  );
}
