// SPDX-License-Identifier: Apache-2.0
// The facts of a case as they stand in an address.
export type Facts = Record<string, boolean | number | string>;

export function readFacts(text: string | null): Facts {
  try {
    const read: unknown = JSON.parse(text ?? '{}');
    return read !== null && typeof read === 'object' && !Array.isArray(read) ? (read as Facts) : {};
  } catch {
    return {};
  }
}
