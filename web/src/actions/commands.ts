// SPDX-License-Identifier: Apache-2.0
// The one way a person changes anything: a command of the server's table, done at most once by its key.
import { useQueryClient } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { CommandAnswer, CommandRow, CommandTable } from '@/api/types';
import { newKey } from '@/api/uuid';
import { forgetFacts, useRead } from '@/app/read';

export function useCommands(): CommandRow[] {
  return useRead<CommandTable>('/api/v1/commands', {}, { timeless: true }).data?.rows ?? [];
}

/**
 * Commands a person may run by hand; those an import or the installer sends are left out, and those that have a page made
 * for them.
 */
const notByHand = new Set([
  'ledger.create', 'project.record_row', 'batch.complete', 'report.submit', 'report.correct', 'report.approve_correction',
  'report.reject_correction', 'report.approve_closed_correction', 'report.reject_closed_correction',
  'matter.define', 'package.define', 'mechanism.change', 'mechanism.end', 'case.apply', 'case.notify', 'case.supply',
]);
export function byHand(commands: CommandRow[]): CommandRow[] {
  return commands.filter((c) => c.allowed && !notByHand.has(c.name));
}

/** The commands that speak about one thing of this kind, e.g. every command with a field for a project. */
export function about(commands: CommandRow[], kind: string): CommandRow[] {
  return byHand(commands).filter((c) => c.fields.some((f) => f.required && f.schema['x-id'] === kind && f.name === kind));
}

export function useRun(): (command: string, fields: Record<string, unknown>, key: string) => Promise<CommandAnswer> {
  const client = useQueryClient();
  return async (command, fields, key) => {
    const answer = await post<CommandAnswer>(`/api/v1/commands/${command}`, fields, { 'Idempotency-Key': key });
    forgetFacts(client);
    return answer;
  };
}

/** One command for many things: all of them or none. A refusal carries the place of each item that was refused. */
export function useRunMany(): (command: string, items: Record<string, unknown>[], key: string) => Promise<CommandAnswer> {
  const client = useQueryClient();
  return async (command, items, key) => {
    const answer = await post<CommandAnswer>(`/api/v1/bulk/${command}`, { items }, { 'Idempotency-Key': key });
    forgetFacts(client);
    return answer;
  };
}
export { newKey };
