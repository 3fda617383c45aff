// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { uploadFile } from '@/api/upload';
import { useLabels, useProblemText } from '@/app/labels';
import { useUnitWord } from '@/components/amount';
import { exactMoney, parseMoney, unitsOf } from '@/format/money';
import { DayInput } from './day-input';
import type { FieldPlan, TypedMoney } from './plan';
import { LadderPicker, MilestonePicker, PermissionPicker, Picker } from './pickers';

interface InputProps<T> {
  id?: string;
  value?: T;
  onChange?: (value: T | undefined) => void;
  'aria-required'?: 'true';
}

/** An amount and the unit it is typed in; what will be recorded is shown to the last digit. */
export function MoneyInput({ id, value, onChange, currency, decimals }: InputProps<TypedMoney> & { currency: string; decimals: number }) {
  const { t } = useTranslation();
  const word = useUnitWord();
  const units = unitsOf(currency);
  const now = value ?? { amount: '', unit: units[0]! };
  const minor = now.amount.trim() === '' ? null : parseMoney(now.amount, now.unit, decimals);
  return (
    <>
      <div style={{ display: 'flex', gap: 8, maxWidth: 320 }}>
        <Input id={id} inputMode="decimal" autoComplete="off" value={now.amount} onChange={(e) => onChange?.({ ...now, amount: e.target.value })} />
        <Select
          aria-label={t('form.money_unit')} value={now.unit} onChange={(unit) => onChange?.({ ...now, unit })} style={{ width: 130, flex: 'none' }}
          options={units.map((u) => ({ value: u, label: word(currency, u) }))}
        />
      </div>
      <div className="note" aria-live="polite">
        {minor !== null && t('form.money_recorded', { amount: exactMoney(minor.toString(), decimals), currency })}
      </div>
    </>
  );
}

/** Evidence is stored first; the command names it by its digest. */
export function DigestsInput({ id, value = [], onChange, most }: InputProps<string[]> & { most: number }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const [names, setNames] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState('');
  // What is on its way: its name, and how much of it has come.
  const [going, setGoing] = useState<{ name: string; done: number }>();
  const stop = useRef<AbortController>(undefined);
  const busy = going !== undefined;
  const input = useRef<HTMLInputElement>(null);
  // A form that is closed takes nothing any more.
  useEffect(() => () => stop.current?.abort(), []);
  const add = async (files: FileList | null) => {
    setFailed('');
    stop.current = new AbortController();
    let all = value;
    try {
      for (const file of files ?? []) {
        setGoing({ name: file.name, done: 0 });
        const { digest } = await uploadFile(file, { signal: stop.current.signal, onProgress: (done) => setGoing({ name: file.name, done }) });
        setNames((n) => ({ ...n, [digest]: file.name }));
        if (!all.includes(digest)) all = [...all, digest];
      }
    } catch (error) {
      setFailed((error as Error).name === 'AbortError' ? t('form.upload_cancelled') : problem(error));
    }
    onChange?.(all);
    setGoing(undefined);
    if (input.current) input.current.value = '';
  };
  return (
    <div>
      <input ref={input} id={id} type="file" multiple={most > 1} disabled={busy || value.length >= most} onChange={(e) => void add(e.target.files)} />
      <ul>
        {value.map((digest) => (
          <li key={digest}>
            {names[digest]} <span className="mono">{digest.slice(7, 19)}…</span>{' '}
            <button type="button" className="link" onClick={() => onChange?.(value.filter((d) => d !== digest))}>
              {t('form.remove')}
            </button>
          </li>
        ))}
      </ul>
      {going && (
        <div className="uploading">
          <progress max={1} value={going.done} aria-label={t('form.uploading_file', { name: going.name })} />{' '}
          <button type="button" className="link" onClick={() => stop.current?.abort()}>{t('form.upload_cancel')}</button>
        </div>
      )}
      <div className="note" aria-live="polite">
        {busy ? t('form.uploading') : failed}
      </div>
    </div>
  );
}

function BoolInput({ id, value, onChange, label }: InputProps<boolean> & { label: string }) {
  return (
    <Checkbox id={id} checked={value === true} onChange={(e) => onChange?.(e.target.checked)}>
      {label}
    </Checkbox>
  );
}

