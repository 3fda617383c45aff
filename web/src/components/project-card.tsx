// SPDX-License-Identifier: Apache-2.0
// A project in a list without columns: its light, its name, how late it is, and why.
import { useTranslation } from 'react-i18next';
import type { ProjectRow } from '@/api/types';
import { useLabels } from '@/app/labels';
import { To } from '@/app/reading';
import { count } from '@/format/day';
import { LightShape, lightReason } from './light';

export function ProjectCard({ project }: { project: ProjectRow }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const { light } = project;
  const late = (light.light === 'red' || light.light === 'amber') && light.days !== undefined;
  return (
    <li>
      <To to={`/projects/${project.id}`} data-row-link>
        <span className={`light light-${light.light}`}>
          <LightShape light={light.light} />
          <span className="hidden">{labels.value('Light', light.light)}</span>
        </span>
        <strong>{project.title_erased ? t('common.erased') : project.title}</strong>
        <span className="late">{late && t('unit.days', { n: count(light.days!) })}</span>
        <span className="note">{[project.owner_unit?.name, lightReason(light, t, labels)].filter(Boolean).join(' · ')}</span>
      </To>
    </li>
  );
}
