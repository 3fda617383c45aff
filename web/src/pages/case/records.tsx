// SPDX-License-Identifier: Apache-2.0
// Every record of the case, with its proof.
import { useTranslation } from 'react-i18next';
import type { CasePage } from '@/api/types';
import { Card } from '@/components/card';
import { EntryTable } from '@/components/entry-table';
import { wordsIn } from '../obligation/story';

export function Records({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  return (
    <div id="records">
      <Card title={t('case.records')} note={t('case.n_records', { n: page.records })} flush>
        <EntryTable path={`/api/v1/cases/${page.file.id}/entries`} size={50} label={t('case.records')} what={{ title: t('case.said'), of: wordsIn }} />
      </Card>
    </div>
  );
}
