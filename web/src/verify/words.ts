// SPDX-License-Identifier: Apache-2.0
// The words of this page alone: it needs neither the shell nor an account.
import en from '@/i18n/en/verify/verify.json';
import zh from '@/i18n/zh-CN/verify/verify.json';

export type Words = typeof zh;
export const languages = { 'zh-CN': zh, en } as const satisfies Record<string, Words>;
export type Language = keyof typeof languages;

/** The language that was chosen in the shell, else the browser's. */
export function firstLanguage(): Language {
  const chosen = localStorage.getItem('landfall.language') ?? navigator.language;
  return chosen.startsWith('zh') ? 'zh-CN' : 'en';
}

/** The words of a key such as "verify.title", with "{{name}}" filled in. */
export function wordsOf(language: Language) {
  return (key: string, values: Record<string, string | number> = {}): string => {
    const text = languages[language][key.slice('verify.'.length) as keyof Words] ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
  };
}
