// SPDX-License-Identifier: Apache-2.0
// What waits for what, from left to right; branches that run side by side stand one below the other. On a phone the
// same list stands upright, and each step says in words what it waits for.
import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './cases.css';
import { lanesOf } from './lanes';

export interface StripStep {
  key: string;
  step: number;
  name: string;
  unit: string;
  waits: number[];
  /** Where the box leads to. */
  href?: string;
  className?: string;
  body?: ReactNode;
}

const width = 216;
const gap = 44;
const height = 114;
const below = 14;

export function Strip({ steps, label }: { steps: StripStep[]; label: string }) {
  const { t } = useTranslation();
  const { places, columns, lanes } = lanesOf(steps.map((s) => s.waits));
  const x = (i: number) => places[i]!.column * (width + gap);
  const y = (i: number) => places[i]!.lane * (height + below);
  const size = { w: columns * (width + gap) - gap, h: lanes * (height + below) - below };
  const line = (from: number, to: number) => {
    const [x1, y1, x2, y2] = [x(from) + width, y(from) + height / 2, x(to) - 7, y(to) + height / 2];
    const bend = x2 - gap / 2 + 7;
    return `M${x1} ${y1}H${bend}V${y2}H${x2}`;
  };
  return (
    <div className="case-strip" role="group" aria-label={label} tabIndex={0}>
      <div className="case-strip-in" style={{ '--w': `${size.w}px`, '--h': `${size.h}px` } as CSSProperties}>
        <svg viewBox={`0 0 ${size.w} ${size.h}`} width={size.w} height={size.h} aria-hidden="true">
          {steps.flatMap((s, to) => s.waits.map((on) => {
            const from = on - 1;
            return (
              <g key={`${from}-${to}`}>
                <path d={line(from, to)} />
                <path className="tip" d={`M${x(to) - 8} ${y(to) + height / 2 - 4}l7 4-7 4z`} />
              </g>
            );
          }))}
        </svg>
        <ol>
          {steps.map((s, i) => (
            <li key={s.key} className={s.className} style={{ '--x': `${x(i)}px`, '--y': `${y(i)}px` } as CSSProperties} data-strip={s.key}>
              <p className="name">
                <span className="n">{s.step}</span> {s.href ? <a href={s.href}>{s.name}</a> : s.name}
              </p>
              <p className="note">{s.unit}</p>
              {s.body}
              {s.waits.length > 0 && <p className="note only-narrow">{t('case.waits', { steps: s.waits.join(t('common.comma')) })}</p>}
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
