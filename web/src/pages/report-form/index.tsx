// SPDX-License-Identifier: Apache-2.0
// 登记进展 on a phone: the report of one month, or the correction of one. Made for one hand: few fields, the last report
// beside each, what looks wrong said before it is sent, and nothing typed is ever lost.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { newKey, useCommands, useRun } from '@/actions/commands';
import { ApiError } from '@/api/client';
import type { CommandAnswer, ProjectReports, ReportRow } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { useSession } from '@/app/session-context';
import { useShowStanding } from '@/app/standing';
import { Amount, useUnitWord } from '@/components/amount';
import { Answer, Empty } from '@/components/states';
import { wallTime } from '@/format/day';
import { exactMoney, parseMoney, scaleMoney, unitsOf, type MoneyUnit } from '@/format/money';
import { lifted, parsePercent, showPercent, warnings, warningsOf, type Warning } from './checks';
import { useDraft, type Draft } from './draft';
import { PhotosInput, Thumbnails } from './photos';
import '../reports/report.css';

interface Sent {
  answer: CommandAnswer;
  period: string;
  correction: boolean;
}

function Done({ sent, project }: { sent: Sent; project: { id: string; name: string } }) {
  const { t } = useTranslation();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <div className="success report-done" role="status" tabIndex={-1} ref={ref} data-record={sent.answer.seq}>
      <h2>{t(sent.correction ? 'report.done_correction' : 'report.done', { project: project.name, period: sent.period })}</h2>
      <p>
        {t(sent.answer.repeated ? 'form.repeated' : 'form.recorded')} {t('form.record')} <RecordLink seq={sent.answer.seq} />
      </p>
      <p className="note">{t('report.done_note')}</p>
      <div className="report-two">
        <To to="/reports" className="report-big">{t('report.back_to_list')}</To>
        <To to={`/projects/${project.id}`} className="report-big">{t('report.to_project')}</To>
      </div>
    </div>
  );
}

interface FormProps {
  page: ProjectReports;
  /** The report to be corrected; absent: a new one. */
  corrected?: ReportRow;
  onSent: (sent: Sent) => void;
}

