// SPDX-License-Identifier: Apache-2.0
// What was typed and not yet recorded stays on this device, until it is sent or thrown away.
import { useEffect, useRef, useState } from 'react';
import type { MoneyUnit } from '@/format/money';

export interface Photo {
  digest: string;
  name: string;
}
export interface Draft {
  month: string;
  /** Typed in a first report only; later ones continue the report before. */
  total: string;
  unit: MoneyUnit;
  percent: string;
  image: string;
  next: string;
  difficulty: string;
  reason: string;
  photos: Photo[];
}
interface Kept {
  draft: Draft;
  saved: number;
  /** Of the last try to send: the same key, so that an answer that was lost is not recorded twice. */
  key?: string;
  body?: string;
}
/** The ledger refuses keys whose time is more than 7 days off. */
const keyLifeMs = 6 * 86_400_000;

function read(place: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? 'null') as Kept | null;
    return kept && typeof kept.draft === 'object' && kept.draft !== null && Array.isArray(kept.draft.photos) ? kept : null;
  } catch {
    return null;
  }
}
function write(place: string, kept: Kept | null): void {
  try {
    if (kept) localStorage.setItem(place, JSON.stringify(kept));
    else localStorage.removeItem(place);
  } catch {
    // A full or forbidden store: the form works, it only does not survive a reload.
  }
}

export function useDraft(place: string, empty: Draft) {
  const [restored] = useState(() => read(place));
  const [draft, setDraft] = useState<Draft>(() => ({ ...empty, ...restored?.draft }));
  const sent = useRef<{ key?: string; body?: string }>({ key: restored?.key, body: restored?.body });
  const [asBegun] = useState(() => JSON.stringify(empty));
  const gone = useRef(false);
  useEffect(() => {
    if (gone.current) return;
    write(place, JSON.stringify(draft) === asBegun ? null : { draft, saved: Date.now(), ...sent.current });
  }, [place, draft, asBegun]);
  return {
    draft,
    change: (patch: Partial<Draft>) => setDraft((now) => ({ ...now, ...patch })),
    /** Photos arrive one by one, long after the draft they were chosen in was drawn. */
    changePhotos: (f: (now: Photo[]) => Photo[]) => setDraft((now) => ({ ...now, photos: f(now.photos) })),
    restoredAt: restored?.saved,
    discard: () => {
      sent.current = {};
      setDraft(empty);
    },
    /** The key to send `body` under: that of an earlier try whose answer was lost, or a new one. */
    keyFor: (body: string, fresh: () => string): string => {
      const old = sent.current;
      const usable = old.key !== undefined && old.body === body && Date.now() - (restored?.saved ?? Date.now()) < keyLifeMs;
      const key = usable ? old.key! : fresh();
      sent.current = { key, body };
      write(place, { draft, saved: Date.now(), key, body });
      return key;
    },
    refused: () => {
      sent.current = {};
    },
    recorded: () => {
      gone.current = true;
      write(place, null);
    },
  };
}
