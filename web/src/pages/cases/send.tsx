// SPDX-License-Identifier: Apache-2.0
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, useRun } from '@/actions/commands';
import { ApiError } from '@/api/client';
import { useProblemText } from '@/app/labels';
import { RecordLink } from '@/app/reading';

/** One command of a form made for it. Sending again after a lost answer does it once; a refusal frees the key. */
export function useSend(command: string) {
  const run = useRun();
  const problem = useProblemText();
  const key = useRef(newKey());
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const [seq, setSeq] = useState<number>();
  const send = async (fields: Record<string, unknown>) => {
    setBusy(true);
    setFailed('');
    try {
      setSeq((await run(command, fields, key.current)).seq);
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) key.current = newKey();
      setFailed(problem(error));
    }
    setBusy(false);
  };
  return { send, busy, failed, seq };
}

export function Recorded({ seq, children }: { seq: number; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="success" role="status" data-record={seq}>
      <p>{t('form.recorded')} {t('form.record')} <RecordLink seq={seq} /></p>
      {children}
    </div>
  );
}
