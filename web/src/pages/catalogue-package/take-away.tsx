// SPDX-License-Identifier: Apache-2.0
// The draft as a file of the catalogue: nothing on the server changes; who keeps the catalogue reads it in.
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { askForFile } from '@/api/client';
import type { CatalogueMatters, CataloguePackageRow, PlanDraft } from '@/api/types';
import { useProblemText } from '@/app/labels';
import { useRead } from '@/app/read';
import { keepFile } from '@/components/keep-file';
import { useName } from '../guide/frame';

export function TakeAway({ of, draft, on }: { of: CataloguePackageRow | undefined; draft: PlanDraft; on: string }) {
  const { t } = useTranslation();
  const name = useName();
  const problem = useProblemText();
  const departments = useRead<CatalogueMatters>('/api/v1/catalogue/matters', { limit: 1 }, { timeless: true }).data?.departments ?? [];
  const [failed, setFailed] = useState('');
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState('');
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    setBusy(true);
    setFailed('');
    setDone('');
    try {
      keepFile(await askForFile('/api/v1/catalogue/file', { ...fields, draft }), `${fields.id}.json`);
      setDone(`${fields.id}.json`);
    } catch (error) {
      setFailed(problem(error));
    } finally {
      setBusy(false);
    }
  };
  const field = (key: string, value: string, more: object = {}) => (
    <div>
      <label htmlFor={`file-${key}`}>{t(`catalogue.file_${key}`)}</label>
      <input id={`file-${key}`} name={key} defaultValue={value} required {...more} />
    </div>
  );
  return (
    <form onSubmit={(e) => void send(e)} className="cat-file" data-take-away>
      <p className="note">{t('catalogue.file_about')}</p>
      {failed && <div className="problem" role="alert">{failed}</div>}
      {done && <div className="success" role="status">{t('catalogue.file_done', { file: done })}</div>}
      {field('id', of?.package.id ?? '', { maxLength: 40, pattern: '[a-z0-9][a-z0-9._\\-]*', title: t('catalogue.file_id_form') })}
      {field('zh', of?.package.zh ?? '', { maxLength: 200, lang: 'zh-CN' })}
      {field('en', of?.package.en ?? '', { maxLength: 200, lang: 'en' })}
      <div>
        <label htmlFor="file-lead">{t('catalogue.file_lead')}</label>
        <select id="file-lead" name="lead" key={departments.length} defaultValue={of?.package.lead.id ?? ''} required>
          <option value="">{t('catalogue.choose_department')}</option>
          {/* The lead may hold no matter itself. */}
          {of && !departments.some((d) => d.name.id === of.package.lead.id) && <option value={of.package.lead.id}>{name(of.package.lead)}</option>}
          {departments.map((d) => <option key={d.name.id} value={d.name.id}>{name(d.name)}</option>)}
        </select>
      </div>
      {field('from', on, { type: 'date' })}
      {field('source', of?.source ?? '', { maxLength: 300 })}
      <button type="submit" className="button primary" disabled={busy || draft.matters.length === 0} data-download>{t('catalogue.download')}</button>
    </form>
  );
}
