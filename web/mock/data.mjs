// SPDX-License-Identifier: Apache-2.0
// 示例数据: invented projects, units and posts for working on the screens without a server. Not an oracle for any test.
import { createHash } from 'node:crypto';

export const asOf = '2026-11-21';
const day = (n) => new Date(Date.parse(asOf) + n * 86400000).toISOString().slice(0, 10);
let seed = 20261121;
const random = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};
const pick = (list) => list[Math.floor(random() * list.length)];

export const rungs = ['lead', 'talks', 'signed', 'registered', 'approved', 'land_delivered', 'ready', 'started', 'completed', 'trial', 'production', 'full_production'];
const medals = { signed: 'bronze', started: 'silver', full_production: 'gold' };
export const units = ['示例市商务局', '示例高新区管委会', '示例市住建局', '示例市自然资源局', '示例市生态环境局', '示例市工信局'].map((name, i) => ({ id: `o${i + 1}`, code: `U${i + 1}`, name, projects: 0 }));
export const regions = ['甲区', '乙区', '丙县', '丁县'].map((name, i) => ({ id: `r${i + 1}`, code: `99010${i + 1}`, name, from: '2000-01-01' }));
export const ladders = [{ ladder: 'industrial', projects: 0, rungs: rungs.map((key) => ({ key, medal: medals[key] ?? 'none', evidence: 'none', parallel: key === 'land_delivered' })) }];

export const entries = [];
const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
export function record(command, events, by = 'u1') {
  const seq = entries.length + 1;
  const at = new Date(Date.parse('2026-01-05T01:00:00Z') + seq * 600000).toISOString();
  const shown = events.map(([type, on, payload, cls = 'internal']) => {
    const text = JSON.stringify(payload);
    return { type, version: 1, on, cls, digest: `sha256:${sha(Buffer.from(text)).toString('hex')}`, payload: text, erased: false, withheld: false };
  });
  const leaf = JSON.stringify({ v: 1, seq, at, by, command, events: shown.map(({ payload: _, erased: _e, withheld: _w, ...e }) => e) });
  entries.push({ seq, at, by, by_name: by === 'u1' ? '重点办经办' : '高新区经办', command, events: shown, leaf, leaf_hash: sha(Buffer.of(0), Buffer.from(leaf)).toString('hex') });
  return seq;
}

function root(hashes) {
  if (hashes.length === 1) return hashes[0];
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return sha(Buffer.of(1), root(hashes.slice(0, k)), root(hashes.slice(k)));
}
function path(hashes, m) {
  if (hashes.length === 1) return [];
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return m < k ? [...path(hashes.slice(0, k), m), root(hashes.slice(k))] : [...path(hashes.slice(k), m - k), root(hashes.slice(0, k))];
}
export function proof(seq) {
  const hashes = entries.map((e) => Buffer.from(e.leaf_hash, 'hex'));
  const top = root(hashes);
  return {
    seq, index: seq - 1, tree_size: entries.length, leaf: entries[seq - 1].leaf, leaf_hash: entries[seq - 1].leaf_hash,
    hashes: path(hashes, seq - 1).map((h) => h.toString('hex')), root: top.toString('hex'),
    checkpoint: `landfall.example/demo\n${entries.length}\n${top.toString('base64')}\n\n— landfall.example/demo unsigned-mock\n`,
    verifier_key: 'landfall.example/demo+mock', proof_file: 'mock',
  };
}

export const projects = [];
export const obligations = [];
for (let i = 1; i <= 445; ++i) {
  const reachedCount = Math.floor(random() ** 0.8 * (rungs.length + 1));
  const p = {
    id: `p${i}`, code: `SL2026-${String(i).padStart(4, '0')}`, title: `${pick(['示例', '样板', '虚拟', '范例'])}${pick(['精密部件', '新材料', '传感器', '电驱', '轴承', '医药中间体', '冷链'])}${pick(['生产基地', '扩能', '产业园', '研发中心'])}${pick(['一期', '二期', ''])}项目${i}`,
    ladder: 'industrial', owner: pick(units).id, region: pick(regions).id, investment: random() < 0.05 ? undefined : String(Math.floor(random() ** 3 * 9e11) + 5e8), milestones: {}, funds: [],
  };
  record('project.register', [['project.registered', `project/${p.id}`, { ladder: p.ladder, code: p.code, owner_unit: p.owner }], ['project.named', `project/${p.id}`, { title: p.title }]]);
  let at = -900 + Math.floor(random() * 500) + (rungs.length - reachedCount) * 20;
  rungs.forEach((key, r) => {
    at += 20 + Math.floor(random() * 60);
    if (r < reachedCount) {
      const reached = Math.min(at + Math.floor(random() ** 2 * 40), -1);
      const planned_seq = record('project.plan_milestone', [['project.milestone_planned', `project/${p.id}`, { milestone: key, due_on: day(at) }]]);
      const reached_seq = record('project.reach_milestone', [['project.milestone_reached', `project/${p.id}`, { milestone: key, effective_on: day(reached), evidence_level: 'document', evidence: [] }]]);
      p.milestones[key] = { planned_on: day(at), planned_seq, reached_on: day(reached), reached_seq, evidence_level: 'document' };
    } else if (random() < 0.7) {
      const due = Math.floor(random() * 60) - 20 + (r - reachedCount) * 70;
      p.milestones[key] = { planned_on: day(due), planned_seq: record('project.plan_milestone', [['project.milestone_planned', `project/${p.id}`, { milestone: key, due_on: day(due) }]]) };
    }
  });
  if (p.investment && reachedCount > 4) {
    for (let f = 0; f < 3; ++f) {
      const amount_minor = String(BigInt(p.investment) / 7n);
      const effective_on = day(-300 + f * 90);
      p.funds.push({ seq: record('project.receive_funds', [['project.funds_received', `project/${p.id}`, { kind: 'fixed_assets', amount_minor, effective_on, evidence_level: 'document', evidence: [] }]]), kind: 'fixed_assets', amount_minor, effective_on, evidence_level: 'document' });
    }
  }
  projects.push(p);
}
for (let i = 1; i <= 40; ++i) {
  const p = pick(projects);
  const due = day(Math.floor(random() * 90) - 40);
  const text = `${pick(['外线走廊签约', '施工图审查意见闭合', '流动资金授信', '环评批复变更', '用地报批'])}（示例 ${i}）`;
  obligations.push({ id: `b${i}`, kind: pick(['problem', 'task', 'resolution']), text, project: p.id, owner: p.owner, due_on: due, given_on: day(-60), state: pick(['assigned', 'accepted', 'reported_done', 'written_off']), returned_times: 0, seq: record('obligation.assign', [['obligation.assigned', `obligation/b${i}`, { project: p.id, owner_unit: p.owner, due_on: due }], ['obligation.worded', `obligation/b${i}`, { text }]]) });
}
export const medalOf = (key) => medals[key] ?? 'none';
