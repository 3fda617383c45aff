// SPDX-License-Identifier: Apache-2.0
// A limit counted out: when it ends and which days were counted. The question stands in the address.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { CountedLimit } from '@/api/types';
import { useRead } from '@/app/read';
import { Card } from '@/components/card';
import { Answer } from '@/components/states';
import { isDay } from '@/format/day';

const most = 400;
const units = ['work_days', 'calendar_days'] as const;

function Counted({ of }: { of: CountedLimit }) {
  const { t } = useTranslation();
  const last = of.days.at(-1)!;
  const moved = last.count === undefined && of.days.length > 1;
  return (
    <div data-due={of.due}>
      <p className="cal-due" role="status">
        <b>{t('workdays.due', { day: of.due })}</b> <span className="note">{t('workdays.due_note', { work: of.work_days, all: of.calendar_days })}</span>
        {of.provisional && <span className="cal-mark">{t('workdays.due_provisional')}</span>}
      </p>
      {moved && <p className="note">{t('workdays.moved')}</p>}
      <details open={of.days.length <= 45}>
        <summary>{t('workdays.counted')}</summary>
        <ol className="cal-days">
          {of.days.map((d) => (
            <li key={d.day} className={d.count === undefined ? 'idle' : undefined} data-counted={d.count}>
              <span>{d.day}</span>
              <b>{d.day === of.accepted ? t('workdays.start') : d.count === undefined ? t('workdays.not_counted') : t('workdays.nth', { n: d.count })}</b>
              {d.name && <span className="note">{d.name}{d.works ? ` · ${t('workdays.make_up')}` : ''}</span>}
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}

export function Deadline() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const unit = units.find((u) => u === params.get('unit')) ?? 'work_days';
  const [accepted, setAccepted] = useState(params.get('accepted') ?? '');
  const [typed, setTyped] = useState(params.get('days') ?? '20');
  const days = Math.trunc(Number(typed));
  const good = typed !== '' && days >= 1 && days <= most;
  const counted = useRead<CountedLimit>('/api/v1/workdays/deadline', { accepted: isDay(accepted) ? accepted : undefined, days, unit }, { enabled: good });
  const change = (key: string, value: string) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      if (value) next.set(key, value);
      else next.delete(key);
      return next;
    }, { replace: true });
  // A moment after the last key: the address is for sending on, not for each digit.
  useEffect(() => {
    if (!good || typed === (params.get('days') ?? '20')) return;
    const timer = setTimeout(() => change('days', typed), 400);
    return () => clearTimeout(timer);
  });
  return (
    <Card title={t('workdays.deadline')} note={t('workdays.law')}>
      <div className="day-form">
        <div>
          <label htmlFor="deadline-accepted">{t('workdays.accepted')}</label>
          <input id="deadline-accepted" type="date" value={accepted || (counted.data?.accepted ?? '')} onChange={(e) => { setAccepted(e.target.value); change('accepted', e.target.value); }} />
        </div>
        <div>
          <label htmlFor="deadline-days">{t('workdays.n')}</label>
          <input id="deadline-days" type="number" inputMode="numeric" min={1} max={most} step={1} value={typed} aria-invalid={!good} onChange={(e) => setTyped(e.target.value)} />
        </div>
        <div>
          <label htmlFor="deadline-unit">{t('workdays.unit')}</label>
          <select id="deadline-unit" value={unit} onChange={(e) => change('unit', e.target.value)}>
            {units.map((u) => <option key={u} value={u}>{t(`workdays.${u}`)}</option>)}
          </select>
        </div>
      </div>
      {good && <Answer of={counted} rows={3}>{(data) => <Counted of={data} />}</Answer>}
    </Card>
  );
}
