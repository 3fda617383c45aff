// SPDX-License-Identifier: Apache-2.0
import type { TFunction } from 'i18next';
import type { Figure, Standing } from '@/api/types';
import type { LabelsApi } from '@/app/labels';
import { language } from '@/i18n';
import { count } from '@/format/day';
import { countsFor, showMoney, type MoneyUnit } from '@/format/money';
import { showHundredths } from '@/pages/project/commitments';

/** A number of jobs, or an area that is kept in hundredths of a 亩. */
export function stockText(measure: string, n: number, t: TFunction): string {
  return measure === 'land_sum' ? t('file.mu', { n: showHundredths(n) }) : t('file.person', { n: count(n) });
}

/** What a figure counts, in words: the definition 口径 that every value is shown with. */
export function definitionText(figure: Figure, standing: Standing, t: TFunction, labels: LabelsApi, unit: (currency: string, unit: MoneyUnit) => string): string {
  const parts = [labels.value('Measure', figure.measure)];
  if (figure.ladder) parts.push(labels.ladder(figure.ladder));
  if (figure.milestone) parts.push(t('figure.reached_in_period', { milestone: labels.milestone(figure.milestone) }));
  if (figure.funds_kind) parts.push(labels.value('FundsKind', figure.funds_kind));
  if (figure.at_least_minor) {
    const shown = showMoney(figure.at_least_minor, countsFor(standing.currency, language()), standing.currency_decimals);
    parts.push(t('figure.at_least', { amount: `${shown.number} ${unit(standing.currency, shown.unit)}` }));
  }
  if (figure.evidence !== 'none') parts.push(t('figure.evidence', { level: labels.value('EvidenceLevel', figure.evidence) }));
  return parts.join(' · ');
}
