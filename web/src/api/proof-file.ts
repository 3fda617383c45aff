// SPDX-License-Identifier: Apache-2.0
// A record with its proof (C2SP tlog-proof), checked here from its first byte to its last: form, leaf hash, inclusion, the
// log's signature, witnesses' cosignatures, payload digests. Nothing is asked of any server. Formats: docs/formats/log.md.
import { fromHex, leafHash, rootFromProof, toHex } from './proof';

/** In the order in which they are done; what fails ends them. */
export const checks = ['form', 'signature', 'root', 'place', 'payloads', 'witness'] as const;
export type CheckName = (typeof checks)[number];
/** 'unknown': this browser cannot, or nobody was named. */
export type Outcome = 'holds' | 'wrong' | 'unknown';
export type Standing = 'verified' | 'unwitnessed' | 'unprovable' | 'unsigned' | 'faulty';

export interface ProvenEvent {
  type: string;
  on: string;
  class: string;
  /** The payload as it was written; absent: withheld. */
  payload?: string;
}
export interface ProofReport {
  standing: Standing;
  outcomes: Partial<Record<CheckName, Outcome>>;
  origin?: string;
  size?: number;
  seq?: number;
  at?: string;
  by?: string;
  command?: string;
  leafHash?: string;
  root?: string;
  events: ProvenEvent[];
  /** Name and time of each witness that was named and has cosigned. */
  witnesses: { name: string; at: Date }[];
}

interface Key {
  name: string;
  id: string;
  type: number;
  bytes: Uint8Array<ArrayBuffer>;
}
interface Signature {
  name: string;
  id: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text);
  // One spelling only: a second one would be a second file that proves the same.
  if (btoa(raw) !== text) throw new Error('base64');
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}
const sha256 = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => (out.set(p, at), at + p.length), 0);
  return out;
}

/** <name>+<8 hex digits>+base64(type ‖ 32 bytes). Throws when it is not one, or the id is another key's. */
export async function parseKey(vkey: string): Promise<Key> {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(vkey.trim());
  if (!found) throw new Error('key');
  const [, name = '', id = '', base64 = ''] = found;
  const raw = fromBase64(base64);
  if (raw.length !== 33) throw new Error('key');
  const hash = await sha256(join(utf8(`${name}\n`), raw));
  if (toHex(hash.slice(0, 4)) !== id) throw new Error('key');
  return { name, id, type: raw[0] ?? 0, bytes: raw.slice(1) };
}

function parseNote(note: string): { text: string; signatures: Signature[] } {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new Error('note');
  const lines = note.slice(end + 2, -1).split('\n');
  return {
    text: note.slice(0, end + 1),
    signatures: lines.map((line) => {
      const found = /^\u2014 ([^\s+]+) (\S+)$/u.exec(line);
      if (!found) throw new Error('note');
      const raw = fromBase64(found[2] ?? '');
      if (raw.length < 5) throw new Error('note');
      return { name: found[1] ?? '', id: toHex(raw.slice(0, 4)), bytes: raw.slice(4) };
    }),
  };
}

/** Whether this browser has Ed25519 (Chromium 137, Firefox 129, Safari 17). */
async function ed25519(key: Key, message: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): Promise<Outcome> {
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey('raw', key.bytes, { name: 'Ed25519' }, false, ['verify']);
  } catch {
    return 'unknown';
  }
  return (await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, message)) ? 'holds' : 'wrong';
}

/** 0x01: over the text. 0x04: a cosignature, 8 bytes of seconds before it, over time and text. */
async function signed(key: Key, text: string, by: Signature): Promise<{ outcome: Outcome; at?: Date }> {
  if (key.type === 1) return { outcome: by.bytes.length === 64 ? await ed25519(key, utf8(text), by.bytes) : 'wrong' };
  if (key.type !== 4 || by.bytes.length !== 72) return { outcome: 'wrong' };
  const seconds = new DataView(by.bytes.buffer, by.bytes.byteOffset, 8).getBigUint64(0);
  const message = utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
  return { outcome: await ed25519(key, message, by.bytes.slice(8)), at: new Date(Number(seconds) * 1000) };
}

interface Parts {
  index: number;
  hashes: Uint8Array[];
  note: ReturnType<typeof parseNote>;
  origin: string;
  size: number;
  root: Uint8Array;
  leaf: string;
  payloads: { salt?: string; payload?: string }[];
}
interface Leaf {
  seq: number;
  at: string;
  by: string;
  cmd: string;
  events: { type: string; on: string; class: string; digest: string }[];
}

function parse(file: string): Parts {
  const split = file.indexOf('\n\n');
  const [head, ...lines] = file.slice(0, split).split('\n');
  if (split < 0 || head !== 'c2sp.org/tlog-proof@v1') throw new Error('file');
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines.shift()!.slice(6)) : undefined;
  const index = /^index (0|[1-9]\d{0,14})$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined || extra === undefined) throw new Error('file');
  const note = parseNote(file.slice(split + 2));
  const [origin = '', size = '', root = ''] = note.text.split('\n');
  if (!/^(0|[1-9]\d{0,14})$/.test(size)) throw new Error('size');
  const record = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(extra)) as { leaf: string; payloads: Parts['payloads'] };
  if (typeof record.leaf !== 'string' || !Array.isArray(record.payloads)) throw new Error('record');
  const hashes = lines.map(fromBase64);
  if (hashes.some((h) => h.length !== 32) || hashes.length > 63) throw new Error('hash');
  return { index: Number(index), hashes, note, origin, size: Number(size), root: fromBase64(root), leaf: record.leaf, payloads: record.payloads };
}

