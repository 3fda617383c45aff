// SPDX-License-Identifier: Apache-2.0
// The questions of a package.
import { useTranslation } from 'react-i18next';
import type { GuideQuestion } from '@/api/types';
import type { Facts } from './facts';
import { useName } from './frame';

export function Question({ of, value, open, set }: { of: GuideQuestion; value: Facts[string] | undefined; open: boolean; set: (value: Facts[string] | undefined) => void }) {
  const { t } = useTranslation();
  const name = useName();
  if (of.type === 'whole') {
    return (
      <fieldset className={open ? 'open' : undefined}>
        <label className="ask" htmlFor={`fact-${of.id}`}>{name(of)}{of.unit && ` (${of.unit})`}</label>
        <input id={`fact-${of.id}`} type="number" inputMode="numeric" step={1} value={typeof value === 'number' ? value : ''} onChange={(e) => set(e.target.value === '' ? undefined : Math.trunc(Number(e.target.value)))} />
      </fieldset>
    );
  }
  const choices: [Facts[string], string][] = of.type === 'yes_no' ? [[true, t('guide.yes')], [false, t('guide.no')]] : of.choices.map((c) => [c.id, name(c)]);
  return (
    <fieldset className={open ? 'open' : undefined}>
      <legend>{name(of)}</legend>
      {choices.map(([choice, word]) => (
        <label key={String(choice)} className="choice">
          <input type="radio" name={`fact-${of.id}`} checked={value === choice} onChange={() => set(choice)} />
          {word}
        </label>
      ))}
    </fieldset>
  );
}
