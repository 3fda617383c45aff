// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import type { Standing } from '@/api/types';
import { language } from '@/i18n';
import { columnUnit, countsFor, exactMoney, scaleMoney, showMoney, moneyUnits } from '@/format/money';

type Currency = Pick<Standing, 'currency' | 'currency_decimals'>;

export function useUnitWord(): (currency: string, unit: keyof typeof moneyUnits) => string {
  const { t } = useTranslation();
  return (currency, unit) => t(currency === 'CNY' ? `unit.cny_${unit}` : `unit.other_${unit}`, { currency });
}

/** An amount that stands alone, with its unit after it. The title has every digit. */
export function Amount({ minor, standing }: { minor: string; standing: Currency }) {
  const word = useUnitWord();
  const shown = showMoney(minor, countsFor(standing.currency, language()), standing.currency_decimals);
  return (
    <span className="nowrap" title={`${exactMoney(minor, standing.currency_decimals)} ${standing.currency}`}>
      {shown.number}
      <span className="unit">{word(standing.currency, shown.unit)}</span>
    </span>
  );
}

/** A cell of a column whose head names the unit. */
export function columnAmount(minor: string | undefined, standing: Currency): string {
  if (minor === undefined) return '';
  const { unit, places } = columnUnit(countsFor(standing.currency, language()));
  return scaleMoney(BigInt(minor), moneyUnits[unit], standing.currency_decimals, places);
}
export function useColumnUnit(standing: Currency | undefined): string {
  const word = useUnitWord();
  return standing ? word(standing.currency, columnUnit(countsFor(standing.currency, language())).unit) : '';
}
