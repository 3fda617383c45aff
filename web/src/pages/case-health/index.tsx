// SPDX-License-Identifier: Apache-2.0
// 窗口健康: how the window and the departments do. Every number says in words how it is counted.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseHealth, UnitHealth } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Bar, lightParts } from '@/components/bar';
import { Card } from '@/components/card';
import { lightOrder, LightShape } from '@/components/light';
import { PrintButton } from '@/components/print-button';
import { Answer, Empty } from '@/components/states';
import { count, percent } from '@/format/day';
import '../cases/cases.css';

/** A share with what it is a share of; of nothing there is no share. */
function Share({ part, whole }: { part: number; whole: number }) {
  const { t } = useTranslation();
  if (whole === 0) return <span className="note">{t('case_health.no_data')}</span>;
  return <span className="nowrap"><b>{percent(part, whole)}%</b><span className="unit">{count(part)} / {count(whole)}</span></span>;
}

const words = ['cases', 'first_time', 'rating', 'silent', 'unit_first_time', 'in_time', 'suspended', 'corrections', 'extended', 'lights'] as const;

function Definitions() {
  const { t } = useTranslation();
  return (
    <Card title={t('case_health.definitions')}>
      <dl className="facts" id="definitions">
        {words.map((w) => (
          <div key={w} style={{ display: 'contents' }}>
            <dt>{t(`case_health.${w}`)}</dt>
            <dd>{t(`case_health.${w}_help`)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Suspended({ of }: { of: UnitHealth }) {
  const { t } = useTranslation();
  const labels = useLabels();
  if (of.elapsed_work_days === 0) return <span className="note">{t('case_health.no_data')}</span>;
  return (
    <div>
      <span className="case-health-bar"><Bar parts={[['still', of.suspended_work_days], ['none', Math.max(0, of.elapsed_work_days - of.suspended_work_days)]]} /></span>
      <Share part={of.suspended_work_days} whole={of.elapsed_work_days} />
      {of.suspended.length > 0 && <div className="note">{of.suspended.map((s) => t('case_health.of_reason', { reason: labels.value('Pause', s.reason), n: s.work_days })).join(' · ')}</div>}
    </div>
  );
}

/** By the share decided in time, the lowest first; who has decided nothing yet comes last. */
function worstFirst(units: UnitHealth[]): UnitHealth[] {
  const share = (u: UnitHealth) => (u.decided === 0 ? 2 : u.in_time / u.decided);
  return [...units].sort((a, b) => share(a) - share(b));
}

function Units({ units }: { units: UnitHealth[] }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <Card title={t('case_health.units')} note={<a href="#definitions">{t('case_health.definitions')}</a>} flush>
      {units.length === 0 ? (
        <Empty text={t('case_health.none')} />
      ) : (
        <div className="table-box" role="group" aria-label={t('case_health.units')} tabIndex={0}>
          <table className="data">
            <thead>
              <tr>
                <th scope="col">{t('case_health.unit')}</th>
                <th scope="col">{t('case_health.begun')}</th>
                <th scope="col">{t('case_health.unit_first_time')}</th>
                <th scope="col">{t('case_health.in_time')}</th>
                <th scope="col">{t('case_health.suspended')}</th>
                <th scope="col">{t('case_health.extended')}</th>
                <th scope="col">{t('case_health.lights')}</th>
              </tr>
            </thead>
            <tbody>
              {worstFirst(units).map((u) => (
                <tr key={u.unit.id} data-unit={u.unit.id}>
                  <td><To to="/cases" query={{ unit: u.unit.id, open: 'all' }}>{u.unit.name}</To></td>
                  <td className="nowrap">{t('case_health.of_begun', { decided: u.decided, begun: u.begun })}</td>
                  <td><Share part={u.begun - u.corrected} whole={u.begun} /></td>
                  <td><Share part={u.in_time} whole={u.decided} /></td>
                  <td><Suspended of={u} /></td>
                  <td className="nowrap">{t('case_health.ext_back', { extended: u.extended, back: u.sent_back })}</td>
                  <td>
                    <span className="links">
                      {lightParts(u.lights).map(([light, n]) => n > 0 && <span key={light} className={`light light-${light}`}><LightShape light={light} />{labels.value('Light', light)} {n}</span>)}
                      {lightOrder.every((l) => u.lights[l] === 0) && '–'}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Matters({ matters }: { matters: CaseHealth['matters'] }) {
  const { t } = useTranslation();
  if (matters.length === 0) return null;
  return (
    <Card title={t('case_health.corrections')} flush>
      <div className="table-box" role="group" aria-label={t('case_health.corrections')} tabIndex={0}>
        <table className="data compact">
          <thead>
            <tr>
              <th scope="col">{t('case_health.matter')}</th>
              <th scope="col" className="num">{t('case_health.begun')}</th>
              <th scope="col" className="num">{t('case_health.corrected')}</th>
              <th scope="col">{t('case_health.share')}</th>
            </tr>
          </thead>
          <tbody>
            {matters.map((m) => (
              <tr key={m.matter} data-matter={m.matter}>
                <td>{m.name || m.matter}</td>
                <td className="num">{count(m.begun)}</td>
                <td className="num">{count(m.corrected)}</td>
                <td><Share part={m.corrected} whole={m.begun} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Key({ of, children }: { of: string; children: ReactNode }) {
  return (
    <div>
      <dt>{of}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export default function CaseHealthPage() {
  const { t } = useTranslation();
  const health = useRead<CaseHealth>('/api/v1/cases/health');
  useShowStanding(health.data?.standing);
  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}><To to="/cases">{t('case.list')}</To></nav>
      <div className="page-head">
        <h1>{t('case.health')}</h1>
        <div className="right"><PrintButton /></div>
      </div>
      <Answer of={health}>
        {(h) => (
          <>
            <div className="card card-body" style={{ paddingTop: 12 }}>
              <dl className="bignums">
                <Key of={t('case_health.cases')}><To to="/cases" query={{ open: 'all' }}>{count(h.cases)}</To><span className="unit">{t('case_health.of_accepted', { n: count(h.accepted) })}</span></Key>
                <Key of={t('case_health.first_time')}><Share part={h.first_time} whole={h.accepted} /></Key>
                <Key of={t('case_health.rating')}>
                  {h.rated !== undefined && h.stars_sum !== undefined ? <>{(Math.floor((h.stars_sum * 10) / h.rated) / 10).toFixed(1)}<span className="unit">{t('case_health.of_rated', { n: count(h.rated) })}</span></> : <span className="note">{t('case_health.no_data')}</span>}
                </Key>
                <Key of={t('case_health.silent')}>{count(h.silent + h.given_up)}<span className="unit">{t('case_health.silent_open', { n: count(h.silent) })} · {t('case_health.silent_withdrawn', { n: count(h.given_up) })}</span></Key>
              </dl>
            </div>
            <Units units={h.units} />
            <Matters matters={h.matters} />
            <Definitions />
          </>
        )}
      </Answer>
    </>
  );
}
