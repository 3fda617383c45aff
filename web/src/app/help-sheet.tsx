// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Sheet } from '@/components/sheet';
import { shortcutsOn } from './shortcuts';

const keys = ['/', 'Ctrl K', 'g b', 'g w', 'g i', 'g p', 'g d', 'g f', 'g l', 'j k', 'Enter', 'e', 't', '?'];

export default function HelpSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Sheet title={t('shortcut.title')} onClose={onClose}>
      {!shortcutsOn() && <p>{t('shortcut.off')}</p>}
      <dl className="facts">
        {keys.map((key) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>
              {key.split(' ').map((k) => (
                <kbd key={k}>{k}</kbd>
              ))}
            </dt>
            <dd>{t(`shortcut.${key.replace(' ', '_').replace('/', 'slash').replace('?', 'question')}`)}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
