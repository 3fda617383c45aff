// SPDX-License-Identifier: Apache-2.0
// Where several ledgers are served: which one this is, and the way into another.
import { useTranslation } from 'react-i18next';
import { addressIn } from '@/api/ledger-address';
import { useLedgers } from '@/app/ledgers';
import { useSession } from '@/app/session-context';
import { Card } from '@/components/card';

export function Ledgers() {
  const { t } = useTranslation();
  const session = useSession();
  const { data } = useLedgers();
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
              // Not a link of the router's: all that this tab has read is of the other ledger, and it begins anew.
              <a className="button" href={addressIn(jurisdiction, '/')} aria-label={t('me.ledger_to', { name })}>{t('me.ledger_go')}</a>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
