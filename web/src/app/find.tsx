// SPDX-License-Identifier: Apache-2.0
// Finding things by name, initials, code or words of a problem, from anywhere. A combobox in a dialog: the arrows walk
// through the groups, Enter goes there, Escape gives the focus back to where it was.
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Query } from '@/api/client';
import type { SearchGroup, SearchResults, SearchRow } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { useRead } from '@/app/read';
import { useCarry } from '@/app/reading';
import './find.css';

/** Where a hit leads: its own page, or the list that it selects. */
function target(kind: SearchGroup['kind'], row: SearchRow): [string, Query?] {
  switch (kind) {
    case 'project':
      return [`/projects/${row.id}`];
    case 'obligation':
      return [`/obligations/${row.id}`];
    case 'unit':
    case 'region':
      return ['/projects', { [kind]: row.id }];
    case 'enterprise':
      return ['/registers/enterprises', { q: row.name || row.code }];
    case 'post':
      return ['/registers/posts', { q: row.name }];
  }
}

type Choice = { kind: SearchGroup['kind']; row?: SearchRow };

function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

export default function Find({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const problem = useProblemText();
  const navigate = useNavigate();
  const carry = useCarry();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [only, setOnly] = useState<SearchGroup['kind'] | undefined>();
  const [at, setAt] = useState(0);
  const q = useSettled(typed.trim(), 120);
  const found = useRead<SearchResults>('/api/v1/search', only ? { q, kind: only, limit: 50 } : { q }, { reads: 'now', enabled: q !== '' });
  const groups = useMemo(() => (q === '' ? [] : (found.data?.groups ?? [])), [q, found.data]);
  // One list to walk through: each row, and after a group that goes on the way to the rest of it.
  const choices = useMemo(() => groups.flatMap((g): Choice[] => [...g.rows.map((row) => ({ kind: g.kind, row })), ...(g.more && !only ? [{ kind: g.kind }] : [])]), [groups, only]);
  const chosen = Math.min(at, choices.length - 1);

  useEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement as HTMLElement | null;
    element.showModal();
    return () => {
      element.close();
      before?.focus?.();
    };
  }, []);
  useEffect(() => setAt(0), [q, only]);
  // Only for keys: under a mouse that chooses by pointing, rows must stay where they are.
  const byKey = useRef(false);
  useEffect(() => {
    if (byKey.current) document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen]);

  const take = (choice: Choice | undefined) => {
    if (!choice) return;
    if (!choice.row) return setOnly(choice.kind);
    onClose();
    void navigate(carry(...target(choice.kind, choice.row)));
  };
  const onKey = (event: KeyboardEvent) => {
    // An input method uses Enter and the arrows itself.
    if (event.nativeEvent.isComposing) return;
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      byKey.current = true;
      if (choices.length > 0) setAt((to + choices.length) % choices.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // What is shown must be what was typed, or Enter would go to where the reader did not look.
      if (q === typed.trim() && !found.isPlaceholderData) take(choices[chosen]);
    }
  };
  const shown = choices.filter((c) => c.row).length;
  let n = 0;
  return (
    <dialog
      ref={dialog}
      className="find"
      aria-label={t('find.title')}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === dialog.current && onClose()}
    >
      <div className="find-in">
        <div className="find-top">
          <input
            type="text" role="combobox" aria-expanded={choices.length > 0} aria-controls={`${id}-list`} aria-autocomplete="list" aria-label={t('find.title')}
            aria-activedescendant={choices.length > 0 ? `${id}-${chosen}` : undefined} placeholder={t('find.placeholder')} maxLength={100} autoFocus autoComplete="off"
            spellCheck={false} value={typed} onKeyDown={onKey}
            onChange={(event) => {
              setTyped(event.target.value);
              setOnly(undefined);
            }}
          />
          <button type="button" className="icon-button" onClick={onClose} aria-label={t('common.close')}>×</button>
        </div>
        {found.error && q !== '' ? (
          <div className="problem" role="alert">
            {problem(found.error)} <button type="button" className="link" onClick={() => void found.refetch()}>{t('state.retry')}</button>
          </div>
        ) : (
          <p className="note" role="status" data-found={q === '' || found.isPending || found.isPlaceholderData ? undefined : shown}>
            {q === '' ? t('find.hint') : found.isPending ? t('state.loading') : shown === 0 ? t('find.none', { q }) : t('find.found', { n: shown })}
            {only && groups[0]?.more && ` ${t('find.narrow')}`}
          </p>
        )}
        {choices.length > 0 && <div id={`${id}-list`} role="listbox" aria-label={t('find.results')} className="find-list">
          {groups.map((group) => (
            <div key={group.kind} role="group" aria-labelledby={`${id}-${group.kind}`} data-group={group.kind}>
              <div id={`${id}-${group.kind}`} className="find-kind" role="presentation">{labels.value('SearchKind', group.kind)}</div>
              {choices.slice(n, (n += group.rows.length + (group.more && !only ? 1 : 0))).map((choice) => {
                const i = choices.indexOf(choice);
                return (
                  <div
                    key={choice.row?.id ?? 'more'} id={`${id}-${i}`} role="option" aria-selected={i === chosen} className="find-row"
                    onClick={() => take(choice)}
                    onMouseMove={() => {
                      byKey.current = false;
                      setAt(i);
                    }}
                  >
                    {choice.row ? <Hit row={choice.row} /> : <span className="find-more">{t('find.more')}</span>}
                  </div>
                );
              })}
            </div>
          ))}
        </div>}
      </div>
    </dialog>
  );
}

function Hit({ row }: { row: SearchRow }) {
  const { t } = useTranslation();
  const under = [row.code, row.of?.name, row.found && t('find.by', { text: row.found })].filter(Boolean);
  return (
    <>
      <span className="find-name">{row.name || `${row.id} ${t('common.erased')}`}</span>
      {under.length > 0 && <span className="note">{under.join(' · ')}</span>}
    </>
  );
}
