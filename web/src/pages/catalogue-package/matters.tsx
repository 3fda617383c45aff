// SPDX-License-Identifier: Apache-2.0
// Which matters a package holds: found by a word and put in, taken out, and tried with other papers or another promise.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CatalogueMatters, DraftMatter } from '@/api/types';
import { useRead } from '@/app/read';
import { Unconfirmed, useLimitText, useName } from '../guide/frame';
import { withChange, type Change } from './draft';
import { useLater } from './later';

const shown = 8;

function Add({ chosen, on, add }: { chosen: string[]; on: string; add: (id: string) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  const [words, setWords] = useState('');
  const [said, setSaid] = useState('');
  const box = useRef<HTMLInputElement>(null);
  const wanted = useLater(words.trim(), 200);
  // Some of what is found may stand in the package already.
  const found = useRead<CatalogueMatters>('/api/v1/catalogue/matters', { q: wanted, on, limit: 100 }, { timeless: true, enabled: wanted !== '' });
  const rows = wanted === '' ? [] : (found.data?.rows ?? []).filter((r) => !chosen.includes(r.matter.id));
  const put = (row: (typeof rows)[number]) => {
    add(row.matter.id);
    setSaid(t('catalogue.added', { matter: name(row.matter) }));
    setWords('');
    box.current?.focus();
  };
  return (
    <div className="cat-add">
      <label className="hidden" htmlFor="add-matter">{t('catalogue.add')}</label>
      <input
        id="add-matter" ref={box} className="guide-find" type="search" autoComplete="off" placeholder={t('catalogue.add')} value={words}
        onChange={(e) => setWords(e.target.value)}
        onKeyDown={(e) => {
          // Not while what is shown still belongs to other words.
          if (e.key === 'Enter' && rows[0] && wanted === words.trim() && !found.isPlaceholderData) put(rows[0]);
        }}
      />
      <span className="hidden" role="status">{said}</span>
      {wanted !== '' && found.data && (
        <ul className="cat-found" data-found>
          {rows.slice(0, shown).map((row) => (
            <li key={row.matter.id}>
              <button type="button" className="cat-put" onClick={() => put(row)} data-add={row.matter.id}>
                <span>＋ {name(row.matter)} <Unconfirmed of={row.matter} /></span>
                <span className="note">{name(row.matter.department)} · {limit(row.matter.promised ?? row.matter.statutory)}</span>
              </button>
            </li>
          ))}
          {rows.length > shown && <li className="note">{t('catalogue.more_found', { n: rows.length - shown })}</li>}
          {rows.length === 0 && <li className="note">{t('catalogue.none_to_add')}</li>}
        </ul>
      )}
    </div>
  );
}

function WhatIf({ of, change, makes, set }: { of: DraftMatter; change: Change | undefined; makes: DraftMatter['makes']; set: (change: Change) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const { id, promised, statutory } = of.matter;
  const needs = of.needs.map((p) => p.id);
  const offered = makes.filter((p) => !needs.includes(p.id) && !of.makes.some((own) => own.id === p.id));
  const unit = (promised ?? statutory)?.unit ?? 'work_days';
  return (
    <div className="cat-what-if">
      <label htmlFor={`promise-${id}`}>{t(unit === 'work_days' ? 'catalogue.promise_work_days' : 'catalogue.promise_calendar_days')}</label>
      <input
        id={`promise-${id}`} type="number" inputMode="numeric" min={0} max={3650} step={1} value={promised?.days ?? ''}
        onChange={(e) => {
          const days = Math.trunc(Number(e.target.value));
          if (e.target.value !== '' && days >= 0 && days <= 3650) set({ matter: id, needs: change?.needs, promised: { days, unit } });
        }}
      />
      <span className="ask">{t('catalogue.needs')}</span>
      <ul>
        {of.needs.map((p) => (
          <li key={p.id}>
            {name(p)}{' '}
            <button type="button" className="cat-x" aria-label={t('catalogue.drop_paper', { paper: name(p) })} onClick={() => set({ matter: id, promised: change?.promised, needs: needs.filter((n) => n !== p.id) })}>×</button>
          </li>
        ))}
        {of.needs.length === 0 && <li className="note">{t('guide.no_papers')}</li>}
      </ul>
      {offered.length > 0 && (
        <>
          <label htmlFor={`need-${id}`}>{t('catalogue.need_more')}</label>
          <select id={`need-${id}`} value="" onChange={(e) => e.target.value && set({ matter: id, promised: change?.promised, needs: [...needs, e.target.value] })}>
            <option value="">{t('catalogue.choose_paper')}</option>
            {offered.map((p) => <option key={p.id} value={p.id}>{name(p)}</option>)}
          </select>
        </>
      )}
      {change && <button type="button" className="button" onClick={() => set({ matter: id })} data-as-before={id}>{t('catalogue.as_before')}</button>}
    </div>
  );
}

export function Matters({ ids, rows, spared, changes, on, setIds, setChanges }: {
  ids: string[];
  /** As the plan knows them; a matter that was just put in comes with the next answer. */
  rows: DraftMatter[];
  /** Ids of those that this case does not need. */
  spared: string[];
  changes: Change[];
  on: string;
  setIds: (ids: string[]) => void;
  setChanges: (changes: Change[]) => void;
}) {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  const list = useRef<HTMLUListElement>(null);
  const removed = useRef<number>(undefined);
  const known = new Map(rows.map((r) => [r.matter.id, r]));
  const makes = [...new Map(rows.flatMap((r) => r.makes).map((p) => [p.id, p])).values()];
  // Who takes matters out by keyboard goes on with the next one.
  useEffect(() => {
    const at = removed.current;
    removed.current = undefined;
    if (at === undefined) return;
    const buttons = list.current?.querySelectorAll<HTMLButtonElement>('[data-remove]');
    (buttons?.[Math.min(at, buttons.length - 1)] ?? document.getElementById('add-matter'))?.focus();
  }, [ids.length]);
  return (
    <>
      <Add chosen={ids} on={on} add={(id) => setIds([...ids, id])} />
      <ul className="cat-chosen" ref={list} data-chosen>
        {ids.map((id, i) => {
          const row = known.get(id);
          const word = row ? name(row.matter) : id;
          const change = changes.find((c) => c.matter === id);
          return (
            <li key={id} data-matter={id}>
              <div className="cat-line">
                <span>
                  <Link to={`/catalogue/matters/${id}`}>{word}</Link> {row && <Unconfirmed of={row.matter} />} {change && <span className="tag">{t('catalogue.changed')}</span>}{' '}
                  {spared.includes(id) && <span className="note">{t('guide.spared')}</span>}
                </span>
                <span className="note">{row && limit(row.matter.promised ?? row.matter.statutory)}</span>
                <button type="button" className="cat-x" data-remove={id} aria-label={t('catalogue.remove', { matter: word })} onClick={() => { removed.current = i; setIds(ids.filter((other) => other !== id)); }}>×</button>
              </div>
              {row && (
                <details data-what-if={id}>
                  <summary>{t('catalogue.what_if')}<span className="hidden"> {word}</span></summary>
                  <WhatIf of={row} change={change} makes={makes} set={(c) => setChanges(withChange(changes, c))} />
                </details>
              )}
            </li>
          );
        })}
        {ids.length === 0 && <li className="note">{t('catalogue.empty_package')}</li>}
      </ul>
    </>
  );
}
