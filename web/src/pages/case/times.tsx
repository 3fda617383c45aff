// SPDX-License-Identifier: Apache-2.0
// The clocks of all steps on one line of days: when each ran, when it stood still and why, until when it may.
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { CasePage, CaseStep } from '@/api/types';
import { useLabels } from '@/app/labels';
import { dayFromNumber, dayNumber } from '@/format/day';

interface Bar {
  kind: 'ran' | 'over' | 'still' | 'due';
  from: number;
  until: number;
}

/** Day numbers; a bar covers its first day and not its last. Nothing reaches past the day that is read. */
export function barsOf(step: CaseStep, asOf: string): Bar[] {
  if (!step.began_on) return [];
  const from = dayNumber(step.began_on);
  const end = Math.max(from, dayNumber(step.decided_on ?? asOf)) + 1;
  const due = step.office?.due_on ? dayNumber(step.office.due_on) + 1 : undefined;
  const bars: Bar[] = [{ kind: 'ran', from, until: due === undefined ? end : Math.max(from, Math.min(end, due)) }];
  if (due !== undefined && end > due) bars.push({ kind: 'over', from: Math.max(from, due), until: end });
  for (const s of step.suspensions) {
    const begins = Math.max(from, dayNumber(s.from));
    // Whose end is not known stands still until the day that is read.
    const ends = s.until ? Math.max(begins + 1, dayNumber(s.until)) : end;
    bars.push({ kind: 'still', from: begins, until: Math.max(begins + 1, Math.min(ends, end)) });
  }
  if (due !== undefined) bars.push({ kind: 'due', from: due, until: due });
  return bars;
}

export function Times({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const asOf = page.standing.as_of;
  const begun = page.steps.filter((s) => s.began_on);
  if (begun.length === 0) return null;
  const bars = new Map(begun.map((s) => [s.step, barsOf(s, asOf)]));
  const all = [...bars.values()].flat();
  const first = Math.min(...all.map((b) => b.from));
  const last = Math.max(...all.map((b) => b.until)) + 1;
  const at = (n: number) => `${((n - first) / (last - first)) * 100}%`;
  return (
    <div className="table-box" role="group" aria-label={t('case.times')} tabIndex={0}>
      <table className="data compact case-times">
        <caption className="hidden">{t('case.times')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('case.step')}</th>
            <th scope="col">{t('case.used')}</th>
            <th scope="col">{t('case.due_day')}</th>
            <th scope="col" className="lane">{dayFromNumber(first)} → {dayFromNumber(last - 1)}</th>
          </tr>
        </thead>
        <tbody>
          {begun.map((s) => (
            <tr key={s.step} data-times={s.step}>
              <td>{s.step} {s.name}</td>
              <td>{s.office ? `${s.office.used} / ${s.office.limit} ${labels.value('LimitUnit', s.office.unit)}` : '–'}</td>
              <td>{s.office?.due_on ?? '–'}</td>
              <td className="lane">
                <div className="case-time" aria-hidden="true">
                  {bars.get(s.step)!.map((b, i) => <i key={i} className={b.kind} style={{ '--from': at(b.from), '--wide': at(first + b.until - b.from) } as CSSProperties} />)}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="note card-body">{t('case.times_help')}</p>
    </div>
  );
}
