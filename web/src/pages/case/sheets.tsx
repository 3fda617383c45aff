// SPDX-License-Identifier: Apache-2.0
// 一次告知 and 补交: forms made for them, since both begin with what the case lacks.
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CasePage, MattersInForce } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To } from '@/app/reading';
import { Sheet } from '@/components/sheet';
import { Answer } from '@/components/states';
import { handedOf, papersOf, undatedOf, type AllTold, type AskedPaper } from '../cases/asked';
import { PapersForm } from '../cases/papers-form';
import { Recorded, useSend } from '../cases/send';

const isLacking = (p: CasePage['papers'][number]) => p.state === 'lacking' || p.state === 'asked';

export function NotifySheet({ page, onClose }: { page: CasePage; onClose: () => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const { send, busy, failed, seq } = useSend('case.notify');
  const [remark, setRemark] = useState('');
  const lacking = page.papers.filter(isLacking);
  return (
    <Sheet
      title={labels.command('case.notify')} onClose={onClose}
      foot={seq === undefined && <><Button type="primary" loading={busy} onClick={() => void send({ case_id: page.file.id, papers: lacking.map((p) => p.paper), remark: remark.trim() || undefined })}>{labels.command('case.notify')}</Button><Button onClick={onClose}>{t('common.cancel')}</Button></>}
    >
      {seq !== undefined ? (
        <Recorded seq={seq}><p><To to={`/cases/${page.file.id}/notice`}>{t('case.print_notice')}</To></p></Recorded>
      ) : (
        <>
          {failed && <p className="problem" role="alert">{failed}</p>}
          <p>{t('case.notify_help')}</p>
          <ol className="case-notice">{lacking.map((p) => <li key={p.paper}>{p.name || p.paper}</li>)}</ol>
          <label className="field-label" htmlFor="notify-remark">{labels.field('remark', 'case.notify')}<span className="unit">{t('form.optional')}</span></label>
          <Input.TextArea id="notify-remark" rows={4} maxLength={500} value={remark} onChange={(e) => setRemark(e.target.value)} />
        </>
      )}
    </Sheet>
  );
}

/** What may still be handed in, with the rules of the matters that need it. */
function openPapers(page: CasePage, inForce: MattersInForce): AskedPaper[] {
  const rules = new Map(papersOf(inForce.matters.filter((m) => page.steps.some((s) => s.matter === m.matter))).map((p) => [p.paper, p]));
  const name = (step: number) => page.steps.find((s) => s.step === step)?.name ?? String(step);
  return page.papers
    .filter((p) => p.state !== 'handed' || (p.valid_until !== undefined && p.valid_until < page.standing.as_of))
    .map((p) => {
      const rule = rules.get(p.paper);
      // What was to follow is handed in; it is not put off once more.
      const again = isLacking(p);
      return { paper: p.paper, name: p.name || p.paper, dated: rule?.dated ?? false, may_follow: again && (rule?.may_follow ?? false), may_promise: again && (rule?.may_promise ?? false), matters: p.steps.map(name) };
    });
}

function SupplyForm({ page, inForce, onClose }: { page: CasePage; inForce: MattersInForce; onClose: () => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const { send, busy, failed, seq } = useSend('case.supply');
  const [told, setTold] = useState<AllTold>({});
  const [asked] = useState(() => openPapers(page, inForce));
  if (seq !== undefined) return <Recorded seq={seq} />;
  const papers = handedOf(asked, told);
  const undated = undatedOf(asked, told);
  return (
    <>
      {failed && <p className="problem" role="alert">{failed}</p>}
      <PapersForm asked={asked} told={told} set={setTold} />
      {undated.length > 0 && <p className="note" role="status">{t('case.say_day', { papers: undated.map((p) => p.name).join(t('common.comma')) })}</p>}
      <div className="case-acts" style={{ marginTop: 14 }}>
        <Button type="primary" disabled={papers.length === 0 || undated.length > 0} loading={busy} onClick={() => void send({ case_id: page.file.id, papers })}>{labels.command('case.supply')}</Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </div>
    </>
  );
}

export function SupplySheet({ page, onClose }: { page: CasePage; onClose: () => void }) {
  const labels = useLabels();
  const inForce = useRead<MattersInForce>('/api/v1/matters-in-force', {}, { reads: 'now' });
  return (
    <Sheet title={labels.command('case.supply')} onClose={onClose}>
      <Answer of={inForce} rows={4}>{(data) => <SupplyForm page={page} inForce={data} onClose={onClose} />}</Answer>
    </Sheet>
  );
}
