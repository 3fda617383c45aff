// SPDX-License-Identifier: Apache-2.0
// The lists that go out and come back as sheets.
import type { Reads } from '@/app/read';

export const sheetLists = {
  projects: { path: '/projects', permission: 'project.read', reads: 'facts', commands: ['project.register', 'project.rename', 'project.plan_milestone'] },
  reports: { path: '/reports', permission: 'project.read', reads: 'facts', commands: ['report.submit'] },
  obligations: { path: '/obligations', permission: 'obligation.read', reads: 'facts', commands: ['obligation.assign', 'project.plan_milestone'] },
  enterprises: { path: '/registers/enterprises', permission: 'master.read', reads: 'facts', commands: ['enterprise.register'] },
  people: { path: '/registers/persons', permission: 'people.read_personal', reads: 'now', commands: ['person.register'] },
  units: { path: '/registers/units', permission: 'master.read', reads: 'facts', commands: ['unit.create'] },
  regions: { path: '/registers/regions', permission: 'master.read', reads: 'facts', commands: ['region.add'] },
} as const satisfies Record<string, { path: string; permission: string; reads: Reads; commands: string[] }>;
export type SheetList = keyof typeof sheetLists;
