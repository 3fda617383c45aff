// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { Sheet } from '@/components/sheet';
import { HelpOf, Keys } from '@/pages/help/help-of';
import { pageAt } from '@/routes';
import { To } from './reading';

/** What the page that is open is for, and the keys. */
export default function HelpSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const key = pageAt(pathname)?.help ?? 'help';
  return (
    <Sheet title={t(`help.${key}_title`)} onClose={onClose} foot={<To to="/help" onClick={onClose}>{t('help.all')}</To>}>
      <HelpOf page={key} />
      <section className="event">
        <h3>{t('help.keys')}</h3>
        <Keys />
      </section>
    </Sheet>
  );
}
