// SPDX-License-Identifier: Apache-2.0
// The form of any command, made from the server's table. A refusal stands beside its field and in a summary.
import { Button, Form } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { newKey, useCommands, useRun } from '@/actions/commands';
import { ApiError } from '@/api/client';
import type { CommandAnswer, CommandRow, ProjectList } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { useRead } from '@/app/read';
import { holds, useSession } from '@/app/session-context';
import { RecordLink, useHere } from '@/app/reading';
import { Sheet } from '@/components/sheet';
import { Loading } from '@/components/states';
import { FieldInput, RowsInput } from './inputs';
import { convertAll, planFields, type FieldPlan } from './plan';

/** Acts that cannot be taken back say so before they are done. */
const final = new Set(['obligation.write_off', 'obligation.cancel', 'project.terminate', 'project.reverse_funds', 'payload.erase', 'account.disable', 'region.close', 'ladder.define', 'case.withdraw', 'step.refuse', 'mechanism.end']);

function given(text: string | null): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text ?? '{}');
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export default function CommandSheet({ command }: { command: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const here = useHere();
  const navigate = useNavigate();
  const close = () => void navigate(here({ act: undefined, with: undefined }), { replace: true });
  const row = useCommands().find((c) => c.name === command);
  // The ledger's day and currency, from the smallest answer that tells them. The form waits for it: a day filled in later
  // would fall upon what somebody is typing.
  const session = useSession();
  const asked = useRead<ProjectList>('/api/v1/projects', { limit: 1 }, { enabled: holds(session, 'project.read') });
  const [done, setDone] = useState<CommandAnswer | null>(null);
  const [round, setRound] = useState(0);
  return (
    <Sheet title={labels.command(command)} onClose={close}>
      {(!row || (row.allowed && asked.isLoading)) && <Loading rows={5} />}
      {row && !row.allowed && <p className="problem">{t('form.not_allowed', { permission: labels.permission(row.permission) })}</p>}
      {row?.allowed && !asked.isLoading && !done && <CommandForm key={round} row={row} standing={asked.data?.standing} onDone={setDone} onCancel={close} />}
      {done && (
        <Done
          answer={done}
          again={() => {
            setDone(null);
            setRound(round + 1);
          }}
          close={close}
        />
      )}
    </Sheet>
  );
}

function Done({ answer, again, close }: { answer: CommandAnswer; again: () => void; close: () => void }) {
  const { t } = useTranslation();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <>
      <div className="success" role="status" tabIndex={-1} ref={ref}>
        <p>
          {t(answer.repeated ? 'form.repeated' : 'form.recorded')}{' '}
          <span data-record={answer.seq}>
            {t('form.record')} <RecordLink seq={answer.seq} />
          </span>
        </p>
        {answer.ids.length > 0 && <p className="note">{t('form.ids', { ids: answer.ids.join(', ') })}</p>}
      </div>
      <div className="sheet-foot" style={{ border: 0, padding: '14px 0' }}>
        <Button onClick={again}>{t('form.again')}</Button>
        <Button type="primary" onClick={close}>
          {t('common.close')}
        </Button>
      </div>
    </>
  );
}

