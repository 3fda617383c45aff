// SPDX-License-Identifier: Apache-2.0
// Which acts are offered: those that the state allows, to whoever holds the permission, in the unit that is competent.
// The server decides; this only spares people what it would refuse.
import { useMemo } from 'react';
import { useCommands } from '@/actions/commands';
import type { CasePage, CaseStep, UnitList } from '@/api/types';
import { useRead } from '@/app/read';
import { useSession } from '@/app/session-context';

/** Whether a unit is the account's own or stands below it; an account without a unit acts for all. */
export function useOwnUnit(): (unit: string) => boolean {
  const { unit } = useSession();
  const units = useRead<UnitList>('/api/v1/units', {}, { enabled: unit !== undefined }).data?.rows;
  return useMemo(() => {
    const parents = new Map(units?.map((u) => [u.id, u.parent]));
    return (asked) => {
      if (!unit) return true;
      for (let at: string | undefined = asked, n = 0; at !== undefined && n < 50; at = parents.get(at), ++n) if (at === unit.id) return true;
      return false;
    };
  }, [unit, units]);
}

export function useMay(): (command: string) => boolean {
  const commands = useCommands();
  return useMemo(() => {
    const allowed = new Set(commands.filter((c) => c.allowed).map((c) => c.name));
    return (command) => allowed.has(command);
  }, [commands]);
}

export interface Act {
  command: string;
  fields: Record<string, unknown>;
}

export function useStepActs(page: CasePage): (step: CaseStep) => Act[] {
  const own = useOwnUnit();
  const may = useMay();
  const session = useSession();
  return (step) => {
    const fields = { case_id: page.file.id, step: step.step };
    const acts: Act[] = [];
    for (const command of step.next) {
      const desk = command === 'step.approve_by_rule';
      if (may(command) && own(desk ? page.file.owner_unit.id : step.owner_unit.id)) acts.push({ command, fields });
    }
    const open = step.state === 'received' || step.state === 'suspended';
    if (open && step.extension_asked && step.extended_by === undefined && own(step.owner_unit.id))
      for (const command of ['step.approve_extension', 'step.reject_extension']) if (may(command)) acts.push({ command, fields });
    const asked = open && step.agreements.find((a) => !a.agreed && (a.unit ? session.unit !== undefined && own(a.unit.id) : a.reviewer === session.account));
    const name = asked ? (asked.unit?.id ?? session.unit?.id) : undefined;
    if (asked && may('step.agree') && !acts.some((a) => a.command === 'step.agree')) acts.push({ command: 'step.agree', fields: { ...fields, owner_unit: name } });
    return acts.filter((a) => a.command !== 'step.extend' || !step.extension_asked).filter((a) => a.command !== 'step.correct' || !step.corrected);
  };
}

export function useCaseActs(page: CasePage): string[] {
  const own = useOwnUnit();
  const may = useMay();
  return own(page.file.owner_unit.id) ? page.next.filter(may) : [];
}
