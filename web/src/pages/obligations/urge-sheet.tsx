// SPDX-License-Identifier: Apache-2.0
// 催办 for all that were chosen: all of them or none, and each that is refused is named.
import { Button, Input, Segmented } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, useRunMany } from '@/actions/commands';
import { ApiError } from '@/api/client';
import type { ItemProblem, ObligationRow } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { RecordLink } from '@/app/reading';
import { Sheet } from '@/components/sheet';

const levels = ['reminder', 'warning'] as const;

export default function UrgeSheet({ rows, onClose }: { rows: ObligationRow[]; onClose: (done: boolean) => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const problem = useProblemText();
  const run = useRunMany();
  const key = useRef(newKey());
  const [level, setLevel] = useState<(typeof levels)[number]>('reminder');
  const [remark, setRemark] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const [refused, setRefused] = useState<ItemProblem[]>([]);
  const [seq, setSeq] = useState<number>();
  const send = async () => {
    setBusy(true);
    setFailed('');
    setRefused([]);
    try {
      const words = remark.trim() || undefined;
      const answer = await run('obligation.urge', rows.map((r) => ({ obligation: r.id, level, remark: words })), key.current);
      setSeq(answer.seq);
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) key.current = newKey();
      setFailed(problem(error));
      if (error instanceof ApiError) setRefused(error.items ?? []);
    }
    setBusy(false);
  };
  if (seq !== undefined)
    return (
      <Sheet title={labels.command('obligation.urge')} onClose={() => onClose(true)}>
        <div className="success" role="status" data-record={seq}>{t('obligation.urged_all', { n: rows.length })} {t('form.record')} <RecordLink seq={seq} /></div>
      </Sheet>
    );
  return (
    <Sheet
      title={t('obligation.urge_chosen', { n: rows.length })} onClose={() => onClose(false)}
      foot={<><Button type="primary" loading={busy} onClick={() => void send()}>{labels.command('obligation.urge')}</Button><Button onClick={() => onClose(false)}>{t('common.cancel')}</Button></>}
    >
      {failed && (
        <div className="problem" role="alert">
          <strong>{failed}</strong>
          <ul>{refused.map((p) => <li key={p.index}>{rows[p.index]?.text || rows[p.index]?.id}：{labels.error(p.code) ?? p.title}</li>)}</ul>
        </div>
      )}
      <p className="field-label">{labels.field('level')}</p>
      <Segmented aria-label={labels.field('level')} value={level} onChange={(v) => setLevel(v)} options={levels.map((l) => ({ value: l, label: labels.value('UrgeLevel', l) }))} />
      <label className="field-label" htmlFor="urge-remark">{labels.field('remark', 'obligation.urge')}<span className="unit">{t('form.optional')}</span></label>
      <Input.TextArea id="urge-remark" rows={4} maxLength={500} value={remark} onChange={(e) => setRemark(e.target.value)} />
      <ul className="chosen">{rows.map((r) => <li key={r.id}>{r.text} <span className="note">{r.owner_unit?.name} · {r.due_on}</span></li>)}</ul>
    </Sheet>
  );
}
