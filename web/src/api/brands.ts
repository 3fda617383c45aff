// SPDX-License-Identifier: Apache-2.0
// Names for strings that must not be mixed up.
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
/** Whole minor units of the ledger's currency (分 for renminbi), as the API's string. */
export type Minor = Brand<bigint, 'Minor'>;
