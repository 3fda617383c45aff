// SPDX-License-Identifier: Apache-2.0
// Where several ledgers are served: which one this is, and the way into another.
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { chooseLedger, get } from '@/api/client';
import type { LedgerList } from '@/api/types';
import { useSession } from '@/app/session-context';
import { Card } from '@/components/card';

export function Ledgers() {
  const { t } = useTranslation();
  const session = useSession();
  const { data } = useQuery({ queryKey: ['/api/v1/ledgers'], queryFn: ({ signal }) => get<LedgerList>('/api/v1/ledgers', undefined, signal) });
  if (!data || data.rows.length < 2) return null;
  return (
    <Card title={t('me.ledgers')}>
      <p className="note">{t('me.ledgers_help')}</p>
      <ul data-ledgers>
        {data.rows.map(({ jurisdiction, name }) => (
          <li key={jurisdiction} style={{ display: 'flex', gap: 8, alignItems: 'center', justifyContent: 'space-between', padding: '4px 0' }}>
            <span>{name}</span>
            {jurisdiction === session.jurisdiction ? (
              <span className="unit" aria-current="true">{t('me.ledger_here')}</span>
            ) : (
              <Button
                aria-label={t('me.ledger_to', { name })}
                onClick={() => {
                  chooseLedger(jurisdiction);
                  // All that this tab has read is of the other ledger: it begins anew.
                  location.assign('/');
                }}
              >
                {t('me.ledger_go')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
