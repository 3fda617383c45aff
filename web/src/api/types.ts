// SPDX-License-Identifier: Apache-2.0
export type Light = 'red' | 'amber' | 'green' | 'done' | 'idle';
export type LightReason = 'overdue' | 'on_plan' | 'no_plan' | 'all_reached' | 'on_hold' | 'terminated' | 'closed';
export type ObligationState = 'assigned' | 'accepted' | 'reported_done' | 'written_off' | 'done' | 'cancelled';
export type EvidenceLevel = 'none' | 'stated' | 'document' | 'verified';
export type Medal = 'none' | 'bronze' | 'silver' | 'gold';
export type HoldReason = 'market' | 'funds' | 'land' | 'approval' | 'investor_request' | 'other';
export type FundsKind = 'fixed_assets' | 'working_capital' | 'foreign_investment' | 'fiscal';
export interface LightView {
  light: Light;
  reason: LightReason;
  milestone?: string;
  days?: number;
  since?: string;
}
export interface Standing {
  jurisdiction: string;
  jurisdiction_name: string;
  currency: string;
  currency_decimals: number;
  as_of: string;
  known_at: number;
  known_at_time?: string;
  ledger_size: number;
}
export interface MilestoneCounts {
  past: number;
  ahead: number;
  none: number;
  contradicting: number;
}
export interface LightCounts {
  red: number;
  amber: number;
  green: number;
  done: number;
  idle: number;
}
export interface BoardGroup {
  id: string;
  name: string;
  projects: number;
  lights: LightCounts;
}
export interface Board {
  standing: Standing;
  projects: number;
  investment_minor: string;
  without_investment: number;
  funds_minor: string;
  milestones: Record<string, MilestoneCounts>;
  lights: LightCounts;
  stages: Record<string, number>;
  units: BoardGroup[];
  regions: BoardGroup[];
  obligations: LightCounts;
}
export interface NamedRef {
  id: string;
  name: string;
}
export interface ProjectRow {
  id: string;
  code?: string;
  title: string;
  title_erased: boolean;
  ladder: string;
  stage: string;
  medal?: string;
  light: LightView;
  owner_unit?: NamedRef;
  region?: NamedRef;
  investment_minor?: string;
  funds_minor: string;
  next_milestone?: string;
  next_due_on?: string;
  contradictions: number;
}
export interface ProjectList {
  standing: Standing;
  total: number;
  investment_minor: string;
  rows: ProjectRow[];
  next_cursor?: string;
}
export interface Milestone {
  milestone: string;
  medal: Medal;
  planned_on?: string;
  planned_seq?: number;
  reached_on?: string;
  reached_seq?: number;
  evidence_level?: EvidenceLevel;
  late_days: number;
  contradicting: boolean;
  needs_evidence: boolean;
}
export interface Funds {
  seq: number;
  kind: FundsKind;
  amount_minor: string;
  effective_on: string;
  evidence_level: EvidenceLevel;
  reversed_by?: number;
}
export interface ObligationRow {
  id?: string;
  kind: string;
  text: string;
  text_erased: boolean;
  state: ObligationState;
  light: LightView;
  owner_unit?: NamedRef;
  project?: NamedRef;
  milestone?: string;
  due_on: string;
  given_on?: string;
  returned_times: number;
  seq: number;
  next: string[];
}
export interface ObligationList {
  standing: Standing;
  total: number;
  lights: LightCounts;
  rows: ObligationRow[];
  next_cursor?: string;
}
export interface ProjectPage {
  standing: Standing;
  project: ProjectRow;
  enterprise?: NamedRef;
  enterprise_credit_code?: string;
  attributes: Attribute[];
  milestones: Milestone[];
  funds: Funds[];
  obligations: ObligationRow[];
  records: number;
}
export interface EventView {
  type: string;
  version: number;
  on: string;
  cls: string;
  digest: string;
  payload?: string;
  erased: boolean;
  withheld: boolean;
}
export interface Entry {
  seq: number;
  at: string;
  by: string;
  by_name: string;
  command: string;
  key?: string;
  batch?: string;
  events: EventView[];
  leaf: string;
  leaf_hash: string;
}
export interface EntryList {
  standing: Standing;
  rows: Entry[];
  next_cursor?: string;
}
export interface Proof {
  seq: number;
  index: number;
  tree_size: number;
  leaf: string;
  leaf_hash: string;
  hashes: string[];
  root: string;
  checkpoint: string;
  verifier_key: string;
  proof_file: string;
}
export interface Figure {
  id: string;
  zh: string;
  en: string;
  version: number;
  measure: string;
  ladder?: string;
  milestone?: string;
  at_least_minor?: string;
  funds_kind?: string;
  evidence: EvidenceLevel;
  defined_seq: number;
}
export interface FigureRecord {
  seq: number;
  project: string;
  code?: string;
  title: string;
  effective_on: string;
  amount_minor?: string;
  evidence_level: EvidenceLevel;
}
export interface FigureValue {
  standing: Standing;
  figure: Figure;
  from: string;
  to: string;
  owner_unit?: NamedRef;
  region?: NamedRef;
  count: number;
  sum_minor?: string;
  left_out_evidence: number;
  left_out_amount: number;
  records: FigureRecord[];
  next_cursor?: string;
}
export interface FigureList {
  standing: Standing;
  rows: FigureValue[];
}
export interface UnitRow {
  id: string;
  code: string;
  name: string;
  parent?: string;
  projects: number;
}
export interface UnitList {
  rows: UnitRow[];
}
export interface PostRow {
  id: string;
  title: string;
  unit: NamedRef;
  person?: NamedRef;
  since?: string;
}
export interface PostList {
  rows: PostRow[];
}
export interface PersonList {
  rows: NamedRef[];
}
export interface RegionRow {
  id: string;
  code: string;
  name: string;
  parent?: string;
  from: string;
  until?: string;
  successor?: string;
}
export interface RegionList {
  rows: RegionRow[];
}
export interface EnterpriseRow {
  id: string;
  name: string;
  credit_code?: string;
  foreign_number?: string;
  projects: number;
}
export interface EnterpriseList {
  total: number;
  rows: EnterpriseRow[];
  next_cursor?: string;
}
export interface Ladder {
  ladder: string;
  rungs: Rung[];
  projects: number;
}
export interface LadderList {
  rows: Ladder[];
}
export interface AccountRow {
  id: string;
  login: string;
  display: string;
  roles: string[];
  unit?: NamedRef;
  disabled: boolean;
  has_password: boolean;
}
export interface AccountList {
  rows: AccountRow[];
}
export interface BatchRow {
  seq: number;
  at: string;
  by: string;
  kind: string;
  entries: number;
  file?: string;
  mapping?: string;
  report?: string;
}
export interface BatchList {
  rows: BatchRow[];
}
export interface AuditRow {
  id: number;
  at: string;
  who: string;
  what: string;
  subject: string;
  result: string;
}
export interface AuditList {
  rows: AuditRow[];
  next_cursor?: string;
}
export interface CommandAnswer {
  seq: number;
  ids: string[];
  repeated: boolean;
}
export interface Session {
  account: string;
  login: string;
  display: string;
  roles: string[];
  permissions: string[];
  unit?: NamedRef;
  csrf: string;
  jurisdiction: string;
  jurisdiction_name: string;
}
export interface LedgerRef {
  jurisdiction: string;
  name: string;
}
export interface LedgerList {
  rows: LedgerRef[];
}
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  field?: string;
  instance?: string;
}
export interface Rung {
  key: string;
  medal: Medal;
  needs?: string;
  evidence: EvidenceLevel;
  parallel: boolean;
}
export interface Attribute {
  key: string;
  value: string;
}
export interface CommandField {
  name: string;
  required: boolean;
  schema: JsonSchema;
}
export interface CommandRow {
  name: string;
  permission: string;
  scope: string;
  allowed: boolean;
  fields: CommandField[];
  refusals: string[];
}
export interface CommandTable {
  rows: CommandRow[];
}
export interface JsonSchema {
  type?: string;
  format?: string;
  enum?: string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  'x-id'?: string;
  'x-unit'?: string;
}
export interface Labels {
  commands: Record<string, string>;
  fields: Record<string, string>;
  milestones: Record<string, string>;
  enums: Record<string, string>;
  errors: Record<string, string>;
  events: Record<string, string>;
  permissions: Record<string, string>;
  roles: Record<string, string>;
  ladders?: Record<string, string>;
  finding?: Record<string, string>;
}
