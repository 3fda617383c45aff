// SPDX-License-Identifier: Apache-2.0
// 时限压缩: of how many matters the time is half or less of what it was, with every matter that was counted.
import { useTranslation } from 'react-i18next';
import type { LimitCuts } from '@/api/types';
import { useRead } from '@/app/read';
import { Bar } from '@/components/bar';
import { Card } from '@/components/card';
import { Answer } from '@/components/states';
import { count } from '@/format/day';
import { useLimitText, useName } from '../guide/frame';

const cuts = ['halved', 'shorter', 'same', 'longer', 'incomparable', 'fresh'] as const;

export function Limits({ before, change }: { before: string | undefined; change: (before: string | undefined) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  const read = useRead<LimitCuts>('/api/v1/catalogue/limits', { before }, { timeless: true });
  return (
    <Card title={t('catalogue.limits')} note={before ? t('catalogue.limits_before', { day: before }) : t('catalogue.limits_law')} className="cat-limits">
      <label className="no-print cat-day">
        {t('catalogue.limits_day')} <input type="date" value={before ?? ''} onChange={(e) => change(e.target.value || undefined)} />
      </label>
      <Answer of={read}>
        {(of) => (
          <>
            <p data-halved={of.halved} data-comparable={of.comparable}>
              <b className="cat-share">{of.halved_tenths === undefined ? '–' : `${(of.halved_tenths / 10).toFixed(1)}%`}</b>{' '}
              {t('catalogue.limits_share', { halved: count(of.halved), comparable: count(of.comparable) })}
            </p>
            <Bar parts={cuts.slice(0, 4).map((cut) => [`cut-${cut}`, of[cut]])} />
            <ul className="cat-cuts">{cuts.map((cut) => of[cut] > 0 && <li key={cut}><i className={`cut-${cut}`} aria-hidden="true" /> {t(`catalogue.cut_${cut}`)} {count(of[cut])}</li>)}</ul>
            <details>
              <summary>{t('catalogue.limits_each')}</summary>
              <table className="cat-changes">
                <thead><tr><th scope="col">{t('guide.matter')}</th><th scope="col">{t('catalogue.before')}</th><th scope="col">{t('catalogue.now')}</th><th scope="col">{t('catalogue.cut')}</th></tr></thead>
                <tbody>
                  {of.rows.map((row) => (
                    <tr key={row.matter}><td>{name(row)} <span className="note mono">{row.matter}</span></td><td>{limit(row.was)}</td><td>{limit(row.is)}</td><td>{t(`catalogue.cut_${row.cut}`)}</td></tr>
                  ))}
                </tbody>
              </table>
            </details>
          </>
        )}
      </Answer>
    </Card>
  );
}
