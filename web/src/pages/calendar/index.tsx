// SPDX-License-Identifier: Apache-2.0
// 工作日历: a year of working days, holidays and make-up days with the notices they come from, and a limit counted out by them.
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { CalendarPage, CalendarYear } from '@/api/types';
import { useRead } from '@/app/read';
import { useHere } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Card } from '@/components/card';
import { PrintButton } from '@/components/print-button';
import { Answer } from '@/components/states';
import { dayFromNumber, dayNumber } from '@/format/day';
import { Deadline } from './deadline';
import './calendar.css';

type Exception = CalendarYear['days'][number];
const weekdays = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const;
/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number) => (((day + 3) % 7) + 7) % 7;
const first = 1900;
const last = 2198;

function Month({ year, month, exceptions, today }: { year: number; month: number; exceptions: Map<string, Exception>; today: string }) {
  const { t, i18n } = useTranslation();
  const begin = dayNumber(`${year}-${String(month).padStart(2, '0')}-01`);
  const end = month === 12 ? dayNumber(`${year + 1}-01-01`) : dayNumber(`${year}-${String(month + 1).padStart(2, '0')}-01`);
  const cells: (number | undefined)[] = [...Array.from({ length: weekdayOf(begin) }, () => undefined), ...Array.from({ length: end - begin }, (_, i) => begin + i)];
  while (cells.length % 7 !== 0) cells.push(undefined);
  const weeks = Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7));
  return (
    <table className="month">
      <caption>{new Intl.DateTimeFormat(i18n.language, { month: 'long', timeZone: 'UTC' }).format(begin * 86_400_000)}</caption>
      <thead><tr>{weekdays.map((w) => <th key={w} scope="col">{t(`workdays.${w}`)}</th>)}</tr></thead>
      <tbody>
        {weeks.map((week, i) => (
          <tr key={i}>
            {week.map((n, at) => {
              if (n === undefined) return <td key={at} />;
              const day = dayFromNumber(n);
              const exception = exceptions.get(day);
              const kind = exception ? (exception.works ? 'works' : 'off') : at >= 5 ? 'weekend' : undefined;
              return (
                <td key={at} className={kind} data-day={day} aria-current={day === today ? 'date' : undefined}>
                  {Number(day.slice(8))}
                  {exception && <><i>{t(exception.works ? 'workdays.works' : 'workdays.off')}</i><span className="hidden"> {exception.name}</span></>}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Days that follow each other, for one festival and by one notice, stand in one row. */
function spans(days: Exception[]): { from: Exception; to: Exception }[] {
  const out: { from: Exception; to: Exception }[] = [];
  for (const day of days) {
    const open = out.at(-1);
    const goesOn = open && open.to.works === day.works && open.to.name === day.name && open.to.from === day.from && dayNumber(day.day) === dayNumber(open.to.day) + 1;
    if (goesOn) open.to = day;
    else out.push({ from: day, to: day });
  }
  return out;
}

function Year({ of, page }: { of: CalendarYear; page: CalendarPage }) {
  const { t } = useTranslation();
  const exceptions = new Map(of.days.map((d) => [d.day, d]));
  const notices = new Map(page.notices.map((n) => [n.id, n]));
  const cited = [...new Set(of.days.map((d) => d.from))].flatMap((id) => (id && notices.has(id) ? [notices.get(id)!] : []));
  const notice = (d: Exception) => d.notice ?? (d.from && <>{d.from} <span className="cal-mark">{t('workdays.number_missing')}</span></>) ?? '–';
  return (
    <>
      <Card title={t('workdays.year', { year: of.year })} note={t('workdays.days', { n: of.work_days })}>
        {of.provisional && <p className="cal-provisional" role="note" data-provisional>◆ {t('workdays.provisional', { year: of.year })}</p>}
        <div className="year" data-year={of.year}>{Array.from({ length: 12 }, (_, i) => <Month key={i} year={of.year} month={i + 1} exceptions={exceptions} today={page.standing.as_of} />)}</div>
        <p className="note">{t('workdays.legend')}</p>
      </Card>
      <Card title={t('workdays.exceptions')} note={t('workdays.year', { year: of.year })}>
        {of.days.length === 0 ? <p className="note">{t('workdays.no_exceptions')}</p> : (
          <div className="table-box" role="group" aria-label={t('workdays.exceptions')} tabIndex={0}>
            <table className="cal-list">
              <thead><tr><th scope="col">{t('workdays.day')}</th><th scope="col">{t('workdays.what')}</th><th scope="col">{t('workdays.kind')}</th><th scope="col">{t('workdays.notice')}</th></tr></thead>
              <tbody>
                {spans(of.days).map(({ from, to }) => (
                  <tr key={from.day} data-exception={from.day}>
                    <td className="nowrap">{from.day === to.day ? from.day : `${from.day} → ${to.day.slice(5)}`}</td>
                    <td>{from.name}</td>
                    <td>{t(from.works ? 'workdays.make_up' : 'workdays.holiday')}</td>
                    <td>{notice(from)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {cited.length > 0 && (
          <>
            <h3 className="cal-h">{t('workdays.notices')}</h3>
            <ul className="cal-notices">
              {cited.map((n) => (
                <li key={n.id} data-notice={n.id}>
                  <b>{n.number ?? n.id}</b> <span className="note">{t('workdays.published', { day: n.published_on })}{n.amends && ` · ${t('workdays.amends', { id: notices.get(n.amends)?.number ?? n.amends })}`}</span>{' '}
                  {/^https?:/.test(n.source) ? <a href={n.source} target="_blank" rel="noreferrer">{t('workdays.read')}</a> : <span className="note">{n.source}</span>}{' '}
                  {n.unverified.length > 0 && <span className="cal-mark">{t('workdays.unverified', { what: n.unverified.map((what) => t(`workdays.unverified_${what}`)).join(' / ') })}</span>}
                </li>
              ))}
            </ul>
          </>
        )}
      </Card>
    </>
  );
}

export default function CalendarOfWorkdays() {
  const { t } = useTranslation();
  const here = useHere();
  const [params] = useSearchParams();
  const wanted = Number(params.get('year'));
  const year = Number.isInteger(wanted) && wanted >= first && wanted <= last ? wanted : undefined;
  const page = useRead<CalendarPage>('/api/v1/workdays', { year });
  useShowStanding(page.data?.standing);
  const shown = page.data?.years[0]?.year;
  return (
    <>
      <div className="page-head">
        <h1>{t('workdays.title')}</h1>
        {page.data && <span className="note">{t(page.data.national ? 'workdays.about_national' : 'workdays.about_week')}</span>}
        <div className="right">
          {shown !== undefined && shown > first && <Link className="button" to={here({ year: shown - 1 })} data-earlier>‹ {t('workdays.earlier_year')}</Link>}
          {shown !== undefined && shown < last && <Link className="button" to={here({ year: shown + 1 })} data-later>{t('workdays.later_year')} ›</Link>}
          <PrintButton />
        </div>
      </div>
      <Deadline />
      <Answer of={page}>{(data) => <Year of={data.years[0]!} page={data} />}</Answer>
    </>
  );
}
