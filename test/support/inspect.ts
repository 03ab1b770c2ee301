import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import type { Inspector } from '../../demo-server/services/uploads.ts';
import type { ProblemCode } from '../../protocol/problem.ts';

/**
 * Tells files apart as simply as can be: a PDF says so in its first bytes, what begins like a program is one, and a
 * photo loses the line that says where it was taken.
 */
export const standInInspector: Inspector = {
  refuseClaim(name) {
    if (kinds.has(extname(`x${name}`).toLowerCase())) return undefined;
    return refused('unsupported-file', 'Only PDF, JPG and CSV files are taken.');
  },

  inspect(name, bytes) {
    const head = Buffer.from(bytes.subarray(0, 5)).toString('latin1');
    const mediaType = kinds.get(extname(name).toLowerCase())!;
    if (head.startsWith('MZ')) return refused('unsafe-file', 'This file is a program.');
    if (mediaType === 'image/jpeg')
      return { kind: 'sound', mediaType, name, bytes: bytes.subarray(place.length) };
    if (mediaType === 'application/pdf' && head !== '%PDF-') {
      return refused('unsupported-file', 'This file says it is a PDF, but it is not one.');
    }
    return { kind: 'sound', mediaType, name, bytes };
  },

  close: () => Promise.resolve(),
};

const refused = (code: ProblemCode, reason: string) => ({ kind: 'refused', code, reason }) as const;

const kinds: ReadonlyMap<string, string> = new Map([
  ['.pdf', 'application/pdf'],
  ['.jpg', 'image/jpeg'],
  ['.csv', 'text/csv'],
]);

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
