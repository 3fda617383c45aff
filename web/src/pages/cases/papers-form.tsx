// SPDX-License-Identifier: Apache-2.0
// The checklist of papers: for each whether it is in hand, will follow, is promised in writing, or lacks.
import { useTranslation } from 'react-i18next';
import { useLabels } from '@/app/labels';
import type { AllTold, AskedPaper, How, Told } from './asked';
import { Attach } from './attach';

function One({ paper, told, set, attach }: { paper: AskedPaper; told: Told | undefined; set: (told: Told) => void; attach: boolean }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const how = told?.how ?? 'lacking';
  const choices: How[] = ['lacking', 'handed', ...(paper.may_follow ? (['later'] as const) : []), ...(paper.may_promise ? (['promised'] as const) : [])];
  const dated = how === 'later' || (how === 'handed' && paper.dated);
  return (
    <li className={`case-paper ${how}`} data-paper={paper.paper}>
      <fieldset>
        <legend>
          {paper.name} <span className="note">{paper.matters.join(' · ')}</span>
        </legend>
        {choices.map((choice) => (
          <label key={choice} className="choice">
            <input type="radio" name={`paper-${paper.paper}`} checked={how === choice} onChange={() => set({ how: choice, day: choice === how ? told?.day : undefined, file: told?.file })} />
            {choice === 'lacking' ? t('case.lacks') : attach && choice === 'handed' ? t('apply.send_file') : labels.value('Handed', choice)}
          </label>
        ))}
        {dated && (
          <label className="choice">
            {t(how === 'later' ? 'case.follows_by' : 'case.valid_until')}
            <input type="date" value={told?.day ?? ''} onChange={(e) => set({ how, day: e.target.value || undefined, file: told?.file })} required />
          </label>
        )}
        {attach && how === 'handed' && <Attach paper={paper} file={told?.file} set={(file) => set({ how, day: told?.day, file })} />}
      </fieldset>
    </li>
  );
}

/** `attach`: a paper is handed in as a file, since nobody stands at a window. */
export function PapersForm({ asked, told, set, attach = false }: { asked: AskedPaper[]; told: AllTold; set: (change: (now: AllTold) => AllTold) => void; attach?: boolean }) {
  const { t } = useTranslation();
  const rest = asked.filter((p) => (told[p.paper]?.how ?? 'lacking') === 'lacking');
  return (
    <>
      {!attach && rest.length > 1 && (
        <button type="button" className="link" onClick={() => set((now) => ({ ...now, ...Object.fromEntries(rest.map((p) => [p.paper, { how: 'handed' as const }])) }))}>
          {t('case.all_handed')}
        </button>
      )}
      <ul className="case-papers">
        {asked.map((p) => <One key={p.paper} paper={p} told={told[p.paper]} set={(one) => set((now) => ({ ...now, [p.paper]: one }))} attach={attach} />)}
      </ul>
    </>
  );
}
