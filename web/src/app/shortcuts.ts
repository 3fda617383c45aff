// SPDX-License-Identifier: Apache-2.0
// Single-key shortcuts (UI guide §7). They can be switched off, and never act while somebody types.
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { useCarry } from './reading';

const storageKey = 'landfall.shortcuts';
export function shortcutsOn(): boolean {
  return localStorage.getItem(storageKey) !== 'off';
}
export function switchShortcuts(on: boolean): void {
  localStorage.setItem(storageKey, on ? 'on' : 'off');
}

export const goKeys: Record<string, string> = { b: '/', w: '/map', i: '/inbox', p: '/projects', d: '/obligations', f: '/figures', l: '/ledger' };

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}

/** Moves the focus along the rows of the list on the page. */
export function moveRow(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-row-link]')];
  const at = links.findIndex((l) => l === document.activeElement || l.closest('tr')?.contains(document.activeElement));
  const next = links[at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

export function useShortcuts(): { helpOpen: boolean; showHelp: (open: boolean) => void } {
  const [helpOpen, showHelp] = useState(false);
  const navigate = useNavigate();
  const carry = useCarry();
  useEffect(() => {
    let going = false;
    const onKey = (event: KeyboardEvent) => {
      const arrow = event.key === 'ArrowDown' || event.key === 'ArrowUp';
      const inTable = event.target instanceof HTMLElement && event.target.closest('table.data') !== null;
      if (document.querySelector('dialog[open]')) return;
      // With Ctrl it is no single key: it works while somebody types, and when those are switched off.
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        const find = document.querySelector<HTMLElement>('[data-find]');
        if (find) event.preventDefault();
        find?.click();
        return;
      }
      if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
      if (arrow && inTable) {
        event.preventDefault();
        moveRow(event.key === 'ArrowDown' ? 1 : -1);
        return;
      }
      if (!shortcutsOn()) return;
      if (going && goKeys[event.key]) {
        event.preventDefault();
        void navigate(carry(goKeys[event.key]!));
      } else if (event.key === '/') {
        const find = document.querySelector<HTMLElement>('[data-find]');
        if (find) event.preventDefault();
        find?.click();
      } else if (event.key === 'j') moveRow(1);
      else if (event.key === 'k') moveRow(-1);
      else if (event.key === '?') showHelp(true);
      else if (event.key === 't' || event.key === 'T') document.querySelector<HTMLElement>('[data-twin]')?.click();
      else if (event.key === 'e') document.querySelector<HTMLElement>('[data-record-progress]')?.click();
      going = event.key === 'g';
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate, carry]);
  return { helpOpen, showHelp };
}
