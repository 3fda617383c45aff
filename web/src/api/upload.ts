// SPDX-License-Identifier: Apache-2.0
// A file on its way in. Small ones go at once; larger ones in parts, and after a lost connection on from where they came
// to, so that a scanned contract arrives also over a site's mobile network.
import { ApiError, get, post, postBytes, remove, sendPart } from './client';
import type { BlobAnswer, Upload } from './types';

const atOnce = 512 << 10;
const part = 1 << 20;
/** Waits before trying again; after the last the sender hears of it. */
export const waits = [500, 1000, 2000, 4000, 8000];

export interface UploadOptions {
  /** 0 … 1, after each part. */
  onProgress?: (done: number) => void;
  signal?: AbortSignal;
}

const passes = (error: unknown) => error instanceof ApiError && (error.status === 0 || error.status >= 500);
const lostItsPlace = (error: unknown) => error instanceof ApiError && error.code === 'upload.wrong_offset';

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException('cancelled', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** The browser computes digests on a safe origin only; elsewhere the server's answer must do. */
async function digestOf(file: Blob): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return `sha256:${[...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')}`;
}

export async function uploadFile(file: Blob, { onProgress, signal }: UploadOptions = {}): Promise<BlobAnswer> {
  if (file.size <= atOnce) return postBytes<BlobAnswer>('/api/v1/blobs', file, signal);
  const digest = await digestOf(file);
  let upload = await post<Upload>('/api/v1/uploads', { bytes: file.size });
  const path = `/api/v1/uploads/${upload.id}`;
  let failures = 0;
  try {
    while (upload.received < file.size) {
      signal?.throwIfAborted();
      try {
        const from = upload.received;
        upload = await sendPart<Upload>(`${path}?offset=${from}`, file.slice(from, from + part), signal);
        failures = 0;
        onProgress?.(upload.received / file.size);
      } catch (error) {
        if (!(passes(error) || lostItsPlace(error)) || failures >= waits.length) throw error;
        await pause(waits[failures++]!, signal);
        // How far it came, should the connection be back; else the next round waits longer.
        upload = await get<Upload>(path, undefined, signal).catch((again: unknown) => {
          if (passes(again)) return upload;
          throw again;
        });
      }
    }
    return await post<BlobAnswer>(`${path}/finish`, { digest });
  } catch (error) {
    // Nobody will finish it; where even this does not arrive, the server forgets it after a day.
    void remove(path).catch(() => undefined);
    throw error;
  }
}
