// SPDX-License-Identifier: Apache-2.0
// The API's shapes under short names. They come from the server's own description: schema.d.ts is made by `npm run types`.
import type { components } from './schema';

type S = components['schemas'];

export type AccountList = S['AccountList'];
export type CalendarPage = S['CalendarPage'];
export type Board = S['Board'];
export type BoardGroup = S['BoardGroup'];
export type BlobAnswer = S['BlobAnswer'];
export type BordersReport = S['BordersReport'];
export type CalendarAnswer = S['CalendarAnswer'];
export type CommandAnswer = S['CommandAnswer'];
export type CorrectionList = S['CorrectionList'];
export type CorrectionRow = S['CorrectionRow'];
export type EnterpriseList = S['EnterpriseList'];
export type Entry = S['Entry'];
export type EntryList = S['EntryList'];
export type EventView = S['Event'];
export type FeedEvent = S['FeedEvent'];
export type Figure = S['Figure'];
export type FigureList = S['FigureList'];
export type FigureRecord = S['FigureRecord'];
export type FigureValue = S['FigureValue'];
export type FileFacts = S['FileFacts'];
export type FileList = S['FileList'];
export type FileRow = S['FileRow'];
export type FileTable = S['FileTable'];
export type Inbox = S['Inbox'];
export type InboxRow = S['InboxRow'];
export type ItemProblem = S['ItemProblem'];
export type Labels = S['Labels'];
export type LadderList = S['LadderList'];
export type LedgerList = S['LedgerList'];
export type LightView = S['Light'];
export type Light = LightView['light'];
export type LightCounts = S['LightCounts'];
export type MapProject = S['MapProject'];
export type MapRegion = S['MapRegion'];
export type MapView = S['Map'];
export type Milestone = S['Milestone'];
export type MilestoneCounts = S['MilestoneCounts'];
export type Notification = S['Notification'];
export type NotificationList = S['NotificationList'];
export type ObligationList = S['ObligationList'];
export type ObligationPage = S['ObligationPage'];
export type ObligationRow = S['ObligationRow'];
export type ObligationState = ObligationRow['state'];
export type Personal = S['Personal'];
export type PersonList = S['PersonList'];
export type DutyList = S['DutyList'];
export type PolicyView = S['PolicyView'];
export type PhotoList = S['PhotoList'];
export type PostList = S['PostList'];
export type Problem = S['Problem'];
export type ProjectList = S['ProjectList'];
export type ProjectPage = S['ProjectPage'];
export type ProjectReports = S['ProjectReports'];
export type ProjectRow = S['ProjectRow'];
export type Proof = S['Proof'];
export type RegionList = S['RegionList'];
export type ReportCorrection = S['ReportCorrection'];
export type ReportList = S['ReportList'];
export type ReportPrefill = S['ReportPrefill'];
export type ReportRow = S['ReportRow'];
export type ReportUnit = S['ReportUnit'];
export type BatchBoard = S['BatchBoard'];
export type Commitment = S['Commitment'];
export type NamedRef = S['NamedRef'];
export type ProjectFile = S['ProjectFile'];
export type Rung = S['Rung'];
export type SearchGroup = S['SearchGroup'];
export type SearchResults = S['SearchResults'];
export type SearchRow = S['SearchRow'];
export type Session = S['Session'];
export type SheetReport = S['SheetReport'];
export type ClaimCheck = S['ClaimCheck'];
export type ClaimList = S['ClaimList'];
export type ClaimPage = S['ClaimPage'];
export type ClaimRow = S['ClaimRow'];
export type Standing = S['Standing'];
export type TokenAnswer = S['TokenAnswer'];
export type UnitList = S['UnitList'];
export type Upload = S['Upload'];

/** A command's field describes itself by a JSON Schema; these are the words of it that forms understand. */
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
export type CommandField = Omit<S['CommandField'], 'schema'> & { schema: JsonSchema };
export type CommandRow = Omit<S['CommandRow'], 'fields'> & { fields: CommandField[] };
export interface CommandTable {
  rows: CommandRow[];
}
