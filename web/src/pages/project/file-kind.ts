// SPDX-License-Identifier: Apache-2.0
// What to call a file, by the media type that the server read from its structure.
export type FileKindName = 'picture' | 'pdf' | 'sheet' | 'document' | 'text' | 'archive' | 'video' | 'other';

export const isPicture = (type?: string) => type?.startsWith('image/') ?? false;

export function fileKind(type?: string): FileKindName {
  if (isPicture(type)) return 'picture';
  if (type === 'application/pdf') return 'pdf';
  if (type === 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet') return 'sheet';
  if (type?.startsWith('application/vnd.openxmlformats') || type === 'application/x-ole-storage' || type === 'application/msword') return 'document';
  if (type?.startsWith('text/')) return 'text';
  if (type === 'application/zip') return 'archive';
  if (type?.startsWith('video/')) return 'video';
  return 'other';
}

export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
