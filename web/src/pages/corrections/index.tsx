// SPDX-License-Identifier: Apache-2.0
// Corrections of progress reports that wait for a second person, old and new value side by side; and those decided.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { newKey, useCommands, useRun } from '@/actions/commands';
import type { CorrectionList, CorrectionRow, Standing } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { RecordLink, To, useHere } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Amount } from '@/components/amount';
import { useFilters } from '@/components/filters';
import { Answer, Empty } from '@/components/states';
import { showPercent } from '@/pages/report-form/checks';
import '../reports/report.css';

function Values({ title, month, total, bp, standing, fresh }: { title: string; month: string; total: string; bp?: number; standing: Standing; fresh?: boolean }) {
  const { t } = useTranslation();
  const shown = (minor: string) => (fresh ? <Amount minor={minor} standing={standing} /> : <s><Amount minor={minor} standing={standing} /></s>);
  return (
    <dl className={fresh ? 'new' : undefined}>
      <dt><b>{title}</b></dt>
      <dt>{t('report.month')}</dt>
      <dd>{shown(month)}</dd>
      <dt>{t('report.total')}</dt>
      <dd>{shown(total)}</dd>
      {bp !== undefined && (
        <>
          <dt>{t('report.percent')}</dt>
          <dd>{showPercent(bp)}%</dd>
        </>
      )}
    </dl>
  );
}

function Verdict({ row }: { row: CorrectionRow }) {
  const { t } = useTranslation();
  const run = useRun();
  const problemText = useProblemText();
  const commands = useCommands();
  const [remark, setRemark] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const suffix = row.statistics_decides ? '_closed_correction' : '_correction';
  const may = commands.some((c) => c.name === `report.approve${suffix}` && c.allowed);
  if (!may) return <p className="note">{t(row.statistics_decides ? 'report.waits_statistics' : 'report.waits_head')}</p>;
  if (row.correction.asked_by_me) return <p className="note">{t('report.own')}</p>;
  const decide = async (verdict: 'approve' | 'reject') => {
    if (verdict === 'reject' && remark.trim() === '') return setProblem(t('report.opinion_needed'));
    setBusy(true);
    setProblem('');
    try {
      await run(`report.${verdict}${suffix}`, { project: row.project.id, period: row.period, ...(remark.trim() === '' ? {} : { remark: remark.trim() }) }, newKey());
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  const id = `remark-${row.correction.seq}`;
  return (
    <div className="report-verdict">
      {row.correction.outdated && <p className="report-warn">◆ {t('report.outdated')}</p>}
      <label htmlFor={id}>{t('report.opinion')}</label>
      <textarea id={id} rows={2} maxLength={500} value={remark} onChange={(e) => setRemark(e.target.value)} />
      {problem && <p className="report-problem" role="alert">{problem}</p>}
      <div className="report-two">
        <button type="button" className="report-big" disabled={busy} onClick={() => void decide('reject')}>{t('report.reject')}</button>
        <button type="button" className="report-big primary" disabled={busy || row.correction.outdated} onClick={() => void decide('approve')}>{t('report.approve')}</button>
      </div>
    </div>
  );
}

function Row({ row, standing }: { row: CorrectionRow; standing: Standing }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const c = row.correction;
  const moved = (BigInt(c.completed_total_minor) - BigInt(c.old_total_minor)).toString();
  return (
    <li className="card report-card" data-correction={`${row.project.id}/${row.period}`}>
      <div>
        <h2><To to={`/projects/${row.project.id}`}>{row.project.name || t('common.erased')}</To> · {row.period}</h2>
        <p className="note">
          {[row.code, row.owner_unit?.name, t('report.asked_by', { day: c.asked_on, who: c.asked_by })].filter(Boolean).join(' · ')} <RecordLink seq={c.seq} />
        </p>
        <p className="report-words">{c.reason || t('common.erased')}</p>
        <div className="report-sides">
          <Values title={t('report.was')} month={c.old_month_minor} total={c.old_total_minor} bp={c.old_physical_bp} standing={standing} />
          <Values title={t('report.becomes')} month={c.completed_month_minor} total={c.completed_total_minor} bp={c.physical_bp} standing={standing} fresh />
        </div>
        {c.verdict === 'pending' && c.later_reports > 0 && moved !== '0' && <p className="note">{t('report.consequence', { n: c.later_reports })} <Amount minor={moved} standing={standing} /></p>}
        {c.verdict === 'pending' ? (
          <Verdict row={row} />
        ) : (
          <p>
            {t('report.decided', { day: c.decided_on, who: c.decided_by, verdict: labels.value('CorrectionVerdict', c.verdict) })} <RecordLink seq={c.decided_seq!} />
            {c.remark && <span className="report-words"> {c.remark}</span>}
          </p>
        )}
      </div>
    </li>
  );
}

export default function CorrectionsPage() {
  const { t } = useTranslation();
  const here = useHere();
  const { values } = useFilters(['state', 'unit'] as const);
  const decided = values.state === 'decided';
  const { list, first, rows } = useReadPages('/api/v1/corrections', { state: decided ? 'decided' : undefined, unit: values.unit }, (p: CorrectionList) => p.rows, 30);
  useShowStanding(first?.standing);
  return (
    <div className="report-page">
      <header className="report-head">
        <To to="/reports" className="report-up">‹ {t('report.title')}</To>
        <h1>{t('report.queue')}</h1>
      </header>
      <nav className="report-tabs" aria-label={t('report.filter')}>
        <Link to={here({ state: undefined })} aria-current={decided ? undefined : 'page'}>{t('report.queue_waiting')}</Link>
        <Link to={here({ state: 'decided' })} aria-current={decided ? 'page' : undefined}>{t('report.queue_decided')}</Link>
      </nav>
      <Answer of={list}>
        {(data) => (
          <>
            {rows.length === 0 && <div className="card"><Empty text={t(decided ? 'report.queue_none_decided' : 'report.queue_none')} /></div>}
            <ul className="report-page">
              {rows.map((row) => (
                <Row key={row.correction.seq} row={row} standing={data.pages[0]!.standing} />
              ))}
            </ul>
            {list.hasNextPage && <button type="button" className="report-big" onClick={() => void list.fetchNextPage()}>{t('common.more')}</button>}
          </>
        )}
      </Answer>
    </div>
  );
}
