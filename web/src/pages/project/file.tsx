// SPDX-License-Identifier: Apache-2.0
// The project's file is one answer that several cards show; and what is the same project, or might be.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCommands } from '@/actions/commands';
import type { NamedRef, ProjectFile } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useRead } from '@/app/read';
import { To, useActLink } from '@/app/reading';
import { Card } from '@/components/card';
import { Answer, Empty } from '@/components/states';

export function useFile(project: string) {
  return useRead<ProjectFile>(`/api/v1/projects/${project}/file`, {}, { keep: false });
}

/** Links to commands that this person may run, filled in as far as the page knows. */
export function useMay(): (name: string) => boolean {
  const commands = useCommands();
  return (name) => commands.some((c) => c.name === name && c.allowed);
}
export function ActLink({ name, fields, className }: { name: string; fields: Record<string, unknown>; className?: string }) {
  const labels = useLabels();
  const act = useActLink();
  const may = useMay();
  return may(name) ? <Link className={className} to={act(name, fields)}>{labels.command(name)}</Link> : null;
}

export function DuplicatesCard({ project }: { project: string }) {
  const { t } = useTranslation();
  const file = useFile(project);
  const rows = (list: NamedRef[], acts: (other: string) => [string, Record<string, string>][]) =>
    list.map((other) => (
      <div key={other.id}>
        <To to={`/projects/${other.id}`}>{other.name || other.id}</To>{' '}
        {acts(other.id).map(([name, fields]) => <span key={name}> <ActLink className="note" name={name} fields={fields} /></span>)}
      </div>
    ));
  return (
    <Card title={t('file.duplicates')} note={t('file.once')}>
      <Answer of={file} rows={2}>
        {(f) =>
          !f.counted_in && f.duplicates.length + f.twins.length + f.told_apart.length === 0 ? (
            <Empty text={t('file.duplicates_none')} />
          ) : (
            <dl className="facts pairs">
              {f.counted_in && (
                <>
                  <dt>{t('file.counted_in', { name: '' })}</dt>
                  <dd>{rows([f.counted_in], () => [['project.unlink_duplicate', { project }]])}</dd>
                </>
              )}
              {f.duplicates.length > 0 && (
                <>
                  <dt>{t('file.counts_for')}</dt>
                  <dd>{rows(f.duplicates, (other) => [['project.unlink_duplicate', { project: other }]])}</dd>
                </>
              )}
              {f.twins.length > 0 && (
                <>
                  <dt>{t('file.twins')}</dt>
                  <dd>{rows(f.twins, (other) => [['project.link_duplicate', { project, counted_in: other }], ['project.tell_apart', { project, other }]])}</dd>
                </>
              )}
              {f.told_apart.length > 0 && (
                <>
                  <dt>{t('file.told_apart')}</dt>
                  <dd>{rows(f.told_apart, () => [])}</dd>
                </>
              )}
            </dl>
          )
        }
      </Answer>
    </Card>
  );
}
