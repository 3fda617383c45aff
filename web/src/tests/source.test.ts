// SPDX-License-Identifier: Apache-2.0
// Promises about the source as a whole: words stand in the i18n files, colours in one table, fetch in one folder.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tokens } from '@/app/theme';
import { pages } from '@/routes';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
const sources = files
  .filter((f) => /\.tsx?$/.test(f) && !/\.test\.ts$|schema\.d\.ts$/.test(f))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');

function words(language: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const file of files.filter((f) => f.startsWith(`i18n/${language}/`) && f.endsWith('.json'))) {
    const subject = file.replace(/^.*\/|\.json$/g, '');
    for (const [key, text] of Object.entries(JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, string>)) out.set(`${subject}.${key}`, text);
  }
  return out;
}

describe('words', () => {
  const zh = words('zh-CN');
  const en = words('en');
  const subjects = new Set([...zh.keys()].map((k) => k.split('.')[0]!));
  // A key is a string 'subject.key' anywhere in the source, or a template that begins `subject.prefix${`.
  const exact = new Set<string>();
  const prefixes = new Set<string>();
  for (const { text } of sources) {
    for (const [, key] of text.matchAll(/['"]([a-z_]+\.[A-Za-z0-9_]+)['"]/g)) if (subjects.has(key!.split('.')[0]!)) exact.add(key!);
    for (const [, prefix] of text.matchAll(/`([a-z_]+\.[a-z_]*)\$\{/g)) prefixes.add(prefix!);
  }
  // Words of commands and permissions look alike ("project.write"); a key is one that is passed to t().
  const called = new Set<string>();
  for (const { text } of sources) for (const [, key] of text.matchAll(/\bt\(\s*['"]([^'"]+)['"]/g)) called.add(key!);

  it('are the same in both languages, with the same blanks to fill', () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
    const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();
    for (const [key, text] of zh) expect(blanks(en.get(key)!), key).toEqual(blanks(text));
  });
  it('exist for every key that is asked for', () => {
    expect([...called].filter((key) => !zh.has(key))).toEqual([]);
    for (const prefix of prefixes) if (subjects.has(prefix.split('.')[0]!)) expect([...zh.keys()].some((k) => k.startsWith(prefix)), prefix).toBe(true);
  });
  it('are all used', () => {
    const used = (key: string) => exact.has(key) || [...prefixes].some((p) => key.startsWith(p));
    expect([...zh.keys()].filter((key) => !used(key))).toEqual([]);
  });
  it('stand in the i18n files only', () => {
    const literal = sources.filter(({ text }) => /[\u3400-\u9fff]/.test(withoutComments(text))).map((s) => s.name);
    expect(literal).toEqual([]);
  });
});

describe('help', () => {
  it('has a section for every page, in both languages', () => {
    for (const { help } of pages)
      for (const of of [words('zh-CN'), words('en')]) {
        expect(of.has(`help.${help}_title`), help).toBe(true);
        expect(of.has(`help.${help}_1`), help).toBe(true);
      }
  });
});

describe('source', () => {
  it('calls fetch in src/api only', () => {
    expect(sources.filter(({ name, text }) => !name.startsWith('api/') && /\bfetch\(/.test(withoutComments(text))).map((s) => s.name)).toEqual([]);
  });
  it('hands antd the colours of tokens.css', () => {
    const css = readFileSync(join(root, 'app/tokens.css'), 'utf8');
    for (const theme of ['light', 'dark'] as const) {
      const block = css.slice(css.indexOf(`[data-theme='${theme}']`));
      const table = block.slice(0, block.indexOf('}'));
      for (const [name, colour] of Object.entries(tokens[theme])) expect(table, `${theme} ${name}`).toContain(`--${name}: ${colour};`);
    }
  });
});
