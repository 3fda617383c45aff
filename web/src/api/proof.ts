// SPDX-License-Identifier: Apache-2.0
// Inclusion proofs of RFC 6962 / RFC 9162 §2.1.3.2, recomputed in the browser: the server's word is not taken for it.
import type { Proof } from './types';

export type ProofStep = 'leaf' | 'root' | 'checkpoint';
export interface ProofVerdict {
  ok: boolean;
  /** The first step that failed. */
  failed?: ProofStep;
  leafHash: string;
  root: string;
}

export function fromHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error('not hex');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
}
function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const joined = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
}

export function leafHash(leaf: Uint8Array): Promise<Uint8Array> {
  return sha256(Uint8Array.of(0), leaf);
}
function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(Uint8Array.of(1), left, right);
}

/** The root that `hashes` lead to from the leaf, or null when their number cannot be right for this index and size. */
export async function rootFromProof(
  leaf: Uint8Array,
  index: number,
  size: number,
  hashes: Uint8Array[],
): Promise<Uint8Array | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  let fn = BigInt(index);
  let sn = BigInt(size - 1);
  let at = leaf;
  for (const hash of hashes) {
    if (sn === 0n || hash.length !== 32) return null;
    if ((fn & 1n) === 1n || fn === sn) {
      at = await nodeHash(hash, at);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      at = await nodeHash(at, hash);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n ? at : null;
}

/** Checks leaf → leaf hash → root → the size and root that the signed checkpoint names. */
export async function verifyProof(proof: Proof): Promise<ProofVerdict> {
  const hash = await leafHash(new TextEncoder().encode(proof.leaf));
  const verdict: ProofVerdict = { ok: false, leafHash: toHex(hash), root: '' };
  if (verdict.leafHash !== proof.leaf_hash) return { ...verdict, failed: 'leaf' };
  const root = await rootFromProof(hash, proof.index, proof.tree_size, proof.hashes.map(fromHex));
  if (root === null || toHex(root) !== proof.root) return { ...verdict, failed: 'root' };
  verdict.root = proof.root;
  const [, size, base64] = proof.checkpoint.split('\n');
  if (size !== String(proof.tree_size) || base64 !== toBase64(root)) return { ...verdict, failed: 'checkpoint' };
  return { ...verdict, ok: true };
}
