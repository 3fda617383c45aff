// SPDX-License-Identifier: Apache-2.0
// A stand-in for the server while working on screens: contract-shaped answers over the invented data of data.mjs, and
// web/dist with the same content policy. Never part of a release, never an oracle. Sign in as anybody.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asOf, entries, ladders, medalOf, obligations, projects, proof, record, regions, rungs, units } from './data.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const port = Number(process.env.PORT ?? 4170);
const standing = () => ({ jurisdiction: 'demo', jurisdiction_name: '示例市', currency: 'CNY', currency_decimals: 2, as_of: asOf, known_at: entries.length, known_at_time: entries.at(-1).at, ledger_size: entries.length });
const named = (list, id) => ({ id, name: list.find((x) => x.id === id)?.name ?? '' });
const days = (d) => Math.round((Date.parse(asOf) - Date.parse(d)) / 86400000);

function light(due, milestone) {
  if (!due) return { light: 'idle', reason: 'no_plan' };
  const late = days(due);
  return late > 0 ? { light: late > 14 ? 'red' : 'amber', reason: 'overdue', milestone, days: late } : { light: 'green', reason: 'on_plan', milestone, days: -late };
}
function row(p) {
  const stage = [...rungs].reverse().find((k) => p.milestones[k]?.reached_on) ?? '';
  const next = rungs.filter((k) => p.milestones[k]?.planned_on && !p.milestones[k].reached_on).sort((a, b) => (p.milestones[a].planned_on < p.milestones[b].planned_on ? -1 : 1))[0];
  const medal = [...rungs].reverse().find((k) => p.milestones[k]?.reached_on && medalOf(k) !== 'none');
  const due = next && p.milestones[next].planned_on;
  return {
    id: p.id, code: p.code, title: p.title, title_erased: false, ladder: p.ladder, stage, medal: medal && medalOf(medal),
    light: stage === 'full_production' ? { light: 'done', reason: 'all_reached' } : light(due, next), owner_unit: named(units, p.owner), region: named(regions, p.region), investment_minor: p.investment,
    funds_minor: String(p.funds.reduce((s, f) => s + BigInt(f.amount_minor), 0n)), next_milestone: next, next_due_on: due, contradictions: 0,
  };
}
const counts = (lights) => Object.fromEntries(['red', 'amber', 'green', 'done', 'idle'].map((l) => [l, lights.filter((x) => x === l).length]));
const next = { assigned: ['obligation.accept', 'obligation.cancel'], accepted: ['obligation.report_done', 'obligation.move_deadline'], reported_done: ['obligation.write_off', 'obligation.return'], written_off: [] };
function duty(o) {
  const project = projects.find((p) => p.id === o.project);
  return { id: o.id, kind: o.kind, text: o.text, text_erased: false, state: o.state, light: o.state === 'written_off' ? { light: 'done', reason: 'closed' } : light(o.due_on), owner_unit: named(units, o.owner), project: { id: o.project, name: project?.title ?? '' }, due_on: o.due_on, given_on: o.given_on, returned_times: o.returned_times, seq: o.seq, next: next[o.state] };
}
const derived = (p) => rungs.filter((k) => p.milestones[k]?.planned_on && !p.milestones[k].reached_on).map((k) => ({ kind: 'milestone', text: '', text_erased: false, state: 'assigned', light: light(p.milestones[k].planned_on, k), owner_unit: named(units, p.owner), project: { id: p.id, name: p.title }, milestone: k, due_on: p.milestones[k].planned_on, returned_times: 0, seq: p.milestones[k].planned_seq, next: ['project.reach_milestone'] }));

