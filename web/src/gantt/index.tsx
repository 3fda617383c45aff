// SPDX-License-Identifier: Apache-2.0
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Milestone } from '@/api/types';
import { useLabels } from '@/app/labels';
import { RecordLink } from '@/app/reading';
import { LightShape } from '@/components/light';
import { useWidth } from '@/components/use-width';
import { dayNumber } from '@/format/day';
import { layoutGantt, type GanttRow, type Span } from './layout';

const rowHeight = 26;
const top = 30;

export function verdictText(row: GanttRow, t: TFunction): string {
  return t(`gantt.${row.verdict}`, { days: row.days });
}

const shapes = {
  red: 'M5 .5 10 9.5H0z',
  amber: 'M5 0 10 5 5 10 0 5z',
  green: 'M5 0a5 5 0 1 0 .01 0z',
  idle: 'M5 .8a4.2 4.2 0 1 0 .01 0z',
};

/** Since when a project is held or terminated, if its light says so. */
export function stoppedOn({ light }: { light: { reason: string; since?: string } }): string | undefined {
  return light.reason === 'on_hold' || light.reason === 'terminated' ? light.since : undefined;
}

export function Gantt({ milestones, asOf, stoppedOn }: { milestones: Milestone[]; asOf: string; stoppedOn?: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const [ref, width] = useWidth(420, 760);
  const layout = layoutGantt(milestones, asOf, stoppedOn);
  if (!layout) return <p className="note">{t('gantt.no_days')}</p>;
  const left = Math.min(150, width * 0.26);
  const right = Math.min(132, width * 0.26);
  const { domain, rows } = layout;
  const x = (day: number) => left + ((day - domain.from) / (domain.to - domain.from)) * (width - left - right - 10);
  const height = top + rows.length * rowHeight + 6;
  const bar = (span: Span | undefined, y: number, className: string) =>
    span && <rect className={className} x={x(span.from)} y={y} width={Math.max(3, x(span.to) - x(span.from))} height={className === 'plan' ? 7 : 6} rx={2} />;
  const late = rows.filter((r) => r.verdict === 'overdue' || r.verdict === 'reached_late');
  const today = x(dayNumber(asOf));
  return (
    <div ref={ref} style={{ overflowX: 'auto' }}>
      <svg
        className="gantt" role="img" width={width} height={height} viewBox={`0 0 ${width} ${height}`}
        aria-label={t('gantt.conclusion', { reached: rows.filter((r) => r.milestone.reached_on).length, all: rows.length, late: late.length })}
      >
        <defs>
          <pattern id="gantt-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="5" height="5" fill="var(--brand2)" />
            <line className="hatch" x1="0" y1="0" x2="0" y2="5" strokeWidth="1.4" />
          </pattern>
        </defs>
        {layout.ticks.map((tick) => (
          <g key={tick.at}>
            <line className="grid" x1={x(tick.at)} x2={x(tick.at)} y1={top - 6} y2={height - 4} />
            {!(layout.showToday && x(tick.at) > today - 70 && x(tick.at) < today + 36) && (
              <text x={x(tick.at) + 3} y={16} fontWeight={tick.year ? 600 : 400}>
                {tick.label}
              </text>
            )}
          </g>
        ))}
        {rows.map((row, i) => {
          const y = top + i * rowHeight;
          return (
            <g key={row.milestone.milestone}>
              {i % 2 === 1 && <rect className="stripe" x={0} y={y} width={width} height={rowHeight} />}
              <text className="label" x={2} y={y + 17}>
                {labels.milestone(row.milestone.milestone)}
              </text>
              {bar(row.plan, y + 5, 'plan')}
              {bar(row.actual, row.plan ? y + 14 : y + 10, 'actual')}
              {bar(row.over, y + 14, row.light === 'amber' ? 'over short' : 'over')}
              {row.forecast !== undefined && <circle className="forecast" cx={x(row.forecast)} cy={y + 13} r={4} />}
              {row.baseline !== undefined && <line className="baseline" x1={x(row.baseline)} x2={x(row.baseline)} y1={y + 3} y2={y + rowHeight - 4} />}
              <path
                d={shapes[row.light]} transform={`translate(${width - right} ${y + 8})`}
                fill={row.light === 'idle' ? 'none' : `var(--${row.light})`} stroke={row.light === 'idle' ? 'var(--idle)' : undefined} strokeWidth={1.5}
              />
              <text className={`w-${row.light}`} x={width - right + 15} y={y + 17}>
                {verdictText(row, t)}
              </text>
            </g>
          );
        })}
        {layout.showToday && (
          <g>
            <line className="today" x1={today} x2={today} y1={top - 8} y2={height - 4} strokeWidth={1.2} />
            <rect className="today-box" x={Math.min(today - 34, width - right - 70)} y={2} width={68} height={18} rx={3} />
            <text className="today-text" x={Math.min(today, width - right - 36)} y={15} textAnchor="middle">
              {asOf.slice(2)}
            </text>
          </g>
        )}
      </svg>
    </div>
  );
}

/** The same rows in words, with the record behind every day. */
export function GanttTable({ milestones, asOf, stoppedOn, act }: { milestones: Milestone[]; asOf: string; stoppedOn?: string; act?: (m: Milestone) => React.ReactNode }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const layout = layoutGantt(milestones, asOf, stoppedOn);
  const baseline = milestones.some((m) => m.baseline_on !== undefined);
  return (
    <div className="table-box" tabIndex={0} role="group" aria-label={t('gantt.title')}>
      <table className="data compact">
        <thead>
          <tr>
            <th scope="col">{t('board.milestone')}</th>
            {baseline && <th scope="col">{t('gantt.baseline')}</th>}
            <th scope="col">{t('gantt.plan')}</th>
            <th scope="col">{t('gantt.forecast')}</th>
            <th scope="col">{t('gantt.actual')}</th>
            <th scope="col">{t('gantt.evidence')}</th>
            <th scope="col">{t('gantt.verdict')}</th>
            {act && <th scope="col">{t('common.act')}</th>}
          </tr>
        </thead>
        <tbody>
          {milestones.map((m, i) => {
            const row = layout?.rows[i];
            return (
              <tr key={m.milestone}>
                <td className="nowrap">
                  <b>{labels.milestone(m.milestone)}</b>
                </td>
                {baseline && <td className="nowrap">{m.baseline_on ?? '–'}</td>}
                <td className="nowrap">
                  {m.planned_on ?? '–'} {m.planned_seq !== undefined && <RecordLink seq={m.planned_seq} />}
                </td>
                <td>
                  <span className="nowrap">{m.forecast_on ?? '–'}</span>
                  {m.forecast_on !== undefined && <p className="note">{m.slip_from ? t('gantt.slip', { days: m.slip_days, milestone: labels.milestone(m.slip_from) }) : t('gantt.on_plan_forecast')}</p>}
                </td>
                <td className="nowrap">
                  {m.reached_on ?? '–'} {m.reached_seq !== undefined && <RecordLink seq={m.reached_seq} />}
                  {m.contradicting && <span className="light light-amber"> <LightShape light="amber" /> {t('gantt.contradicting')}</span>}
                </td>
                <td className="nowrap">{m.evidence_level ? labels.value('EvidenceLevel', m.evidence_level) : m.needs_evidence ? t('gantt.needs_evidence') : '–'}</td>
                <td className="nowrap">
                  {row && (
                    <span className={`light light-${row.light}`}>
                      <LightShape light={row.light} />
                      {verdictText(row, t)}
                    </span>
                  )}
                </td>
                {act && <td>{act(m)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