function Form({ page, corrected, onSent }: FormProps) {
  const { t } = useTranslation();
  const labels = useLabels();
  const problemText = useProblemText();
  const run = useRun();
  const word = useUnitWord();
  const session = useSession();
  const { prefill, standing } = page;
  const { currency, currency_decimals: decimals } = standing;
  const period = corrected?.period ?? prefill.period;
  const units = unitsOf(currency);
  const money = (minor: string) => scaleMoney(BigInt(minor), currency === 'CNY' ? 4 : 0, decimals, currency === 'CNY' ? 2 : decimals).replace(/,/g, '').replace(/\.?0+$/, '');
  // The total before this month: of the report before, or of the corrected report without its month.
  const isFirst = corrected ? page.rows.at(-1)?.period === corrected.period : prefill.previous_total_minor === undefined;
  const before = isFirst ? undefined : corrected ? (BigInt(corrected.completed_total_minor!) - BigInt(corrected.completed_month_minor!)).toString() : prefill.previous_total_minor;
  const empty: Draft = {
    month: corrected ? money(corrected.completed_month_minor!) : '',
    total: corrected && isFirst ? money(corrected.completed_total_minor!) : '',
    unit: units[0]!,
    percent: corrected?.physical_bp !== undefined ? showPercent(corrected.physical_bp) : '',
    image: '', next: '', difficulty: '', reason: '', photos: [],
  };
  const place = `landfall.report.${session.jurisdiction}.${session.account}.${page.project.id}.${period}${corrected ? '.correction' : ''}`;
  const { draft, change, changePhotos, restoredAt, discard, keyFor, refused, recorded } = useDraft(place, empty);
  const [review, setReview] = useState(false);
  const [problems, setProblems] = useState<Partial<Record<keyof Draft | 'form', string>>>({});
  const [doubted, setDoubted] = useState<Warning[]>([]);
  const [confirmed, setConfirmed] = useState(false);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (Object.keys(problems).length > 0) box.current?.focus();
  }, [problems]);

  const month = parseMoney(draft.month, draft.unit, decimals);
  const total = before === undefined ? parseMoney(draft.total, draft.unit, decimals) : month === null ? null : BigInt(before) + month;
  const percent = draft.percent.trim() === '' ? undefined : parsePercent(draft.percent);
  const warned = corrected || month === null || total === null ? [] : warningsOf(prefill, month, total, percent ?? undefined);
  const asked = warnings.filter((w) => warned.includes(w) || doubted.includes(w));
  const echo = (minor: bigint) =>
    currency === 'CNY'
      ? t('report.echo_cny', { one: exactMoney(minor.toString(), decimals), yi: scaleMoney(minor, 8, decimals, 4) })
      : t('report.echo_other', { one: exactMoney(minor.toString(), decimals), million: scaleMoney(minor, 6, decimals, 3), currency });

  const check = () => {
    const found: typeof problems = {};
    const missing = t('form.problem_missing');
    if (draft.month.trim() === '') found.month = missing;
    else if (month === null || month < 0n) found.month = t('form.problem_money');
    if (before === undefined && draft.total.trim() === '') found.total = missing;
    else if (before === undefined && (total === null || total < 0n)) found.total = t('form.problem_money');
    else if (before === undefined && month !== null && total !== null && total < month) found.total = t('report.total_below_month');
    if (percent === null) found.percent = t('report.percent_wrong');
    if (!corrected && draft.image.trim() === '') found.image = missing;
    if (corrected && draft.reason.trim() === '') found.reason = missing;
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setReview(true);
    setConfirmed(false);
    scrollTo(0, 0);
  };

  const send = async () => {
    const shared = { project: page.project.id, period, completed_month_minor: month!.toString(), completed_total_minor: total!.toString(), ...(percent === undefined ? {} : { physical_bp: percent }) };
    const text = (value: string) => (value.trim() === '' ? undefined : value.trim());
    const body = corrected
      ? { ...shared, reason: draft.reason.trim() }
      : {
          ...shared, image_progress: draft.image.trim(), next_step: text(draft.next), difficulty: text(draft.difficulty),
          photos: draft.photos.map((p) => p.digest), ...(asked.length > 0 && confirmed ? { confirmed: true } : {}),
        };
    setBusy(true);
    setProblems({});
    try {
      const answer = await run(corrected ? 'report.correct' : 'report.submit', body, keyFor(JSON.stringify(body), newKey));
      recorded();
      onSent({ answer, period, correction: corrected !== undefined });
    } catch (error) {
      const code = error instanceof ApiError ? error.code : '';
      if (error instanceof ApiError && error.status !== 0) refused();
      if (lifted[code]) setDoubted((now) => [...now, lifted[code]!]);
      const unsent = error instanceof ApiError && (error.status === 0 || error.status >= 500);
      setProblems({ form: unsent ? t('report.kept', { text: problemText(error) }) : problemText(error) });
      setBusy(false);
    }
  };

  const line = (label: string, value: React.ReactNode, old?: React.ReactNode) => (
    <div>
      <dt>{label}</dt>
      <dd>
        {value}
        {old !== undefined && <span className="note"> {old}</span>}
      </dd>
    </div>
  );
  const last = (value: string | undefined) => (value === undefined || value === '' ? null : <span className="note report-last">{t('report.last', { value })}</span>);
  const amount = (minor: string | undefined) => (minor === undefined ? undefined : <Amount minor={minor} standing={standing} />);
  const problem = (name: keyof Draft) => problems[name] && <p className="report-problem" id={`problem-${name}`}>{problems[name]}</p>;
  const describe = (name: keyof Draft) => ({ 'aria-invalid': problems[name] !== undefined, 'aria-describedby': problems[name] ? `problem-${name}` : undefined });
  const summary = Object.entries(problems).length > 0 && (
    <div className="problem" role="alert" tabIndex={-1} ref={box}>
      {problems.form ?? t('report.look_again')}
    </div>
  );

  if (review) {
    return (
      <section className="card report-card" aria-label={t('report.review')}>
        <h2>{t(corrected ? 'report.review_correction' : 'report.review')}</h2>
        {summary}
        <dl className="report-review">
          {line(labels.field('period'), period)}
          {line(t('report.month'), <><b><Amount minor={month!.toString()} standing={standing} /></b> <span className="note">{echo(month!)}</span></>, corrected && <s>{amount(corrected.completed_month_minor)}</s>)}
          {line(t('report.total'), <><b><Amount minor={total!.toString()} standing={standing} /></b> <span className="note">{echo(total!)}</span></>, corrected && <s>{amount(corrected.completed_total_minor)}</s>)}
          {percent !== undefined && percent !== null && line(t('report.percent'), `${showPercent(percent)}%`)}
          {!corrected && line(t('report.image'), draft.image)}
          {draft.next.trim() !== '' && line(t('report.next'), draft.next)}
          {draft.difficulty.trim() !== '' && line(t('report.difficulty'), draft.difficulty)}
          {corrected && line(t('report.reason'), draft.reason)}
        </dl>
        <Thumbnails photos={draft.photos} />
        {asked.length > 0 && (
          <div className="report-warn">
            <ul>
              {asked.map((w) => (
                <li key={w}>◆ {t(`report.warn_${w}`)}</li>
              ))}
            </ul>
            <label className="report-check">
              <input type="checkbox" checked={confirmed} onChange={(e) => setConfirmed(e.target.checked)} data-confirm />
              <span>{labels.field('confirmed')}</span>
            </label>
          </div>
        )}
        {corrected && <p className="note">{t(corrected.statistics_decides ? 'report.decides_statistics' : 'report.decides_head')}</p>}
        <div className="report-foot">
          <button type="button" className="report-big" disabled={busy} onClick={() => { setReview(false); setProblems({}); }}>{t('report.back')}</button>
          <button type="button" className="report-big primary" disabled={busy || (asked.length > 0 && !confirmed)} onClick={() => void send()} data-send>
            {t(busy ? 'report.sending' : corrected ? 'report.send_correction' : 'report.send')}
          </button>
        </div>
      </section>
    );
  }

  return (
    <form
      className="card report-card" noValidate
      onSubmit={(e) => {
        e.preventDefault();
        check();
      }}
    >
      {summary}
      {restoredAt !== undefined && (
        <p className="report-restored" role="status">
          {t('report.restored', { time: wallTime(new Date(restoredAt).toISOString()) })}{' '}
          <button type="button" className="link" onClick={discard}>{t('report.discard')}</button>
        </p>
      )}
      {!corrected && prefill.previous_period && (
        <button
          type="button" className="report-big" data-copy
          onClick={() => change({ image: prefill.image_progress ?? draft.image, next: prefill.next_step ?? draft.next, difficulty: prefill.difficulty ?? draft.difficulty, percent: prefill.previous_physical_bp !== undefined ? showPercent(prefill.previous_physical_bp) : draft.percent })}
        >
          {t('report.copy', { period: prefill.previous_period })}
        </button>
      )}
      <fieldset className="report-units">
        <legend>{t('form.money_unit')}</legend>
        {units.map((u) => (
          <label key={u}>
            <input type="radio" name="unit" checked={draft.unit === u} onChange={() => change({ unit: u as MoneyUnit })} />
            <span>{word(currency, u)}</span>
          </label>
        ))}
      </fieldset>
      <div className="report-field">
        <label htmlFor="month">{t('report.month')}</label>
        {!corrected && prefill.previous_month_minor !== undefined && <span className="note report-last">{t('report.last_is')} {amount(prefill.previous_month_minor)}</span>}
        <div className="report-amount">
          <input id="month" inputMode="decimal" autoComplete="off" value={draft.month} onChange={(e) => change({ month: e.target.value })} {...describe('month')} />
          <span aria-hidden="true">{word(currency, draft.unit)}</span>
        </div>
        <p className="note" aria-live="polite">{month !== null && draft.month !== '' && `= ${echo(month)}`}</p>
        {problem('month')}
        {(['unit', 'jump'] as const).map((w) => warned.includes(w) && <p key={w} className="report-warn">◆ {t(`report.warn_${w}`)}</p>)}
      </div>
      {before === undefined ? (
        <div className="report-field">
          <label htmlFor="total">{t('report.total')}</label>
          <span className="note report-last">{t('report.first_total')}</span>
          <div className="report-amount">
            <input id="total" inputMode="decimal" autoComplete="off" value={draft.total} onChange={(e) => change({ total: e.target.value })} {...describe('total')} />
            <span aria-hidden="true">{word(currency, draft.unit)}</span>
          </div>
          <p className="note" aria-live="polite">{total !== null && draft.total !== '' && `= ${echo(total)}`}</p>
          {problem('total')}
        </div>
      ) : (
        <div className="report-sum" aria-live="polite">
          <span>{t('report.total')}</span>
          <b>{total === null ? '–' : <Amount minor={total.toString()} standing={standing} />}</b>
          <span className="note">{t('report.total_is')} {amount(before)}{total !== null && ` · = ${echo(total)}`}</span>
        </div>
      )}
      {warned.includes('over_investment') && <p className="report-warn">◆ {t('report.warn_over_investment')} {amount(prefill.investment_minor)}</p>}
      <div className="report-field">
        <label htmlFor="percent">{t('report.percent')} <span className="note">{t('form.optional')}</span></label>
        {!corrected && prefill.previous_physical_bp !== undefined && last(`${showPercent(prefill.previous_physical_bp)}%`)}
        <div className="report-amount">
          <input id="percent" inputMode="decimal" autoComplete="off" value={draft.percent} onChange={(e) => change({ percent: e.target.value })} {...describe('percent')} />
          <span aria-hidden="true">%</span>
        </div>
        {problem('percent')}
        {warned.includes('percent_falls') && <p className="report-warn">◆ {t('report.warn_percent_falls')}</p>}
      </div>
      {corrected ? (
        <div className="report-field">
          <label htmlFor="reason">{t('report.reason')}</label>
          <textarea id="reason" rows={3} maxLength={500} value={draft.reason} onChange={(e) => change({ reason: e.target.value })} {...describe('reason')} />
          {problem('reason')}
        </div>
      ) : (
        <>
          <div className="report-field">
            <label htmlFor="image">{t('report.image')}</label>
            {last(prefill.image_progress)}
            <textarea id="image" rows={3} maxLength={1000} value={draft.image} onChange={(e) => change({ image: e.target.value })} {...describe('image')} />
            {problem('image')}
          </div>
          <PhotosInput value={draft.photos} onChange={changePhotos} />
          <div className="report-field">
            <label htmlFor="next">{t('report.next')} <span className="note">{t('form.optional')}</span></label>
            {last(prefill.next_step)}
            <textarea id="next" rows={2} maxLength={500} value={draft.next} onChange={(e) => change({ next: e.target.value })} />
          </div>
          <div className="report-field">
            <label htmlFor="difficulty">{t('report.difficulty')} <span className="note">{t('form.optional')}</span></label>
            {last(prefill.difficulty)}
            <textarea id="difficulty" rows={2} maxLength={500} value={draft.difficulty} onChange={(e) => change({ difficulty: e.target.value })} />
          </div>
        </>
      )}
      <div className="report-foot">
        <button type="submit" className="report-big primary">{t('report.go_on')}</button>
      </div>
    </form>
  );
}

