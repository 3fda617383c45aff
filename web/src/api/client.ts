// SPDX-License-Identifier: Apache-2.0
// The only folder that calls fetch. Every failure becomes an ApiError that carries the server's stable code.
import { pageAddress } from './ledger-address';
import type { ItemProblem, Problem, Session } from './types';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly field?: string,
    readonly instance?: string,
    /** Of a request with many things: each that was refused. */
    readonly items?: ItemProblem[],
  ) {
    super(code);
  }
}

// Several ledgers may be served here. A page's address names its own; a short one begins with the last that was used.
const kept = 'landfall.ledger';
let csrf = '';
let ledger = pageAddress.ledger ?? globalThis.localStorage?.getItem(kept) ?? '';

/** Called when a session begins, ends or is found; later requests carry its token. */
export function carrySession(session: Session | null): void {
  csrf = session?.csrf ?? '';
  if (session) chooseLedger(session.jurisdiction);
}
/** Which of several served ledgers requests speak of; '' for whichever one is signed in to. */
export function chooseLedger(code: string): void {
  ledger = code;
  if (code) localStorage.setItem(kept, code);
  else localStorage.removeItem(kept);
}
export function chosenLedger(): string {
  return ledger;
}

export type Query = Record<string, string | number | boolean | undefined | null>;

export function queryString(query: Query | undefined): string {
  const out = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) out.set(key, String(value));
  }
  const text = out.toString();
  return text === '' ? '' : `?${text}`;
}

function headers(extra?: Record<string, string>): Record<string, string> {
  return { Accept: 'application/json', ...(ledger ? { 'Landfall-Ledger': ledger } : {}), ...extra };
}
/** What the server says of itself is the same in every ledger, also in one that it does not serve. */
const ofServer = (path: string) => path === '/api/v1/ledgers' || path.startsWith('/api/v1/labels/');

async function failure(response: Response): Promise<ApiError> {
  try {
    const p = (await response.json()) as Problem;
    if (p.code === 'ledger.unknown' && !pageAddress.ledger) {
      // The ledger that this browser remembers is served here no longer. One that the address names stays named.
      chooseLedger('');
      location.reload();
    }
    return new ApiError(response.status, p.code, p.title, p.field, p.instance, p.items);
  } catch {
    return new ApiError(response.status, 'web.unreadable_answer', response.statusText);
  }
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new ApiError(0, 'web.unreachable', 'The server cannot be reached.');
  }
  if (!response.ok) throw await failure(response);
  return response;
}

/** `no-cache` keeps the browser's copy and asks with If-None-Match: an unchanged answer costs one small 304. */
export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const response = await send(path + queryString(query), { headers: ofServer(path) ? { Accept: 'application/json' } : headers(), cache: 'no-cache', signal });
  return (await response.json()) as T;
}

export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  return (await send(path, { headers: { ...headers(), Accept: '*/*' }, signal })).text();
}

export async function post<T>(path: string, body: unknown, extra?: Record<string, string>): Promise<T> {
  const response = await send(path, {
    method: 'POST',
    headers: headers({ 'Content-Type': 'application/json', ...(csrf ? { 'X-CSRF-Token': csrf } : {}), ...extra }),
    body: JSON.stringify(body),
  });
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

/** A question too long for an address: sent as a body, changes nothing, can be called off. */
function sendQuestion(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  return send(path, { method: 'POST', headers: headers({ 'Content-Type': 'application/json', ...(csrf ? { 'X-CSRF-Token': csrf } : {}) }), body: JSON.stringify(body), signal });
}
export async function ask<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return (await (await sendQuestion(path, body, signal)).json()) as T;
}
export async function askForFile(path: string, body: unknown): Promise<Blob> {
  return (await sendQuestion(path, body)).blob();
}

async function sendBytes<T>(method: string, path: string, body: Blob, signal?: AbortSignal): Promise<T> {
  const response = await send(path, {
    method,
    headers: headers({ 'Content-Type': 'application/octet-stream', ...(csrf ? { 'X-CSRF-Token': csrf } : {}) }),
    body,
    signal,
  });
  return (await response.json()) as T;
}
export function postBytes<T>(path: string, body: Blob, signal?: AbortSignal): Promise<T> {
  return sendBytes('POST', path, body, signal);
}
export function sendPart<T>(path: string, body: Blob, signal?: AbortSignal): Promise<T> {
  return sendBytes('PATCH', path, body, signal);
}

/** Where the browser itself fetches a stored file: as a picture, or to keep. */
export function fileUrl(digest: string): string {
  return `/api/v1/blobs/${digest}${queryString({ ledger: ledger || undefined })}`;
}

/** Where the browser's own viewer of PDFs finds one. */
export function viewUrl(digest: string): string {
  return `/api/v1/blobs/${digest}/view${queryString({ ledger: ledger || undefined })}`;
}
/** The sealed paper of a case that was delivered by the electronic way. `own`: of one's own enterprise. */
export function documentUrl(caseId: string, own = false): string {
  return `/api/v1/${own ? 'applications' : 'cases'}/${caseId}/document${queryString({ ledger: ledger || undefined })}`;
}
/** The newest signed checkpoint of this ledger. */
export function checkpointUrl(): string {
  return `/api/v1/checkpoint${queryString({ ledger: ledger || undefined })}`;
}

/** A file to keep, with the words of `language` in it. */
export async function getFile(path: string, query: Query | undefined, language: string): Promise<Blob> {
  return (await send(path + queryString(query), { headers: headers({ Accept: '*/*', 'Accept-Language': language }) })).blob();
}

async function postTyped<T>(path: string, query: Query | undefined, body: Blob, type: string, language: string, extra?: Record<string, string>): Promise<T> {
  const response = await send(path + queryString(query), {
    method: 'POST',
    headers: headers({ 'Content-Type': type, 'Accept-Language': language, ...(csrf ? { 'X-CSRF-Token': csrf } : {}), ...extra }),
    body,
  });
  return (await response.json()) as T;
}
export function postFile<T>(path: string, query: Query | undefined, body: Blob, language: string): Promise<T> {
  return postTyped<T>(path, query, body, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', language);
}
export function postBorders<T>(query: Query, body: Blob, key: string, language: string): Promise<T> {
  return postTyped<T>('/api/v1/borders', query, body, 'application/geo+json', language, { 'Idempotency-Key': key });
}

export async function remove(path: string): Promise<void> {
  await send(path, { method: 'DELETE', headers: headers(csrf ? { 'X-CSRF-Token': csrf } : {}) });
}
