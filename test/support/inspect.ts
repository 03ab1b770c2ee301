import { randomBytes } from 'node:crypto';
import type { Inspect } from '../../demo-server/services/uploads.ts';

/**
 * Tells files apart as simply as can be: a PDF says so in its first bytes, what begins like a program is one, and a
 * photo loses the line that says where it was taken.
 */
export const standInInspect: Inspect = (name, bytes) => {
  const head = Buffer.from(bytes.subarray(0, 5)).toString('latin1');
  if (head.startsWith('MZ')) {
    return { kind: 'refused', code: 'unsafe-file', reason: 'This file is a program.' };
  }
  if (name.endsWith('.jpg')) {
    return { kind: 'sound', mediaType: 'image/jpeg', name, bytes: bytes.subarray(place.length) };
  }
  if (name.endsWith('.pdf') && head !== '%PDF-') {
    return {
      kind: 'refused',
      code: 'unsupported-file',
      reason: 'This file says it is a PDF, but it is not one.',
    };
  }
  const mediaType = name.endsWith('.csv') ? 'text/csv' : 'application/pdf';
  return { kind: 'sound', mediaType, name: name.replaceAll(/^.*[\\/]/g, ''), bytes };
};

const place = Buffer.from('taken at home\n');

/** A PDF for all that the stand-in knows. */
export function aPdf(size = 5_000, words = ''): Buffer {
  return Buffer.concat([Buffer.from(`%PDF-${words}`), randomBytes(size - 5 - Buffer.byteLength(words))]);
}

/** A photo that tells where it was taken, and what is left of it when it no longer does. */
export function aPhoto(size = 5_000): { readonly sent: Buffer; readonly kept: Buffer } {
  const kept = randomBytes(size);
  return { sent: Buffer.concat([place, kept]), kept };
}
