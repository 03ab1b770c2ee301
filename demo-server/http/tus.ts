import { randomUUID } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { DataStore, Server, Upload } from '@tus/server';
import type { Request as Asked, RequestHandler, Response as Answered } from 'express';
import { limits } from '../../protocol/limits.ts';
import { uuidSchema } from '../../protocol/ids.ts';
import { Refusal } from '../services/refusal.ts';
import type { Session } from '../services/sessions.ts';
import { keptFor, type Uploads } from '../services/uploads.ts';
import type { UploadLocker } from './upload-locker.ts';

export const uploadsPath = '/v1/uploads';

const version = '1.0.0';

/** What our side of tus can do, told to whoever asks with OPTIONS. */
export const tellTusAbilities: RequestHandler = (req, res, next) => {
  if (req.method === 'OPTIONS') {
    res.set({
      'Tus-Resumable': version,
      'Tus-Version': version,
      'Tus-Extension': 'creation,creation-with-upload,termination,expiration',
      'Tus-Max-Size': String(limits.maxAttachmentBytes),
    });
  }
  next();
};

/** The only headers that tus is asked with here: what else there is, @tus/server need not know. */
const asked = [
  'tus-resumable',
  'content-type',
  'content-length',
  'upload-length',
  'upload-defer-length',
  'upload-offset',
  'upload-metadata',
  'upload-concat',
];

/** The only ones it may answer with: it has views of its own on CORS. */
const answered = ['Location', 'Upload-Offset', 'Upload-Length', 'Upload-Metadata', 'Upload-Expires'];

/** Has @tus/server answer a request about uploads of the person whose session it is. */
export async function answerTus(
  req: Asked,
  res: Answered,
  {
    session,
    uploads,
    locker,
  }: { readonly session: Session; readonly uploads: Uploads; readonly locker: UploadLocker },
): Promise<void> {
  res.set('Tus-Resumable', version);
  const isOurVersion = req.headers['tus-resumable'] === version;
  if (!isOurVersion) {
    res.set('Tus-Version', version);
    throw new Refusal('invalid', `Tus-Resumable: must be ${version}`, 412);
  }
  const server = new Server({
    path: uploadsPath,
    datastore: new PersonsUploads(uploads, session, req.method),
    locker,
    // As soon as possible: what was received until then is kept.
    lockDrainTimeout: 1,
    relativeLocation: true,
    namingFunction: () => randomUUID(),
    onResponseError: (_request, error) => Promise.reject(refusalFor(error)),
  });
  const body = bodyOf(req);
  try {
    const response = await server.handleWeb(requestOf(req, body));
    if (response.status >= 400) {
      throw new Refusal('invalid', `${(await response.text()).trim()}`, response.status);
    }
    res.status(response.status);
    for (const name of answered) {
      const value = response.headers.get(name);
      if (value !== null) res.set(name, value);
    }
    res.end();
  } finally {
    // Whoever still sends gets to hear the answer: a connection that is closed in their face tells them nothing.
    if (body !== undefined) {
      req.unpipe(body);
      body.destroy();
      req.resume();
    }
  }
}

function requestOf(req: Asked, body: Readable | undefined): Request {
  const headers = new Headers();
  for (const name of asked) {
    const value = req.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return new Request(`http://localhost${uploadsPath}${req.url.slice(uploadsPath.length)}`, {
    method: req.method,
    headers,
    ...(body !== undefined && { body: Readable.toWeb(body) as ReadableStream, duplex: 'half' }),
  });
}

/** What is sent, in a stream that can be given up while the connection goes on. */
function bodyOf(req: Asked): PassThrough | undefined {
  if (req.method !== 'PATCH' && req.method !== 'POST') return undefined;
  const body = new PassThrough();
  // Nobody may be listening any more when it is given up.
  body.on('error', () => undefined);
  req.once('close', () => {
    if (!req.complete) body.destroy(new Error('The connection was cut.'));
  });
  return req.pipe(body);
}

/** One person's uploads in the shape that @tus/server knows. */
class PersonsUploads extends DataStore {
  override readonly extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
  readonly #uploads: Uploads;
  readonly #session: Session;
  readonly #method: string;
  #created: Upload | undefined;

  constructor(uploads: Uploads, session: Session, method: string) {
    super();
    this.#uploads = uploads;
    this.#session = session;
    this.#method = method;
  }

  override async create(upload: Upload): Promise<Upload> {
    const { id, size = 0, metadata = {} } = upload;
    await this.#uploads.create(this.#session, id, {
      size,
      name: metadata['filename'] ?? '',
      mediaType: metadata['filetype'] ?? null,
      sha256: metadata['sha256'] ?? null,
    });
    this.#created = upload;
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    // Asked once more for what was created by this very request.
    if (this.#created !== undefined) return this.#created;
    const action = this.#method === 'HEAD' ? 'upload.look' : 'upload.append';
    const found = await this.#uploads.look(this.#session, idOf(id), action);
    return new Upload({
      id: found.id,
      size: found.size,
      offset: found.received,
      creation_date: new Date(found.createdAt).toISOString(),
      metadata: { filename: found.name, ...(found.claimedType !== null && { filetype: found.claimedType }) },
    });
  }

  override write(stream: Readable, id: string, offset: number): Promise<number> {
    return this.#uploads.append(this.#session, id, offset, stream as AsyncIterable<Uint8Array>);
  }

  override remove(id: string): Promise<void> {
    return this.#uploads.remove(this.#session, idOf(id));
  }

  override getExpiration(): number {
    return keptFor;
  }
}

function idOf(id: string): string {
  const checked = uuidSchema.safeParse(id);
  if (!checked.success) throw new Refusal('not-found');
  return checked.data;
}

/** What @tus/server throws is a status and a sentence; what we throw into it comes back as it is. */
function refusalFor(error: unknown): Error {
  const status = statusOf(error);
  if (status === undefined) return error instanceof Error ? error : new Error('Something that is no error.');
  switch (status) {
    case 404:
    case 410:
      return new Refusal('not-found');
    case 409:
      return new Refusal('invalid', 'Upload-Offset: must be where this upload goes on', 409);
    case 413:
      return new Refusal('too-large', 'More came than was announced.');
    // It gave way to a newer request for the same upload, or its sender is gone.
    case 500:
      return new Refusal('unavailable');
    default:
      return isGivingWay(error) ? new Refusal('unavailable') : new Refusal('invalid', wordsOf(error));
  }
}

function statusOf(error: unknown): number | undefined {
  const status = typeof error === 'object' && error !== null && 'status_code' in error && error.status_code;
  return typeof status === 'number' ? status : undefined;
}

function isGivingWay(error: unknown): boolean {
  return wordsOf(error).startsWith('Request aborted');
}

/** These are its own sentences: none repeats what was asked. */
function wordsOf(error: unknown): string {
  const body = typeof error === 'object' && error !== null && 'body' in error && error.body;
  return typeof body === 'string' ? body.trim() : '';
}