const id = (x, required = true) => [x, required, { type: 'string', 'x-id': x }];
const owner = ['owner_unit', true, { type: 'string', 'x-id': 'unit' }];
const key = (n, required = true) => [n, required, { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]*$', maxLength: 40 }];
const date = (n, required = true) => [n, required, { type: 'string', format: 'date' }];
const money = (n, required = true) => [n, required, { type: 'string', 'x-unit': 'minor' }];
const text = (n, maxLength, required = true) => [n, required, { type: 'string', minLength: 1, maxLength }];
const evidence = ['evidence', false, { type: 'array', maxItems: 20, items: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' } }];
const commandTable = {
  'project.register': [text('title', 200), key('ladder'), text('code', 60, false), owner, id('region', false), id('enterprise', false), money('investment_minor', false)],
  'project.plan_milestone': [id('project'), key('milestone'), date('due_on')],
  'project.reach_milestone': [id('project'), key('milestone'), date('effective_on'), evidence],
  'project.receive_funds': [id('project'), ['kind', true, { type: 'string', enum: ['fixed_assets', 'working_capital', 'foreign_investment', 'fiscal'] }], money('amount_minor'), date('effective_on'), evidence],
  'project.hold': [id('project'), ['reason', true, { type: 'string', enum: ['market', 'funds', 'land', 'approval', 'investor_request', 'other'] }], date('effective_on'), date('until', false), text('remark', 500, false)],
  'obligation.assign': [['kind', true, { type: 'string', enum: ['problem', 'task', 'resolution', 'request', 'visit'] }], text('text', 500), id('project', false), owner, date('due_on')],
  'obligation.accept': [id('obligation')],
  'obligation.report_done': [id('obligation'), date('effective_on'), evidence, text('remark', 500, false)],
  'obligation.write_off': [id('obligation'), text('remark', 500, false)],
  'obligation.return': [id('obligation'), date('due_on'), text('remark', 500)],
  'unit.create': [text('code', 40), text('name', 100), ['parent', false, { type: 'string', 'x-id': 'unit' }]],
};
const commands = { rows: Object.entries(commandTable).map(([name, fields]) => ({ name, permission: 'project.write', scope: 'jurisdiction', allowed: true, fields: fields.map(([n, required, schema]) => ({ name: n, required, schema })), refusals: ['project.unknown'] })) };

class Refusal extends Error {
  constructor(code, field) {
    super(code);
    this.field = field;
  }
}
const acts = {
  'project.plan_milestone'(f) {
    const p = projects.find((x) => x.id === f.project);
    if (p.milestones[f.milestone]?.reached_on) throw new Refusal('project.milestone_already_reached', 'milestone');
    const seq = record('project.plan_milestone', [['project.milestone_planned', `project/${p.id}`, { milestone: f.milestone, due_on: f.due_on }]]);
    p.milestones[f.milestone] = { planned_on: f.due_on, planned_seq: seq };
    return [seq, [p.id]];
  },
  'project.reach_milestone'(f) {
    const p = projects.find((x) => x.id === f.project);
    if (f.effective_on > asOf) throw new Refusal('project.day_in_future', 'effective_on');
    const seq = record('project.reach_milestone', [['project.milestone_reached', `project/${p.id}`, { milestone: f.milestone, effective_on: f.effective_on, evidence_level: 'stated', evidence: f.evidence ?? [] }]]);
    p.milestones[f.milestone] = { ...p.milestones[f.milestone], reached_on: f.effective_on, reached_seq: seq, evidence_level: 'stated' };
    return [seq, [p.id]];
  },
  'obligation.assign'(f) {
    const bid = `b${obligations.length + 1}`;
    const seq = record('obligation.assign', [['obligation.assigned', `obligation/${bid}`, f]]);
    obligations.push({ ...f, id: bid, owner: f.owner_unit, given_on: asOf, state: 'assigned', returned_times: 0, seq });
    return [seq, [bid]];
  },
};
for (const [name, state] of [['accept', 'accepted'], ['report_done', 'reported_done'], ['write_off', 'written_off'], ['return', 'accepted']]) {
  acts[`obligation.${name}`] = (f) => {
    const o = obligations.find((x) => x.id === f.obligation);
    o.state = state;
    if (name === 'return') ++o.returned_times;
    return [record(`obligation.${name}`, [[`obligation.${state}`, `obligation/${o.id}`, {}]]), [o.id]];
  };
}

function page(rows, q, more = {}) {
  const from = Number(q.get('cursor') ?? 0);
  const limit = Number(q.get('limit') ?? 50);
  return { standing: standing(), total: rows.length, ...more, rows: rows.slice(from, from + limit), ...(from + limit < rows.length ? { next_cursor: String(from + limit) } : {}) };
}
const sorters = { code: (p) => p.code, title: (p) => p.title, investment: (p) => BigInt(p.investment_minor ?? 0), funds: (p) => BigInt(p.funds_minor), next_due: (p) => p.next_due_on ?? '9', light: (p) => ['red', 'amber', 'green', 'done', 'idle'].indexOf(p.light.light), stage: (p) => rungs.indexOf(p.stage), due: (o) => o.due_on };
function sorted(rows, spec) {
  const by = sorters[spec.replace(/^-/, '')];
  const sign = spec.startsWith('-') ? -1 : 1;
  return rows.sort((a, b) => (by(a) < by(b) ? -sign : by(a) > by(b) ? sign : 0));
}
function projectList(q) {
  let rows = projects.map(row);
  if (q.get('q')) rows = rows.filter((p) => `${p.title} ${p.code}`.includes(q.get('q')));
  if (q.get('light')) rows = rows.filter((p) => p.light.light === q.get('light'));
  if (q.get('stage')) rows = rows.filter((p) => p.stage === q.get('stage'));
  if (q.get('unit')) rows = rows.filter((p) => p.owner_unit.id === q.get('unit'));
  if (q.get('region')) rows = rows.filter((p) => p.region.id === q.get('region'));
  return page(sorted(rows, q.get('sort') ?? 'code'), q, { investment_minor: String(rows.reduce((s, p) => s + BigInt(p.investment_minor ?? 0), 0n)) });
}
function group(list, of) {
  return list.map((u) => {
    const own = projects.map(row).filter((p) => of(p).id === u.id);
    return { id: u.id, name: u.name, projects: own.length, lights: counts(own.map((p) => p.light.light)) };
  });
}
function board() {
  const rows = projects.map(row);
  const milestones = Object.fromEntries(rungs.map((k) => [k, { past: projects.filter((p) => p.milestones[k]?.reached_on).length, ahead: projects.filter((p) => p.milestones[k] && !p.milestones[k].reached_on).length, none: projects.filter((p) => !p.milestones[k]).length, contradicting: 0 }]));
  return {
    standing: standing(), projects: rows.length, investment_minor: String(rows.reduce((s, p) => s + BigInt(p.investment_minor ?? 0), 0n)), without_investment: rows.filter((p) => !p.investment_minor).length,
    funds_minor: String(rows.reduce((s, p) => s + BigInt(p.funds_minor), 0n)), milestones, lights: counts(rows.map((p) => p.light.light)), stages: Object.fromEntries(['', ...rungs].map((k) => [k, rows.filter((p) => p.stage === k).length])),
    units: group(units, (p) => p.owner_unit), regions: group(regions, (p) => p.region), obligations: counts(obligations.map((o) => duty(o).light.light)),
  };
}
function figure(withRecords) {
  const records = projects.filter((p) => p.milestones.signed?.reached_on >= '2026-01-01').map((p) => ({ seq: p.milestones.signed.reached_seq, project: p.id, code: p.code, title: p.title, effective_on: p.milestones.signed.reached_on, amount_minor: p.investment, evidence_level: 'document' }));
  return { standing: standing(), figure: { id: 'signed_projects', zh: '签约项目数', en: 'Projects signed', version: 1, measure: 'project_count', ladder: 'industrial', milestone: 'signed', at_least_minor: '10000000000', evidence: 'stated', defined_seq: 1 }, from: '2026-01-01', to: '2026-12-31', count: records.length, left_out_evidence: 2, left_out_amount: 1, records: withRecords ? records : [] };
}
const session = { account: 'u1', login: 'office', display: '重点办经办', roles: ['project_office'], permissions: ['project.read', 'project.write', 'obligation.read', 'figure.read', 'ledger.read', 'master.read', 'account.read', 'audit.read', 'obligation.assign'], csrf: 'mock', jurisdiction: 'demo', jurisdiction_name: '示例市' };

function answer(method, path, q, body) {
  const at = path.replace('/api/v1', '');
  let m;
  if (at === '/session') return session;
  if (at === '/ledgers') return { rows: [{ jurisdiction: 'demo', name: '示例市（示例数据）' }] };
  if ((m = /^\/labels\/(zh-CN|en)$/.exec(at))) return { ...JSON.parse(readFileSync(join(here, `../catalog/labels/${m[1]}.json`))), errors: {} };
  if (at === '/commands') return commands;
  if ((m = /^\/commands\/(.+)$/.exec(at)) && method === 'POST') {
    const act = acts[m[1]];
    if (!act) throw new Refusal('mock.not_acted');
    const [seq, ids] = act(body);
    return { seq, ids, repeated: false };
  }
  if (at === '/board') return board();
  if (at === '/projects') return projectList(q);
  if ((m = /^\/projects\/(p\d+)$/.exec(at))) {
    const p = projects.find((x) => x.id === m[1]);
    if (!p) throw new Refusal('project.unknown');
    const milestones = rungs.map((k) => ({ milestone: k, medal: medalOf(k), late_days: 0, contradicting: false, needs_evidence: false, ...p.milestones[k] }));
    return { standing: standing(), project: row(p), attributes: [{ key: 'approval_body', value: '示例市发改局' }], milestones, funds: p.funds, obligations: [...obligations.filter((o) => o.project === p.id).map(duty), ...derived(p)], records: 12 };
  }
  if ((m = /^\/projects\/(p\d+)\/entries$/.exec(at))) return page([...entries].reverse().filter((e) => e.events[0].on === `project/${m[1]}`), q);
  if (at === '/obligations') {
    let rows = obligations.map(duty);
    if (q.get('derived') !== 'false') rows.push(...projects.flatMap(derived));
    const state = q.get('state') ?? 'open';
    if (state !== 'all') rows = rows.filter((o) => (o.state === 'written_off') === (state === 'closed'));
    for (const [name, of] of [['light', (o) => o.light.light], ['kind', (o) => o.kind], ['unit', (o) => o.owner_unit.id]]) if (q.get(name)) rows = rows.filter((o) => of(o) === q.get(name));
    if (q.get('q')) rows = rows.filter((o) => `${o.text}${o.project.name}`.includes(q.get('q')));
    return page(sorted(rows, q.get('sort') ?? 'due'), q, { lights: counts(rows.map((o) => o.light.light)) });
  }
  if (at === '/figures') return { standing: standing(), rows: [figure(false)] };
  if (at.startsWith('/figures/')) return figure(true);
  if (at === '/entries') return page([...entries].reverse(), q);
  if ((m = /^\/entries\/(\d+)\/proof$/.exec(at))) return proof(Number(m[1]));
  if ((m = /^\/entries\/(\d+)$/.exec(at))) return entries[Number(m[1]) - 1];
  if (at === '/units') return { rows: units };
  if (at === '/regions') return { rows: regions };
  if (at === '/ladders') return { rows: [{ ...ladders[0], projects: projects.length }] };
  if (/^\/(posts|persons|enterprises|accounts|batches|audit)$/.test(at)) return { total: 0, rows: [] };
  throw new Refusal('request.not_found');
}

const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8' };
createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/api/v1/feed') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    return;
  }
  if (url.pathname.startsWith('/api/')) {
    let body = '';
    for await (const chunk of request) body += chunk;
    try {
      const out = answer(request.method, url.pathname, url.searchParams, body && request.headers['content-type'] === 'application/json' ? JSON.parse(body) : {});
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(out));
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      response.writeHead(error.message.endsWith('unknown') ? 404 : 422, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ type: 'about:blank', title: error.message, status: 422, code: error.message, field: error.field }));
    }
    return;
  }
  let file = join(here, 'dist', url.pathname);
  if (!extname(file) || !existsSync(file)) file = join(here, 'dist/index.html');
  const nonce = randomBytes(16).toString('base64');
  let content = readFileSync(file);
  if (file.endsWith('.html')) content = content.toString().replaceAll('{{CSP_NONCE}}', nonce);
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', 'content-security-policy': `default-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:` }).end(content);
}).listen(port, '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${port}`));
