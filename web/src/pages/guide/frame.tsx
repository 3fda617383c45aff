// SPDX-License-Identifier: Apache-2.0
// The public guide stands outside the shell: nobody has to sign in for it.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { GuideLimit, GuideMatterRow } from '@/api/types';
import { BrandMark, LanguageTool, ThemeTool } from '@/app/shell';
import './guide.css';

export function GuideFrame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="guide">
      <header className="head">
        <Link to="/guide" className="brand">
          <BrandMark />
          <span>{t('shell.brand')}</span>
          <small>{t('guide.title')}</small>
        </Link>
        <div className="tools">
          <LanguageTool />
          <ThemeTool />
          <Link className="tool" to="/">{t('guide.to_work')}</Link>
        </div>
      </header>
      <main className="guide-main" id="main">{children}</main>
    </div>
  );
}

/** The name of a thing of the catalogue in the language of the page. */
export function useName(): (of: { zh: string; en: string }) => string {
  const { i18n } = useTranslation();
  return (of) => (i18n.language === 'en' ? of.en : of.zh);
}

export function useLimitText(): (limit: GuideLimit | undefined) => string {
  const { t } = useTranslation();
  return (limit) => {
    if (!limit) return t('guide.not_stated');
    if (limit.days === 0) return t('guide.on_the_day');
    return t(limit.unit === 'work_days' ? 'guide.work_days' : 'guide.calendar_days', { n: limit.days });
  };
}

export function Unconfirmed({ of }: { of: Pick<GuideMatterRow, 'confirmed'> }) {
  const { t } = useTranslation();
  return of.confirmed ? null : <span className="guide-mark" title={t('guide.unconfirmed_help')}>{t('guide.unconfirmed')}</span>;
}
