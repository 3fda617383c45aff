// SPDX-License-Identifier: Apache-2.0
// 综合窗口: which 一件事, which of its matters apply, which papers are there. What lacks is told at once, all of it, in one
// notice; where nothing lacks, the case is accepted on the spot.
import { Button, Input } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, useRun } from '@/actions/commands';
import { ApiError } from '@/api/client';
import type { MattersInForce, PackageInForce } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { Card } from '@/components/card';
import { Answer, Empty, Failure } from '@/components/states';
import { Picker } from '@/form/pickers';
import { useMay } from '../cases/acts';
import { handedOf, lackingOf, papersOf, undatedOf, waitsOf, type AllTold } from '../cases/asked';
import '../cases/cases.css';
import { Matters, Packages } from '../cases/choose';
import { PapersForm } from '../cases/papers-form';
import { Strip } from '../cases/strip';
import { useLimit } from '../cases/words';

interface Done {
  id: string;
  seq: number;
  second: 'accepted' | 'notified' | 'none';
  failed?: string;
}

function DoneCard({ done, again }: { done: Done; again: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="card card-body" data-done={done.id}>
      <div className="success" role="status" tabIndex={-1} ref={(box) => box?.focus()}>
        <p>
          <b>{t(`case.done_${done.second}`, { id: done.id })}</b> {t('form.record')} <RecordLink seq={done.seq} />
        </p>
      </div>
      {done.failed && <p className="problem" role="alert" style={{ marginTop: 12 }}>{t('case.second_failed')} {done.failed}</p>}
      <div className="case-acts" style={{ marginTop: 12 }}>
        {done.second === 'notified' && <To to={`/cases/${done.id}/notice`} className="button primary">{t('case.print_notice')}</To>}
        <To to={`/cases/${done.id}/receipt`} className={done.second === 'notified' ? 'button' : 'button primary'}>{t('case.print_receipt')}</To>
        <To to={`/cases/${done.id}`} className="button" data-open-case>{t('case.open')}</To>
        <Button onClick={again}>{t('case.another')}</Button>
      </div>
    </div>
  );
}

