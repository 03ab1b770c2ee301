import type { KeyObject } from 'node:crypto';
import type { Blobs, ByteRange } from './blobs.ts';
import { open, seal, sealLength } from './vault.ts';

/** How much is sealed at a time: what must be read to read one byte, and what is held in memory for it. */
export const segmentSize = 1_048_576;

/**
 * A file in sealed segments, one behind the other. Each is bound to its place and to the file's length: none can
 * change places, be left out, or come from another file.
 */
export function sealInSegments(key: KeyObject, id: string, plain: Uint8Array): Buffer {
  const sealed: Buffer[] = [];
  for (let start = 0; start < plain.length; start += segmentSize) {
    const segment = plain.subarray(start, start + segmentSize);
    sealed.push(seal(key, segment, contextOf(id, start, plain.length)));
  }
  return Buffer.concat(sealed);
}

/** A stretch of such a file, of `size` bytes in all, a segment at a time. */
export async function* openSegments(
  blobs: Blobs,
  blob: string,
  { key, id, size }: { readonly key: KeyObject; readonly id: string; readonly size: number },
  { start, end }: ByteRange,
): AsyncGenerator<Buffer> {
  for (let at = start - (start % segmentSize); at < end; at += segmentSize) {
    const length = Math.min(segmentSize, size - at);
    const from = (at / segmentSize) * (segmentSize + sealLength);
    const sealed = await blobs.get(blob, { start: from, end: from + length + sealLength });
    if (sealed === undefined) throw new Error('A file is gone.');
    const plain = open(key, sealed, contextOf(id, at, size));
    yield plain.subarray(Math.max(0, start - at), Math.min(length, end - at));
  }
}

function contextOf(id: string, start: number, size: number): string {
  return `file ${id} ${start} of ${size}`;
}
