import { createHash, randomUUID } from 'node:crypto';
import { limits } from '../../protocol/limits.ts';
import type { ProblemCode } from '../../protocol/problem.ts';
import type { Blobs } from '../storage/blobs.ts';
import { openSegments, sealInSegments, segmentSize } from '../storage/segments.ts';
import type { Storage, Transaction, UploadPart, UploadRecord } from '../storage/storage.ts';
import { open, seal } from '../storage/vault.ts';
import type { Acts } from './acts.ts';
import { Refusal } from './refusal.ts';
import { admit, type Session } from './sessions.ts';
import { Turns } from './turns.ts';

/** Says what a file is. */
export interface Inspector {
  /** What can be said before any of it is here. */
  refuseClaim(name: string, size: number): Refused | undefined;
  /** `bytes` is what is stored of it, `name` what it is called from then on. */
  inspect(name: string, bytes: Uint8Array): Finding | Promise<Finding>;
  /** Has nothing looked at any more: what is being looked at is for later. */
  close(): Promise<void>;
}

export type Finding = Sound | Refused | Later;
export type Sound = {
  readonly kind: 'sound';
  readonly mediaType: string;
  readonly name: string;
  readonly bytes: Uint8Array;
};
export type Refused = { readonly kind: 'refused'; readonly code: ProblemCode; readonly reason: string };
/** Nothing is known of the file yet. */
export type Later = { readonly kind: 'later' };

/** What whoever uploads says of it beforehand. */
export type NewUpload = {
  readonly size: number;
  readonly name: string;
  readonly mediaType: string | null;
  readonly sha256: string | null;
};

export type UploadsParts = {
  readonly acts: Acts;
  readonly storage: Pick<Storage, 'write'>;
  readonly blobs: Blobs;
  readonly inspector: Inspector;
  /** Hears that there is something for a scanner; without one, nothing is scanned. */
  readonly scans?: { readonly wake: () => void } | undefined;
};

/** An upload that nobody finishes, or nobody sends, is kept so long. */
export const keptFor = 24 * 3_600_000;

/** What one person may have under way or not sent yet. */
const maxUnsent = 40;
const maxUnsentBytes = 20 * limits.maxAttachmentBytes;
const maxParts = 2_000;
const maxNameBytes = 1_024;

/** A file of 25 MiB is in memory several times over while it is looked at: two at a time. */
const maxFinishing = 2;

/** Takes in files piece by piece. What was acknowledged of one is on disk, sealed. */
export class Uploads {
  readonly #acts: Acts;
  readonly #storage: UploadsParts['storage'];
  readonly #blobs: Blobs;
  readonly #inspector: Inspector;
  readonly #scans: UploadsParts['scans'];
  readonly #finishing = new Turns(maxFinishing);
  #isStopped = false;

  constructor({ acts, storage, blobs, inspector, scans }: UploadsParts) {
    this.#acts = acts;
    this.#storage = storage;
    this.#blobs = blobs;
    this.#inspector = inspector;
    this.#scans = scans;
  }

