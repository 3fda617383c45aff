// SPDX-License-Identifier: Apache-2.0
// 办事指南: what is to be done here as one thing, and every matter by itself.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { GuideIndex } from '@/api/types';
import { useRead } from '@/app/read';
import { Card } from '@/components/card';
import { Answer, Empty } from '@/components/states';
import { GuideFrame, Unconfirmed, useLimitText, useName } from './frame';

function Matters({ index }: { index: GuideIndex }) {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  const [wanted, setWanted] = useState('');
  const words = wanted.trim().toLowerCase();
  const rows = index.matters.filter((m) => words === '' || [m.zh, m.en, m.department.zh, m.department.en, m.id].some((text) => text.toLowerCase().includes(words)));
  return (
    <Card title={t('guide.matters')} note={t('guide.count', { n: rows.length })} flush>
      <div className="card-body">
        <label className="hidden" htmlFor="guide-find">{t('guide.find')}</label>
        <input id="guide-find" className="guide-find" type="search" placeholder={t('guide.find')} value={wanted} onChange={(e) => setWanted(e.target.value)} />
      </div>
      {rows.length === 0 && <Empty text={t('guide.none')} />}
      <ul className="guide-list">
        {rows.map((m) => (
          <li key={m.id}>
            <Link to={`/guide/matters/${m.id}`}>
              <span>{name(m)}</span>
              <Unconfirmed of={m} />
              <span className="note">{name(m.department)} · {limit(m.promised ?? m.statutory)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export default function Guide() {
  const { t } = useTranslation();
  const name = useName();
  const limit = useLimitText();
  const index = useRead<GuideIndex>('/api/v1/guide', undefined, { timeless: true });
  return (
    <GuideFrame>
      <div className="page-head"><h1>{t('guide.title')}</h1></div>
      <p className="note">{t('guide.about')}</p>
      <p className="note"><Link to="/progress">{t('guide.progress')}</Link></p>
      <Answer of={index}>
        {(data) => (
          <>
            <div className="guide-cards">
              {data.packages.map((p) => (
                <Link key={p.id} to={`/guide/packages/${p.id}`} className="card guide-card" data-package={p.id}>
                  <b>{name(p)}</b>
                  <span className="note">{t('guide.package_note', { n: p.matters.length, lead: name(p.lead) })}</span>
                  {p.promised && <span className="note"> · {t('guide.promised', { limit: limit(p.promised) })}</span>}
                </Link>
              ))}
            </div>
            <Matters index={data} />
          </>
        )}
      </Answer>
    </GuideFrame>
  );
}
