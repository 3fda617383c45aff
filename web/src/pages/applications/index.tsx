// SPDX-License-Identifier: Apache-2.0
// 我的办件: the cases of the account's own enterprise, those that wait for it first to the eye.
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApplicationList, ApplicationRow } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { To } from '@/app/reading';
import { holds, useSession } from '@/app/session-context';
import { Answer, Empty } from '@/components/states';
import '../cases/cases.css';

const rowsOf = (page: ApplicationList) => page.rows;

function One({ of }: { of: ApplicationRow }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const open = of.closed_on === undefined;
  const wants = [
    open && of.papers_lacking > 0 && t('apply.wants', { n: of.papers_lacking }),
    open && of.papers_overdue > 0 && t('case.n_overdue', { n: of.papers_overdue }),
  ].filter(Boolean);
  return (
    <li className="case-card" data-application={of.id} data-state={of.state}>
      <To to={`/applications/${of.id}`}>{of.name} <span className="unit">{of.id}</span></To>
      <p><b>{labels.value('CaseState', of.state)}</b>{of.delivered_on && ` · ${t('apply.delivered', { day: of.delivered_on })}`}{open && of.due_on && ` · ${t('case.due', { day: of.due_on })}`}</p>
      {wants.length > 0 && <p className="case-late">{wants.join(t('common.comma'))}</p>}
      <p className="note">{[of.department, `${t('case.applied_on')} ${of.applied_on}`, labels.value('CaseChannel', of.channel), `${t('case.steps_done')} ${of.steps_decided} / ${of.steps}`].join(' · ')}</p>
    </li>
  );
}

export default function ApplicationsPage() {
  const { t } = useTranslation();
  const session = useSession();
  const [open, setOpen] = useState('all');
  const { list, first, rows, more } = useReadPages<ApplicationList, ApplicationRow>('/api/v1/applications', { open: open === 'open' ? true : undefined }, rowsOf, 50, 'now');
  return (
    <>
      <div className="page-head">
        <h1>{t('apply.mine')}</h1>
        <span className="note">{session.enterprise?.name} {first && t('case.total', { n: first.total })}</span>
        {holds(session, 'case.apply') && <div className="right"><To to="/apply" className="button primary" data-apply>{t('apply.title')}</To></div>}
      </div>
      <div className="filters">
        <Segmented aria-label={t('case.state')} value={open} onChange={setOpen} options={[{ value: 'all', label: t('case.show_all') }, { value: 'open', label: t('case.show_open') }]} />
      </div>
      <Answer of={list}>
        {() => (
          <div className="card">
            <ul className="case-cards">{rows.map((c) => <One key={c.id} of={c} />)}</ul>
            {rows.length === 0 && <Empty text={t(open === 'open' ? 'apply.none_open' : 'apply.none')} />}
            {list.hasNextPage && <div className="more"><Button block loading={list.isFetchingNextPage} onClick={more}>{t('common.more')}</Button></div>}
          </div>
        )}
      </Answer>
    </>
  );
}
