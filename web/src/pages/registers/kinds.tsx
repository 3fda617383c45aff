// SPDX-License-Identifier: Apache-2.0
// The plain lists, as one table of columns. A list gets a page of its own only when it deserves one.
import type { ReactNode } from 'react';
import type { LabelsApi } from '@/app/labels';
import { RecordLink, To } from '@/app/reading';
import { wallTime } from '@/format/day';
import type { Rung } from '@/api/types';
import type { Reads } from '@/app/read';
import type { SheetList } from '@/components/sheet-lists';

export type Cell = 'text' | 'number' | 'time' | 'ref' | 'digest' | 'record' | 'roles' | 'flag' | 'ladder' | 'rungs' | 'report' | 'refs' | 'project' | 'permission' | `enum:${string}`;
export interface RegisterKind {
  kind: string;
  path: string;
  permission: string;
  group: 'people' | 'master' | 'admin';
  /** The field that names a row in the commands about it. */
  subject?: string;
  /** What the names of those commands begin with, where it is not the subject. */
  about?: string;
  /** The member of the answer that holds the rows, where it is not `rows`. */
  rows?: string;
  /** Goes out and comes back as this sheet. */
  sheet?: SheetList;
  /** Commands that make a new row. */
  create?: string;
  reads: Reads;
  /** Its path takes `q`. */
  asks?: boolean;
  /** Rows at a time; absent: the whole list at once. */
  pageSize?: number;
  columns: [key: string, cell: Cell, width: number][];
}

export const registerKinds: RegisterKind[] = [
  { kind: 'units', reads: 'facts', path: '/api/v1/units', permission: 'master.read', group: 'people', subject: 'unit', create: 'unit.create', sheet: 'units', columns: [['id', 'text', 70], ['name', 'text', 280], ['code', 'text', 200], ['parent', 'ref', 220], ['projects', 'number', 90]] },
  { kind: 'posts', reads: 'now', path: '/api/v1/posts', permission: 'master.read', group: 'people', subject: 'post', create: 'post.create', columns: [['id', 'text', 70], ['title', 'text', 220], ['unit', 'ref', 260], ['person', 'ref', 160], ['since', 'text', 120], ['acting', 'ref', 140], ['acting_until', 'text', 120], ['duties', 'number', 90]] },
  { kind: 'duties', reads: 'facts', path: '/api/v1/duties', permission: 'project.read', group: 'people', subject: 'duty', create: 'duty.assign', columns: [['id', 'text', 70], ['project', 'project', 280], ['kind', 'enum:DutyKind', 120], ['unit', 'ref', 200], ['post', 'ref', 180], ['from', 'text', 120], ['seq', 'record', 90]] },
  { kind: 'persons', reads: 'now', path: '/api/v1/persons', permission: 'people.read_personal', group: 'people', subject: 'person', create: 'person.register', sheet: 'people', columns: [['id', 'text', 70], ['name', 'text', 260]] },
  { kind: 'regions', reads: 'facts', path: '/api/v1/regions', permission: 'master.read', group: 'master', subject: 'region', create: 'region.add', sheet: 'regions', columns: [['id', 'text', 70], ['name', 'text', 220], ['code', 'text', 130], ['parent', 'ref', 200], ['from', 'text', 120], ['until', 'text', 120], ['successor', 'ref', 180]] },
  { kind: 'enterprises', reads: 'facts', path: '/api/v1/enterprises', permission: 'master.read', group: 'master', subject: 'enterprise', create: 'enterprise.register', sheet: 'enterprises', asks: true, pageSize: 500, columns: [['id', 'text', 70], ['name', 'text', 320], ['credit_code', 'text', 190], ['foreign_number', 'text', 160], ['projects', 'number', 90]] },
  { kind: 'ladders', reads: 'facts', path: '/api/v1/ladders', permission: 'master.read', group: 'master', create: 'ladder.define', columns: [['ladder', 'ladder', 180], ['rungs', 'rungs', 720], ['projects', 'number', 90]] },
  { kind: 'batches', reads: 'now', path: '/api/v1/batches', permission: 'ledger.read', group: 'master', pageSize: 200, columns: [['seq', 'record', 90], ['at', 'time', 160], ['by', 'text', 120], ['kind', 'text', 140], ['entries', 'number', 90], ['report', 'report', 130], ['file', 'digest', 160], ['mapping', 'digest', 160]] },
  { kind: 'accounts', reads: 'now', path: '/api/v1/accounts', permission: 'account.read', group: 'admin', subject: 'account', create: 'account.create', columns: [['id', 'text', 70], ['login', 'text', 160], ['display', 'text', 200], ['roles', 'roles', 220], ['unit', 'ref', 200], ['person', 'text', 90], ['enterprise', 'ref', 200], ['own_units', 'refs', 220], ['has_password', 'flag', 100], ['disabled', 'flag', 90]] },
  { kind: 'policy', reads: 'now', path: '/api/v1/policy', permission: 'policy.read', group: 'admin', rows: 'changes', subject: 'change', about: 'policy', create: 'policy.propose', columns: [['id', 'text', 70], ['state', 'enum:PolicyChangeState', 100], ['role', 'enum:Role', 140], ['permission', 'permission', 220], ['reach', 'enum:PolicyReach', 110], ['remark', 'text', 260], ['proposed_seq', 'record', 90], ['decided_seq', 'record', 90]] },
  { kind: 'audit', reads: 'now', path: '/api/v1/audit', permission: 'audit.read', group: 'admin', pageSize: 200, columns: [['id', 'text', 80], ['at', 'time', 160], ['who', 'text', 160], ['what', 'text', 160], ['subject', 'text', 220], ['result', 'text', 220]] },
];

type Row = Record<string, unknown>;
interface Show {
  labels: LabelsApi;
  yes: string;
  /** Names of the rows of the same list, for parents and successors given by id. */
  nameOf: (id: string) => string;
  report: (digest: string) => ReactNode;
}

export function cellOf(row: Row, key: string, cell: Cell, show: Show): ReactNode {
  const value = row[key];
  if (value === undefined || value === null) return '–';
  if (cell.startsWith('enum:')) return show.labels.value(cell.slice(5), String(value));
  switch (cell) {
    case 'time':
      return <span className="nowrap">{wallTime(String(value))}</span>;
    case 'ref': {
      if (typeof value === 'string') return show.nameOf(value);
      return (value as { name: string }).name;
    }
    case 'refs':
      return (value as { name: string }[]).map((v) => v.name).join(' · ') || '–';
    case 'project': {
      const project = value as { id: string; name: string };
      return <To to={`/projects/${project.id}`}>{project.name || project.id}</To>;
    }
    case 'permission':
      return show.labels.permission(String(value));
    case 'digest':
      return <span className="mono" title={String(value)}>{String(value).slice(7, 23)}…</span>;
    case 'report':
      return show.report(String(value));
    case 'record':
      return <RecordLink seq={Number(value)} />;
    case 'roles':
      return (value as string[]).map((r) => show.labels.role(r)).join(' · ') || '–';
    case 'flag':
      return value ? show.yes : '–';
    case 'ladder':
      return show.labels.ladder(String(value));
    case 'rungs':
      return (value as Rung[]).map((r) => show.labels.milestone(r.key)).join(' → ');
    case 'number':
      return key === 'projects' && row.id !== undefined && /^[or]/.test(String(row.id)) ? (
        <To to="/projects" query={{ [String(row.id).startsWith('o') ? 'unit' : 'region']: String(row.id) }}>{String(value)}</To>
      ) : (
        String(value)
      );
    default:
      return String(value);
  }
}
