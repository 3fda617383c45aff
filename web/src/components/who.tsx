// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import type { Entry } from '@/api/types';

/** Who made a record: the post behind the account, the command line, or the system itself. */
export function Who({ entry }: { entry: Pick<Entry, 'by' | 'by_name' | 'by_delegation'> }) {
  const { t } = useTranslation();
  if (entry.by === 'local' || entry.by === 'system') return <>{t(`entry.${entry.by}`)}</>;
  const name = entry.by_name || entry.by;
  if (!entry.by_delegation) return <>{name}</>;
  return (
    <>
      {name} <span className="note" data-delegation={entry.by_delegation.id}>{t('entry.by_delegation', { name: entry.by_delegation.name || t('entry.system'), id: entry.by_delegation.id })}</span>
    </>
  );
}
