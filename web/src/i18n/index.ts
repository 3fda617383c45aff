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

/** Fetched apart: what the shell needs, what any page may need, the help, pages apart from the daily ones, and the public guide. */
export type Part = 'shell' | 'pages' | 'help' | 'apart' | 'guide';
const load: Record<Language, Record<Part, () => Promise<Words>>> = {
  'zh-CN': {
    shell: async () => bySubject((await import('./zh')).files),
    pages: async () => bySubject((await import('./zh-pages')).files),
    help: async () => bySubject((await import('./zh-help')).files),
    apart: async () => bySubject((await import('./zh-apart')).files),
    guide: async () => bySubject((await import('./zh-guide')).files),
  },
  en: {
    shell: async () => bySubject((await import('./en')).files),
    pages: async () => bySubject((await import('./en-pages')).files),
    help: async () => bySubject((await import('./en-help')).files),
    apart: async () => bySubject((await import('./en-apart')).files),
    guide: async () => bySubject((await import('./en-guide')).files),
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

const asked = new Set<Part>(['shell']);
async function add(lng: Language, part: Part): Promise<void> {
  i18next.addResourceBundle(lng, 'translation', await load[lng][part](), true);
}

/** What stands behind the shell is shown when its words are there. Cheap when they are. */
export function withWords<T>(part: Part, module: Promise<T>): Promise<T> {
  asked.add(part);
  return Promise.all([module, add(language(), part)]).then(([loaded]) => loaded);
}

export async function setLanguage(lng: Language): Promise<void> {
  await Promise.all([...asked].map((part) => add(lng, part)));
  localStorage.setItem('landfall.language', lng);
  document.documentElement.lang = lng;
  await i18next.changeLanguage(lng);
}
