// SPDX-License-Identifier: Apache-2.0
// The house keeps its shape: who may include whom, how long a file may be, and what may never stand in the sources.
// Each rule is one test; a failing rule names every place. Usage: node tests/layout/check.mjs
import { existsSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const listed = (...args) => execFileSync('git', ['ls-files', '-z', ...args], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0');
// Tracked files and new ones that are not ignored.
const files = [...new Set([...listed(), ...listed('--others', '--exclude-standard')])].filter((f) => f && existsSync(join(root, f)));
const cache = new Map();
const text = (file) => {
  if (!cache.has(file)) cache.set(file, readFileSync(join(root, file), 'utf8'));
  return cache.get(file);
};
const below = (...folders) => files.filter((f) => folders.some((folder) => f.startsWith(`${folder}/`)));
const isCpp = (f) => /\.(h|cc)$/.test(f);

// DESIGN: the house. What each floor may include besides itself.
const subjects = ['admin', 'place', 'people', 'enterprise', 'project', 'obligation', 'figure', 'claim', 'cases'];
const kernel = ['base', 'calendar', 'rules', 'ledger'];
const application = [...kernel, ...subjects, 'approval', 'exchange', 'search', 'analysis'];
const floors = {
  base: [],
  calendar: ['base'],
  rules: ['base'],
  ledger: ['base'],
  analysis: ['base', 'calendar'],
  approval: ['base', 'calendar', 'rules', 'cases'], // The catalogue's files; what is told of a matter has the words of its record.
  exchange: ['base'],
  search: ['base'],
  app: application,
  server: [...application, 'app'],
  simulate: [...application, 'app'],
  cli: [...application, 'app', 'server', 'simulate'],
};
for (const subject of subjects) floors[subject] = kernel;

function* includes(file) {
  for (const [n, line] of text(file).split('\n').entries()) {
    const found = /^\s*#\s*include\s*(<|")([^>"]+)/.exec(line);
    if (found) yield { at: `${file}:${n + 1}`, path: found[2], local: found[1] === '"' };
  }
}

// Finders give the places that break a rule; an empty list passes.
function wrongFloor() {
  const wrong = [];
  for (const file of below('src').filter(isCpp)) {
    const from = file.split('/')[1];
    if (!(from in floors)) {
      wrong.push(`${file}: src/${from} has no place in the house (tests/layout/check.mjs)`);
      continue;
    }
    for (const { at, path, local } of includes(file)) {
      if (!local) continue;
      const [to, ...rest] = path.split('/');
      if (to === from || floors[from].includes(to)) continue;
      // Subjects meet through events and ids only; the events of any other subject may be folded.
      if (subjects.includes(from) && subjects.includes(to) && rest.join('/') === 'events.h') continue;
      wrong.push(`${at}: ${from} may not include ${path}`);
    }
  }
  return wrong;
}

// An events.h that names another subject's events makes an order; a circle in it would let nobody read either alone.
function circularEvents() {
  const edges = new Map(subjects.map((s) => [s, [...includes(`src/${s}/events.h`)].map((i) => i.path.split('/')).filter(([to]) => to !== s && subjects.includes(to)).map(([to]) => to)]));
  const wrong = [];
  const walk = (subject, path) => {
    if (path.includes(subject)) wrong.push([...path, subject].join(' → '));
    else for (const to of edges.get(subject)) walk(to, [...path, subject]);
  };
  for (const subject of subjects) walk(subject, []);
  return wrong;
}

// Tests and benches may reach for the bare engine to compare with; the product may not.
const strayHeader = (pattern, home) => () =>
  below('src').filter(isCpp).filter((f) => !home.test(f))
    .flatMap((f) => [...includes(f)].filter((i) => pattern.test(i.path)).map((i) => `${i.at}: <${i.path}>`));

const isVendored = (f) => /^(tests\/vectors|catalog)\//.test(f) || f === 'web/src/api/schema.d.ts';
const isSource = (f) => /\.(h|cc|mjs|ts|tsx|css|sh|cmake|py)$|CMakeLists\.txt$|^dev$|^\.ci\/run$/.test(f) && !isVendored(f);

function tooLong() {
  return files.filter((f) => isSource(f)).map((f) => [f, text(f).split('\n').length - 1]).filter(([, n]) => n > 800).map(([f, n]) => `${f}: ${n} lines, at most 800`);
}
function noLicenceLine() {
  return files.filter(isSource).filter((f) => !text(f).split('\n').slice(0, 3).join('\n').includes('SPDX-License-Identifier: Apache-2.0'));
}
// A checkout lies anywhere: where this one lies, absolute paths of one machine and homes of its users stand nowhere.
function machinePaths() {
  const pattern = /(^|[\s"'`(=:])\/(work|home\/[a-z]|Users\/[A-Za-z]|root)\//m;
  return files.filter((f) => /\.(h|cc|mjs|ts|tsx|sh|cmake|md|json|html)$|^dev$/.test(f) && !f.endsWith('package-lock.json'))
    .flatMap((f) => text(f).split('\n').flatMap((line, n) => (pattern.test(line) || line.includes(`${root}/`) ? [`${f}:${n + 1}: ${line.trim().slice(0, 100)}`] : [])));
}
// The words of the trade: every command and event is explained in the glossary.
function unexplainedWords() {
  const glossary = text('docs/GLOSSARY.md');
  return below(...subjects.map((s) => `src/${s}`)).filter((f) => /\/(commands|events)\.h$/.test(f))
    .flatMap((f) => [...text(f).matchAll(/kInfo\{"([a-z_.]+)"/g)].map((m) => m[1]).filter((name) => !glossary.includes(`\`${name}\``)).map((name) => `${f}: ${name} is not in docs/GLOSSARY.md`));
}

// The reports behind seed_facts.json name persons in quotations. None of them may enter the project: the names are found by
// the titles before them, so that this file need not hold them either. A surname alone says little; two characters do.
const surnames = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭蔣葉蘇呂盧譚陸賈韋鄒閆龍賀顧錢嚴湯';
const titles = '书记|書記|市长|市長|区长|區長|县长|縣長|局长|局長|主任|部长|部長|院士|董事长|董事長|总经理|總經理|经理|經理|负责人|負責人';
function personNames() {
  const path = join(process.env.LANDFALL_TEST_DATA ?? join(root, '../shared/data'), 'seed-facts/seed_facts.json');
  if (!existsSync(path)) return process.env.CI === 'true' ? [`test data is missing: ${path}`] : null;
  const pattern = new RegExp(`(?:${titles})([${surnames}][\\u4e00-\\u9fff])`, 'gu');
  const facts = Object.values(JSON.parse(readFileSync(path, 'utf8')));
  const names = new Set(facts.flatMap((f) => [...`${f.quote ?? ''}\n${f.name ?? ''}`.matchAll(pattern)].map((m) => m[1])));
  if (names.size === 0) return ['no name found in the quotations: the rule checks nothing, mend its pattern'];
  return files.filter((f) => /\.(json|csv|md|cc|h|ts|tsx|mjs)$/.test(f) && !f.startsWith('tests/vectors/'))
    .flatMap((f) => [...names].filter((name) => text(f).includes(name)).map(() => `${f}: names a person of the reports`));
}

// The table of acceptance cases is worth what its rows point at: each case stands in it once, each file it names is there,
// and a scenario that is named for a case says so in its first line.
const acceptanceCases = [1, 2, 3, 4, 5, 7, 8, 10, 11, 12, 18, 19, 20, 22, 24, 25, 26, 28];
function acceptanceTable() {
  const page = 'docs/acceptance-cases.md';
  const wrong = [];
  const named = [...text(page).matchAll(/`((?:tests|web)\/[^`*]+)`/g)].map((m) => m[1]);
  for (const file of named) if (!files.includes(file)) wrong.push(`${page}: ${file} is not there`);
  const rows = [...text(page).matchAll(/^\| (\d+) \|(.*)$/gm)].map((m) => ({ number: Number(m[1]), row: m[2] }));
  for (const number of acceptanceCases)
    if (rows.filter((r) => r.number === number).length !== 1) wrong.push(`${page}: case ${number} must have one row`);
  for (const { number, row } of rows) {
    if (!acceptanceCases.includes(number)) wrong.push(`${page}: case ${number} is none of ours`);
    for (const [, file] of row.matchAll(/`(tests\/scenario\/cases\/[^`]+)`/g))
      if (files.includes(file) && !new RegExp(`案例[^（]*\\b${number}\\b`).test(text(file).split('\n')[0])) wrong.push(`${file}: does not say that it shows case ${number}`);
  }
  for (const file of below('tests/scenario/cases')) if (!named.includes(file)) wrong.push(`${file}: is in no row of ${page}`);
  return wrong;
}

const rules = [
  ['includes point downwards', wrongFloor],
  ['the events of subjects form no circle', circularEvents],
  ['Asio and Beast stand in src/server/beast* only', strayHeader(/^boost\/(asio|beast)/, /^src\/server\/beast/)],
  ['sqlite3.h stands in src/ledger/*sqlite* and the simulated disk only', strayHeader(/^sqlite3/, /^src\/(ledger|simulate)\/[a-z_]*sqlite/)],
  ['no source is longer than 800 lines', tooLong],
  ['every source names its licence', noLicenceLine],
  ['no path of one machine', machinePaths],
  ['every command and event stands in the glossary', unexplainedWords],
  ['no person of the reports is named', personNames],
  ['each acceptance case is proved where the table says', acceptanceTable],
];
let passed = 0, failed = 0, skipped = 0;
for (const [name, find] of rules) {
  const wrong = find();
  if (wrong === null) {
    ++skipped;
    console.log(`SKIPPED LOUDLY  ${name}: the test data is not there (LANDFALL_TEST_DATA)`);
  } else if (wrong.length === 0) {
    ++passed;
    console.log(`ok      ${name}`);
  } else {
    ++failed;
    console.log(`FAILED  ${name}\n${[...new Set(wrong)].map((w) => `        ${w}`).join('\n')}`);
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed ? 1 : 0);
