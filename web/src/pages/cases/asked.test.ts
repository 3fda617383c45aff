// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { MatterInForce } from '@/api/types';
import { handedOf, lackingOf, papersOf, undatedOf, waitsOf } from './asked';

const matter = (name: string, papers: [string, Partial<MatterInForce['papers'][number]>][], makes: string[] = []) =>
  ({ name, papers: papers.map(([paper, more]) => ({ paper, name: paper, may_follow: false, may_promise: false, if_made: false, ...more })), makes }) as unknown as MatterInForce;

const found = matter('found', [['form', { may_follow: true }], ['lease', { valid_days: 365 }]], ['licence']);
const seal = matter('seal', [['licence', {}], ['form', {}]], ['seal']);
const tax = matter('tax', [['licence', {}], ['promise', { may_promise: true }]]);

describe('papers of a choice of matters', () => {
  it('asks for what none of them makes, once, as the strictest asks', () => {
    expect(papersOf([found, seal, tax])).toEqual([
      { paper: 'form', name: 'form', dated: false, may_follow: false, may_promise: false, matters: ['found', 'seal'] },
      { paper: 'lease', name: 'lease', dated: true, may_follow: false, may_promise: false, matters: ['found'] },
      { paper: 'promise', name: 'promise', dated: false, may_follow: false, may_promise: true, matters: ['tax'] },
    ]);
  });
  it('asks for what would have been made when its maker does not apply', () => {
    expect(papersOf([seal]).map((p) => p.paper)).toEqual(['licence', 'form']);
  });
  it('never asks for what is needed only where it is made, and waits for it there', () => {
    const permit = matter('permit', [['seal', { if_made: true }], ['plan', {}]]);
    expect(papersOf([permit]).map((p) => p.paper)).toEqual(['plan']);
    expect(waitsOf([permit])).toEqual([[]]);
    expect(waitsOf([permit, seal])).toEqual([[2], []]);
  });
  it('lets those wait that need what is made', () => {
    expect(waitsOf([found, seal, tax])).toEqual([[], [1], [1]]);
  });
});

describe('what was told', () => {
  const asked = papersOf([found, seal, tax]);
  it('leaves the rest lacking and wants a day where one is needed', () => {
    const told = { lease: { how: 'handed' as const }, form: { how: 'later' as const, day: '2026-12-01' } };
    expect(lackingOf(asked, told).map((p) => p.paper)).toEqual(['promise']);
    expect(undatedOf(asked, told).map((p) => p.paper)).toEqual(['lease']);
  });
  it('is sent with the day under its own name', () => {
    const told = { lease: { how: 'handed' as const, day: '2027-01-01' }, form: { how: 'later' as const, day: '2026-12-01' }, promise: { how: 'promised' as const } };
    expect(handedOf(asked, told)).toEqual([
      { paper: 'form', how: 'later', due_on: '2026-12-01' },
      { paper: 'lease', how: 'handed', valid_until: '2027-01-01' },
      { paper: 'promise', how: 'promised' },
    ]);
  });
});
