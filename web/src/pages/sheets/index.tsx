// SPDX-License-Identifier: Apache-2.0
// A sheet that comes back: what it would change, where others were faster, what is wrong; then all of it at once.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { ApiError, postFile } from '@/api/client';
import type { SheetReport } from '@/api/types';
import { useLabels, useProblemText, type LabelsApi } from '@/app/labels';
import { forgetFacts } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { holds, useSession } from '@/app/session-context';
import { DataTable, type Column } from '@/components/data-table';
import { sheetLists, type SheetList } from '@/components/sheet-lists';
import { Empty, Failure } from '@/components/states';
import { count } from '@/format/day';
import { language } from '@/i18n';
import NotFound from '@/pages/not-found';
import './sheets.css';

type What = 'change' | 'new' | 'conflict' | 'error' | 'warning' | 'note';
interface Line {
  what: What;
  row: number;
  cell?: string;
  name: string;
  column: string;
  now: string;
  sheet: string;
  means: string;
  seq?: number;
  times: number;
}
const shows = ['all', 'change', 'conflict', 'problem'] as const;
type Show = (typeof shows)[number];
const showOf = (what: What): Show => (what === 'change' || what === 'new' ? 'change' : what === 'conflict' ? 'conflict' : 'problem');

/** Problems first, then conflicts, then what is done; each in the order of the sheet. */
function linesOf(report: SheetReport, labels: LabelsApi, conflict: string): Line[] {
  const problems = report.problems.map((p): Line => ({ what: p.severity as What, row: p.row, name: '', column: p.column, now: '', sheet: p.excerpt, means: labels.error(p.code) ?? p.title, times: p.count }));
  const conflicts = report.conflicts.map((c): Line => ({ what: 'conflict', row: c.row, cell: c.cell, name: c.name, column: c.column, now: c.theirs, sheet: c.mine, means: conflict, seq: c.seq, times: 1 }));
  const changes = report.changes.map((c): Line => ({ what: c.subject === undefined ? 'new' : 'change', row: c.row, cell: c.cell, name: c.name, column: c.column, now: c.before, sheet: c.after, means: labels.command(c.command), times: 1 }));
  const order: What[] = ['error', 'conflict', 'warning', 'change', 'new', 'note'];
  return [...problems, ...conflicts, ...changes].sort((a, b) => order.indexOf(a.what) - order.indexOf(b.what) || a.row - b.row);
}

function Preview({ report }: { report: SheetReport }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const [show, setShow] = useState<Show>('all');
  const lines = useMemo(() => linesOf(report, labels, t('excel.theirs_changed')), [report, labels, t]);
  const shown = show === 'all' ? lines : lines.filter((l) => showOf(l.what) === show);
  const numbers = { all: lines.length, change: 0, conflict: 0, problem: 0 };
  for (const line of lines) ++numbers[showOf(line.what)];
  const columns: Column<Line>[] = [
    { key: 'what', title: t('excel.col_type'), width: 84, render: (l) => <span className="sheet-what" data-what={l.what}>{t(`excel.type_${l.what}`)}</span> },
    { key: 'place', title: t('excel.col_place'), width: 90, render: (l) => <span className="nowrap">{l.cell ?? (l.row === 0 ? t('excel.whole') : t('excel.place', { row: l.row }))}</span> },
    { key: 'name', title: t('excel.col_record'), width: 240, render: (l) => <span className="two" title={l.name}>{l.name || '–'}</span> },
    { key: 'column', title: t('excel.col_column'), width: 160, render: (l) => l.column || '–' },
    { key: 'now', title: t('excel.col_now'), width: 200, render: (l) => <span className="sheet-value">{l.now || '–'}</span> },
    { key: 'sheet', title: t('excel.col_sheet'), width: 200, render: (l) => <span className="sheet-value">{l.sheet || '–'}</span> },
    {
      key: 'means', title: t('excel.col_means'), width: 300,
      render: (l) => <>{l.means}{l.seq !== undefined && <> <RecordLink seq={l.seq} /></>}{l.times > 1 && <span className="note"> {t('excel.times', { n: l.times })}</span>}</>,
    },
  ];
  const counts: [string, number][] = [
    [t('excel.rows'), report.rows], [t('excel.changes'), report.changes.filter((c) => c.subject !== undefined).length], [t('excel.new_rows'), report.new_rows],
    [t('excel.conflicts'), report.conflicts.length], [t('excel.errors'), report.errors], [t('excel.warnings'), report.warnings],
    [t('excel.already_so'), report.already_so], [t('excel.unchanged'), report.unchanged],
  ];
  if (report.removed > 0) counts.push([t('excel.removed'), report.removed]);
  return (
    <>
      <dl className="card sheet-counts" data-counts>
        {counts.map(([word, n]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{count(n)}</dd>
          </div>
        ))}
        {report.removed > 0 && <div className="note">{t('excel.removed_note')}</div>}
      </dl>
      <Segmented
        aria-label={t('excel.show')} value={show} onChange={(v) => setShow(v as Show)}
        options={shows.map((s) => ({ value: s, label: `${t(`excel.show_${s}`)} ${count(numbers[s])}` }))} style={{ alignSelf: 'start' }}
      />
      <div className="card table-card">
        <DataTable label={t('excel.changes')} columns={columns} rows={shown} rowKey={(_, i) => String(i)} empty={<Empty text={t(lines.length === 0 ? 'excel.nothing' : 'excel.none_of')} />} />
      </div>
    </>
  );
}

