// SPDX-License-Identifier: Apache-2.0
// One matter, version by version: what it asks and gives, within which limits, by which law, and what each version changed.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { CatalogueChange, CatalogueMatterPage, CatalogueVersion, GuidePaper } from '@/api/types';
import { useRead } from '@/app/read';
import { Card } from '@/components/card';
import { PrintButton } from '@/components/print-button';
import { Answer } from '@/components/states';
import { Unconfirmed, useLimitText, useName } from '../guide/frame';
import '../catalogue/catalogue.css';

/** A limit is written "20 work_days" in the file. */
function useSpelled(): (field: string, value: string | undefined) => string {
  const { t } = useTranslation();
  const limit = useLimitText();
  return (field, value) => {
    if (value === undefined) return t('guide.not_stated');
    if (field === 'statutory' || field === 'promised') {
      const [days, unit] = value.split(' ');
      return limit({ days: Number(days), unit: unit as 'work_days' });
    }
    if (field === 'kind') return t(`guide.kind_${value}`);
    if (field === 'level') return t(`guide.level_${value}`);
    if (field === 'confirmed') return t(value === 'true' ? 'catalogue.confirmed_yes' : 'guide.unconfirmed');
    return value;
  };
}

function Changes({ of, names }: { of: CatalogueChange[]; names: Map<string, string> }) {
  const { t } = useTranslation();
  const spelled = useSpelled();
  const ids = (list: string[]) => list.map((id) => names.get(id) ?? id).join(t('catalogue.and'));
  return (
    <table className="cat-changes">
      <thead><tr><th scope="col">{t('catalogue.member')}</th><th scope="col">{t('catalogue.before')}</th><th scope="col">{t('catalogue.after')}</th></tr></thead>
      <tbody>
        {of.map((c) => (
          <tr key={c.field} data-change={c.field}>
            <th scope="row">{t(`catalogue.field_${c.field}`)}</th>
            {c.added.length + c.removed.length > 0 ? (
              <>
                <td>{c.removed.length > 0 && <del>{ids(c.removed)}</del>}</td>
                <td>{c.added.length > 0 && <ins>{ids(c.added)}</ins>}</td>
              </>
            ) : (
              <>
                <td><del>{spelled(c.field, c.before)}</del></td>
                <td><ins>{spelled(c.field, c.after)}</ins></td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Papers({ of, none, given }: { of: GuidePaper[]; none: string; given?: boolean }) {
  const { t } = useTranslation();
  const name = useName();
  if (of.length === 0) return <p className="note">{none}</p>;
  const makers = (paper: GuidePaper): ReactNode =>
    paper.made_by.length > 0
      ? paper.made_by.map((m, i) => <span key={m.id}>{i > 0 && ' / '}<Link to={`/catalogue/matters/${m.id}`}>{name(m)}</Link></span>)
      : t(paper.by === 'outside' ? 'guide.by_outside' : 'guide.by_applicant');
  const more = (paper: GuidePaper) => [paper.if_due && t('guide.if_due'), paper.valid_days && t('guide.valid', { n: paper.valid_days }), paper.fields && t('guide.fields', { n: paper.fields })].filter(Boolean).join(' · ');
  return (
    <ol className="guide-papers">
      {of.map((paper) => (
        <li key={paper.id}>{name(paper)} <span className="note">{!given && makers(paper)}{!given && more(paper) && ' · '}{more(paper)}</span></li>
      ))}
    </ol>
  );
}

function Version({ of, names }: { of: CatalogueVersion; names: Map<string, string> }) {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  const { matter, ...m } = of.matter;
  return (
    <Card
      title={<>{t('catalogue.version', { n: m.version })}{of.in_force && <span className="tag cat-in-force">{t('catalogue.in_force')}</span>}</>}
      note={of.until ? t('catalogue.from_until', { from: m.from, until: of.until }) : t('catalogue.from', { from: m.from })}
    >
      <div data-version={m.version}>
        {of.changes.length > 0 && <><h3 className="cat-h">{t('catalogue.changes')}</h3><Changes of={of.changes} names={names} /></>}
        <dl className="guide-facts">
          <dt>{t('guide.department')}</dt><dd>{name(matter.department)}</dd>
          <dt>{t('guide.kind')}</dt><dd>{t(`guide.kind_${matter.kind}`)} · {t(`guide.level_${matter.level}`)}</dd>
          <dt>{t('guide.statutory')}</dt><dd>{limit(matter.statutory)}{m.limit_law && ` (${m.limit_law})`}</dd>
          <dt>{t('guide.promise')}</dt><dd>{limit(matter.promised)}</dd>
          <dt>{t('catalogue.applies')}</dt><dd>{m.applies ? <code className="mono">{m.applies}</code> : t('catalogue.always')}</dd>
          <dt>{t('guide.fee')}</dt><dd>{m.fee ?? t('guide.no_fee')}</dd>
          <dt>{t('catalogue.visits')}</dt><dd>{m.visits ?? t('guide.not_stated')}</dd>
          {m.channels.length > 0 && <><dt>{t('guide.window')}</dt><dd>{m.channels.map((c) => (c === 'online' ? t('guide.online') : t('guide.counter'))).join(' · ')}</dd></>}
          {m.code && <><dt>{t('guide.code')}</dt><dd>{m.code}</dd></>}
          {of.replaces.length > 0 && <><dt>{t('catalogue.field_replaces')}</dt><dd>{of.replaces.map(name).join(t('catalogue.and'))}</dd></>}
          <dt>{t('guide.law')}</dt><dd>{m.law} <Unconfirmed of={matter} /></dd>
          <dt>{t('catalogue.source')}</dt><dd>{m.source}</dd>
        </dl>
        <div className="cat-two">
          <section><h3 className="cat-h">{t('catalogue.papers_in')}</h3><Papers of={m.needs} none={t('guide.no_papers')} /></section>
          <section><h3 className="cat-h">{t('catalogue.papers_out')}</h3><Papers of={m.makes} none={t('guide.no_outcome')} given /></section>
        </div>
      </div>
    </Card>
  );
}

function Matter({ of }: { of: CatalogueMatterPage }) {
  const { t } = useTranslation();
  const name = useName();
  const shown = of.versions.find((v) => v.in_force) ?? of.versions[0]!;
  const { matter } = shown.matter;
  const names = new Map(of.versions.flatMap((v) => [...v.matter.needs, ...v.matter.makes, ...v.replaces]).map((n) => [n.id, name(n)]));
  for (const v of of.versions) names.set(v.matter.matter.department.id, name(v.matter.matter.department));
  return (
    <>
      <div className="page-head">
        <h1>{name(matter)}</h1>
        <Unconfirmed of={matter} />
        <span className="note mono">{matter.id}</span>
        <div className="right">
          <Link className="button" to={`/guide/matters/${matter.id}`}>{t('catalogue.guide_page')}</Link>
          <PrintButton />
        </div>
      </div>
      {shown.matter.packages.length > 0 && (
        <p className="note">{t('guide.part_of')}{shown.matter.packages.map((p, i) => <span key={p.id}>{i > 0 && ' ·'} <Link to={`/catalogue/packages/${p.id}`}>{name(p)}</Link></span>)}</p>
      )}
      {!shown.in_force && <p className="note">{t('catalogue.not_in_force', { day: of.on })}</p>}
      {of.versions.map((v) => <Version key={v.matter.version} of={v} names={names} />)}
      {!matter.confirmed && <p className="note">{t('guide.unconfirmed_help')}</p>}
    </>
  );
}

export default function CatalogueMatter() {
  const { id } = useParams();
  const { t } = useTranslation();
  const page = useRead<CatalogueMatterPage>(`/api/v1/catalogue/matters/${encodeURIComponent(id ?? '')}`, undefined, { timeless: true, keep: false });
  return (
    <>
      <nav className="crumbs" aria-label={t('catalogue.title')}><ol><li><Link to="/catalogue">{t('catalogue.title')}</Link></li></ol></nav>
      {!page.data && <h1 className="hidden">{t('guide.matter')}</h1>}
      <Answer of={page}>{(data) => <Matter of={data} />}</Answer>
    </>
  );
}
