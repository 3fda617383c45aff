// SPDX-License-Identifier: Apache-2.0
// The states every page has (UI guide §6): loading, slow, failed, forbidden, empty.
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/client';
import { useProblemText } from '@/app/labels';

function useAfter(ms: number): boolean {
  const [past, setPast] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPast(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return past;
}

export function Loading({ rows = 8, retry }: { rows?: number; retry?: () => void }) {
  const { t } = useTranslation();
  const visible = useAfter(200);
  const slow = useAfter(8000);
  if (!visible) return <div className="bones" aria-busy="true" />;
  return (
    <div className="card bones" aria-busy="true" role="status">
      <span className={slow ? undefined : 'hidden'}>{t(slow ? 'state.slow' : 'state.loading')}</span>
      {slow && retry && <button type="button" className="button" onClick={retry}>{t('state.retry')}</button>}
      {Array.from({ length: rows }, (_, i) => (
        <i key={i} style={{ width: `${92 - ((i * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const api = error instanceof ApiError ? error : undefined;
  return (
    <div className="card state" role="alert">
      <h2>{t(api?.status === 403 ? 'state.forbidden' : api?.status === 404 ? 'state.not_found' : 'state.failed')}</h2>
      <p>{text(error)}</p>
      <p className="note">{t('state.nothing_saved')}</p>
      {api?.instance && <p className="note">{t('state.instance', { number: api.instance })}</p>}
      {retry && (
        <div className="buttons">
          <button type="button" className="button" onClick={retry}>{t('state.retry')}</button>
        </div>
      )}
    </div>
  );
}

export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="state">
      <p>{text}</p>
      {children && <div className="buttons">{children}</div>}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  isFetching: boolean;
  isPlaceholderData?: boolean;
  refetch: () => unknown;
}

/** Shows the answer, or the state in which it is. Old data stays visible while new is fetched. */
export function Answer<T>({ of, children, rows }: { of: Asked<T>; children: (data: T) => ReactNode; rows?: number }) {
  if (of.data !== undefined && !(of.error && of.isPlaceholderData)) {
    return (
      <>
        {of.isFetching && <div className="refreshing" aria-hidden="true" />}
        {children(of.data)}
      </>
    );
  }
  if (of.error) return <Failure error={of.error} retry={() => void of.refetch()} />;
  return <Loading rows={rows} retry={() => void of.refetch()} />;
}
