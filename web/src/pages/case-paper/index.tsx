// SPDX-License-Identifier: Apache-2.0
// What the applicant takes along: the receipt 受理单, or the one notice 一次告知书. One upright A4.
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'react-router';
import { pageAddress } from '@/api/ledger-address';
import type { CasePage, ProgressAccess } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To } from '@/app/reading';
import { useSession } from '@/app/session-context';
import { useShowStanding } from '@/app/standing';
import { PrintButton } from '@/components/print-button';
import { Answer } from '@/components/states';
import '../cases/cases.css';
import { applicantOf, useLimit } from '../cases/words';

function Head({ page, title }: { page: CasePage; title: string }) {
  const { t } = useTranslation();
  const session = useSession();
  const { file } = page;
  return (
    <>
      <h1>{title}</h1>
      <p className="lead note">{session.jurisdiction_name} · {file.owner_unit.name} · {t('case.number', { id: file.id })}</p>
      <table>
        <tbody>
          <tr><th scope="row">{t('case.package')}</th><td>{file.name}</td></tr>
          <tr><th scope="row">{t('case.applicant')}</th><td>{applicantOf(file) || t('case.no_applicant')}</td></tr>
          <tr><th scope="row">{t('case.applied_on')}</th><td>{file.applied_on}</td></tr>
          {file.accepted_on && <tr><th scope="row">{t('case.accepted_on')}</th><td>{file.accepted_on}</td></tr>}
          {file.due_on && <tr><th scope="row">{t('case.promised_until')}</th><td>{file.due_on}</td></tr>}
        </tbody>
      </table>
    </>
  );
}

/** By which the applicant follows the case without an account. */
function QueryCode({ id }: { id: string }) {
  const { t } = useTranslation();
  const access = useRead<ProgressAccess>(`/api/v1/cases/${id}/progress`, undefined, { timeless: true });
  if (!access.data?.code) return null;
  const { code, page, qr } = access.data;
  return (
    <div className="case-query">
      {qr && <svg viewBox={`0 0 ${qr.side} ${qr.side}`} shapeRendering="crispEdges" role="img" aria-label={t('case.query_qr')}><path d={qr.path} /></svg>}
      <div>
        <p>{t('case.query_code')} <b data-query-code>{code}</b></p>
        <p className="note">{t('case.query_words', { page: page ?? `${location.origin}${pageAddress.base}/progress/${id}`, id })}</p>
      </div>
    </div>
  );
}

function Receipt({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const limit = useLimit();
  return (
    <>
      <Head page={page} title={t(page.file.accepted_on ? 'case.receipt' : 'case.handed_in')} />
      <h2>{t('case.steps')}</h2>
      <table>
        <thead><tr><th scope="col">{t('case.step')}</th><th scope="col">{t('case.who_decides')}</th><th scope="col">{t('case.limit')}</th></tr></thead>
        <tbody>
          {page.steps.map((s) => (
            <tr key={s.step}>
              <td>{s.step} {s.name}{s.waits_for.length > 0 && <span className="note"> {t('case.waits', { steps: s.waits_for.join(t('common.comma')) })}</span>}</td>
              <td>{s.owner_unit.name}</td>
              <td>{s.office ? limit({ days: s.office.limit, unit: s.office.unit }) : t('case.counted_later')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>{t('case.papers')}</h2>
      <table>
        <thead><tr><th scope="col">{t('case.paper')}</th><th scope="col">{t('case.state')}</th><th scope="col">{t('case.day')}</th></tr></thead>
        <tbody>
          {page.papers.map((p) => (
            <tr key={p.paper}>
              <td>{p.name || p.paper}</td>
              <td>{labels.value('PaperState', p.state)}</td>
              <td>{p.due_on ? t('case.due', { day: p.due_on }) : p.valid_until ? t('case.valid', { day: p.valid_until }) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {page.papers.some((p) => p.state === 'later') && <p>{t('case.follow_words')}</p>}
      <QueryCode id={page.file.id} />
    </>
  );
}

function Notice({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const name = (step: number) => page.steps.find((s) => s.step === step)?.name ?? String(step);
  const lacking = page.papers.filter((p) => p.state === 'lacking' || p.state === 'asked');
  return (
    <>
      <Head page={page} title={t('case.notice')} />
      <p>{t(lacking.length > 0 ? 'case.notice_words' : 'case.notice_over')}</p>
      {lacking.length > 0 && (
        <table>
          <thead><tr><th scope="col">{t('case.paper')}</th><th scope="col">{t('case.for')}</th></tr></thead>
          <tbody>{lacking.map((p, i) => <tr key={p.paper} data-lacking={p.paper}><td>{i + 1}. {p.name || p.paper}</td><td>{p.steps.map(name).join(t('common.comma'))}</td></tr>)}</tbody>
        </table>
      )}
    </>
  );
}

export default function CasePaperPage() {
  const { id } = useParams();
  const { pathname } = useLocation();
  const { t } = useTranslation();
  const page = useRead<CasePage>(`/api/v1/cases/${id}`, {}, { keep: false });
  useShowStanding(page.data?.standing);
  return (
    <article className="case-sheet">
      <div className="screen">
        <PrintButton />
        <To to={`/cases/${id}`} className="button">{t('case.back')}</To>
      </div>
      {!page.data && <h1 className="hidden">{t('case.receipt')}</h1>}
      <Answer of={page}>
        {(data) => (
          <>
            {pathname.endsWith('/notice') ? <Notice page={data} /> : <Receipt page={data} />}
            <div className="signs"><span>{t('case.sign_applicant')}</span><span>{t('case.sign_window')}</span></div>
            <p className="note">{t('case.printed', { day: data.standing.as_of, seq: data.file.seq, known: data.standing.known_at })}</p>
          </>
        )}
      </Answer>
    </article>
  );
}