  create(session: Session, id: string, asked: NewUpload): Promise<UploadRecord> {
    return this.#acts.perform(session, { action: 'upload.create' }, async ({ people, uploads }) => {
      const me = admit(session, await people.find(session.personId));
      const { size, name, mediaType, sha256 } = checked(asked);
      const refused = this.#inspector.refuseClaim(name, size);
      if (refused !== undefined) throw new Refusal(refused.code, refused.reason);
      const unsent = await uploads.unsentOf(me.id);
      if (unsent.count >= maxUnsent || unsent.bytes + size > maxUnsentBytes) {
        throw new Refusal(
          'rate-limited',
          'You have many files that are not sent yet. Send or remove some of them first.',
        );
      }
      const now = this.#acts.now();
      return uploads.add({
        id,
        personId: me.id,
        name,
        claimedType: mediaType,
        claimedSha256: sha256,
        size,
        received: 0,
        state: 'open',
        refusal: null,
        mediaType: null,
        storedSize: null,
        sha256: null,
        createdAt: now,
        expiresAt: now + keptFor,
        checkAt: null,
        checks: 0,
        place: null,
      });
    });
  }

  /**
   * How far an upload has come. What is all there and was not looked at, because a process ended in between, is
   * looked at now; what was refused is refused again, with the same words.
   */
  async look(session: Session, id: string, action: 'upload.look' | 'upload.append'): Promise<UploadRecord> {
    const upload = await this.#acts.perform(session, { action }, async (transaction) => {
      const found = await this.#ownIn(transaction, session, id);
      return unlessRefused(found);
    });
    const isWaiting = upload.state === 'open' && upload.received === upload.size;
    return isWaiting ? this.#finish(session, id) : upload;
  }

  /** Takes in what follows, and answers how much there is then. What came before a cut is kept. */
  async append(
    session: Session,
    id: string,
    offset: number,
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<number> {
    const upload = await this.#storage.write((transaction) => this.#ownIn(transaction, session, id));
    let received = offset;
    for await (const segment of segmentsOf(chunks)) {
      await this.#keep(session, upload, received, segment);
      received += segment.length;
      if (received === upload.size) await this.#finish(session, id);
    }
    return received;
  }

  /** Whatever a message carries stays. */
  async remove(session: Session, id: string): Promise<void> {
    await this.#acts.perform(session, { action: 'upload.remove' }, async (transaction) => {
      const upload = await this.#ownIn(transaction, session, id);
      if (upload.place !== null) throw new Refusal('not-found');
      await transaction.uploads.update(goneOf(upload, this.#acts.now()));
    });
    // It is out of everybody's reach; what can't be cleared away now is when the next sweep comes.
    await this.#clear(id).catch(() => undefined);
  }

  /** Clears away what nobody finished or sent in time, and what was left of others. */
  async sweep(): Promise<void> {
    const now = this.#acts.now();
    for (let found = pageSize; found === pageSize && !this.#isStopped;) {
      const ids = await this.#storage.write(async ({ uploads }) => {
        const expired = await uploads.expired(now, pageSize);
        for (const upload of expired) {
          if (upload.state !== 'gone') await uploads.update(goneOf(upload, now));
        }
        return expired.map(({ id }) => id);
      });
      for (const id of ids) if (!this.#isStopped) await this.#clear(id);
      found = ids.length;
    }
    await this.#clearLeftParts();
  }

  /**
   * Leaves to the next time what is still to be swept, and files that wait to be looked at. Resolves when no file is
   * being looked at any more.
   */
  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#finishing.idle();
  }

  async #ownIn({ people, uploads }: Transaction, session: Session, id: string): Promise<UploadRecord> {
    const me = admit(session, await people.find(session.personId));
    const upload = await uploads.find(id);
    if (upload === undefined || upload.personId !== me.id || !isThere(upload, this.#acts.now())) {
      throw new Refusal('not-found');
    }
    return upload;
  }

  /** Puts a segment on disk and moves the upload on. Of two who do so at one place, one is first. */
  async #keep(session: Session, { id, key }: UploadRecord, start: number, segment: Buffer): Promise<void> {
    // A name of its own: were it the place alone, the one who comes second would replace what the first put there.
    const blob = `${partsOf(id)}${start}-${randomUUID()}`;
    await this.#blobs.put(blob, seal(key, segment, partName(id, start)));
    const refusal = await this.#storage.write(async (transaction) => {
      try {
        const present = await this.#ownIn(transaction, session, id);
        const received = start + segment.length;
        if (present.state !== 'open' || present.received !== start || received > present.size) {
          return new Refusal('invalid', 'Upload-Offset: must be where this upload goes on', 409);
        }
        if ((await transaction.uploads.countParts(id)) >= maxParts) {
          return new Refusal('invalid', 'This file comes in too many pieces.');
        }
        await transaction.uploads.addPart(id, { start, length: segment.length, blob });
        await transaction.uploads.update({ ...present, received });
        return undefined;
      } catch (error) {
        if (error instanceof Refusal) return error;
        throw error;
      }
    });
    if (refusal === undefined) return;
    await this.#blobs.remove(blob);
    throw refusal;
  }

  /** Puts the parts together, looks what the file is, and stores what may be kept of it. */
  #finish(session: Session, id: string): Promise<UploadRecord> {
    return this.#finishing.take(async () => {
      if (this.#isStopped) throw notNow();
      const [upload, parts] = await this.#storage.write(async (transaction) => [
        await this.#ownIn(transaction, session, id),
        await transaction.uploads.parts(id),
      ]);
      if (upload.state !== 'open') return unlessRefused(upload);
      const finding = await this.#findingOf(upload, parts);
      if (finding.kind === 'sound') {
        await this.#blobs.put(fileOf(id), sealInSegments(upload.key, id, finding.bytes));
      }
      const settle = this.#acts.perform(session, { action: 'upload.finish' }, async (transaction) => {
        const present = await this.#ownIn(transaction, session, id);
        if (present.state !== 'open') return unlessRefused(present);
        // It stays as it is, all there: whoever asks again has it looked at then.
        if (finding.kind === 'later') throw notNow();
        await transaction.uploads.removeParts(id);
        if (finding.kind === 'refused') {
          const { code, reason } = finding;
          // That it was refused stays, for whoever lost the answer and asks again.
          await transaction.uploads.update({ ...present, state: 'refused', refusal: { code, reason } });
          throw new Refusal(code, reason);
        }
        const now = this.#acts.now();
        const next: UploadRecord = {
          ...present,
          name: finding.name,
          mediaType: finding.mediaType,
          storedSize: finding.bytes.length,
          sha256: sha256Of(finding.bytes),
          state: this.#scans === undefined ? 'sound' : 'checking',
          checkAt: this.#scans === undefined ? null : now,
          expiresAt: now + keptFor,
        };
        await transaction.uploads.update(next);
        return next;
      });
      const finished = await settle.catch(async (error: unknown) => {
        if (error instanceof Refusal) await this.#clearRefused(id);
        throw error;
      });
      await this.#clearParts(id).catch(() => undefined);
      if (finished.state === 'checking') this.#scans?.wake();
      return finished;
    });
  }

  async #findingOf(upload: UploadRecord, parts: readonly UploadPart[]): Promise<Finding> {
    const bytes = Buffer.alloc(upload.size);
    let length = 0;
    for (const part of parts) {
      const sealed = await this.#blobs.get(part.blob);
      if (sealed === undefined || part.start !== length) throw new Error('A part of an upload is gone.');
      length += open(upload.key, sealed, partName(upload.id, part.start)).copy(bytes, length);
    }
    if (length !== upload.size) throw new Error('A part of an upload is gone.');
    if (upload.claimedSha256 !== null && upload.claimedSha256 !== sha256Of(bytes)) {
      return {
        kind: 'refused',
        code: 'invalid',
        reason: 'This file was changed on its way here. Send it again.',
      };
    }
    return this.#inspector.inspect(upload.name, bytes);
  }

  /** The row goes last: as long as there are blobs, something says whose they are. */
  async #clear(id: string): Promise<void> {
    await this.#clearParts(id);
    await this.#blobs.remove(fileOf(id));
    await this.#storage.write(({ uploads }) => uploads.remove(id));
  }

  /**
   * Clears away what lies there of an upload that was refused or removed, and of no other: whoever was signed out in
   * the middle comes back to theirs. What can't be cleared away now is when the next sweep comes.
   */
  async #clearRefused(id: string): Promise<void> {
    const clear = async () => {
      const upload = await this.#storage.write(({ uploads }) => uploads.find(id));
      if (upload !== undefined && upload.state !== 'refused' && upload.state !== 'gone') return;
      await this.#clearParts(id);
      await this.#blobs.remove(fileOf(id));
    };
    await clear().catch(() => undefined);
  }

  async #clearParts(id: string): Promise<void> {
    for (const blob of await this.#blobs.list(partsOf(id))) await this.#blobs.remove(blob);
  }

  /** Parts of what is no longer open: a process ended before it cleared them away. */
  async #clearLeftParts(): Promise<void> {
    const ids = new Set((await this.#blobs.list(allParts)).map((blob) => blob.split('/')[1]!));
    for (const id of ids) {
      if (this.#isStopped) return;
      const upload = await this.#storage.write(({ uploads }) => uploads.find(id));
      if (upload?.state !== 'open') await this.#clearParts(id);
    }
  }
}

const notNow = () => new Refusal('unavailable', 'This file could not be looked at just now.');

const pageSize = 100;
const allParts = 'uploads/';
const partsOf = (id: string) => `${allParts}${id}/`;
const partName = (id: string, start: number) => `part ${id} ${start}`;

/** Where what is stored of an upload lies. */
export const fileOf = (id: string) => `files/${id}`;

/** What is stored of an upload, a stretch of it or all; all of it is held against what was stored. */
export async function* readFile(
  blobs: Blobs,
  upload: UploadRecord,
  range: { readonly start: number; readonly end: number } = { start: 0, end: upload.storedSize ?? 0 },
): AsyncGenerator<Buffer> {
  const size = upload.storedSize ?? 0;
  const hash = range.start === 0 && range.end === size ? createHash('sha256') : undefined;
  for await (const segment of openSegments(blobs, fileOf(upload.id), { ...upload, size }, range)) {
    hash?.update(segment);
    yield segment;
  }
  if (hash !== undefined && hash.digest('hex') !== upload.sha256)
    throw new Error('A file is not what it was.');
}

/** Whether anybody can still do something with it. */
export function isThere({ state, expiresAt }: UploadRecord, now: number): boolean {
  return state !== 'gone' && (expiresAt === null || expiresAt > now);
}

function unlessRefused(upload: UploadRecord): UploadRecord {
  if (upload.refusal !== null) throw new Refusal(upload.refusal.code, upload.refusal.reason);
  return upload;
}

/** Where nobody reaches it any more, and the next sweep finds it. */
function goneOf(upload: UploadRecord, now: number): UploadRecord {
  return { ...upload, state: 'gone', checkAt: null, expiresAt: Math.min(now, upload.expiresAt ?? now) };
}

function checked({ size, name, mediaType, sha256 }: NewUpload): NewUpload {
  if (size === 0) throw new Refusal('invalid', 'This file is empty.');
  if (size > limits.maxAttachmentBytes) throw new Refusal('too-large', 'This file is larger than 25 MB.');
  if (name === '' || !name.isWellFormed()) throw new Refusal('invalid', 'This file has no name.');
  if (Buffer.byteLength(name) > maxNameBytes) {
    throw new Refusal('invalid', 'The name of this file is too long.');
  }
  if (sha256 !== null && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new Refusal('invalid', 'Upload-Metadata sha256: must be 64 hexadecimal digits');
  }
  return {
    size,
    name,
    mediaType: mediaType !== null && isKnown(mediaType) ? mediaType : null,
    sha256: sha256?.toLowerCase() ?? null,
  };
}

function isKnown(mediaType: string): boolean {
  return (limits.mediaTypes as readonly string[]).includes(mediaType);
}

/** What comes in, in pieces that are sealed one by one; after a cut, what came before it and then the cut. */
async function* segmentsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  let waiting: Uint8Array[] = [];
  let length = 0;
  let cut: { readonly error: unknown } | undefined;
  try {
    for await (const chunk of chunks) {
      waiting.push(chunk);
      length += chunk.length;
      if (length < segmentSize) continue;
      held = Buffer.concat(waiting);
      while (held.length >= segmentSize) {
        yield held.subarray(0, segmentSize);
        held = held.subarray(segmentSize);
      }
      waiting = [held];
      length = held.length;
    }
  } catch (error) {
    cut = { error };
  }
  if (length > 0) yield Buffer.concat(waiting);
  if (cut !== undefined) throw cut.error;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
