import type { Attachment } from '../../protocol/message.ts';
import type { Blobs, ByteRange } from '../storage/blobs.ts';
import type { Transaction, UploadRecord } from '../storage/storage.ts';
import type { Acts } from './acts.ts';
import { Refusal } from './refusal.ts';
import { admit, type Session } from './sessions.ts';
import { standingIn } from './standing.ts';
import { isThere, readFile } from './uploads.ts';

/** A file as it goes out. */
export type OutgoingFile = {
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly read: (range: ByteRange) => AsyncIterable<Buffer>;
};

/** Hands out files: to the two people of the thread, and before a message carries one, to who uploaded it. */
export class Attachments {
  readonly #acts: Acts;
  readonly #blobs: Blobs;

  constructor(acts: Acts, blobs: Blobs) {
    this.#acts = acts;
    this.#blobs = blobs;
  }

  async open(session: Session, id: string): Promise<OutgoingFile> {
    const name = { action: 'attachment.read' };
    const upload = await this.#acts.perform(session, name, async (transaction, note) => {
      const found = await reachable(transaction, session, id, this.#acts.now());
      note({ threadId: found.place?.threadId });
      if (found.refusal !== null) throw new Refusal(found.refusal.code, found.refusal.reason);
      if (found.state === 'open') throw new Refusal('not-found');
      if (found.state === 'checking') throw new Refusal('unavailable', 'This file is being checked.');
      return found;
    });
    return {
      name: upload.name,
      mediaType: upload.mediaType!,
      size: upload.storedSize!,
      read: (range) => readFile(this.#blobs, upload, range),
    };
  }
}

async function reachable(
  transaction: Transaction,
  session: Session,
  id: string,
  now: number,
): Promise<UploadRecord> {
  const me = admit(session, await transaction.people.find(session.personId));
  const upload = await transaction.uploads.find(id);
  if (upload === undefined || !isThere(upload, now)) throw new Refusal('not-found');
  if (upload.place !== null) await standingIn(transaction, session, upload.place);
  else if (upload.personId !== me.id) throw new Refusal('not-found');
  return upload;
}

/**
 * The uploads that a new message is to carry: the sender's own, finished, in no message yet. From here on they
 * are this message's.
 */
export async function attach(
  { uploads }: Transaction,
  ids: readonly string[],
  message: { readonly threadId: string; readonly id: string; readonly senderId: string },
  now: number,
): Promise<readonly Attachment[]> {
  if (new Set(ids).size < ids.length) {
    throw new Refusal('invalid', 'body attachments: must name each upload once');
  }
  const found: UploadRecord[] = [];
  for (const id of ids) {
    const upload = await uploads.find(id);
    const isTheirs = upload?.personId === message.senderId && upload.place === null && isThere(upload, now);
    if (!isTheirs || upload.state === 'open') throw new Refusal('not-found', 'There is no such upload.');
    if (upload.refusal !== null) throw new Refusal(upload.refusal.code, upload.refusal.reason);
    found.push(upload);
  }
  for (const [position, upload] of found.entries()) {
    const place = { threadId: message.threadId, messageId: message.id, position };
    await uploads.update({ ...upload, place, expiresAt: null });
  }
  return found.map(attachmentOf);
}

export function attachmentOf({ id, name, mediaType, storedSize, state }: UploadRecord): Attachment {
  return {
    id,
    name,
    mediaType: mediaType!,
    size: storedSize!,
    ...(state === 'checking' && { state: 'checking' }),
    ...(state === 'refused' && { state: 'unsafe' }),
  };
}
