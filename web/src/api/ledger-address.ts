// SPDX-License-Identifier: Apache-2.0
// Where several ledgers are served, every page's address names its own: /l/990201/projects/p1. Each ledger counts from one, so
// the same number is another record elsewhere, and a copied link must not open it. Where one is served, addresses are short.
// The server makes such addresses in src/server/page_address.h.

export interface PageAddress {
  /** What stands before every page's path, as it is written in the address; '' in a short one. */
  base: string;
  ledger?: string;
}

export function readAddress(pathname: string): PageAddress {
  const [base, code] = /^\/l\/([^/]+)(?=\/|$)/.exec(pathname) ?? [''];
  if (code === undefined) return { base };
  try {
    return { base, ledger: decodeURIComponent(code) };
  } catch {
    return { base, ledger: code }; // No ledger has such a code; the server will say so.
  }
}

/** `path` as the router of this page knows it, in the ledger of that code. */
export function addressIn(ledger: string, path: string): string {
  return `/l/${encodeURIComponent(ledger)}${path}`;
}

/** A change of it is a change of ledger, and always loads anew. */
export const pageAddress = readAddress(globalThis.location?.pathname ?? '/');
