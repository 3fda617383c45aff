// SPDX-License-Identifier: Apache-2.0
// 批量交办: many obligations in one act, from a sheet's clipboard or typed row by row. All are recorded or none, and what is
// wrong stands beside its cell.
import { Button, Input } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { newKey, useCommands, useRunMany } from '@/actions/commands';
import { ApiError, get } from '@/api/client';
import type { CommandAnswer, ProjectList, ReportList, UnitList } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { Card } from '@/components/card';
import { dayFromNumber, dayNumber } from '@/format/day';
import { isMonth } from '@/format/month';
import { categories, columns, emptyRow, faultsOf, isBlank, kinds, lists, mostRows, rowsFrom, type Column, type DraftRow, type Meanings } from './paste';

/** The server's field of each column. */
const fields: Record<Column, string> = { text: 'text', unit: 'owner_unit', due_on: 'due_on', kind: 'kind', project: 'project', list: 'list', category: 'category' };
const widths: Record<Column, number> = { text: 260, unit: 170, due_on: 140, kind: 110, project: 150, list: 110, category: 100 };

/** A project by id, code or whole title; undefined where none or more than one fits. */
async function projectId(words: string): Promise<string | undefined> {
  if (/^p\d+$/.test(words)) return words;
  const { rows } = await get<ProjectList>('/api/v1/projects', { q: words.slice(0, 100), limit: 20 });
  const exact = rows.filter((p) => p.code === words || p.title === words);
  return exact.length === 1 ? exact[0]!.id : undefined;
}

/** Days in which a report that is late already is to be handed in. */
const lateReportDays = 3;

/** Rows for reports that are late: the month, and perhaps the unit, stand in the address. */
function useLateReports(take: (rows: DraftRow[]) => void): void {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const period = params.get('late') ?? undefined;
  const { data } = useRead<ReportList>('/api/v1/reports', { period, unit: params.get('unit') ?? undefined, state: 'late', limit: mostRows }, { reads: 'now', enabled: isMonth(period) });
  const taken = useRef(false);
  useEffect(() => {
    // Once: what is typed afterwards is not overwritten when the list is read again.
    if (!data || taken.current) return;
    taken.current = true;
    take(data.rows.map((r) => ({ ...emptyRow, text: t('assign.late_report', { period: r.period }), unit: r.owner_unit?.id ?? '', project: r.project.id, due_on: dayFromNumber(dayNumber(data.standing.as_of) + lateReportDays), kind: 'task', list: 'task' })));
  }, [data, take, t]);
}

type Errors = Record<number, Partial<Record<Column | 'row', string>>>;

