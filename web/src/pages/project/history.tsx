// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useLabels } from '@/app/labels';
import { Card } from '@/components/card';
import { EntryTable } from '@/components/entry-table';

export function History({ project }: { project: string }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <div id="history" className="history">
      <Card title={t('project.history')} note={t('project.history_note')} flush>
        <EntryTable path={`/api/v1/projects/${project}/entries`} size={20} label={t('project.history')}
          what={{ title: t('entry.events'), of: (e) => [...new Set(e.events.map((v) => labels.event(v.type)))] }} />
      </Card>
    </div>
  );
}
