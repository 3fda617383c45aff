// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, Outlet, useLocation, useNavigate, useSearchParams } from 'react-router';
import { setLanguage, withWords } from '@/i18n';
import { wallTime } from '@/format/day';
import { later } from '@/components/later';
import { pageAt, pages } from '@/routes';
import { useFeed } from './feed';
import { NavTo, To, useHere, useReading } from './reading';
import { holds, isApplicant, useSession } from './session-context';
import { useShortcuts } from './shortcuts';
import { useStanding } from './standing';
import { setTheme, useTheme } from './theme';
import { useUnread } from './unread';

const CommandSheet = later(() => import('@/form/command-sheet'));
const EntrySheet = later(() => import('@/pages/ledger/entry-sheet'));
const ReadingSheet = later(() => import('./reading-sheet'));
const ActSheet = later(() => import('./act-sheet'));
const NoticeSheet = later(() => import('./notice-sheet'));
const HelpSheet = later(() => withWords('help', import('./help-sheet')));
const Find = later(() => withWords('pages', import('./find')));

export function BrandMark() {
  return (
    <svg viewBox="0 0 26 26" aria-hidden="true">
      <path d="M3 13h5v9H3z" fill="#C98A55" />
      <path d="M10.5 8.5h5V22h-5z" fill="#C3CEDD" />
      <path d="M18 3h5v19h-5z" fill="#F0BE3C" />
      <path d="M1 23.5h24" stroke="#fff" strokeWidth="1.5" />
    </svg>
  );
}

export function LanguageTool() {
  const { t, i18n } = useTranslation();
  const other = i18n.language === 'en' ? 'zh-CN' : 'en';
  return (
    <button type="button" className="tool" lang={other} onClick={() => void setLanguage(other)}>
      {t('shell.other_language')}
    </button>
  );
}
export function ThemeTool() {
  const { t } = useTranslation();
  const theme = useTheme();
  const word = t(theme === 'dark' ? 'shell.day_mode' : 'shell.wall_mode');
  return (
    <button type="button" className="tool icon" onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')} aria-label={word} title={word}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1.5a6.5 6.5 0 1 0 0 13zM8 1.5a6.5 6.5 0 0 1 0 13" fill="currentColor" stroke="currentColor" fillOpacity={theme === 'dark' ? 0.35 : 1} />
        <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" />
      </svg>
    </button>
  );
}

function Bell({ open }: { open: () => void }) {
  const { t } = useTranslation();
  const unread = useUnread();
  const shown = unread > 99 ? '99+' : String(unread);
  return (
    <button type="button" className="tool bell" onClick={open} data-unread={unread} aria-label={t('notice.bell', { n: shown })}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1.5a4 4 0 0 0-4 4v3L2.5 11.5h11L12 8.5v-3a4 4 0 0 0-4-4zM6.3 13a1.8 1.8 0 0 0 3.4 0z" fill="currentColor" />
      </svg>
      {unread > 0 && <span className="count">{shown}</span>}
    </button>
  );
}

function ReadingBanner() {
  const { t } = useTranslation();
  const reading = useReading();
  const standing = useStanding();
  const here = useHere();
  if (!reading.as_of && !reading.known_at) return null;
  return (
    <div className="banner" role="status" data-banner>
      <span>
        {reading.as_of && t('shell.as_of_banner', { day: reading.as_of })} {reading.known_at && t('shell.known_at_banner', { at: reading.known_at, seq: standing?.known_at ?? '' })}
      </span>
      <Link to={here({ as_of: undefined, known_at: undefined })}>{t('shell.back_to_now')}</Link>
    </div>
  );
}

type SheetName = 'reading' | 'act' | 'notice' | 'find';

