// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { To } from '@/app/reading';
import { Empty } from '@/components/states';

export default function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="card">
      <h1 className="hidden">{t('state.not_found')}</h1>
      <Empty text={t('state.not_found')}>
        <To to="/">{t('shell.board')}</To>
      </Empty>
    </div>
  );
}
