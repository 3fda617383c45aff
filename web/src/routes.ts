// SPDX-License-Identifier: Apache-2.0
// One table of pages: path, what it needs, where it stands in the menu. A page and its words are loaded when first opened.
import type { ComponentType } from 'react';
import { matchPath } from 'react-router';
import { later, type Later } from '@/components/later';
import { Loading } from '@/components/states';
import { withWords, type Part } from '@/i18n';

export interface Page {
  path: string;
  page: Later<object>;
  /** Its section of the help, i18n/…/help/help.json. */
  help: string;
  /** Key of the menu word; absent: not in the menu. */
  menu?: string;
  /** Without it the page is not in the menu. */
  permission?: string;
  /** Fills the window, with a list that scrolls in its own box. */
  fixed?: boolean;
  /** Stands alone, without the shell's head: what hangs on a wall, is shown to a meeting or goes to the printer. */
  bare?: boolean;
}

type Module = { default: ComponentType };
/** A page that speaks with these parts of the words. */
const speaking =
  (...parts: Part[]) =>
  (load: () => Promise<Module>) =>
    later(() => parts.reduce((module, part) => withWords(part, module), load()), Loading);
const page = speaking('pages');
/** Pages about matters speak with the words of the public guide. */
const matters = speaking('pages', 'apart', 'guide');
// Pages with words of their own, fetched with the first of them: the pages that everybody opens stay light.
const apart = speaking('pages', 'apart');
/** The help, and a page whose words travel with it: the other parts are as heavy as they may be. */
const helped = speaking('pages', 'help');
const guide = speaking('guide');

export const pages: Page[] = [
  { path: '/', help: 'board', permission: 'project.read', page: page(() => import('@/pages/board')), menu: 'shell.board' },
  { path: '/map', help: 'map', permission: 'project.read', page: page(() => import('@/pages/map')), menu: 'shell.map', fixed: true },
  { path: '/map/meeting', help: 'map', page: page(() => import('@/pages/map-meeting')), bare: true },
  { path: '/map/wall', help: 'map', page: page(() => import('@/pages/map-wall')), bare: true },
  { path: '/map/sheet', help: 'map', page: page(() => import('@/pages/map-sheet')), bare: true },
  { path: '/map/borders', help: 'borders', page: apart(() => import('@/pages/borders')) },
  { path: '/inbox', help: 'inbox', permission: 'obligation.read', page: page(() => import('@/pages/inbox')), menu: 'shell.inbox' },
  { path: '/projects', help: 'projects', permission: 'project.read', page: page(() => import('@/pages/projects')), menu: 'shell.projects', fixed: true },
  { path: '/projects/:id', help: 'project', page: page(() => import('@/pages/project')) },
  { path: '/obligations', help: 'obligations', permission: 'obligation.read', page: page(() => import('@/pages/obligations')), menu: 'shell.obligations', fixed: true },
  { path: '/obligations/assign', help: 'assign', page: page(() => import('@/pages/assign')) },
  { path: '/obligations/:id', help: 'obligation', page: page(() => import('@/pages/obligation')) },
  { path: '/cases', help: 'cases', permission: 'case.read', page: apart(() => import('@/pages/cases')), menu: 'shell.cases', fixed: true },
  { path: '/cases/new', help: 'case_new', page: matters(() => import('@/pages/case-new')) },
  { path: '/cases/inbox', help: 'case_inbox', page: apart(() => import('@/pages/case-inbox')) },
  { path: '/cases/health', help: 'case_health', page: apart(() => import('@/pages/case-health')) },
  { path: '/cases/:id', help: 'case', page: apart(() => import('@/pages/case')) },
  { path: '/cases/:id/receipt', help: 'case', page: apart(() => import('@/pages/case-paper')), bare: true },
  { path: '/cases/:id/notice', help: 'case', page: apart(() => import('@/pages/case-paper')), bare: true },
  { path: '/applications', help: 'applications', permission: 'case.read_own', page: apart(() => import('@/pages/applications')), menu: 'shell.applications' },
  { path: '/applications/:id', help: 'application', page: matters(() => import('@/pages/application')) },
  { path: '/applications/:id/receipt', help: 'application', page: apart(() => import('@/pages/case-paper')), bare: true },
  { path: '/applications/:id/notice', help: 'application', page: apart(() => import('@/pages/case-paper')), bare: true },
  { path: '/apply', help: 'apply', permission: 'case.apply', page: matters(() => import('@/pages/apply')), menu: 'shell.apply' },
  { path: '/reports', help: 'reports', permission: 'project.read', page: page(() => import('@/pages/reports')), menu: 'shell.reports' },
  { path: '/reports/corrections', help: 'corrections', page: page(() => import('@/pages/corrections')) },
  { path: '/projects/:id/report', help: 'report_form', page: page(() => import('@/pages/report-form')) },
  { path: '/catalogue', help: 'catalogue', permission: 'master.read', page: matters(() => import('@/pages/catalogue')), menu: 'shell.catalogue' },
  { path: '/catalogue/matters/:id', help: 'catalogue', page: matters(() => import('@/pages/catalogue-matter')) },
  { path: '/catalogue/packages/:id', help: 'package_editor', page: matters(() => import('@/pages/catalogue-package')) },
  { path: '/calendar', help: 'workdays', page: apart(() => import('@/pages/calendar')) },
  { path: '/figures', help: 'figures', permission: 'figure.read', page: page(() => import('@/pages/figures')), menu: 'shell.figures', fixed: true },
  { path: '/figures/:id', help: 'figure', page: page(() => import('@/pages/figure')), fixed: true },
  { path: '/claims', help: 'claims', permission: 'claim.read', page: apart(() => import('@/pages/claims')), menu: 'shell.claims', fixed: true },
  { path: '/ledger', help: 'ledger', permission: 'ledger.read', page: page(() => import('@/pages/ledger')), menu: 'shell.ledger', fixed: true },
  { path: '/agents', help: 'agents', page: apart(() => import('@/pages/agents')) },
  { path: '/mechanisms', help: 'mechanisms', page: helped(() => import('@/pages/mechanisms')) },
  { path: '/registers/:kind', help: 'registers', page: page(() => import('@/pages/registers')), fixed: true },
  { path: '/sheets/:kind', help: 'sheets', page: page(() => import('@/pages/sheets')), fixed: true },
  { path: '/start', help: 'start', page: apart(() => import('@/pages/start')) },
  { path: '/help', help: 'help', page: helped(() => import('@/pages/help')) },
  { path: '/me', help: 'me', page: page(() => import('@/pages/me')) },
];

/** The page of an address; where two fit, the one whose path says more words of it. */
export function pageAt(pathname: string): Page | undefined {
  const fitting = pages.filter((p) => matchPath(p.path, pathname));
  return fitting.find((p) => !p.path.includes(':')) ?? fitting[0];
}

/** Outside the shell, for anybody: no session is asked for. */
export const publicPages: Pick<Page, 'path' | 'page'>[] = [
  { path: '/guide', page: guide(() => import('@/pages/guide')) },
  { path: '/guide/packages/:id', page: guide(() => import('@/pages/guide-package')) },
  { path: '/guide/matters/:id', page: guide(() => import('@/pages/guide-matter')) },
  { path: '/progress/:id?', page: speaking('guide', 'apart')(() => import('@/pages/progress')) },
];