function Import({ list }: { list: SheetList }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const client = useQueryClient();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const [report, setReport] = useState<SheetReport>();
  const [failed, setFailed] = useState('');
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const word = t(`excel.list_${list}`);

  const start = async (chosen: File, plan?: string) => {
    setFile(chosen);
    setFailed('');
    setBusy(true);
    try {
      setReport(await postFile<SheetReport>(`/api/v1/sheets/${list}`, { plan }, chosen, language()));
      if (plan) forgetFacts(client);
    } catch (error) {
      setFailed(problem(error));
      // Somebody was faster: what would be done now is looked at again.
      if (plan && error instanceof ApiError && error.code === 'sheet.plan_changed') setReport(await postFile<SheetReport>(`/api/v1/sheets/${list}`, {}, chosen, language()).catch(() => undefined));
      else if (!plan) setReport(undefined);
    } finally {
      setBusy(false);
      if (input.current) input.current.value = '';
    }
  };
  const clear = () => {
    setFile(undefined);
    setReport(undefined);
    setFailed('');
  };
  const done = report?.seq !== undefined;
  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}>
        <ol>
          <li><To to={sheetLists[list].path}>{word}</To></li>
          <li aria-current="page">{t('excel.title', { list: word })}</li>
        </ol>
      </nav>
      <div className="page-head"><h1>{t('excel.title', { list: word })}</h1></div>
      {failed && <div className="problem" role="alert">{failed}</div>}
      {!report && (
        <div
          className={over ? 'card sheet-drop over' : 'card sheet-drop'}
          onDragOver={(e) => { e.preventDefault(); setOver(true); }}
          onDragLeave={() => setOver(false)}
          onDrop={(e) => {
            e.preventDefault();
            setOver(false);
            const dropped = e.dataTransfer.files[0];
            if (dropped) void start(dropped);
          }}
        >
          <p>{t('excel.about')}</p>
          <p>
            {t('excel.drop')}{' '}
            <input id={id} ref={input} type="file" accept=".xlsx" disabled={busy} onChange={(e) => e.target.files?.[0] && void start(e.target.files[0])} />
            <label htmlFor={id} className="button">{t('excel.choose')}</label>
          </p>
          {busy && <p role="status">{t('excel.checking', { name: file?.name })}</p>}
        </div>
      )}
      {report && (
        <>
          <div className="sheet-bar">
            <span className="note">{file?.name}</span>
            {done ? (
              <div className="success" role="status" data-record={report.seq}>
                {t('excel.done', { n: count(report.commands) })} <RecordLink seq={report.seq!} /> · <To to={sheetLists[list].path}>{t('excel.see')}</To>
              </div>
            ) : (
              <span role="status">
                {report.errors > 0 ? t('excel.mend', { n: report.errors }) : report.plan === undefined ? t('excel.nothing') : report.conflicts.length > 0 && t('excel.skips', { n: report.conflicts.length })}
              </span>
            )}
            <div className="right">
              <Button onClick={clear} disabled={busy}>{t(done ? 'excel.again' : 'excel.other_file')}</Button>
              {!done && report.plan !== undefined && file && (
                <Button type="primary" loading={busy} data-confirm onClick={() => void start(file, report.plan)}>{t('excel.confirm', { n: count(report.commands) })}</Button>
              )}
            </div>
          </div>
          <Preview report={report} />
        </>
      )}
    </>
  );
}

export default function SheetsPage() {
  const { kind = '' } = useParams();
  const session = useSession();
  if (!(kind in sheetLists)) return <NotFound />;
  const list = kind as SheetList;
  if (!holds(session, sheetLists[list].permission)) return <Failure error={new ApiError(403, 'access.denied', '')} />;
  return <Import key={list} list={list} />;
}
