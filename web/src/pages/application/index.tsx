// SPDX-License-Identifier: Apache-2.0
// One case, for the enterprise that applied: where it stands, what was said to it, its papers, and what it may do.
import { Button, Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { documentUrl, fileUrl } from '@/api/client';
import type { ApplicationPage, ApplicationPaper } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To } from '@/app/reading';
import { Card } from '@/components/card';
import { Sheet } from '@/components/sheet';
import { Answer } from '@/components/states';
import { wallTime } from '@/format/day';
import { handedOf, undatedOf, unsentOf, type AllTold, type AskedPaper } from '../cases/asked';
import '../cases/cases.css';
import { PapersForm } from '../cases/papers-form';
import { QueryCode } from '../cases/query-code';
import { useSend } from '../cases/send';
import '../guide/guide.css';
import { Progress } from '../progress/found';

const acts = ['case.supply', 'case.rate', 'case.withdraw'] as const;
type Act = (typeof acts)[number];
const isLacking = (p: ApplicationPaper) => p.state === 'lacking' || p.state === 'asked';

function Done({ close }: { close: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="success" role="status" data-done>
      <p>{t('form.recorded')}</p>
      <Button onClick={close}>{t('common.close')}</Button>
    </div>
  );
}

interface FormProps {
  page: ApplicationPage;
  close: () => void;
}

/** The button that sends and what came of it, below the fields of a form. */
function Send({ command, ready, send, busy, failed, close, danger = false }: { command: Act; ready: boolean; send: () => void; busy: boolean; failed: string; close: () => void; danger?: boolean }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <>
      {failed && <p className="problem" role="alert">{failed}</p>}
      <div className="case-acts" style={{ marginTop: 14 }}>
        <Button type="primary" danger={danger} disabled={!ready} loading={busy} onClick={send} data-do={command}>{labels.command(command)}</Button>
        <Button onClick={close}>{t('common.cancel')}</Button>
      </div>
    </>
  );
}

function Supply({ page, close }: FormProps) {
  const { t } = useTranslation();
  const { send, busy, failed, seq } = useSend('case.supply');
  const [told, setTold] = useState<AllTold>({});
  const name = (step: number) => page.progress.steps.find((s) => s.step === step)?.name ?? String(step);
  const [asked] = useState<AskedPaper[]>(() => page.papers
    .filter((p) => p.state !== 'handed' || p.expired)
    // What was to follow is handed in; it is not put off once more.
    .map((p) => ({ paper: p.paper, name: p.name || p.paper, dated: p.dated, may_follow: isLacking(p) && p.may_follow, may_promise: isLacking(p) && p.may_promise, matters: p.steps.map(name) })));
  if (seq !== undefined) return <Done close={close} />;
  const papers = handedOf(asked, told);
  const undated = undatedOf(asked, told);
  const unsent = unsentOf(asked, told);
  const names = (of: AskedPaper[]) => of.map((p) => p.name).join(t('common.comma'));
  return (
    <>
      {asked.length === 0 && <p className="note">{t('apply.nothing_lacks')}</p>}
      <PapersForm asked={asked} told={told} set={setTold} attach />
      {unsent.length > 0 && <p className="note" role="status">{t('apply.send_files', { papers: names(unsent) })}</p>}
      {undated.length > 0 && <p className="note" role="status">{t('case.say_day', { papers: names(undated) })}</p>}
      <Send command="case.supply" ready={papers.length > 0 && undated.length + unsent.length === 0} send={() => void send({ case_id: page.progress.id, papers })} busy={busy} failed={failed} close={close} />
    </>
  );
}

function Remark({ id, command, value, set }: { id: string; command: Act; value: string; set: (value: string) => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <>
      <label className="field-label" htmlFor={id}>{labels.field('remark', command)}<span className="unit">{t('form.optional')}</span></label>
      <Input.TextArea id={id} rows={3} maxLength={500} value={value} onChange={(e) => set(e.target.value)} />
    </>
  );
}

function Withdraw({ page, close }: FormProps) {
  const { t } = useTranslation();
  const { send, busy, failed, seq } = useSend('case.withdraw');
  const [remark, setRemark] = useState('');
  if (seq !== undefined) return <Done close={close} />;
  return (
    <>
      <p>{t('apply.withdraw_help')}</p>
      <Remark id="withdraw-remark" command="case.withdraw" value={remark} set={setRemark} />
      <Send command="case.withdraw" ready danger send={() => void send({ case_id: page.progress.id, remark: remark.trim() || undefined })} busy={busy} failed={failed} close={close} />
    </>
  );
}

function Rate({ page, close }: FormProps) {
  const { t } = useTranslation();
  const { send, busy, failed, seq } = useSend('case.rate');
  const [stars, setStars] = useState<number>();
  const [remark, setRemark] = useState('');
  if (seq !== undefined) return <Done close={close} />;
  return (
    <>
      <fieldset className="case-stars">
        <legend>{t('apply.stars')}</legend>
        {[5, 4, 3, 2, 1].map((n) => (
          <label key={n}><input type="radio" name="stars" checked={stars === n} onChange={() => setStars(n)} data-stars={n} />{t('apply.n_stars', { n })}</label>
        ))}
      </fieldset>
      <Remark id="rate-remark" command="case.rate" value={remark} set={setRemark} />
      <Send command="case.rate" ready={stars !== undefined} send={() => void send({ case_id: page.progress.id, stars, remark: remark.trim() || undefined })} busy={busy} failed={failed} close={close} />
    </>
  );
}

