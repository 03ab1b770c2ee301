import type { Me } from '../../protocol/me.ts';
import type { Cache } from '../cache/cache.ts';
import type { Outbox } from '../sync/outbox.ts';
import type { Uploads } from '../sync/uploads.ts';
import { ApiError, isRefused } from '../transport/api-error.ts';
import { BeingChecked, fetchAttachment } from '../transport/attachment.ts';
import type { Requester } from '../transport/request.ts';
import type { UploadClient } from '../transport/upload-client.ts';
import { Store } from './store.ts';

export type { NewFile, Upload } from '../sync/uploads.ts';

/** What one visit of one person brings along. */
export type Visit = {
  readonly cache: Cache;
  readonly outbox: Outbox;
  readonly requester: Requester;
  readonly selfId: string;
};

/**
 * Why a file can't be shown or saved: it is being `checked`, it is `unsafe`, it is `gone`, or it did not get
 * here, which may be otherwise in a moment.
 */
export type FileTrouble = 'checked' | 'unsafe' | 'gone' | 'failed';

/** How many files are fetched at once. */
const atOnce = 2;

/** The files that go with messages: what is attached here, and what others attached. */
export class Files {
  /** Changes with anything that is attached. */
  readonly changes = new Store(0);

  #visit: Visit | undefined;
  #unsubscribe: (() => void) | undefined;
  #uploads: Uploads | undefined;
  /** What no device storage holds, while nobody is signed in, and whose it is. */
  #rest: { readonly selfId: string; readonly bytes: ReadonlyMap<string, Blob> } | undefined;
  #fetching = 0;
  readonly #turns: (() => void)[] = [];

  /** Follows this visit, until `me` says that it is over. */
  follow(visit: Visit, me: Store<Me | undefined>): this {
    if (visit.cache === this.#visit?.cache) return this;
    this.#leave();
    this.#visit = visit;
    this.#unsubscribe = me.subscribe(() => this.#leave());
    addEventListener('online', this.#wake);
    document.addEventListener('visibilitychange', this.#wake);
    return this;
  }

  /** What sends files, fetched with the first. Rejects where it can't be had, or the visit is over. */
  async attaching(): Promise<Uploads> {
    const visit = this.#visit;
    const [{ Uploads }, { UploadClient }] = await Promise.all([
      import('../sync/uploads.ts'),
      import('../transport/upload-client.ts'),
    ]);
    if (!visit || visit !== this.#visit) throw new Error('the visit is over');
    return (this.#uploads ??= this.#begin(visit, Uploads, UploadClient));
  }

  /** Nothing is sent any more, and only what would be lost otherwise stays in memory. */
  #leave(): void {
    this.#unsubscribe?.();
    removeEventListener('online', this.#wake);
    document.removeEventListener('visibilitychange', this.#wake);
    if (this.#visit && this.#uploads) {
      this.#rest = { selfId: this.#visit.selfId, bytes: this.#uploads.stop() };
    }
    this.#visit = this.#uploads = undefined;
  }

  /** What is attached, once something is. */
  get uploads(): Uploads | undefined {
    return this.#uploads;
  }

  /** A file's bytes. Rejects with why there are none, unless the signal says that nobody wants them any more. */
  async fetch(id: string, signal: AbortSignal): Promise<Blob> {
    const visit = this.#visit;
    if (this.#fetching >= atOnce) await new Promise<void>((resolve) => this.#turns.push(resolve));
    else this.#fetching += 1;
    try {
      if (!visit || visit !== this.#visit) throw new NoFile('failed');
      signal.throwIfAborted();
      return await fetchAttachment(visit.requester, id, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof ApiError ? new NoFile(troubleOf(error)) : error;
    } finally {
      const next = this.#turns.shift();
      if (next) next();
      else this.#fetching -= 1;
    }
  }

  #begin(
    { cache, outbox, requester, selfId }: Visit,
    Sends: typeof Uploads,
    Client: typeof UploadClient,
  ): Uploads {
    const uploads = new Sends(cache, new Client(requester), () => void outbox.drain());
    uploads.subscribe(() => this.changes.set(this.changes.value + 1));
    if (this.#rest?.selfId === selfId) uploads.carryOver(this.#rest.bytes);
    this.#rest = undefined;
    return uploads;
  }

  readonly #wake = () => {
    if (document.visibilityState === 'visible') this.#uploads?.wake();
  };
}

/** Whose files these are, and what of them outlives a visit. */
const known = new WeakMap<object, Files>();

/** The files of a client, who is visiting now. */
export function filesOf(
  client: { readonly me: Store<Me | undefined> },
  { cache, outbox }: Pick<Visit, 'cache' | 'outbox'>,
  requester: Requester,
): Files {
  const files = known.get(client) ?? new Files();
  known.set(client, files);
  return files.follow({ cache, outbox, requester, selfId: client.me.value?.person.id ?? '' }, client.me);
}

/** There is nothing to show or to save. */
export class NoFile extends Error {
  readonly trouble: FileTrouble;

  constructor(trouble: FileTrouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

function troubleOf(error: ApiError): FileTrouble {
  if (error instanceof BeingChecked) return 'checked';
  if (error.code === 'unsafe-file') return 'unsafe';
  return isRefused(error) ? 'gone' : 'failed';
}
