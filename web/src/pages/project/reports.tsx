// SPDX-License-Identifier: Apache-2.0
// A project's progress reports: the total over the months beside the planned investment, every report with its photos,
// and what was corrected, struck through, with who, when and why.
import { useTranslation } from 'react-i18next';
import type { PhotoList, ProjectReports, ReportCorrection, ReportRow, Standing } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { Amount, useUnitWord } from '@/components/amount';
import { Card } from '@/components/card';
import { Answer, Empty } from '@/components/states';
import { useWidth } from '@/components/use-width';
import { language } from '@/i18n';
import { countsFor, showMoney } from '@/format/money';
import { showPercent } from '@/pages/report-form/checks';
import { Thumbnails } from '@/pages/report-form/photos';
import { useMay } from './file';
import '../reports/report.css';

const height = 190;
const left = 8;
const bottom = 24;
const top = 18;

function Chart({ rows, plan, standing }: { rows: ReportRow[]; plan?: string; standing: Standing }) {
  const { t } = useTranslation();
  const word = useUnitWord();
  const [ref, width] = useWidth(280, 640);
  const text = (minor: string) => {
    const shown = showMoney(minor, countsFor(standing.currency, language()), standing.currency_decimals);
    return `${shown.number} ${word(standing.currency, shown.unit)}`;
  };
  const inOrder = [...rows].reverse();
  const totals = inOrder.map((r) => Number(r.completed_total_minor));
  const most = Math.max(1, ...totals, Number(plan ?? 0)) * 1.06;
  const step = (width - 2 * left) / inOrder.length;
  const x = (i: number) => left + step * (i + 0.5);
  const y = (value: number) => height - bottom - (value / most) * (height - bottom - top);
  const line = totals.map((v, i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join('');
  const every = Math.ceil((inOrder.length * 52) / width);
  const last = inOrder.at(-1)!;
  return (
    <div ref={ref}>
      <svg
        className="report-chart" role="img" width={width} height={height} viewBox={`0 0 ${width} ${height}`}
        aria-label={t('report.chart', { from: inOrder[0]!.period, to: last.period, total: text(last.completed_total_minor!) }) + (plan ? t('report.chart_plan', { plan: text(plan) }) : '')}
      >
        {inOrder.map((r, i) => {
          const value = Number(r.completed_month_minor);
          return <rect key={r.period} className="month" x={x(i) - Math.min(14, step * 0.3)} width={Math.min(28, step * 0.6)} y={y(value)} height={height - bottom - y(value)} rx={2} />;
        })}
        <path className="line" d={line} />
        {totals.map((v, i) => <circle key={inOrder[i]!.period} className="dot" cx={x(i)} cy={y(v)} r={3} />)}
        {plan && (
          <>
            <line className="plan" x1={left} x2={width - left} y1={y(Number(plan))} y2={y(Number(plan))} />
            <text x={left} y={y(Number(plan)) - 5}>{t('report.plan')} {text(plan)}</text>
          </>
        )}
        {inOrder.map((r, i) => i % every === 0 && <text key={r.period} x={x(i)} y={height - 7} textAnchor="middle">{r.period.slice(2)}</text>)}
      </svg>
    </div>
  );
}

function Corrected({ c, standing }: { c: ReportCorrection; standing: Standing }) {
  const { t } = useTranslation();
  return (
    <p className="note">
      <s><Amount minor={c.old_month_minor} standing={standing} /> / <Amount minor={c.old_total_minor} standing={standing} /></s>{' '}
      {t('report.corrected', { day: c.decided_on, who: c.decided_by })} <RecordLink seq={c.decided_seq!} /> · {c.reason || t('common.erased')}
    </p>
  );
}

export function Reports({ project }: { project: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const may = useMay();
  const page = useRead<ProjectReports>(`/api/v1/projects/${project}/reports`, {}, { keep: false });
  const photos = useRead<PhotoList>(`/api/v1/projects/${project}/photos`, {}, { reads: 'now', keep: false });
  const of = (period: string) => photos.data?.rows.find((r) => r.period === period)?.photos ?? [];
  return (
    <div id="reports">
      <Card title={t('report.section')} note={may('report.submit') && <To to={`/projects/${project}/report`}>{labels.command('report.submit')}</To>} flush>
        <Answer of={page} rows={3}>
          {(p) =>
            p.rows.length === 0 ? (
              <Empty text={t('report.section_none')} />
            ) : (
              <>
                <div className="card-body"><Chart rows={p.rows} plan={p.investment_minor} standing={p.standing} /></div>
                <div className="table-box" tabIndex={0} role="group" aria-label={t('report.section')}>
                  <table className="data compact report-history">
                    <thead>
                      <tr>
                        <th scope="col">{t('report.period')}</th>
                        <th scope="col" className="num">{t('report.month')}</th>
                        <th scope="col" className="num">{t('report.total')}</th>
                        <th scope="col" className="num">{t('report.percent')}</th>
                        <th scope="col">{t('report.image')}</th>
                        <th scope="col">{t('common.record')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {p.rows.map((r) => {
                        const pending = r.corrections.some((c) => c.verdict === 'pending');
                        return (
                          <tr key={r.period}>
                            <td className="nowrap">
                              {r.period}
                              {r.state === 'reported_late' && <span className="note"> {t('report.late_by', { n: r.late_days })}</span>}
                            </td>
                            <td className="num" data-label={t('report.month')}><Amount minor={r.completed_month_minor!} standing={p.standing} /></td>
                            <td className="num" data-label={t('report.total')}><Amount minor={r.completed_total_minor!} standing={p.standing} /></td>
                            <td className="num" data-label={t('report.percent')}>{r.physical_bp !== undefined ? `${showPercent(r.physical_bp)}%` : '–'}</td>
                            <td>
                              <span className="report-words">{r.words_erased ? t('common.erased') : r.image_progress}</span>
                              {r.next_step && <p className="note">{t('form.at_field', { field: t('report.next'), text: r.next_step })}</p>}
                              {r.difficulty && <p className="note">{t('form.at_field', { field: t('report.difficulty'), text: r.difficulty })}</p>}
                              {r.doubts.length > 0 && <p className="note">{t('form.at_field', { field: t('report.doubts'), text: r.doubts.map((d) => labels.value('Doubt', d)).join(' · ') })}</p>}
                              {r.corrections.filter((c) => c.verdict === 'approved').map((c) => <Corrected key={c.seq} c={c} standing={p.standing} />)}
                              <Thumbnails photos={of(r.period).map((digest) => ({ digest, name: '' }))} />
                            </td>
                            <td className="nowrap">
                              <RecordLink seq={r.seq!} />{' '}
                              {pending ? <To to="/reports/corrections" className="note">{t('report.waiting')}</To> : may('report.correct') && <To to={`/projects/${project}/report`} query={{ correct: r.period }} className="note">{t('report.ask')}</To>}
                            </td>
                          </tr>
                        );
                      })}
                    </tbody>
                  </table>
                </div>
              </>
            )
          }
        </Answer>
      </Card>
    </div>
  );
}
