// SPDX-License-Identifier: Apache-2.0
// Where the steps of a case stand in the picture of what waits for what: a column after the last it waits for, and
// where it can in the lane of the first of them, so that a branch runs straight.
export interface Place {
  column: number;
  lane: number;
}
export interface Lanes {
  /** By step, from 1; steps stand in the order of the list. */
  places: Place[];
  columns: number;
  lanes: number;
}

export function lanesOf(waits: number[][]): Lanes {
  const columns = waits.map(() => 0);
  // The server lets no circle through; as many rounds as there are steps settle everything else.
  for (let round = 0; round < waits.length; ++round)
    waits.forEach((on, i) => {
      for (const step of on) columns[i] = Math.min(waits.length - 1, Math.max(columns[i]!, (columns[step - 1] ?? -1) + 1));
    });
  const taken = new Set<string>();
  const lanes = waits.map(() => 0);
  const order = waits.map((_, i) => i).sort((a, b) => columns[a]! - columns[b]! || a - b);
  for (const i of order) {
    const first = waits[i]![0];
    let lane = first === undefined ? 0 : (lanes[first - 1] ?? 0);
    while (taken.has(`${columns[i]}/${lane}`)) ++lane;
    taken.add(`${columns[i]}/${lane}`);
    lanes[i] = lane;
  }
  return {
    places: waits.map((_, i) => ({ column: columns[i]!, lane: lanes[i]! })),
    columns: Math.max(0, ...columns) + 1,
    lanes: Math.max(0, ...lanes) + 1,
  };
}