function Head({ name, openSheet, toMain, help }: { name: string; openSheet: (sheet: SheetName) => void; toMain: () => void; help: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const standing = useStanding();
  const { pathname } = useLocation();
  const applicant = isApplicant(session);
  return (
    <>
      <a className="skip" href="#main" onClick={(e) => { e.preventDefault(); toMain(); }}>
        {t('shell.skip')}
      </a>
      <header className="head">
        <To to="/" className="brand">
          <BrandMark />
          <span>{t('shell.brand')}</span>
          <small title={name}>{name}</small>
        </To>
        <nav className="nav" aria-label={t('shell.menu')}>
          {pages.map((p) => p.menu && holds(session, p.permission!) && <NavTo key={p.path} to={p.path} end={p.path === '/'}>{t(p.menu)}</NavTo>)}
          {applicant ? <Link to="/guide">{t('shell.guide')}</Link> : (
            <NavTo to="/registers/units" className={() => (pathname.startsWith('/registers') ? 'active' : '')} aria-current={pathname.startsWith('/registers') ? 'page' : undefined}>
              {t('shell.registers')}
            </NavTo>
          )}
        </nav>
        <div className="tools">
          {holds(session, 'master.read') && (
            <button type="button" className="tool find-box" onClick={() => openSheet('find')} aria-label={t('shell.find')} aria-keyshortcuts="Control+K" data-find>
              <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5 14 14" fill="none" stroke="currentColor" strokeWidth="1.8" /></svg>
              <span>{t('shell.find')}</span> <kbd aria-hidden="true">/</kbd>
            </button>
          )}
          {!applicant && (
            <>
              <button type="button" className="tool plain" onClick={() => openSheet('reading')} data-reading>
                {standing ? t('shell.standing', { time: standing.known_at_time ? wallTime(standing.known_at_time) : standing.as_of }) : t('shell.reading')}
                {standing && <span className="wide"> · {t('shell.standing_seq', { seq: standing.known_at })}</span>}
              </button>
              <button type="button" className="tool" onClick={() => openSheet('act')} data-act>
                {t('shell.act')}
              </button>
            </>
          )}
          {holds(session, 'obligation.read') && <Bell open={() => openSheet('notice')} />}
          <LanguageTool />
          <ThemeTool />
          <button type="button" className="tool icon" onClick={help} aria-label={t('shell.help')} title={t('shell.help')} data-help-button>
            ?
          </button>
          <To to="/me" className="tool">
            {session.display || session.login}
          </To>
        </div>
      </header>
    </>
  );
}

export function Shell() {
  const { t } = useTranslation();
  const session = useSession();
  const standing = useStanding();
  const here = useHere();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [params] = useSearchParams();
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const { helpOpen, showHelp } = useShortcuts();
  const { fixed, bare } = pageAt(pathname) ?? {};
  useFeed();
  // A new page begins where a new page begins, also for who listens to it.
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [pathname]);
  const act = params.get('act');
  const entry = params.get('entry');
  const name = session.jurisdiction_name || session.jurisdiction;
  // The overview is for offices; an enterprise begins with its own cases.
  if (pathname === '/' && isApplicant(session)) return <Navigate to="/applications" replace />;
  return (
    <div className="app">
      {!bare && <Head name={name} openSheet={setSheet} toMain={() => main.current?.focus()} help={() => showHelp(true)} />}
      <ReadingBanner />
      <main id="main" className={fixed ? 'main fixed' : bare ? 'main bare' : 'main'} tabIndex={-1} ref={main}>
        {!bare && (
          <div className="print-head">
            {name} · {t('shell.printed', { day: standing?.as_of ?? '', seq: standing?.known_at ?? '' })}
          </div>
        )}
        <Outlet />
      </main>
      {act && <CommandSheet key={`${act}${params.get('with')}`} command={act} />}
      {entry && <EntrySheet key={entry} seq={Number(entry)} onClose={() => void navigate(here({ entry: undefined }), { replace: true })} />}
      {sheet === 'find' && <Find onClose={() => setSheet(null)} />}
      {sheet === 'reading' && <ReadingSheet onClose={() => setSheet(null)} />}
      {sheet === 'notice' && <NoticeSheet onClose={() => setSheet(null)} />}
      {sheet === 'act' && <ActSheet onClose={() => setSheet(null)} />}
      {helpOpen && <HelpSheet onClose={() => showHelp(false)} />}
    </div>
  );
}
