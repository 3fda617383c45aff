// SPDX-License-Identifier: Apache-2.0
// 工作机制: how the place says that it works, in its own words, with who answers for it and the figure it is judged by.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Mechanism, MechanismFigure, MechanismList } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { RecordLink, To, useActLink } from '@/app/reading';
import { holds, useSession } from '@/app/session-context';
import { useShowStanding } from '@/app/standing';
import { Card } from '@/components/card';
import { Answer, Empty } from '@/components/states';
import { FigureNumber } from '@/pages/figures';
import { ActLink, useMay } from '@/pages/project/file';

function Value({ of }: { of: MechanismFigure }) {
  const { t, i18n } = useTranslation();
  const labels = useLabels();
  const name = i18n.language === 'en' ? of.en : of.zh;
  if (!of.value) return <>{name} <span className="note" data-no-value>{t('mechanisms.no_value', { why: labels.error(of.reason ?? '') ?? of.reason })}</span></>;
  return (
    <>
      <To to={`/figures/${of.id}`}>{name}</To>{' '}
      <b style={{ fontSize: 21 }} data-value><FigureNumber value={of.value} /></b>{' '}
      <span className="note">
        {t('mechanisms.period', { from: of.value.from, to: of.value.to })}
        {of.own_only && ` · ${t('mechanisms.own_only')}`}
      </span>
    </>
  );
}

function MechanismCard({ of }: { of: Mechanism }) {
  const { t } = useTranslation();
  const labels = useLabels();
  // A change says the whole anew: its form begins with what holds.
  const asItStands = { mechanism: of.id, name: of.name || undefined, about: of.about, parts: of.parts, owner_unit: of.owner_unit.id, figure: of.figure?.id };
  const readsLedger = holds(useSession(), 'ledger.read');
  return (
    <div data-mechanism={of.id} data-state={of.state}>
      <Card
        title={of.name || t('common.erased')}
        note={<><span className="mono">{of.id}</span> <span className="tag">{labels.value('MechanismState', of.state)}</span></>}
      >
        <p className={of.about ? undefined : 'note'} style={{ whiteSpace: 'pre-line', marginBottom: 10 }}>{of.about ?? t(of.name ? 'mechanisms.to_fill' : 'common.erased')}</p>
        {of.parts.length > 0 && (
          <ol style={{ listStyle: 'decimal', paddingLeft: 22, marginBottom: 10 }} aria-label={t('mechanisms.parts')}>
            {of.parts.map((part, i) => (
              <li key={i}>{part.name}{part.about && <div className="note">{part.about}</div>}</li>
            ))}
          </ol>
        )}
        <dl className="facts pairs">
          <dt>{t('mechanisms.owner')}</dt>
          <dd>{of.owner_unit.name}</dd>
          <dt>{t('mechanisms.figure')}</dt>
          <dd>{of.figure ? <Value of={of.figure} /> : <span className="note">{t('mechanisms.no_figure')}</span>}</dd>
          <dt>{t('mechanisms.since')}</dt>
          <dd>
            {of.until ? t('mechanisms.span', { from: of.from, until: of.until }) : t('mechanisms.from', { from: of.from })}
            <div className="note">{t('mechanisms.version', { n: of.version, all: of.versions, from: of.version_from })} <RecordLink seq={of.defined_seq} /></div>
          </dd>
        </dl>
        <div className="links">
          {!of.until && <ActLink name="mechanism.change" fields={asItStands} />}
          {!of.until && <ActLink name="mechanism.end" fields={{ mechanism: of.id }} />}
          {readsLedger && <To to="/ledger" query={{ subject: `mechanism/${of.id}` }}>{t('mechanisms.records')}</To>}
        </div>
      </Card>
    </div>
  );
}

export default function MechanismsPage() {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const navigate = useNavigate();
  const may = useMay()('mechanism.define');
  const list = useRead<MechanismList>('/api/v1/mechanisms');
  useShowStanding(list.data?.standing);
  const define = <Button type="primary" onClick={() => void navigate(act('mechanism.define'))}>{labels.command('mechanism.define')}</Button>;
  return (
    <>
      <div className="page-head">
        <h1>{t('mechanisms.title')}</h1>
        <span className="note">{t('mechanisms.note')}</span>
        {may && list.data && list.data.rows.length > 0 && <div className="right">{define}</div>}
      </div>
      <Answer of={list}>
        {(data) =>
          data.rows.length === 0 ? (
            <div className="card"><Empty text={t('mechanisms.none')}>{may ? define : <span className="note">{t('mechanisms.none_may')}</span>}</Empty></div>
          ) : (
            <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(420px, 100%), 1fr))', gap: 14, alignItems: 'start' }}>{data.rows.map((m) => <MechanismCard key={m.id} of={m} />)}</div>
          )
        }
      </Answer>
    </>
  );
}
