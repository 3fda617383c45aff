// SPDX-License-Identifier: Apache-2.0
// A log of five records made here, with Node's own Ed25519, so that no code of ours has both written and read it.
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkProofFile, proofIn } from './proof-file';

const sha = (...parts: (Buffer | string)[]) => createHash('sha256').update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();
const node = (left: Buffer, right: Buffer) => sha(Buffer.of(1), left, right);

function key(name: string, type: number) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.concat([Buffer.of(type), Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')]);
  const id = sha(`${name}\n`, raw).subarray(0, 4);
  const line = (secret: KeyObject, message: string, before = Buffer.alloc(0)) => `\u2014 ${name} ${Buffer.concat([id, before, sign(null, Buffer.from(message), secret)]).toString('base64')}\n`;
  return {
    vkey: `${name}+${id.toString('hex')}+${raw.toString('base64')}`,
    sign: (text: string) => line(privateKey, text),
    cosign: (text: string, seconds: number) => {
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(seconds));
      return line(privateKey, `cosignature/v1\ntime ${seconds}\n${text}`, time);
    },
  };
}

const salt = '11'.repeat(32);
const payload = '{"title":"示例"}';
const leaves = [1, 2, 3, 4, 5].map((seq) =>
  JSON.stringify({ seq, at: '2026-11-21T08:30:12.123456Z', by: 'u17', key: 'k', cmd: 'x.y', events: [{ type: 'x.done', v: 1, on: 'x/x1', class: 'internal', digest: `sha256:${sha(Buffer.from(salt, 'hex'), payload).toString('hex')}` }] }),
);
const [a, b, c, d, e] = leaves.map((leaf) => sha(Buffer.of(0), leaf)) as [Buffer, Buffer, Buffer, Buffer, Buffer];
const root = node(node(node(a, b), node(c, d)), e);
const log = key('log.example/a', 1);
const witness = key('witness.example/w1', 4);
const text = `log.example/a\n5\n${root.toString('base64')}\n`;
const proofs: Record<number, Buffer[]> = { 3: [d, node(a, b), e], 5: [node(node(a, b), node(c, d))] };

interface Made {
  seq?: number;
  index?: number;
  hashes?: Buffer[];
  payloads?: unknown[];
  note?: string;
}
function file({ seq = 3, index = seq - 1, hashes = proofs[seq] ?? [], payloads = [{ salt, payload }], note = `${text}\n${log.sign(text)}${witness.cosign(text, 1_800_000_000)}` }: Made = {}): string {
  const extra = Buffer.from(JSON.stringify({ leaf: leaves[seq - 1], payloads })).toString('base64');
  return `c2sp.org/tlog-proof@v1\nextra ${extra}\nindex ${index}\n${hashes.map((h) => `${h.toString('base64')}\n`).join('')}\n${note}`;
}

describe('a file that is chosen', () => {
  it('is the proof itself, or a PDF that brings it', () => {
    const proof = file();
    const pdf = (attached: string, head = '%PDF-1.7') => Buffer.from(`${head}\n4 0 obj\n<< /Length 9 >>\nstream\nsomething\nendstream\nendobj\n5 0 obj\n<< >>\nstream\n${attached}\nendstream\nendobj\n`);
    expect(proofIn(Buffer.from(proof))).toBe(proof);
    expect(proofIn(pdf(proof))).toBe(proof);
    const without = pdf('nothing of the kind');
    expect(proofIn(without)).toBe(without.toString());
    const other = pdf(proof, '%!PS');
    expect(proofIn(other)).toBe(other.toString());
  });
});

describe('a proof file', () => {
  it('of a witnessed record with its payload is verified', async () => {
    for (const seq of [3, 5]) {
      const report = await checkProofFile(file({ seq }), log.vkey, [witness.vkey]);
      expect(report.standing).toBe('verified');
      expect(report.seq).toBe(seq);
      expect(report.witnesses).toEqual([{ name: 'witness.example/w1', at: new Date(1_800_000_000_000) }]);
      expect(report.events[0]!.payload).toBe(payload);
    }
  });
  it('without a known witness is unwitnessed, with a withheld payload unprovable', async () => {
    expect((await checkProofFile(file(), log.vkey, [])).standing).toBe('unwitnessed');
    expect((await checkProofFile(file(), log.vkey, [key('witness.example/w1', 4).vkey])).standing).toBe('unwitnessed');
    expect((await checkProofFile(file({ payloads: [{ withheld: 'internal' }] }), log.vkey, [witness.vkey])).standing).toBe('unprovable');
  });
  it('names the step that fails', async () => {
    const failing = async (made: string, vkey = log.vkey) => {
      const report = await checkProofFile(made, vkey, [witness.vkey]);
      expect(report.standing).toBe('faulty');
      return Object.entries(report.outcomes).find(([, outcome]) => outcome === 'wrong')?.[0];
    };
    const other = text.replace('\n5\n', '\n6\n');
    expect(await failing('nonsense')).toBe('form');
    expect(await failing(file(), key('log.example/a', 1).vkey)).toBe('signature');
    expect(await failing(file({ note: `${other}\n${log.sign(text)}` }))).toBe('signature');
    expect(await failing(file({ hashes: [] }))).toBe('root');
    expect(await failing(file({ index: 3 }))).toBe('root');
    expect(await failing(file({ payloads: [{ salt, payload: payload.replace('示例', '示范') }] }))).toBe('payloads');
    expect(await failing(file({ payloads: [] }))).toBe('payloads');
    expect(await failing(file({ note: `${text}\n${log.sign(text)}${witness.cosign(other, 1_800_000_000)}` }))).toBe('witness');
  });
  it('is never verified with any one byte changed', async () => {
    const good = Buffer.from(file());
    for (let i = 0; i < good.length; i += 3) {
      const changed = Buffer.from(good);
      changed[i]! ^= 1 << (i % 7);
      const report = await checkProofFile(changed.toString('utf8'), log.vkey, [witness.vkey]);
      expect(report.standing, `byte ${i}`).not.toBe('verified');
    }
  });
  it('asks for a key that is one', async () => {
    for (const bad of ['', 'log.example/a', log.vkey.replace('+', '+0'), `x${log.vkey}`]) await expect(checkProofFile(file(), bad, [])).rejects.toThrow();
  });
});
