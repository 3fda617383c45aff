// SPDX-License-Identifier: Apache-2.0
// All help in one page, to read or to print.
import { useTranslation } from 'react-i18next';
import { Card } from '@/components/card';
import { pages } from '@/routes';
import { HelpOf, Keys } from './help-of';

export default function Help() {
  const { t } = useTranslation();
  const sections = [...new Set(pages.map((p) => p.help))];
  return (
    <>
      <div className="page-head">
        <h1>{t('help.help_title')}</h1>
      </div>
      <div className="col">
        {sections.map((key) => (
          <Card key={key} title={t(`help.${key}_title`)}>
            <HelpOf page={key} />
          </Card>
        ))}
        <Card title={t('help.keys')}>
          <Keys />
        </Card>
      </div>
    </>
  );
}
