import type { AttachedFile } from './attached-file.ts';
import type { Cache } from './cache.ts';
import type { Change, Records } from './records.ts';

/** Sealed, a piece is a mebibyte: a nonce of 12 bytes and a tag of 16 go with it. */
const pieceLength = 2 ** 20 - 28;

/** Keeps a file's bytes, in pieces. Rejects where there is no room, with nothing of it left. */
export async function keepBytes(records: Records, id: string, bytes: Blob): Promise<void> {
  try {
    for (let piece = 0; piece * pieceLength < bytes.size; piece++) {
      const part = bytes.slice(piece * pieceLength, (piece + 1) * pieceLength);
      const value = new Uint8Array(await part.arrayBuffer());
      await records.write([{ drawer: 'files', name: nameOf(id, piece), value }]);
    }
  } catch (error) {
    await dropBytes(records, { id, size: bytes.size });
    throw error;
  }
}

/** A file's bytes, or undefined where they are not all here. */
export async function readBytes(records: Records, { id, size }: AttachedFile): Promise<Blob | undefined> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let piece = 0; piece * pieceLength < size; piece++) {
    const read = await records.read('files', nameOf(id, piece)).catch(() => undefined);
    if (!(read instanceof Uint8Array)) return undefined;
    pieces.push(read as Uint8Array<ArrayBuffer>);
  }
  const bytes = new Blob(pieces);
  return bytes.size === size ? bytes : undefined;
}

/** Throws a file's bytes away. What can't be thrown away stays sealed. */
export async function dropBytes(
  records: Records,
  { id, size }: Pick<AttachedFile, 'id' | 'size'>,
): Promise<void> {
  const changes: Change[] = [];
  for (let piece = 0; piece * pieceLength < size; piece++) {
    changes.push({ drawer: 'files', name: nameOf(id, piece), value: undefined });
  }
  await records.write(changes).catch(() => undefined);
}

/**
 * Throws away what nobody asks for any more: the page may have been closed between the two. Looks at what is
 * stored, for another tab may have attached something; nothing may be attached meanwhile.
 */
export async function sweepBytes({ records, outbox, drafts }: Cache): Promise<void> {
  const stored = await Promise.all([records.readAll('outbox'), records.readAll('drafts')]).catch(
    () => undefined,
  );
  if (!stored) return;
  const isWanted = [...stored.flat(), ...outbox].some((value) => {
    const { files, threadId } = value as { readonly files?: unknown; readonly threadId: string };
    return files !== undefined || threadId.startsWith('files ');
  });
  const isBegun = [...drafts.keys()].some((place) => place.startsWith('files '));
  if (!isWanted && !isBegun) await records.clear('files').catch(() => undefined);
}

function nameOf(id: string, piece: number): string {
  return `${id} ${piece}`;
}
