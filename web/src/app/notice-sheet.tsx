// SPDX-License-Identifier: Apache-2.0
// What the account should hear of. Opening the list is reading it; what was unread stays marked until it is closed.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '@/api/client';
import type { NotificationList } from '@/api/types';
import { Sheet } from '@/components/sheet';
import { Empty, Failure, Loading } from '@/components/states';
import { wallTime } from '@/format/day';
import { useLabels } from './labels';
import { To } from './reading';
import { setUnread } from './unread';

export default function NoticeSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const client = useQueryClient();
  const [list, setList] = useState<NotificationList>();
  const [failed, setFailed] = useState<unknown>();
  useEffect(() => {
    // Not a cached read: what is shown here is marked as read, so it must be what the server says now.
    const asked = new AbortController();
    void (async () => {
      try {
        const found = await get<NotificationList>('/api/v1/notifications', undefined, asked.signal);
        setList(found);
        if (found.unread === 0) return;
        await post('/api/v1/notifications/read', { seq: found.newest });
        setUnread(0);
      } catch (error) {
        if (!asked.signal.aborted) setFailed(error);
      }
    })();
    return () => asked.abort();
  }, [client]);
  return (
    <Sheet title={t('notice.title')} onClose={onClose}>
      {failed !== undefined && <Failure error={failed} />}
      {!list && failed === undefined && <Loading rows={6} />}
      {list?.rows.length === 0 && <Empty text={t('notice.none')} />}
      <ul className="notices">
        {list?.rows.map((n) => (
          <li key={`${n.seq}/${n.obligation ?? n.case_id ?? 'block'}/${n.kind}/${n.text}`} className={n.unread ? 'unread' : undefined} data-notice={n.kind}>
            <span className="tag">{labels.value('NewsKind', n.kind)}</span>
            <To {...(n.obligation ? { to: `/obligations/${n.obligation}` } : n.case_id ? { to: `/cases/${n.case_id}` } : { to: '/obligations', query: { kind: 'block', project: n.project?.id, state: 'all' } })} onClick={onClose}>
              {n.text_erased ? t('common.erased') : n.text}
            </To>
            <p className="note">
              {n.unread && <b>{t('notice.unread')} · </b>}
              {n.owner_unit.name}
              {n.project ? ` · ${n.project.name}` : ''} · <span className="nowrap">{n.was_due_on ? t('notice.put_off', { was: n.was_due_on, day: n.due_on }) : t('notice.due', { day: n.due_on })}</span> · <span className="nowrap">{wallTime(n.at)} · #{n.seq}</span>
            </p>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
