// SPDX-License-Identifier: Apache-2.0
// One table of pages: path, what it needs, where it stands in the menu. A page and its words are loaded when first opened.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { pageWords } from '@/i18n';

export interface Page {
  path: string;
  page: LazyExoticComponent<ComponentType>;
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
const page = (load: () => Promise<Module>) => lazy(async () => (await Promise.all([load(), pageWords()]))[0]);

export const pages: Page[] = [
  { path: '/', permission: 'project.read', page: page(() => import('@/pages/board')), menu: 'shell.board' },
  { path: '/map', permission: 'project.read', page: page(() => import('@/pages/map')), menu: 'shell.map', fixed: true },
  { path: '/map/meeting', page: page(() => import('@/pages/map-meeting')), bare: true },
  { path: '/map/wall', page: page(() => import('@/pages/map-wall')), bare: true },
  { path: '/map/sheet', page: page(() => import('@/pages/map-sheet')), bare: true },
  { path: '/inbox', permission: 'obligation.read', page: page(() => import('@/pages/inbox')), menu: 'shell.inbox' },
  { path: '/projects', permission: 'project.read', page: page(() => import('@/pages/projects')), menu: 'shell.projects', fixed: true },
  { path: '/projects/:id', page: page(() => import('@/pages/project')) },
  { path: '/obligations', permission: 'obligation.read', page: page(() => import('@/pages/obligations')), menu: 'shell.obligations', fixed: true },
  { path: '/obligations/assign', page: page(() => import('@/pages/assign')) },
  { path: '/obligations/:id', page: page(() => import('@/pages/obligation')) },
  { path: '/reports', permission: 'project.read', page: page(() => import('@/pages/reports')), menu: 'shell.reports' },
  { path: '/reports/corrections', page: page(() => import('@/pages/corrections')) },
  { path: '/projects/:id/report', page: page(() => import('@/pages/report-form')) },
  { path: '/figures', permission: 'figure.read', page: page(() => import('@/pages/figures')), menu: 'shell.figures', fixed: true },
  { path: '/figures/:id', page: page(() => import('@/pages/figure')), fixed: true },
  { path: '/claims', permission: 'claim.read', page: page(() => import('@/pages/claims')), menu: 'shell.claims', fixed: true },
  { path: '/ledger', permission: 'ledger.read', page: page(() => import('@/pages/ledger')), menu: 'shell.ledger', fixed: true },
  { path: '/registers/:kind', page: page(() => import('@/pages/registers')), fixed: true },
  { path: '/sheets/:kind', page: page(() => import('@/pages/sheets')), fixed: true },
  { path: '/me', page: page(() => import('@/pages/me')) },
];
