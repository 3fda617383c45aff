// SPDX-License-Identifier: Apache-2.0
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Sheet } from '@/components/sheet';
import { DayInput } from '@/form/day-input';
import { useHere, useReading } from './reading';
import { useStanding } from './standing';

const byRecord = (at: string | undefined) => at !== undefined && /^\d+$/.test(at);

/** Two questions, kept apart: how things stood on a day, and what was known then. */
export default function ReadingSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const here = useHere();
  const navigate = useNavigate();
  const reading = useReading();
  const standing = useStanding();
  const [asOf, setAsOf] = useState(reading.as_of);
  const [knownAt, setKnownAt] = useState(reading.known_at);
  const read = (as_of?: string, known_at?: string) => {
    onClose();
    void navigate(here({ as_of, known_at }));
  };
  return (
    <Sheet title={t('shell.reading')} onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          read(asOf, knownAt);
        }}
      >
        <p>
          <label htmlFor="as-of">{t('shell.as_of')}</label>
        </p>
        <DayInput id="as-of" value={asOf} onChange={setAsOf} />
        <p className="note">{t('shell.as_of_help')}</p>
        <p style={{ marginTop: 16 }}>
          <label htmlFor="known-at">{t('shell.known_at')}</label>
        </p>
        <DayInput id="known-at" value={byRecord(knownAt) ? undefined : knownAt} onChange={setKnownAt} />
        <p className="note">{t('shell.known_at_help')}</p>
        <p style={{ marginTop: 10 }}>
          <label htmlFor="known-at-record">{t('shell.known_at_record')}</label>
        </p>
        <Input
          id="known-at-record" inputMode="numeric" autoComplete="off" style={{ width: 160 }} value={byRecord(knownAt) ? knownAt : ''}
          onChange={(e) => setKnownAt(e.target.value.replace(/\D/g, '') || undefined)}
        />
        {standing && <p className="note" style={{ marginTop: 12 }}>{t('shell.ledger_size', { size: standing.ledger_size })}</p>}
        <div style={{ display: 'flex', gap: 8, marginTop: 18 }}>
          <Button type="primary" htmlType="submit">
            {t('shell.read_so')}
          </Button>
          <Button onClick={() => read()}>{t('shell.back_to_now')}</Button>
        </div>
      </form>
    </Sheet>
  );
}