export default function ReportFormPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const { id = '' } = useParams();
  const [params] = useSearchParams();
  const [sent, setSent] = useState<Sent | null>(null);
  const correct = params.get('correct') ?? undefined;
  const commands = useCommands();
  const name = correct ? 'report.correct' : 'report.submit';
  const page = useRead<ProjectReports>(`/api/v1/projects/${id}/reports`, { period: correct ? undefined : (params.get('period') ?? undefined) }, { keep: false });
  useShowStanding(page.data?.standing);
  const may = commands.length === 0 || commands.some((c) => c.name === name && c.allowed);
  return (
    <div className="report-page">
      <Answer of={page}>
        {(p) => {
          const corrected = correct ? p.rows.find((r) => r.period === correct) : undefined;
          const pending = corrected?.corrections.some((c) => c.verdict === 'pending');
          const refused = correct ? (!corrected ? 'report.not_reported' : pending ? 'report.correction_pending' : undefined) : p.prefill.refused;
          return (
            <>
              <header className="report-head">
                <To to="/reports" className="report-up">‹ {t('report.title')}</To>
                <h1>{p.project.name || t('common.erased')}</h1>
                {!sent && (
                  <p>
                    {t(correct ? 'report.correct_of' : 'report.report_of', { period: correct ?? p.prefill.period })}
                    {!correct && p.prefill.due_on && ` · ${t('report.due_on', { day: p.prefill.due_on })}`}
                  </p>
                )}
              </header>
              {sent && <Done sent={sent} project={p.project} />}
              {!sent && !may && <Empty text={t('form.not_allowed', { permission: labels.permission('project.write') })} />}
              {!sent && may && refused && (
                <div className="card">
                  <Empty text={labels.error(refused) ?? refused}>
                    {refused === 'report.reported_already' && <To to={`/projects/${id}/report`} query={{ correct: p.prefill.period }} className="button">{labels.command('report.correct')}</To>}
                    <To to={`/projects/${id}`} className="button">{t('report.to_project')}</To>
                  </Empty>
                </div>
              )}
              {!sent && may && !refused && <Form key={`${p.prefill.period}${correct}`} page={p} corrected={corrected} onSent={setSent} />}
            </>
          );
        }}
      </Answer>
    </div>
  );
}
