// SPDX-License-Identifier: Apache-2.0
// By which an applicant follows the case without an account.
import { useTranslation } from 'react-i18next';
import { pageAddress } from '@/api/ledger-address';
import type { ProgressAccess } from '@/api/types';
import { useRead } from '@/app/read';

export function QueryCode({ path, id }: { path: string; id: string }) {
  const { t } = useTranslation();
  const access = useRead<ProgressAccess>(path, undefined, { timeless: true });
  if (!access.data?.code) return null;
  const { code, page, qr } = access.data;
  return (
    <div className="case-query">
      {qr && <svg viewBox={`0 0 ${qr.side} ${qr.side}`} shapeRendering="crispEdges" role="img" aria-label={t('case.query_qr')}><path d={qr.path} /></svg>}
      <div>
        <p>{t('case.query_code')} <b data-query-code>{code}</b></p>
        <p className="note">{t('case.query_words', { page: page ?? `${location.origin}${pageAddress.base}/progress/${id}`, id })}</p>
      </div>
    </div>
  );
}