/** The input for one field of a command. antd's Form hands it id, value and onChange. */
export function FieldInput({ field, of, values, currency, decimals, ...rest }: {
  /** value and onChange come with it, whatever their type, and are handed on. */
  id?: string;
  field: FieldPlan;
  of: string;
  values: Record<string, unknown>;
  currency: string;
  decimals: number;
}) {
  const labels = useLabels();
  const { asks, schema } = field;
  const clear = { allowClear: !field.required };
  switch (asks.kind) {
    case 'pick':
      return <Picker subject={asks.subject} {...clear} {...rest} />;
    case 'picks':
      return <Picker mode="multiple" subject={asks.subject} {...rest} />;
    case 'ladder':
      return <LadderPicker {...clear} {...rest} />;
    case 'permission':
      return <PermissionPicker {...clear} {...rest} />;
    case 'milestone':
      return <MilestonePicker project={values.project as string | undefined} ladder={values.ladder as string | undefined} {...clear} {...rest} />;
    case 'choice':
      return <Select options={asks.values.map((v) => ({ value: v, label: labels.valueAmong(asks.values, v) }))} {...clear} {...rest} style={{ maxWidth: 320 }} />;
    case 'day':
      return <DayInput told {...rest} />;
    case 'money':
      return <MoneyInput currency={currency} decimals={decimals} {...rest} />;
    case 'digests':
      return <DigestsInput most={schema.maxItems ?? 20} {...rest} />;
    case 'bool':
      return <BoolInput label={labels.field(field.name, of)} {...rest} />;
    case 'choices':
      return <Select mode="multiple" options={asks.values.map((v) => ({ value: v, label: labels.valueAmong(asks.values, v) }))} {...rest} />;
    case 'integers':
      return <Select mode="tags" open={false} {...rest} />;
    case 'receipt': {
      const { onChange } = rest as InputProps<string>;
      return (
        <>
          <input type="file" className="button" aria-label={labels.field(field.name, of)} onChange={(e) => void e.target.files?.[0]?.text().then(onChange)} />
          <Input.TextArea rows={4} maxLength={schema.maxLength} {...rest} />
        </>
      );
    }
    case 'scaled':
      return <Input inputMode="decimal" autoComplete="off" style={{ maxWidth: 200 }} {...rest} />;
    case 'integer':
      return <Input inputMode="numeric" autoComplete="off" style={{ maxWidth: 200 }} {...rest} />;
    case 'text':
      return asks.long ? (
        // No autoSize: it measures by a style attribute, which the content policy refuses.
        <Input.TextArea rows={4} maxLength={schema.maxLength} {...rest} />
      ) : (
        <Input autoComplete="off" {...rest} />
      );
    case 'digest':
      return <Input autoComplete="off" {...rest} />;
    case 'rows':
      return null; // Drawn by RowsInput, which needs a list of form items.
  }
}

/** `initial`: the rows it begins with. */
export function RowsInput({ field, of, values, currency, decimals, initial }: { field: FieldPlan; of: string; values: Record<string, unknown>; currency: string; decimals: number; initial?: object[] }) {
  const { t } = useTranslation();
  const labels = useLabels();
  if (field.asks.kind !== 'rows') return null;
  const { fields } = field.asks;
  return (
    <Form.List name={field.name} initialValue={initial ?? (field.required ? [{}] : [])}>
      {(rows, { add, remove }) => (
        <fieldset style={{ border: 0, padding: 0, margin: '0 0 14px' }}>
          <legend>{labels.field(field.name, of)}</legend>
          {rows.map((row, i) => (
            <div key={row.key} className="event">
              {fields.map((f) => (
                <Form.Item key={f.name} name={[row.name, f.name]} label={f.asks.kind === 'bool' ? undefined : labels.field(f.name, 'Rung')} required={f.required}>
                  <FieldInput field={f} of="Rung" values={values} currency={currency} decimals={decimals} />
                </Form.Item>
              ))}
              <button type="button" className="link" onClick={() => remove(row.name)}>
                {t('form.remove_row', { n: i + 1 })}
              </button>
            </div>
          ))}
          {rows.length < (field.schema.maxItems ?? 16) && <Button onClick={() => add({})}>{t('form.add_row')}</Button>}
        </fieldset>
      )}
    </Form.List>
  );
}