export default function AssignPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const problem = useProblemText();
  const run = useRunMany();
  const units = useRead<UnitList>('/api/v1/units', {}, { reads: 'now' });
  const allowed = useCommands().some((c) => c.name === 'obligation.assign' && c.allowed);
  const [rows, setRows] = useState<DraftRow[]>([{ ...emptyRow }, { ...emptyRow }, { ...emptyRow }]);
  const [pasted, setPasted] = useState('');
  const [errors, setErrors] = useState<Errors>({});
  const [failed, setFailed] = useState('');
  const [done, setDone] = useState<CommandAnswer>();
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const box = useRef<HTMLDivElement>(null);

  useLateReports(setRows);
  const heads = useMemo(() => Object.fromEntries(columns.map((c) => [c, t(`assign.${c}`)])) as Record<Column, string>, [t]);
  const choices = useMemo(
    () => ({
      unit: (units.data?.rows ?? []).map((u) => ({ value: u.id, label: u.name, code: u.code })),
      kind: kinds.map((v) => ({ value: v, label: labels.value('Kind', v) })),
      list: lists.map((v) => ({ value: v, label: labels.value('ListName', v) })),
      category: categories.map((v) => ({ value: v, label: labels.value('Category', v) })),
    }),
    [units.data, labels],
  );
  const meanings = useMemo((): Meanings => {
    const of = (options: { value: string; label: string; code?: string }[]) => new Map(options.flatMap((o) => [[o.value, o.value], [o.label, o.value], ...(o.code ? [[o.code, o.value]] : [])] as [string, string][]));
    return { unit: of(choices.unit), kind: of(choices.kind), list: of(choices.list), category: of(choices.category) };
  }, [choices]);

  const set = (i: number, column: Column, value: string) => {
    setRows((now) => now.map((row, n) => (n === i ? { ...row, [column]: value } : row)));
    setErrors(({ [i]: mended, ...others }) => (mended ? { ...others, [i]: { ...mended, [column]: undefined, row: undefined } } : others));
  };
  const refuse = (found: Errors, words: string) => {
    setErrors(found);
    setFailed(words);
    setTimeout(() => box.current?.focus());
  };
  const send = async () => {
    const filled = rows.map((row, i) => ({ row, i })).filter(({ row }) => !isBlank(row));
    const found: Errors = {};
    for (const { row, i } of filled) {
      const faults = Object.entries(faultsOf(row, meanings)) as [Column, string][];
      if (faults.length > 0) found[i] = Object.fromEntries(faults.map(([c, f]) => [c, t(`assign.fault_${f}`)]));
    }
    if (filled.length === 0) return refuse({}, t('assign.nothing'));
    setBusy(true);
    setFailed('');
    try {
      const projects = new Map<string, string | undefined>();
      for (const { row, i } of filled) {
        if (row.project === '') continue;
        if (!projects.has(row.project)) projects.set(row.project, await projectId(row.project));
        if (projects.get(row.project) === undefined) found[i] = { ...found[i], project: t('assign.fault_project') };
      }
      if (Object.keys(found).length > 0) return refuse(found, t('assign.mend', { n: Object.keys(found).length }));
      const items = filled.map(({ row }) => ({
        kind: row.kind, text: row.text.trim(), owner_unit: row.unit, due_on: row.due_on,
        project: row.project ? projects.get(row.project) : undefined, list: row.list || undefined, category: row.category || undefined,
      }));
      setDone(await run('obligation.assign', items, key.current));
      key.current = newKey();
      setRows([{ ...emptyRow }]);
      setErrors({});
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) key.current = newKey();
      for (const item of (error instanceof ApiError && error.items) || []) {
        const at = filled[item.index];
        const column = columns.find((c) => fields[c] === item.field?.match(/^\w+/)?.[0]);
        if (at) found[at.i] = { ...found[at.i], [column ?? 'row']: labels.error(item.code) ?? item.title };
      }
      refuse(found, problem(error));
    } finally {
      setBusy(false);
    }
  };

  const cell = (row: DraftRow, i: number, column: Column) => {
    const fault = errors[i]?.[column];
    const id = `cell-${i}-${column}`;
    const shared = {
      id, value: row[column], 'aria-label': t('assign.cell', { row: i + 1, column: heads[column] }), 'aria-invalid': fault ? true : undefined,
      'aria-describedby': fault ? `${id}-fault` : undefined, className: 'cell',
    };
    const options = column === 'unit' || column === 'kind' || column === 'list' || column === 'category' ? choices[column] : undefined;
    return (
      <td key={column} style={{ minWidth: widths[column] }}>
        {options ? (
          <select {...shared} onChange={(e) => set(i, column, e.target.value)}>
            {column !== 'kind' && <option value="">{column === 'unit' ? t('assign.choose') : '–'}</option>}
            {row[column] !== '' && !options.some((o) => o.value === row[column]) && <option value={row[column]}>{row[column]}</option>}
            {options.map((o) => <option key={o.value} value={o.value}>{o.label}</option>)}
          </select>
        ) : (
          <input {...shared} type={column === 'due_on' && (row.due_on === '' || /^\d{4}-\d{2}-\d{2}$/.test(row.due_on)) ? 'date' : 'text'} maxLength={column === 'text' ? 500 : 200} onChange={(e) => set(i, column, e.target.value)} />
        )}
        {fault && <span className="fault" id={`${id}-fault`}>{fault}</span>}
      </td>
    );
  };

  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}>
        <ol>
          <li><To to="/obligations">{t('shell.obligations')}</To></li>
          <li aria-current="page">{t('obligation.assign_many')}</li>
        </ol>
      </nav>
      <div className="page-head"><h1>{t('obligation.assign_many')}</h1></div>
      {!allowed && <p className="problem">{t('form.not_allowed', { permission: labels.permission('obligation.assign') })}</p>}
      {done && (
        <div className="success" role="status" data-record={done.seq}>
          {t('assign.done', { n: done.ids.filter((id) => id.startsWith('b')).length })} {t('form.record')} <RecordLink seq={done.seq} /> · <To to="/obligations" query={{ derived: 'false' }}>{t('assign.see')}</To>
        </div>
      )}
      {failed && <div className="problem" role="alert" tabIndex={-1} ref={box}><strong>{failed}</strong></div>}
      <Card title={t('assign.paste')} note={t('assign.paste_note', { columns: columns.map((c) => heads[c]).join(' · ') })}>
        <Input.TextArea aria-label={t('assign.paste')} rows={4} value={pasted} onChange={(e) => setPasted(e.target.value)} />
        <Button
          style={{ marginTop: 8 }} disabled={pasted.trim() === ''}
          onClick={() => {
            setRows((now) => [...now.filter((r) => !isBlank(r)), ...rowsFrom(pasted, heads, meanings)].slice(0, mostRows));
            setPasted('');
            setErrors({});
            setDone(undefined);
          }}
        >
          {t('assign.take')}
        </Button>
      </Card>
      <section className="card table-card" aria-label={t('assign.rows')}>
        <div className="table-box" role="group" tabIndex={0} aria-label={t('assign.rows')}>
          <table className="data grid">
            <thead>
              <tr>
                <th scope="col">{t('obligation.number')}</th>
                {columns.map((c) => <th key={c} scope="col">{heads[c]}</th>)}
                <th scope="col">{t('common.act')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <tr key={i}>
                  <td>{i + 1}{errors[i]?.row && <span className="fault">{errors[i].row}</span>}</td>
                  {columns.map((c) => cell(row, i, c))}
                  <td><button type="button" className="link" aria-label={t('assign.remove', { row: i + 1 })} onClick={() => { setRows(rows.filter((_, n) => n !== i)); setErrors({}); }}>{t('form.remove')}</button></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <div className="sheet-foot">
          <Button disabled={rows.length >= mostRows} onClick={() => setRows([...rows, { ...emptyRow }])}>{t('assign.add')}</Button>
          <Button type="primary" loading={busy} disabled={!allowed} onClick={() => void send()}>{t('assign.send', { n: rows.filter((r) => !isBlank(r)).length })}</Button>
        </div>
      </section>
    </>
  );
}
