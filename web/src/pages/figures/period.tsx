// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useStanding } from '@/app/standing';
import { SubjectFilter, useFilters } from '@/components/filters';
import { DayInput } from '@/form/day-input';

const names = ['from', 'to', 'unit', 'region'] as const;
export function usePeriod() {
  return useFilters(names);
}

/** A period is two days; the buttons set them for the half-year and year of the day that is read. */
export function PeriodFilters({ period }: { period: ReturnType<typeof usePeriod> }) {
  const { t } = useTranslation();
  const { values, change } = period;
  const year = Number((useStanding()?.as_of ?? new Date().toISOString()).slice(0, 4));
  const presets: [string, string | undefined, string | undefined][] = [
    [t('figure.this_year'), undefined, undefined],
    [t('figure.first_half'), `${year}-01-01`, `${year}-06-30`],
    [t('figure.last_year'), `${year - 1}-01-01`, `${year - 1}-12-31`],
    [t('figure.ten_years'), `${year - 10}-01-01`, `${year}-12-31`],
  ];
  return (
    <div className="filters">
      {presets.map(([label, from, to]) => (
        <Button key={label} type={values.from === from && values.to === to ? 'primary' : 'default'} aria-pressed={values.from === from && values.to === to} onClick={() => change({ from, to })}>
          {label}
        </Button>
      ))}
      <DayInput aria-label={t('figure.from')} placeholder={t('figure.from')} value={values.from} onChange={(from) => change({ from })} />
      <DayInput aria-label={t('figure.to')} placeholder={t('figure.to')} value={values.to} onChange={(to) => change({ to })} />
      <SubjectFilter subject="unit" label={t('filter.unit')} value={values.unit} onChange={(unit) => change({ unit })} />
      <SubjectFilter subject="region" label={t('filter.region')} value={values.region} onChange={(region) => change({ region })} />
    </div>
  );
}