const signatureOf = (key: Key, parts: Parts) => parts.note.signatures.find((s) => s.name === key.name && s.id === key.id);

async function payloadsHold(leaf: Leaf, payloads: Parts['payloads']): Promise<boolean> {
  for (const [i, event] of leaf.events.entries()) {
    const { salt, payload } = payloads[i] ?? {};
    if (salt === undefined && payload === undefined) continue;
    if (typeof salt !== 'string' || typeof payload !== 'string' || !/^[0-9a-f]{64}$/.test(salt)) return false;
    if (`sha256:${toHex(await sha256(join(fromHex(salt), utf8(payload))))}` !== event.digest) return false;
  }
  return payloads.length === leaf.events.length;
}

/** `vkey`: the ledger's key from a source the reader trusts. `witnesses`: keys whose cosignatures count. Throws for a key
 *  that is none; whatever is wrong with the file stands in the report. */
export async function checkProofFile(file: string, vkey: string, witnesses: string[]): Promise<ProofReport> {
  const key = await parseKey(vkey);
  const witnessKeys = await Promise.all(witnesses.map(parseKey));
  const report: ProofReport = { standing: 'faulty', outcomes: {}, events: [], witnesses: [] };
  const say = (name: CheckName, outcome: Outcome) => {
    report.outcomes[name] = outcome;
    return outcome !== 'wrong';
  };
  let parts: Parts;
  let leaf: Leaf;
  try {
    parts = parse(file);
    leaf = JSON.parse(parts.leaf) as Leaf;
    report.events = leaf.events.map((e, i) => ({ type: e.type, on: e.on, class: e.class, payload: parts.payloads[i]?.payload }));
  } catch {
    say('form', 'wrong');
    return report;
  }
  say('form', 'holds');
  Object.assign(report, { origin: parts.origin, size: parts.size, seq: leaf.seq, at: leaf.at, by: leaf.by, command: leaf.cmd });
  const own = signatureOf(key, parts);
  const bySelf: Outcome = own && key.type === 1 && key.name === parts.origin ? (await signed(key, parts.note.text, own)).outcome : 'wrong';
  if (!say('signature', bySelf)) return report;
  const hash = await leafHash(utf8(parts.leaf));
  const root = await rootFromProof(hash, parts.index, parts.size, parts.hashes);
  report.leafHash = toHex(hash);
  report.root = toHex(parts.root);
  if (!say('root', root !== null && toHex(root) === report.root ? 'holds' : 'wrong')) return report;
  if (!say('place', leaf.seq === parts.index + 1 ? 'holds' : 'wrong')) return report;
  if (!say('payloads', (await payloadsHold(leaf, parts.payloads)) ? 'holds' : 'wrong')) return report;
  let able = true;
  for (const witness of witnessKeys) {
    const line = signatureOf(witness, parts);
    if (!line) continue;
    const { outcome, at } = await signed(witness, parts.note.text, line);
    if (outcome === 'wrong') {
      say('witness', 'wrong');
      return report;
    }
    if (outcome === 'holds' && at) report.witnesses.push({ name: witness.name, at });
    else able = false;
  }
  say('witness', report.witnesses.length > 0 ? 'holds' : 'unknown');
  if (bySelf === 'unknown' || !able) report.standing = 'unsigned';
  else if (report.witnesses.length === 0) report.standing = 'unwitnessed';
  else report.standing = report.events.some((e) => e.payload === undefined) ? 'unprovable' : 'verified';
  return report;
}

/** The proof that a PDF of ours brings with it (src/exchange/pdf.h); of any other file its text. */
export function proofIn(file: Uint8Array): string {
  const signs = new TextDecoder('latin1').decode(file); // One sign a byte.
  const begin = '\nstream\n';
  const at = signs.startsWith('%PDF-') ? signs.indexOf(`${begin}c2sp.org/tlog-proof@v1\n`) : -1;
  const end = at < 0 ? -1 : signs.indexOf('\nendstream', at + begin.length);
  return new TextDecoder().decode(end < 0 ? file : file.subarray(at + begin.length, end));
}

/** The proof of a served record, for who is signed in; null when it cannot be had. `ledger`: which of several, or ''. */
export async function fetchProof(seq: string, ledger: string): Promise<{ proof_file: string; verifier_key: string } | null> {
  const of = ledger ? `?ledger=${encodeURIComponent(ledger)}` : '';
  const response = await fetch(`/api/v1/entries/${encodeURIComponent(seq)}/proof${of}`).catch(() => null);
  return response?.ok ? ((await response.json()) as { proof_file: string; verifier_key: string }) : null;
}
