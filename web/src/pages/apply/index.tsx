// SPDX-License-Identifier: Apache-2.0
// 网上申报: an enterprise applies by itself. Which 一件事, which of its matters, the papers as files; then it is sent to the
// window, which accepts it or tells once what lacks. Made for a telephone first.
import { Button, Input } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { newKey, useRun } from '@/actions/commands';
import { ApiError } from '@/api/client';
import type { ApplicationForms, PackageInForce } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { useRead } from '@/app/read';
import { To } from '@/app/reading';
import { Card } from '@/components/card';
import { Answer, Empty } from '@/components/states';
import { handedOf, lackingOf, papersOf, undatedOf, unsentOf, type AllTold } from '../cases/asked';
import '../cases/cases.css';
import { Matters, Packages } from '../cases/choose';
import { PapersForm } from '../cases/papers-form';
import { QueryCode } from '../cases/query-code';
import '../guide/guide.css';

function Sent({ id, lacks, again }: { id: string; lacks: number; again: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="card card-body" data-sent={id}>
      <div className="success" role="status" tabIndex={-1} ref={(box) => box?.focus()}>
        <p><b>{t('apply.sent', { id })}</b></p>
      </div>
      <QueryCode path={`/api/v1/applications/${id}/progress`} id={id} />
      <h2>{t('apply.next')}</h2>
      <ol className="guide-papers">
        {lacks > 0 && <li>{t('apply.next_lacks', { n: lacks })}</li>}
        <li>{t('apply.next_check')}</li>
        <li>{t('apply.next_accept')}</li>
        <li>{t('apply.next_result')}</li>
      </ol>
      <div className="case-acts" style={{ marginTop: 12 }}>
        <To to={`/applications/${id}`} className="button primary" data-open-application>{t('apply.open')}</To>
        <To to={`/applications/${id}/receipt`} className="button">{t('apply.print')}</To>
        <Button onClick={again}>{t('apply.another')}</Button>
      </div>
    </div>
  );
}

function Form({ forms, again }: { forms: ApplicationForms; again: () => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const problem = useProblemText();
  const run = useRun();
  const [params] = useSearchParams();
  const { packages, matters: all } = forms.in_force;
  const first = packages.find((p) => p.package === params.get('package'));
  const [key, setKey] = useState(first?.package);
  const [chosen, setChosen] = useState<string[]>(first?.matters ?? []);
  const [told, setTold] = useState<AllTold>({});
  const [project, setProject] = useState('');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const [sent, setSent] = useState<string>();
  // Sending again after a lost answer opens no second case. A refusal frees the key.
  const once = useRef(newKey());
  const of = packages.find((p) => p.package === key);
  const matters = useMemo(() => (of ? of.matters.flatMap((m) => all.find((one) => one.matter === m) ?? []) : []), [of, all]);
  const applying = useMemo(() => matters.filter((m) => chosen.includes(m.matter)), [matters, chosen]);
  const asked = useMemo(() => papersOf(applying), [applying]);
  const lacking = lackingOf(asked, told);
  const undated = undatedOf(asked, told);
  const unsent = unsentOf(asked, told);
  const pick = (p: PackageInForce) => {
    setKey(p.package);
    setChosen(p.matters);
    setTold({});
  };
  const send = async () => {
    setBusy(true);
    setFailed('');
    try {
      const answer = await run('case.apply', {
        package: of!.package, matters: applying.map((m) => m.matter), enterprise: forms.enterprise.id, project: project || undefined,
        papers: handedOf(asked, told), text: text.trim() || undefined,
      }, once.current);
      setSent(answer.ids[0]!);
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) once.current = newKey();
      setFailed(problem(error));
    }
    setBusy(false);
  };
  if (sent) return <Sent id={sent} lacks={lacking.length} again={again} />;
  if (packages.length === 0) return <div className="card"><Empty text={t('apply.nothing')} /></div>;
  const ready = applying.length > 0 && undated.length === 0 && unsent.length === 0;
  const names = (papers: { name: string }[]) => papers.map((p) => p.name).join(t('common.comma'));
  return (
    <div className="case-desk">
      <div className="col">
        <Packages of={packages} chosen={key} choose={pick} />
        {of && <Matters key={of.package} of={of} matters={matters} chosen={chosen} set={setChosen} ask />}
        {applying.length > 0 && (
          <Card title={t('case.papers')} note={t('case.papers_note')}>
            {asked.length === 0 ? <p>{t('case.no_papers')}</p> : <PapersForm asked={asked} told={told} set={setTold} attach />}
          </Card>
        )}
        {of && (
          <Card title={t('apply.more')}>
            {forms.projects.length > 0 && (
              <>
                <label className="field-label" htmlFor="apply-project">{labels.field('project')}<span className="unit">{t('form.optional')}</span></label>
                <select id="apply-project" className="apply-select" value={project} onChange={(e) => setProject(e.target.value)}>
                  <option value="">{t('apply.no_project')}</option>
                  {forms.projects.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}
                </select>
              </>
            )}
            <label className="field-label" htmlFor="apply-text">{labels.field('text', 'case.apply')}<span className="unit">{t('form.optional')}</span></label>
            <Input.TextArea id="apply-text" rows={2} maxLength={500} value={text} onChange={(e) => setText(e.target.value)} />
          </Card>
        )}
      </div>
      <div className="side">
        <Card title={t('apply.check')}>
          {applying.length === 0 ? (
            <p className="note">{t(of ? 'case.tick_first' : 'case.choose_first')}</p>
          ) : (
            <div style={{ display: 'grid', gap: 10 }}>
              <p className="case-sum" role="status" data-lacking={lacking.length}>
                <span>{t('apply.n_matters')} <b>{applying.length}</b></span>
                <span>{t('apply.n_papers')} <b>{asked.length - lacking.length} / {asked.length}</b></span>
              </p>
              {lacking.length > 0 && (
                <div>
                  <p><b>{t('apply.lacks')}</b></p>
                  <ol className="case-notice">{lacking.map((p) => <li key={p.paper}>{p.name}</li>)}</ol>
                  <p className="note">{t('apply.lacks_help')}</p>
                </div>
              )}
              {unsent.length > 0 && <p className="problem" role="status" style={{ margin: 0 }}>{t('apply.send_files', { papers: names(unsent) })}</p>}
              {undated.length > 0 && <p className="problem" role="status" style={{ margin: 0 }}>{t('case.say_day', { papers: names(undated) })}</p>}
              {failed && <p className="problem" role="alert" style={{ margin: 0 }}>{failed}</p>}
              <p>{t('apply.for', { name: forms.enterprise.name })}</p>
              <Button type="primary" size="large" block disabled={!ready} loading={busy} onClick={() => void send()} data-send>{t('apply.send')}</Button>
            </div>
          )}
        </Card>
      </div>
    </div>
  );
}

export default function ApplyPage() {
  const { t } = useTranslation();
  const forms = useRead<ApplicationForms>('/api/v1/applications/forms', {}, { reads: 'now' });
  const [round, setRound] = useState(0);
  return (
    <>
      <div className="page-head">
        <h1>{t('apply.title')}</h1>
        {forms.data && <span className="note">{forms.data.enterprise.name}</span>}
      </div>
      <p className="note">{t('apply.about')}</p>
      <Answer of={forms}>{(data) => <Form key={round} forms={data} again={() => setRound(round + 1)} />}</Answer>
    </>
  );
}
