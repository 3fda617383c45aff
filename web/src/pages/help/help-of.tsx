// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { shortcutsOn } from '@/app/shortcuts';

/** The sentences of one page: first what it is for. */
export function HelpOf({ page }: { page: string }) {
  const { t, i18n } = useTranslation();
  const sentences: string[] = [];
  for (let n = 1; i18n.exists(`help.${page}_${n}`); ++n) sentences.push(t(`help.${page}_${n}`));
  return (
    <div className="help-of" data-help={page}>
      {sentences.map((sentence) => <p key={sentence}>{sentence}</p>)}
    </div>
  );
}

const keys = ['/', 'Ctrl K', 'g b', 'g w', 'g i', 'g p', 'g d', 'g f', 'g l', 'j k', 'Enter', 'e', 't', '?'];

export function Keys() {
  const { t } = useTranslation();
  return (
    <>
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
    </>
  );
}