function CommandForm({ row, standing, onDone, onCancel }: { row: CommandRow; standing?: ProjectList['standing']; onDone: (answer: CommandAnswer) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const problemText = useProblemText();
  const run = useRun();
  const [params] = useSearchParams();
  const [form] = Form.useForm<Record<string, unknown>>();
  const values = Form.useWatch([], form) ?? {};
  const [busy, setBusy] = useState(false);
  const [summary, setSummary] = useState<string[]>([]);
  // One key per form: sending again after a lost answer cannot record the same thing twice. A refusal frees it.
  const key = useRef(newKey());
  const box = useRef<HTMLDivElement>(null);
  const { currency = 'CNY', currency_decimals: decimals = 2 } = standing ?? {};
  const fields = useMemo(() => planFields(row.fields), [row.fields]);
  const today = standing?.as_of;
  const initial = useMemo(() => {
    const out: Record<string, unknown> = {};
    // What has happened mostly happened today; what lies ahead must be said.
    for (const f of fields) if (f.name === 'effective_on' && f.required && today) out.effective_on = today;
    return { ...out, ...given(params.get('with')) };
  }, [fields, today, params]);
  useEffect(() => {
    const now = form.getFieldsValue(true);
    form.setFieldsValue(Object.fromEntries(Object.entries(initial).filter(([k]) => now[k] === undefined)));
  }, [form, initial]);
  useEffect(() => {
    if (summary.length > 0) box.current?.focus();
  }, [summary]);

  const formBox = useRef<HTMLDivElement>(null);
  useEffect(() => {
    formBox.current?.querySelector<HTMLElement>('input, textarea, button[type="submit"]')?.focus();
  }, []);

  const name = (f: FieldPlan) => labels.field(f.name, row.name);
  const refuse = (at: Record<string, string>, others: string[]) => {
    form.setFields(fields.map((f) => ({ name: f.name, errors: at[f.name] ? [at[f.name]!] : [] })));
    setSummary([...fields.filter((f) => at[f.name]).map((f) => t('form.at_field', { field: name(f), text: at[f.name] })), ...others]);
  };

  const submit = async () => {
    const out = convertAll(fields, form.getFieldsValue(true), decimals);
    if (!out.ok) {
      refuse(Object.fromEntries(Object.entries(out.problems).map(([f, p]) => [f, t(`form.problem_${p}`)])), []);
      return;
    }
    setBusy(true);
    try {
      onDone(await run(row.name, out.body, key.current));
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) key.current = newKey();
      const text = problemText(error);
      const field = error instanceof ApiError ? error.field?.match(/^\w+/)?.[0] : undefined;
      const number = error instanceof ApiError && error.instance ? [t('state.instance', { number: error.instance })] : [];
      if (field && fields.some((f) => f.name === field)) refuse({ [field]: text }, number);
      else refuse({}, [text, ...number]);
      setBusy(false);
    }
  };

  // What is done to a case is asked for beside that case; which one, and which step of it, is no question.
  const told = given(params.get('with'));
  const settled = (f: FieldPlan) => (f.name === 'case_id' || f.name === 'step') && told.case_id !== undefined && told[f.name] !== undefined;
  const asked = fields.filter((f) => !settled(f));
  const fixed = (f: FieldPlan) => f.asks.kind === 'pick' && told[f.name] !== undefined;
  return (
    <div ref={formBox}>
      <Form form={form} layout="vertical" onFinish={() => void submit()} requiredMark={false} preserve scrollToFirstError={false}>
        {summary.length > 0 && (
          <div className="problem" role="alert" tabIndex={-1} ref={box}>
            <strong>{t('form.not_recorded')}</strong>
            <ul>
              {summary.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
        )}
        {final.has(row.name) && <p className="banner" style={{ marginBottom: 12, borderRadius: 6, border: 0 }}>{t('form.final')}</p>}
        {typeof told.case_id === 'string' && <p className="note" style={{ marginBottom: 12 }}>{typeof told.step === 'number' ? t('form.of_step', { id: told.case_id, n: told.step }) : t('form.of_case', { id: told.case_id })}</p>}
        {(asked.length === 0 || (fields.length === 1 && fixed(fields[0]!))) && <p style={{ marginBottom: 12 }}>{t('form.only_confirm')}</p>}
        {asked.map((f) =>
          f.asks.kind === 'rows' ? (
            <RowsInput key={f.name} field={f} of={row.name} values={values} currency={currency} decimals={decimals} initial={initial[f.name] as object[] | undefined} />
          ) : (
            <Form.Item
              key={f.name}
              name={f.name}
              label={
                f.asks.kind === 'bool' ? undefined : (
                  <span>
                    {name(f)}
                    {!f.required && <span className="unit">{t('form.optional')}</span>}
                  </span>
                )
              }
            >
              <FieldInput field={f} of={row.name} values={values} currency={currency} decimals={decimals} />
            </Form.Item>
          ),
        )}
        <div style={{ display: 'flex', gap: 8 }}>
          <Button type="primary" htmlType="submit" loading={busy}>
            {labels.command(row.name)}
          </Button>
          <Button onClick={onCancel}>{t('common.cancel')}</Button>
        </div>
        {row.refusals.length > 0 && (
          <details style={{ marginTop: 16 }}>
            <summary>{t('form.when_refused')}</summary>
            <ul className="note" style={{ listStyle: 'disc', paddingLeft: 18 }}>
              {row.refusals.map((code) => (
                <li key={code}>{labels.error(code) ?? code}</li>
              ))}
            </ul>
          </details>
        )}
      </Form>
    </div>
  );
}
