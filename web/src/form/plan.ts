// SPDX-License-Identifier: Apache-2.0
// From the schema of a command's field to the input that asks for it, and from what was typed back to the command.
import type { CommandField, JsonSchema } from '@/api/types';
import { isDay } from '@/format/day';
import { parseMoney, type MoneyUnit } from '@/format/money';

export type Asks =
  | { kind: 'pick' | 'picks'; subject: string }
  | { kind: 'day' | 'money' | 'bool' | 'integer' | 'integers' | 'receipt' | 'digests' | 'digest' | 'milestone' | 'ladder' | 'permission' }
  | { kind: 'choice' | 'choices'; values: string[] }
  | { kind: 'scaled'; places: number }
  | { kind: 'text'; long: boolean }
  | { kind: 'rows'; fields: FieldPlan[] };

export interface FieldPlan {
  name: string;
  required: boolean;
  schema: JsonSchema;
  asks: Asks;
}

export interface TypedMoney {
  amount: string;
  unit: MoneyUnit;
}

function asksFor(name: string, schema: JsonSchema, siblings: string[]): Asks {
  // Who works on cases may not list accounts; those who can agree to a step are a list of their own.
  if (name === 'reviewer' || (name === 'peer' && !siblings.includes('vkey')) || (name === 'package' && siblings.includes('receipt_text'))) return { kind: 'pick', subject: name };
  if (schema['x-id']) return { kind: 'pick', subject: schema['x-id'] };
  if (schema['x-unit'] === 'minor') return { kind: 'money' };
  if (schema.format === 'date') return { kind: 'day' };
  if (schema.enum) return { kind: 'choice', values: schema.enum };
  if (schema.type === 'boolean') return { kind: 'bool' };
  // Hundredths of a 亩 and of a per cent are how the ledger counts, not how people write.
  if (schema.type === 'integer' && /_(hundredths|bp)$/.test(name)) return { kind: 'scaled', places: 2 };
  if (schema.type === 'integer') return { kind: 'integer' };
  if (schema.type === 'array') {
    const { items } = schema;
    if (items?.properties) {
      const names = Object.keys(items.properties);
      const required = new Set(items.required ?? []);
      return {
        kind: 'rows',
        fields: names.map((n) => plan({ name: n, required: required.has(n), schema: items.properties![n]! }, siblings)),
      };
    }
    if (items?.type === 'integer') return { kind: 'integers' };
    if (items?.enum) return { kind: 'choices', values: items.enum };
    if (items?.['x-id']) return { kind: 'picks', subject: items['x-id'] };
    return { kind: 'digests' };
  }
  if (schema.pattern?.startsWith('^sha256:')) return { kind: 'digest' };
  // Keys that name something the ledger already knows, when the command also says of what.
  if (name === 'milestone' && (siblings.includes('project') || siblings.includes('ladder'))) return { kind: 'milestone' };
  if (name === 'ladder' && !siblings.includes('rungs')) return { kind: 'ladder' };
  if (name === 'figure' && !siblings.includes('measure')) return { kind: 'pick', subject: 'figure' };
  if (name === 'receipt_text') return { kind: 'receipt' };
  if (name === 'permission') return { kind: 'permission' };
  return { kind: 'text', long: (schema.maxLength ?? 0) > 200 };
}

function plan({ name, required, schema }: CommandField, siblings: string[]): FieldPlan {
  return { name, required, schema, asks: asksFor(name, schema, siblings) };
}

export function planFields(fields: CommandField[]): FieldPlan[] {
  const names = fields.map((f) => f.name);
  return fields.map((f) => plan(f, names));
}

export type Converted = { ok: true; value: unknown } | { ok: false; problem: 'missing' | 'money' | 'integer' | 'day' | 'too_long' };

function blank(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === 'object' && 'amount' in value && String((value as TypedMoney).amount ?? '').trim() === '')
  );
}

/** What the command is given for one field; `value: undefined` means that the field is left out. */
export function convert(field: FieldPlan, value: unknown, currencyDecimals: number): Converted {
  if (field.asks.kind === 'bool') return { ok: true, value: value === true };
  if (blank(value)) {
    if (!field.required) return { ok: true, value: undefined };
    // Numbers that single something out: none of them is an answer too.
    return field.asks.kind === 'integers' ? { ok: true, value: [] } : { ok: false, problem: 'missing' };
  }
  switch (field.asks.kind) {
    case 'money': {
      const typed = value as TypedMoney;
      const minor = parseMoney(typed.amount, typed.unit, currencyDecimals);
      return minor === null ? { ok: false, problem: 'money' } : { ok: true, value: minor.toString() };
    }
    case 'integer': {
      const text = String(value).trim();
      const number = Number(text);
      return /^-?\d{1,15}$/.test(text) && Number.isSafeInteger(number) ? { ok: true, value: number } : { ok: false, problem: 'integer' };
    }
    case 'integers': {
      const numbers = (value as string[]).map(Number);
      return numbers.every(Number.isInteger) ? { ok: true, value: numbers } : { ok: false, problem: 'integer' };
    }
    case 'scaled': {
      const [, whole = '', part = ''] = /^(\d{1,9})(?:\.(\d+))?$/.exec(String(value).trim()) ?? [];
      const { places } = field.asks;
      if (whole === '' || part.length > places) return { ok: false, problem: 'integer' };
      return { ok: true, value: Number(whole + part.padEnd(places, '0')) };
    }
    case 'day':
      return isDay(String(value)) ? { ok: true, value } : { ok: false, problem: 'day' };
    case 'rows': {
      const rows: unknown[] = [];
      for (const row of value as Record<string, unknown>[]) {
        const out = convertAll(field.asks.fields, row ?? {}, currencyDecimals);
        if (!out.ok) return { ok: false, problem: Object.values(out.problems)[0]! };
        rows.push(out.body);
      }
      return { ok: true, value: rows };
    }
    case 'text': {
      const text = String(value).trim();
      // The server counts characters, not UTF-16 units.
      if (field.schema.maxLength !== undefined && [...text].length > field.schema.maxLength) return { ok: false, problem: 'too_long' };
      return { ok: true, value: text };
    }
    default:
      return { ok: true, value };
  }
}

export type Problems = Record<string, Exclude<Converted, { ok: true }>['problem']>;

export function convertAll(
  fields: FieldPlan[],
  values: Record<string, unknown>,
  currencyDecimals: number,
): { ok: true; body: Record<string, unknown> } | { ok: false; problems: Problems } {
  const body: Record<string, unknown> = {};
  const problems: Problems = {};
  for (const field of fields) {
    const out = convert(field, values[field.name], currencyDecimals);
    if (!out.ok) problems[field.name] = out.problem;
    else if (out.value !== undefined) body[field.name] = out.value;
  }
  return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, body };
}
