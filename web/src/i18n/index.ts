// SPDX-License-Identifier: Apache-2.0
// The words of the screen. Words of the domain (commands, milestones, refusals) come from the server: app/labels.tsx.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export type Language = 'zh-CN' | 'en';
type Words = Record<string, Record<string, string>>;

function bySubject(files: Record<string, unknown>): Words {
  const out: Words = {};
  for (const [path, words] of Object.entries(files)) out[path.replace(/^.*\/|\.json$/g, '')] = words as Record<string, string>;
  return out;
}

const load: Record<Language, { shell: () => Promise<Words>; pages: () => Promise<Words> }> = {
  'zh-CN': {
    shell: async () => bySubject((await import('./zh')).files),
    pages: async () => bySubject((await import('./zh-pages')).files),
  },
  en: {
    shell: async () => bySubject((await import('./en')).files),
    pages: async () => bySubject((await import('./en-pages')).files),
  },
};

export function language(): Language {
  return i18next.language === 'en' ? 'en' : 'zh-CN';
}

export async function startWords(): Promise<void> {
  const stored = localStorage.getItem('landfall.language');
  const lng: Language = stored === 'en' ? 'en' : 'zh-CN';
  await i18next.use(initReactI18next).init({
    lng,
    resources: { [lng]: { translation: await load[lng].shell() } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = lng;
}

async function add(lng: Language, which: 'shell' | 'pages'): Promise<void> {
  i18next.addResourceBundle(lng, 'translation', await load[lng][which](), true);
}

/** The words of everything behind the shell: a page is shown when they are there. Cheap when they are. */
export function pageWords(): Promise<void> {
  return add(language(), 'pages');
}

export async function setLanguage(lng: Language): Promise<void> {
  await Promise.all([add(lng, 'shell'), add(lng, 'pages')]);
  localStorage.setItem('landfall.language', lng);
  document.documentElement.lang = lng;
  await i18next.changeLanguage(lng);
}
