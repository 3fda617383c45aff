// SPDX-License-Identifier: Apache-2.0
// One table of pages: path, what it needs, where it stands in the menu. Pages are loaded when first opened.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

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

export const pages: Page[] = [
  { path: '/', permission: 'project.read', page: lazy(() => import('@/pages/board')), menu: 'shell.board' },
  { path: '/map', permission: 'project.read', page: lazy(() => import('@/pages/map')), menu: 'shell.map', fixed: true },
  { path: '/map/meeting', page: lazy(() => import('@/pages/map-meeting')), bare: true },
  { path: '/map/wall', page: lazy(() => import('@/pages/map-wall')), bare: true },
  { path: '/map/sheet', page: lazy(() => import('@/pages/map-sheet')), bare: true },
  { path: '/inbox', permission: 'obligation.read', page: lazy(() => import('@/pages/inbox')), menu: 'shell.inbox' },
  { path: '/projects', permission: 'project.read', page: lazy(() => import('@/pages/projects')), menu: 'shell.projects', fixed: true },
  { path: '/projects/:id', page: lazy(() => import('@/pages/project')) },
  { path: '/obligations', permission: 'obligation.read', page: lazy(() => import('@/pages/obligations')), menu: 'shell.obligations', fixed: true },
  { path: '/obligations/assign', page: lazy(() => import('@/pages/assign')) },
  { path: '/obligations/:id', page: lazy(() => import('@/pages/obligation')) },
  { path: '/reports', permission: 'project.read', page: lazy(() => import('@/pages/reports')), menu: 'shell.reports' },
  { path: '/reports/corrections', page: lazy(() => import('@/pages/corrections')) },
  { path: '/projects/:id/report', page: lazy(() => import('@/pages/report-form')) },
  { path: '/figures', permission: 'figure.read', page: lazy(() => import('@/pages/figures')), menu: 'shell.figures', fixed: true },
  { path: '/figures/:id', page: lazy(() => import('@/pages/figure')), fixed: true },
  { path: '/ledger', permission: 'ledger.read', page: lazy(() => import('@/pages/ledger')), menu: 'shell.ledger', fixed: true },
  { path: '/registers/:kind', page: lazy(() => import('@/pages/registers')), fixed: true },
  { path: '/sheets/:kind', page: lazy(() => import('@/pages/sheets')), fixed: true },
  { path: '/me', page: lazy(() => import('@/pages/me')) },
];