function Desk({ data, again }: { data: MattersInForce; again: () => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const limit = useLimit();
  const problem = useProblemText();
  const run = useRun();
  const may = useMay();
  const [key, setKey] = useState<string>();
  const [chosen, setChosen] = useState<string[]>([]);
  const [told, setTold] = useState<AllTold>({});
  const [enterprise, setEnterprise] = useState<string>();
  const [project, setProject] = useState<string>();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const [done, setDone] = useState<Done>();
  // Sending again after a lost answer opens no second case. A refusal frees the key.
  const once = useRef(newKey());
  const of = data.packages.find((p) => p.package === key);
  const matters = useMemo(() => (of ? of.matters.flatMap((m) => data.matters.find((one) => one.matter === m) ?? []) : []), [of, data.matters]);
  const applying = useMemo(() => matters.filter((m) => chosen.includes(m.matter)), [matters, chosen]);
  const asked = useMemo(() => papersOf(applying), [applying]);
  const lacking = lackingOf(asked, told);
  const undated = undatedOf(asked, told);
  const waits = waitsOf(applying);
  const how = (h: string) => asked.filter((p) => told[p.paper]?.how === h).length;
  const pick = (p: PackageInForce) => {
    setKey(p.package);
    setChosen(p.matters);
    setTold({});
  };

  const send = async (second: 'accept' | 'notify' | undefined) => {
    setBusy(true);
    setFailed('');
    let id: string;
    let seq: number;
    try {
      const answer = await run('case.apply', { package: of!.package, matters: applying.map((m) => m.matter), enterprise, project, papers: handedOf(asked, told), text: text.trim() || undefined }, once.current);
      id = answer.ids[0]!;
      seq = answer.seq;
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) once.current = newKey();
      setFailed(problem(error));
      setBusy(false);
      return;
    }
    try {
      if (second === 'accept') await run('case.accept', { case_id: id }, newKey());
      if (second === 'notify') await run('case.notify', { case_id: id, papers: lacking.map((p) => p.paper) }, newKey());
      setDone({ id, seq, second: second === 'accept' ? 'accepted' : second === 'notify' ? 'notified' : 'none' });
    } catch (error) {
      setDone({ id, seq, second: 'none', failed: problem(error) });
    }
  };

  if (done) return <DoneCard done={done} again={again} />;
  if (data.packages.length === 0) return <div className="card"><Empty text={t('case.no_packages')} /></div>;
  const ready = applying.length > 0 && undated.length === 0;
  return (
    <div className="case-desk">
      <div className="col">
        <Packages of={data.packages} chosen={key} choose={pick} />
        {of && <Matters key={of.package} of={of} matters={matters} chosen={chosen} set={setChosen} />}
        {applying.length > 0 && (
          <Card title={t('case.papers')} note={t('case.papers_note')}>
            {asked.length === 0 ? <p>{t('case.no_papers')}</p> : <PapersForm asked={asked} told={told} set={setTold} />}
          </Card>
        )}
        {of && (
          <Card title={t('case.applicant')}>
            <label className="field-label" htmlFor="desk-enterprise">{labels.field('enterprise')}<span className="unit">{t('form.optional')}</span></label>
            <Picker subject="enterprise" id="desk-enterprise" value={enterprise} onChange={setEnterprise} allowClear style={{ width: '100%', maxWidth: 420 }} />
            <label className="field-label" htmlFor="desk-project">{labels.field('project')}<span className="unit">{t('form.optional')}</span></label>
            <Picker subject="project" id="desk-project" value={project} onChange={setProject} allowClear style={{ width: '100%', maxWidth: 420 }} />
            <label className="field-label" htmlFor="desk-text">{labels.field('text', 'case.apply')}<span className="unit">{t('form.optional')}</span></label>
            <Input.TextArea id="desk-text" rows={2} maxLength={500} value={text} onChange={(e) => setText(e.target.value)} />
          </Card>
        )}
        {applying.length > 1 && (
          <Card title={t('case.order')} note={t('case.order_note')} flush>
            <Strip
              label={t('case.order')}
              steps={applying.map((m, i) => ({ key: m.matter, step: i + 1, name: m.name || m.matter, unit: m.owner_unit.name, waits: waits[i]!, body: <p className="note">{limit(m.promised ?? m.statutory)}</p> }))}
            />
          </Card>
        )}
      </div>
      <div className="side">
        <Card title={t('case.completeness')}>
          {applying.length === 0 ? (
            <p className="note">{t(of ? 'case.tick_first' : 'case.choose_first')}</p>
          ) : (
            <div style={{ display: 'grid', gap: 10 }}>
              <p className="case-sum" role="status" data-lacking={lacking.length}>
                <span>{t('case.lacks')} <b className={lacking.length > 0 ? 'case-late' : undefined}>{lacking.length}</b></span>
                <span>{labels.value('Handed', 'handed')} <b>{how('handed')}</b></span>
                <span>{labels.value('Handed', 'later')} <b>{how('later')}</b></span>
                <span>{labels.value('Handed', 'promised')} <b>{how('promised')}</b></span>
              </p>
              {lacking.length > 0 ? (
                <div>
                  <p><b>{t('case.will_notify')}</b></p>
                  <ol className="case-notice">{lacking.map((p) => <li key={p.paper}>{p.name}</li>)}</ol>
                </div>
              ) : (
                <p>{t('case.complete')}</p>
              )}
              {undated.length > 0 && <p className="problem" role="status" style={{ margin: 0 }}>{t('case.say_day', { papers: undated.map((p) => p.name).join(t('common.comma')) })}</p>}
              {failed && <p className="problem" role="alert" style={{ margin: 0 }}>{failed}</p>}
              <div className="case-acts">
                {lacking.length === 0
                  ? may('case.accept') && <Button type="primary" disabled={!ready} loading={busy} onClick={() => void send('accept')} data-send="accept">{t('case.apply_accept')}</Button>
                  : may('case.notify') && <Button type="primary" disabled={!ready} loading={busy} onClick={() => void send('notify')} data-send="notify">{t('case.apply_notify')}</Button>}
                <Button disabled={!ready} loading={busy} onClick={() => void send(undefined)} data-send="only">{t('case.apply_only')}</Button>
              </div>
              <p className="note">{t(lacking.length === 0 ? 'case.accept_help' : 'case.notify_help')}</p>
            </div>
          )}
        </Card>
      </div>
    </div>
  );
}

export default function CaseNewPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const may = useMay();
  const commands = useRead<{ rows: { name: string; permission: string }[] }>('/api/v1/commands', {}, { timeless: true });
  const inForce = useRead<MattersInForce>('/api/v1/matters-in-force', {}, { reads: 'now' });
  const [round, setRound] = useState(0);
  useShowStanding(inForce.data?.standing);
  const apply = commands.data?.rows.find((c) => c.name === 'case.apply');
  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}><To to="/cases">{t('case.list')}</To></nav>
      <div className="page-head"><h1>{t('case.desk')}</h1></div>
      {commands.error && <Failure error={commands.error} retry={() => void commands.refetch()} />}
      {apply && !may('case.apply') ? (
        <div className="card state" role="alert">
          <h2>{t('state.forbidden')}</h2>
          <p>{t('form.not_allowed', { permission: labels.permission(apply.permission) })}</p>
        </div>
      ) : (
        <Answer of={inForce}>{(data) => <Desk key={round} data={data} again={() => setRound(round + 1)} />}</Answer>
      )}
    </>
  );
}
