// SPDX-License-Identifier: Apache-2.0
// Where the case came from and where its steps went: the other ledger, the records on both sides, the receipt to keep.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '@/api/client';
import type { CasePage, HandOverReceipt } from '@/api/types';
import { RecordLink } from '@/app/reading';
import { Card } from '@/components/card';
import { keepFile } from '@/components/keep-file';

function ReceiptButton({ page, record }: { page: CasePage; record: string }) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  const keep = async () => {
    try {
      const { receipt } = await get<HandOverReceipt>(`/api/v1/cases/${page.file.id}/handover`, { record });
      keepFile(new Blob([receipt], { type: 'text/plain' }), `${page.file.id}-${record}.tlog-proof`);
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <button type="button" className="button" onClick={keep} data-receipt={record}>{t('case.get_receipt')}</button>
      {failed && <span role="alert" className="note">{t('case.receipt_failed')}</span>}
    </>
  );
}

export function HandOvers({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const from = page.taken_over;
  if (!from && page.hand_overs.length === 0) return null;
  // The server gives the newest receipt of a kind.
  const last = (i: number) => i === page.hand_overs.length - 1;
  return (
    <Card title={t('case.hand_overs')} note={t('case.hand_overs_note')}>
      <ul className="plain">
        {from && (
          <li className="event" data-taken-over={from.from.id}>
            <h3>{t('case.taken_from', { who: from.from.name || from.from.id, id: from.origin })}</h3>
            <p className="note">{t('case.waits_since', { day: from.accepted_on })} · {t('case.their_record', { n: from.origin_seq })} · {from.day} <RecordLink seq={from.seq} /></p>
            <ReceiptButton page={page} record="taken_over" />
            {from.returned_seq !== undefined && (
              <>
                <p className="note">{t('case.returned_on', { day: from.returned_on ?? '' })} <RecordLink seq={from.returned_seq} /></p>
                <ReceiptButton page={page} record="result_returned" />
              </>
            )}
          </li>
        )}
        {page.hand_overs.map((h, i) => (
          <li key={h.seq} className="event" data-hand-over={h.to.id}>
            <h3>{t('case.handed_to', { who: h.to.name || h.to.id })}</h3>
            <p className="note">
              {h.steps.length > 0 && `${t('case.steps_out', { steps: h.steps.join(t('common.comma')) })} · `}{h.day} <RecordLink seq={h.seq} />
            </p>
            {last(i) && <ReceiptButton page={page} record="handed_over" />}
            {h.answered_seq !== undefined && (
              <>
                <p className="note">{t('case.back_on', { day: h.back_on ?? '' })} · {t('case.their_record', { n: h.answer_seq })} <RecordLink seq={h.answered_seq} /></p>
                {last(i) && <ReceiptButton page={page} record="result_received" />}
              </>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
