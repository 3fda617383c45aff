// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { CommandField } from '@/api/types';
import { convert, convertAll, planFields } from './plan';

const field = (name: string, schema: CommandField['schema'], required = true): CommandField => ({ name, required, schema });
const receive = [
  field('project', { type: 'string', 'x-id': 'project' }),
  field('kind', { type: 'string', enum: ['fixed_assets', 'fiscal'] }),
  field('amount_minor', { type: 'string', pattern: '^(0|-?[1-9][0-9]*)$', 'x-unit': 'minor' }),
  field('effective_on', { type: 'string', format: 'date' }),
  field('evidence', { type: 'array', maxItems: 20, items: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' } }, false),
];

describe('planFields', () => {
  it('asks for each schema with the input that suits it', () => {
    expect(planFields(receive).map((f) => f.asks.kind)).toEqual(['pick', 'choice', 'money', 'day', 'digests']);
  });
  it('asks for several of a kind by their names', () => {
    const [units] = planFields([field('units', { type: 'array', maxItems: 10, items: { type: 'string', 'x-id': 'unit' } })]);
    expect(units!.asks).toEqual({ kind: 'picks', subject: 'unit' });
    expect(convert(units!, ['o1', 'o2'], 2)).toEqual({ ok: true, value: ['o1', 'o2'] });
  });
  it('offers the rungs of the project for a milestone, and of the ladder for a figure', () => {
    const key = { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]*$', maxLength: 40 };
    expect(planFields([field('project', { 'x-id': 'project' }), field('milestone', key)])[1]!.asks).toEqual({ kind: 'milestone' });
    expect(planFields([field('ladder', key, false), field('milestone', key)]).map((f) => f.asks.kind)).toEqual(['ladder', 'milestone']);
    expect(planFields([field('milestone', key)])[0]!.asks.kind).toBe('text');
  });
  it('offers the figures that are defined, but not to who defines one', () => {
    const key = { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]*$', maxLength: 60 };
    expect(planFields([field('mechanism', key), field('figure', key, false)]).map((f) => f.asks.kind)).toEqual(['text', 'pick']);
    expect(planFields([field('figure', key), field('measure', { type: 'string', enum: ['project_count'] })])[0]!.asks.kind).toBe('text');
  });
  it('asks for reviewers, other ledgers and packages by their names, and for steps by their numbers', () => {
    const key = { type: 'string', maxLength: 40 };
    expect(planFields([field('reviewer', { type: 'string', 'x-id': 'account' })])[0]!.asks).toEqual({ kind: 'pick', subject: 'reviewer' });
    expect(planFields([field('account', { type: 'string', 'x-id': 'account' })])[0]!.asks).toEqual({ kind: 'pick', subject: 'account' });
    expect(planFields([field('package', key), field('receipt_text', key)]).map((f) => f.asks.kind)).toEqual(['pick', 'receipt']);
    expect(planFields([field('peer', key), field('vkey', key)])[0]!.asks.kind).toBe('text');
    const [peer, steps] = planFields([field('peer', key), field('steps', { type: 'array', maxItems: 64, items: { type: 'integer' } })]);
    expect(peer!.asks).toEqual({ kind: 'pick', subject: 'peer' });
    expect(convert(steps!, ['2', '3'], 2)).toEqual({ ok: true, value: [2, 3] });
    expect(convert(steps!, ['2', 'b'], 2)).toEqual({ ok: false, problem: 'integer' });
    // None of them stands for all.
    expect(convert(steps!, undefined, 2)).toEqual({ ok: true, value: [] });
  });
  it('lets a new ladder be named and its rungs be listed', () => {
    const rung = { type: 'object', properties: { key: { type: 'string' }, parallel: { type: 'boolean' } }, required: ['key', 'parallel'] };
    const plans = planFields([field('ladder', { type: 'string' }), field('rungs', { type: 'array', maxItems: 16, items: rung })]);
    expect(plans[0]!.asks.kind).toBe('text');
    expect(plans[1]!.asks).toMatchObject({ kind: 'rows', fields: [{ name: 'key' }, { name: 'parallel', asks: { kind: 'bool' } }] });
  });
});

describe('convertAll', () => {
  it('gives the command minor units and leaves out what was not filled in', () => {
    const out = convertAll(planFields(receive), { project: 'p1', kind: 'fiscal', amount_minor: { amount: '1,200.5', unit: 'ten_thousand' }, effective_on: '2026-11-08', evidence: [] }, 2);
    expect(out).toEqual({ ok: true, body: { project: 'p1', kind: 'fiscal', amount_minor: '1200500000', effective_on: '2026-11-08' } });
  });
  it('names every field that is missing or wrong', () => {
    const out = convertAll(planFields(receive), { project: 'p1', amount_minor: { amount: 'many', unit: 'one' }, effective_on: '2026-02-30' }, 2);
    expect(out).toEqual({ ok: false, problems: { kind: 'missing', amount_minor: 'money', effective_on: 'day' } });
  });
  it('counts characters as the server does', () => {
    const [text] = planFields([field('text', { type: 'string', maxLength: 2 })]);
    expect(convert(text!, '😀😀', 2)).toEqual({ ok: true, value: '😀😀' });
    expect(convert(text!, '三个字', 2)).toEqual({ ok: false, problem: 'too_long' });
  });
  it('keeps whole numbers whole', () => {
    const [seq] = planFields([field('corrects', { type: 'integer' })]);
    expect(convert(seq!, '88', 2)).toEqual({ ok: true, value: 88 });
    expect(convert(seq!, '8.8', 2)).toEqual({ ok: false, problem: 'integer' });
  });
});
