// SPDX-License-Identifier: Apache-2.0
// The plan as bars in working days, each below those it waits for, the critical path marked by colour, weight and word; and the
// same as a table.
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { GuideSchedule } from '@/api/types';
import { useWidth } from '@/components/use-width';
import { Unconfirmed, useName } from '../guide/frame';
import { labelOf, layoutPlan, widthOf } from './layout';

const rowHeight = 40;
const top = 26;

function Bars({ plan }: { plan: GuideSchedule }) {
  const { t } = useTranslation();
  const name = useName();
  const [ref, width] = useWidth(260, 640);
  const { bars, links, days, ticks } = layoutPlan(plan.matters, plan.critical);
  const steps = new Map(plan.matters.map((s) => [s.matter.id, s]));
  const right = 12;
  const x = (day: number) => 2 + (day / days) * (width - 4 - right);
  const height = top + bars.length * rowHeight + 4;
  const y = (row: number) => top + row * rowHeight;
  return (
    <div ref={ref}>
      <svg
        className="plan-strip" role="img" width={width} height={height} viewBox={`0 0 ${width} ${height}`}
        aria-label={t('catalogue.strip_conclusion', { n: bars.length, days: plan.promised.work_days, ends: plan.promised.ends, path: plan.critical.map((id) => name(steps.get(id)!.matter)).join(' → ') })}
      >
        {ticks.map((day) => (
          <g key={day}>
            <line className="grid" x1={x(day)} x2={x(day)} y1={18} y2={height} />
            <text className="tick" x={Math.min(x(day), width - 16)} y={12} textAnchor={day === 0 ? 'start' : 'middle'}>{day}</text>
          </g>
        ))}
        {links.map((l) => (
          <path
            key={`${l.from.id} ${l.to.id}`} className={l.critical ? 'link critical' : 'link'}
            d={`M${x(l.from.to)} ${y(l.from.row) + 30}V${y(l.to.row) + 29}H${x(l.to.from)}`}
          />
        ))}
        {bars.map((b) => {
          const step = steps.get(b.id)!;
          const words = labelOf(name(step.matter), b.critical ? ` ★ ${step.ends}` : ` ${step.ends}`, width - 10);
          const fits = x(b.from) + widthOf(words) < width;
          return (
            <g key={b.id} data-bar={b.id}>
              <text className={b.critical ? 'label critical' : 'label'} x={fits ? x(b.from) : Math.max(x(b.to), Math.min(width - 2, widthOf(words)))} y={y(b.row) + 17} textAnchor={fits ? 'start' : 'end'}>
                {words}
              </text>
              {b.until > b.to && <rect className="slack" x={x(b.to)} y={y(b.row) + 25} width={x(b.until) - x(b.to)} height={6} />}
              <rect className={b.critical ? 'bar critical' : 'bar'} x={x(b.from)} y={y(b.row) + 23} width={Math.max(4, x(b.to) - x(b.from))} height={10} rx={2} />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function Table({ plan }: { plan: GuideSchedule }) {
  const { t } = useTranslation();
  const name = useName();
  const names = new Map(plan.matters.map(({ matter }) => [matter.id, name(matter)]));
  return (
    <div className="table-box" role="group" aria-label={t('guide.order')} tabIndex={0}>
      <table className="guide-strip">
        <thead>
          <tr>
            <th scope="col">{t('guide.matter')}</th><th scope="col">{t('guide.department')}</th><th scope="col">{t('catalogue.begins')}</th>
            <th scope="col">{t('catalogue.ends')}</th><th scope="col">{t('catalogue.latest')}</th><th scope="col">{t('catalogue.waits_for')}</th>
          </tr>
        </thead>
        <tbody>
          {plan.matters.map((s) => (
            <tr key={s.matter.id} data-step={s.matter.id}>
              <td>{name(s.matter)} <Unconfirmed of={s.matter} /></td>
              <td>{name(s.matter.department)}</td>
              <td className="days">{s.begins}</td>
              <td className="days">{s.ends}</td>
              <td className="days">{s.critical ? <b>{t('guide.critical')}</b> : <>{s.latest}<br /><span className="note">{t('guide.slack', { n: s.slack })}</span></>}</td>
              <td>{s.waits_for.map((id) => names.get(id) ?? id).join(' · ') || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Strip({ plan }: { plan: GuideSchedule }) {
  const { t } = useTranslation();
  const name = useName();
  const [table, setTable] = useState(false);
  const names = new Map(plan.matters.map(({ matter }) => [matter.id, matter]));
  return (
    <>
      <div className="plan-bar">
        <span className="note">{t('catalogue.strip_note')}</span>
        <Button size="small" className="no-print" aria-pressed={table} onClick={() => setTable(!table)} data-twin>{t(table ? 'catalogue.as_strip' : 'catalogue.as_table')}</Button>
      </div>
      {table ? <Table plan={plan} /> : <Bars plan={plan} />}
      <p className="plan-path" data-path>
        <b>{t('catalogue.critical_path')}</b> {plan.critical.map((id, i) => <span key={id}>{i > 0 && ' → '}<Link to={`/catalogue/matters/${id}`}>{name(names.get(id)!)}</Link></span>)}
      </p>
    </>
  );
}
