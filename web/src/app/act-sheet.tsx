// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { byHand, useCommands } from '@/actions/commands';
import { Sheet } from '@/components/sheet';
import { Empty } from '@/components/states';
import { useLabels } from './labels';
import { useActLink } from './reading';

/** Every act the account may do, grouped by what it is about. */
export default function ActSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const act = useActLink();
  const navigate = useNavigate();
  const groups = new Map<string, string[]>();
  for (const { name } of byHand(useCommands())) {
    const subject = name.split('.')[0]!;
    groups.set(subject, [...(groups.get(subject) ?? []), name]);
  }
  return (
    <Sheet title={t('shell.act')} onClose={onClose}>
      {groups.size === 0 && <Empty text={t('shell.nothing_to_do')} />}
      {[...groups].map(([subject, names]) => (
        <section key={subject} className="event">
          <h3>{t(`subject.${subject}`)}</h3>
          <ul className="links">
            {names.map((name) => (
              <li key={name}>
                <button type="button" className="link" onClick={() => { onClose(); void navigate(act(name)); }}>
                  {labels.command(name)}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Sheet>
  );
}