const forms: Record<Act, (props: FormProps) => ReactNode> = { 'case.supply': Supply, 'case.withdraw': Withdraw, 'case.rate': Rate };

/** What is to be done now, in one sentence, and by which buttons. */
function Now({ page }: { page: ApplicationPage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const [sheet, setSheet] = useState<Act>();
  const { progress } = page;
  const lacking = page.papers.filter((p) => isLacking(p) || p.overdue || p.expired);
  const open = progress.closed_on === undefined;
  const still = progress.steps.find((s) => s.suspension?.reason === 'supplement');
  const say = () => {
    if (open && lacking.length > 0) return t(page.notified ? 'apply.now_notified' : 'apply.now_lacks', { n: lacking.length });
    if (still) return t('apply.now_correct', { department: still.department });
    if (progress.state === 'applied') return t('apply.now_check');
    if (progress.state === 'running') return t('apply.now_running');
    if (!open && progress.delivered_on === undefined && progress.state !== 'withdrawn') return t('apply.now_deliver');
    if (progress.delivered_on && page.stars === undefined) return t('apply.now_rate');
    return t(progress.state === 'withdrawn' ? 'apply.now_withdrawn' : 'apply.now_done');
  };
  const offered = acts.filter((name) => page.next.includes(name) && !(name === 'case.supply' && page.papers.every((p) => p.state === 'handed' && !p.expired)));
  const Form = sheet && forms[sheet];
  return (
    <Card title={t('apply.now')}>
      <p role="status" data-now={progress.state}>{say()}</p>
      {open && lacking.length > 0 && <ol className="case-notice">{lacking.map((p) => <li key={p.paper} data-lacks={p.paper}>{p.name || p.paper}</li>)}</ol>}
      {page.stars !== undefined && <p>{t('case.rated', { n: page.stars })}</p>}
      <div className="case-acts" style={{ marginTop: 10 }}>
        {offered.map((name, i) => (
          <button key={name} type="button" className={i === 0 && name !== 'case.withdraw' ? 'button primary' : 'button'} onClick={() => setSheet(name)} data-act-of={name}>{labels.command(name)}</button>
        ))}
        {page.notified && <To to={`/applications/${progress.id}/notice`} className="button">{t('case.notice')}</To>}
        <To to={`/applications/${progress.id}/receipt`} className="button">{t(progress.accepted_on ? 'case.receipt' : 'case.handed_in')}</To>
        {progress.delivery === 'electronic' && <a className="button" href={documentUrl(progress.id, true)} download={`${progress.id}.pdf`} data-document>{t('case.document')}</a>}
      </div>
      {sheet && Form && <Sheet title={labels.command(sheet)} onClose={() => setSheet(undefined)}><Form page={page} close={() => setSheet(undefined)} /></Sheet>}
    </Card>
  );
}

function Said({ page }: { page: ApplicationPage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  if (page.remarks.length === 0) return null;
  const of = (step: number | undefined) => page.progress.steps.find((s) => s.step === step)?.name;
  return (
    <Card title={t('apply.said')}>
      {page.remarks.map((r) => (
        <div className="case-note" key={`${r.command}${r.at}`} data-said={r.command}>
          <p className="note">{[labels.command(r.command), of(r.step), wallTime(r.at)].filter(Boolean).join(' · ')}</p>
          <p>{r.text}</p>
        </div>
      ))}
    </Card>
  );
}

function Papers({ page }: { page: ApplicationPage }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const note = (p: ApplicationPaper) => [
    labels.value('PaperState', p.state),
    p.due_on && t(p.overdue ? 'case.was_due' : 'case.due', { day: p.due_on }),
    p.valid_until && t(p.expired ? 'case.expired' : 'case.valid', { day: p.valid_until }),
  ].filter(Boolean).join(' · ');
  return (
    <Card title={t('case.papers')}>
      {page.papers.length === 0 && <p className="note">{t('case.no_papers')}</p>}
      <ul className="plain">
        {page.papers.map((p) => (
          <li key={p.paper} className="event" data-paper={p.paper} data-state={p.state}>
            <h3>{p.name || p.paper}</h3>
            <span className={isLacking(p) || p.overdue || p.expired ? 'case-late' : 'note'}>{note(p)}</span>
            {p.files.map((f) => (
              <p key={f.seq}><a href={fileUrl(f.digest)} download data-file={f.digest}>{t('apply.file_of', { day: wallTime(f.at) })}</a></p>
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}

export default function ApplicationPageOfOne() {
  const { id = '' } = useParams();
  const { t } = useTranslation();
  const labels = useLabels();
  const page = useRead<ApplicationPage>(`/api/v1/applications/${id}`, {}, { keep: false, reads: 'now' });
  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}><To to="/applications">{t('apply.mine')}</To></nav>
      <div className="page-head">
        <h1>{page.data?.progress.name ?? t('apply.mine')} <span className="unit">{id}</span></h1>
        {page.data && <span className="tag">{labels.value('CaseChannel', page.data.channel)}</span>}
        {page.data?.project && <span className="tag">{page.data.project.name}</span>}
      </div>
      <Answer of={page}>
        {(data) => (
          <div className="apply-page">
            <div className="col"><Now page={data} /><Said page={data} /><Papers page={data} /></div>
            <div className="col">
              <div className="progress-found"><Progress of={data.progress} own /></div>
              <Card title={t('apply.follow')}><QueryCode path={`/api/v1/applications/${id}/progress`} id={id} /></Card>
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}
