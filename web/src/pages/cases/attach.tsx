// SPDX-License-Identifier: Apache-2.0
// The file of one paper: taken by the camera or chosen from the device, sent at once.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { uploadFile } from '@/api/upload';
import { useProblemText } from '@/app/labels';
import type { AskedPaper, Told } from './asked';

export function Attach({ paper, file, set }: { paper: AskedPaper; file: Told['file']; set: (file: Told['file']) => void }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const [going, setGoing] = useState<{ name: string; done: number }>();
  const [failed, setFailed] = useState('');
  const stop = useRef<AbortController>(undefined);
  // What is on its way to a form that is closed is called off.
  useEffect(() => () => stop.current?.abort(), []);
  const send = async (chosen: File | undefined) => {
    if (!chosen) return;
    setFailed('');
    stop.current = new AbortController();
    setGoing({ name: chosen.name, done: 0 });
    try {
      const { digest } = await uploadFile(chosen, { signal: stop.current.signal, onProgress: (done) => setGoing({ name: chosen.name, done }) });
      set({ digest, name: chosen.name });
    } catch (error) {
      setFailed((error as Error).name === 'AbortError' ? t('form.upload_cancelled') : problem(error));
    }
    setGoing(undefined);
  };
  const input = (name: 'camera' | 'file') => (
    <label className="case-attach">
      <input
        type="file" disabled={going !== undefined} data-attach={name} {...(name === 'camera' ? { accept: 'image/*', capture: 'environment' as const } : {})}
        onChange={(e) => {
          void send(e.target.files?.[0]);
          e.target.value = '';
        }}
      />
      <span>{t(`apply.attach_${name}`)}<span className="hidden"> {paper.name}</span></span>
    </label>
  );
  return (
    <div className="case-attached">
      {input('camera')}
      {input('file')}
      {going && (
        <span className="uploading">
          <progress max={1} value={going.done} aria-label={t('form.uploading_file', { name: going.name })} />{' '}
          <button type="button" className="link" onClick={() => stop.current?.abort()}>{t('form.upload_cancel')}</button>
        </span>
      )}
      <span role="status" className={failed ? 'case-late' : 'note'} data-file={file?.digest}>{failed || (file ? t('apply.attached', { name: file.name }) : t('apply.one_file'))}</span>
    </div>
  );
}
