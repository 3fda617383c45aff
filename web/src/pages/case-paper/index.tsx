// SPDX-License-Identifier: Apache-2.0
// What the applicant takes along: the receipt 受理单, or the one notice 一次告知书. One upright A4.
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'react-router';
import type { ApplicationPage, CasePage, CasePaper } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To } from '@/app/reading';
import { useSession } from '@/app/session-context';
import { useShowStanding } from '@/app/standing';
import { PrintButton } from '@/components/print-button';
import { Answer } from '@/components/states';
import '../cases/cases.css';
import { QueryCode } from '../cases/query-code';
import { applicantOf, useLimit, type Limit } from '../cases/words';

/** What is printed, whoever prints it. */
interface Printed {
  id: string;
  name: string;
  department: string;
  applicant: string;
  applied_on: string;
  accepted_on?: string;
  due_on?: string;
  as_of: string;
  /** Where the record stands, for who may look it up. */
  record?: { seq: number; known: number };
  steps: { step: number; name: string; department: string; waits_for: number[]; limit?: Limit; due_on?: string }[];
  papers: { paper: string; name: string; state: CasePaper['state']; due_on?: string; valid_until?: string; steps: number[] }[];
  remark?: string;
}

function ofCase({ file, steps, papers, standing }: CasePage): Printed {
  return {
    ...file,
    department: file.owner_unit.name,
    applicant: applicantOf(file),
    as_of: standing.as_of,
    record: { seq: file.seq, known: standing.known_at },
    steps: steps.map((s) => ({ ...s, department: s.owner_unit.name, limit: s.office && { days: s.office.limit, unit: s.office.unit } })),
    papers,
  };
}

function ofApplication({ progress, enterprise, papers, remarks }: ApplicationPage): Printed {
  return { ...progress, applicant: enterprise.name, papers, remark: remarks.find((r) => r.command === 'case.notify')?.text };
}

function Head({ of, title }: { of: Printed; title: string }) {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <>
      <h1>{title}</h1>
      <p className="lead note">{session.jurisdiction_name} · {of.department} · {t('case.number', { id: of.id })}</p>
      <table>
        <tbody>
          <tr><th scope="row">{t('case.package')}</th><td>{of.name}</td></tr>
          <tr><th scope="row">{t('case.applicant')}</th><td>{of.applicant || t('case.no_applicant')}</td></tr>
          <tr><th scope="row">{t('case.applied_on')}</th><td>{of.applied_on}</td></tr>
          {of.accepted_on && <tr><th scope="row">{t('case.accepted_on')}</th><td>{of.accepted_on}</td></tr>}
          {of.due_on && <tr><th scope="row">{t('case.promised_until')}</th><td>{of.due_on}</td></tr>}
        </tbody>
      </table>
    </>
  );
}

function Receipt({ of }: { of: Printed }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const limit = useLimit();
  return (
    <>
      <Head of={of} title={t(of.accepted_on ? 'case.receipt' : 'case.handed_in')} />
      <h2>{t('case.steps')}</h2>
      <table>
        <thead><tr><th scope="col">{t('case.step')}</th><th scope="col">{t('case.who_decides')}</th><th scope="col">{t('case.limit')}</th></tr></thead>
        <tbody>
          {of.steps.map((s) => (
            <tr key={s.step}>
              <td>{s.step} {s.name}{s.waits_for.length > 0 && <span className="note"> {t('case.waits', { steps: s.waits_for.join(t('common.comma')) })}</span>}</td>
              <td>{s.department}</td>
              <td>{s.limit ? limit(s.limit) : s.due_on ? t('case.due', { day: s.due_on }) : t('case.counted_later')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>{t('case.papers')}</h2>
      <table>
        <thead><tr><th scope="col">{t('case.paper')}</th><th scope="col">{t('case.state')}</th><th scope="col">{t('case.day')}</th></tr></thead>
        <tbody>
          {of.papers.map((p) => (
            <tr key={p.paper}>
              <td>{p.name || p.paper}</td>
              <td>{labels.value('PaperState', p.state)}</td>
              <td>{p.due_on ? t('case.due', { day: p.due_on }) : p.valid_until ? t('case.valid', { day: p.valid_until }) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {of.papers.some((p) => p.state === 'later') && <p>{t('case.follow_words')}</p>}
    </>
  );
}

function Notice({ of }: { of: Printed }) {
  const { t } = useTranslation();
  const name = (step: number) => of.steps.find((s) => s.step === step)?.name ?? String(step);
  const lacking = of.papers.filter((p) => p.state === 'lacking' || p.state === 'asked');
  return (
    <>
      <Head of={of} title={t('case.notice')} />
      <p>{t(lacking.length > 0 ? 'case.notice_words' : 'case.notice_over')}</p>
      {lacking.length > 0 && (
        <table>
          <thead><tr><th scope="col">{t('case.paper')}</th><th scope="col">{t('case.for')}</th></tr></thead>
          <tbody>{lacking.map((p, i) => <tr key={p.paper} data-lacking={p.paper}><td>{i + 1}. {p.name || p.paper}</td><td>{p.steps.map(name).join(t('common.comma'))}</td></tr>)}</tbody>
        </table>
      )}
      {of.remark && <p>{of.remark}</p>}
    </>
  );
}

function Paper<T>({ path, back, of }: { path: string; back: string; of: (data: T) => Printed }) {
  const { pathname } = useLocation();
  const { t } = useTranslation();
  const page = useRead<T>(path, {}, { keep: false, reads: path.startsWith('/api/v1/applications') ? 'now' : 'facts' });
  const printed = page.data && of(page.data);
  return (
    <article className="case-sheet">
      <div className="screen">
        <PrintButton />
        <To to={back} className="button">{t('case.back')}</To>
      </div>
      {!printed && <h1 className="hidden">{t('case.receipt')}</h1>}
      <Answer of={page}>
        {() => printed && (
          <>
            {pathname.endsWith('/notice') ? <Notice of={printed} /> : <Receipt of={printed} />}
            <QueryCode path={`${path}/progress`} id={printed.id} />
            <div className="signs"><span>{t('case.sign_applicant')}</span><span>{t('case.sign_window')}</span></div>
            <p className="note">{printed.record ? t('case.printed', { day: printed.as_of, ...printed.record }) : t('case.printed_own', { day: printed.as_of })}</p>
          </>
        )}
      </Answer>
    </article>
  );
}

function CasePaperOf({ id }: { id: string }) {
  const page = useRead<CasePage>(`/api/v1/cases/${id}`, {}, { keep: false });
  useShowStanding(page.data?.standing);
  return <Paper path={`/api/v1/cases/${id}`} back={`/cases/${id}`} of={ofCase} />;
}

/** At /cases for who works on them, at /applications for the enterprise that applied. */
export default function CasePaperPage() {
  const { id = '' } = useParams();
  const own = useLocation().pathname.startsWith('/applications');
  return own ? <Paper path={`/api/v1/applications/${id}`} back={`/applications/${id}`} of={ofApplication} /> : <CasePaperOf id={id} />;
}
