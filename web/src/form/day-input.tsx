// SPDX-License-Identifier: Apache-2.0
// A day: typed as people write days, or chosen from the browser's own calendar.
import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readDay } from '@/format/day';

interface DayInputProps {
  id?: string;
  value?: string;
  /** Called with a day or nothing; while `told`, also with what is typed and is no day. */
  onChange?: (value: string | undefined) => void;
  /** A form is told everything, so that it can refuse; a filter only of days. */
  told?: boolean;
  placeholder?: string;
  'aria-label'?: string;
  'aria-required'?: 'true';
}

export function DayInput({ value, onChange, told, placeholder, ...rest }: DayInputProps) {
  const { t } = useTranslation();
  const calendar = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value ?? '');
  // A value set from outside replaces what stands there, unless it is just what was typed.
  useEffect(() => {
    setTyped((now) => ((readDay(now) ?? now) === (value ?? '') ? now : (value ?? '')));
  }, [value]);
  const day = readDay(typed);
  const wrong = typed.trim() !== '' && day === undefined;
  const tell = (text: string) => {
    setTyped(text);
    const read = readDay(text);
    if (read !== undefined || text.trim() === '') onChange?.(read);
    else if (told) onChange?.(text);
  };
  return (
    <Input
      {...rest} className="day-input" inputMode="numeric" autoComplete="off" value={typed} placeholder={placeholder ?? t('form.day_format')}
      status={wrong && typed.length >= 10 ? 'error' : undefined} aria-invalid={wrong || undefined}
      onChange={(e) => tell(e.target.value)} onBlur={() => day !== undefined && setTyped(day)}
      suffix={
        <>
          <input
            ref={calendar} type="date" tabIndex={-1} aria-hidden="true" value={day ?? ''}
            onChange={(e) => tell(e.target.value)}
          />
          <button type="button" aria-label={t('form.open_calendar')} onClick={() => calendar.current?.showPicker()}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2v3M10.5 2v3" />
            </svg>
          </button>
        </>
      }
    />
  );
}
