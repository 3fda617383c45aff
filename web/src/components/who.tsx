// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import type { Entry } from '@/api/types';

/** Who made a record: the post behind the account, the command line, or the system itself. */
export function Who({ entry }: { entry: Pick<Entry, 'by' | 'by_name'> }) {
  const { t } = useTranslation();
  if (entry.by === 'local' || entry.by === 'system') return <>{t(`entry.${entry.by}`)}</>;
  return <>{entry.by_name || entry.by}</>;
}
