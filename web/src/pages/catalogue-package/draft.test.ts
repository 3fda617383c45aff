// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readDraft, toPlan, withChange, writeDraft } from './draft';
import { labelOf, layoutPlan, widthOf } from './layout';

const of = { matters: ['a', 'b'], promised: { days: 8, unit: 'work_days' as const } };
const today = '2026-11-22';

describe('a draft in an address', () => {
  it('is the package as it is where nothing is said', () => {
    const draft = readDraft(new URLSearchParams(), of, today);
    expect(draft).toEqual({ matters: ['a', 'b'], promised: of.promised, changes: [], facts: {}, accepted: today, faster: 3 });
    expect(writeDraft(draft, of, today).toString()).toBe('');
  });
  it('comes back as it was written', () => {
    const draft = {
      matters: ['b', 'c'], promised: undefined, accepted: '2024-09-27', faster: 5, facts: { eia: 'form', land_m2: 4999, special_fire: false },
      changes: [{ matter: 'c', needs: ['x'], promised: { days: 2, unit: 'calendar_days' as const } }],
    };
    expect(readDraft(writeDraft(draft, of, today), of, today)).toEqual(draft);
  });
  it('holds nothing that the server would not take', () => {
    const made = new URLSearchParams({
      matters: `a,a,B,${Array.from({ length: 200 }, (_, i) => `m${i}`).join()}`, promised: '{"days":99999,"unit":"work_days"}', accepted: '2024-02-30',
      faster: '1000', facts: '[1]', changes: '[{"matter":"a","promised":{"days":1,"unit":"weeks"}},{"matter":7},null,"x"]',
    });
    const draft = readDraft(made, of, today);
    expect(draft.matters).toHaveLength(100);
    expect(draft.matters.slice(0, 2)).toEqual(['a', 'm0']);
    expect(draft).toMatchObject({ promised: undefined, accepted: today, faster: 3, facts: {}, changes: [{ matter: 'a', needs: undefined, promised: undefined }] });
    for (const changes of ['{', '7', 'null']) expect(readDraft(new URLSearchParams({ changes }), of, today).changes).toEqual([]);
  });
  it('drops changes of matters that were taken out, and those that change nothing', () => {
    const changes = withChange([{ matter: 'a', needs: [] }], { matter: 'c', needs: ['x'] });
    expect(toPlan({ ...readDraft(new URLSearchParams(), of, today), changes }).changes).toEqual([{ matter: 'a', needs: [] }]);
    expect(withChange(changes, { matter: 'a' })).toEqual([{ matter: 'c', needs: ['x'] }]);
  });
});

describe('the bars of a plan', () => {
  const step = (id: string, begins_after: number, ends_after: number, slack: number, waits_for: string[]) => ({ matter: { id }, begins_after, ends_after, slack, critical: slack === 0, waits_for });
  it('stand below those they wait for, with the critical waits told apart', () => {
    const { bars, links, days, ticks } = layoutPlan([step('last', 5, 12, 0, ['long', 'short']), step('short', 0, 2, 3, ['elsewhere']), step('long', 0, 5, 0, [])], ['long', 'last']);
    expect(bars.map((b) => [b.id, b.row, b.from, b.to, b.until])).toEqual([['short', 0, 0, 2, 5], ['long', 1, 0, 5, 5], ['last', 2, 5, 12, 12]]);
    expect(links.map((l) => [l.from.id, l.to.id, l.critical])).toEqual([['long', 'last', true], ['short', 'last', false]]);
    expect(days).toBe(12);
    expect(ticks).toEqual([0, 5, 10]);
  });
  it('have labels that keep the day where the name is too long', () => {
    expect(labelOf('permit', ' 2024-12-11', 400)).toBe('permit 2024-12-11');
    const cut = labelOf('地方政府投资项目可行性研究报告审批', ' 2024-12-11', 200);
    expect(cut).toMatch(/^地方政府.*… 2024-12-11$/);
    expect(widthOf(cut)).toBeLessThanOrEqual(200);
  });
  it('hold a plan that is done on the day', () => {
    expect(layoutPlan([step('a', 0, 0, 0, [])], ['a'])).toMatchObject({ days: 1, ticks: [0, 1] });
  });
});
