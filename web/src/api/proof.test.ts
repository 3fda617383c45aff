// SPDX-License-Identifier: Apache-2.0
// The vectors come from another implementation; see tests/vectors/tlog.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fromHex, leafHash, rootFromProof, toHex, verifyProof } from './proof';
import type { Proof } from './types';

interface Vector {
  Index: number;
  Size: number;
  Leaf: string;
  Root: string;
  Proof: string[] | null;
  Valid: boolean;
  Why?: string;
}
const path = fileURLToPath(new URL('../../../tests/vectors/tlog/generated/inclusion.json', import.meta.url));
const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));

describe.skipIf(!existsSync(path) && !process.env.CI)('inclusion proofs', () => {
  it('agree with every vector, valid and invalid', async () => {
    const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vector[];
    expect(vectors.filter((v) => v.Valid).length).toBeGreaterThan(10);
    expect(vectors.filter((v) => !v.Valid).length).toBeGreaterThan(10);
    for (const v of vectors) {
      const root = await rootFromProof(bytes(v.Leaf), v.Index, v.Size, (v.Proof ?? []).map(bytes));
      const valid = root !== null && toHex(root) === toHex(bytes(v.Root));
      expect(valid, `index ${v.Index} of ${v.Size}: ${v.Why ?? 'valid'}`).toBe(v.Valid);
    }
  });
});

describe('verifyProof', () => {
  const sole = async (): Promise<Proof> => {
    const leaf = '{"v":1}';
    const hash = toHex(await leafHash(new TextEncoder().encode(leaf)));
    return {
      seq: 1, index: 0, tree_size: 1, leaf, leaf_hash: hash, hashes: [], root: hash, verifier_key: '', proof_file: '',
      checkpoint: `origin\n1\n${Buffer.from(fromHex(hash)).toString('base64')}\n\n— origin sig\n`,
    };
  };
  it('follows a record to the checkpoint', async () => {
    expect(await verifyProof(await sole())).toMatchObject({ ok: true });
  });
  it('says which step fails', async () => {
    const proof = await sole();
    expect(await verifyProof({ ...proof, leaf: '{"v":2}' })).toMatchObject({ ok: false, failed: 'leaf' });
    expect(await verifyProof({ ...proof, root: '00'.repeat(32) })).toMatchObject({ ok: false, failed: 'root' });
    expect(await verifyProof({ ...proof, hashes: ['00'.repeat(32)] })).toMatchObject({ ok: false, failed: 'root' });
    expect(await verifyProof({ ...proof, checkpoint: proof.checkpoint.replace('\n1\n', '\n2\n') })).toMatchObject({ ok: false, failed: 'checkpoint' });
  });
});
