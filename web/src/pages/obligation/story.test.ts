// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Entry, ObligationPage } from '@/api/types';
import { digestsIn, stepsOf, wordsIn } from './story';

const entry = (seq: number, ...events: [string, object?][]) =>
  ({ seq, at: '2026-03-05T04:00:00.000000Z', command: '', by: 'u1', by_name: '', leaf: '', leaf_hash: '', events: events.map(([type, payload]) => ({ type, version: 1, on: 'obligation/b1', cls: 'internal', digest: '', erased: false, withheld: false, payload: JSON.stringify(payload ?? {}) })) }) as Entry;
const page = (state: string, next: string[]) => ({ obligation: { state, next, given_on: '2026-03-01', seq: 3 } }) as unknown as ObligationPage;

describe('the story of an obligation', () => {
  it('gives the words and files of a record, and nothing from a payload it may not see', () => {
    const e = entry(9, ['obligation.urged', { level: 'reminder' }], ['obligation.remark_given', { remark: 'now' }], ['obligation.progress_noted', { evidence: ['sha256:aa'] }]);
    e.events[0]!.payload = undefined;
    expect(wordsIn(e)).toEqual(['now']);
    expect(digestsIn(e)).toEqual(['sha256:aa']);
  });

  it('shows who must act next', () => {
    expect(stepsOf(page('assigned', ['obligation.accept']), []).find((s) => s.now)?.name).toBe('accepted');
    expect(stepsOf(page('reported_done', ['obligation.write_off']), [entry(5, ['obligation.reported_done', { effective_on: '2026-03-04' }])]).find((s) => s.now)?.name).toBe('written_off');
  });

  it('forgets a report that was returned', () => {
    const entries = [entry(6, ['obligation.returned', {}]), entry(5, ['obligation.reported_done', { effective_on: '2026-03-04' }]), entry(4, ['obligation.progress_noted', {}])];
    const steps = stepsOf(page('accepted', ['obligation.report_done']), entries);
    expect(steps.find((s) => s.name === 'reported')?.on).toBeUndefined();
    expect(steps.find((s) => s.name === 'doing')).toMatchObject({ now: true });
  });
});
