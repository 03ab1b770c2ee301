import { filesOf, type AttachedFile } from '../cache/attached-file.ts';
import type { Cache, CacheChange } from '../cache/cache.ts';
import { dropBytes, keepBytes, readBytes, sweepBytes } from '../cache/file-bytes.ts';
import type { OutboxEntry } from '../cache/outbox-entry.ts';
import { ApiError, isRefused } from '../transport/api-error.ts';
import { FileRefused } from '../transport/file-refused.ts';
import type { UploadClient } from '../transport/upload-client.ts';
import { Alarm } from './alarm.ts';
import { retryDelay, type Waits } from '../transport/retry-delay.ts';

/** What one attaches: a name, a kind and bytes. */
export type NewFile = { readonly name: string; readonly mediaType: string; readonly bytes: Blob };

/** How it stands with a file that is attached. */
export type Upload = {
  readonly file: AttachedFile;
  /** How many of its bytes the server has. */
  readonly received: number;
  /** Whether the last attempt got through to nobody. */
  readonly isStuck: boolean;
  /** Whether it would still be here if this page were closed. */
  readonly isKept: boolean;
};

type Item = {
  -readonly [Key in keyof Upload]: Upload[Key];
} & {
  /** Beside which draft it lies, or with which message it goes. */
  place: string | undefined;
  entryId: string | undefined;
  bytes: Blob | undefined;
  /** Asked for, and had, until it is given up: the right to send it. Other tabs list it too. */
  turn: AbortController | undefined;
  isOurs: boolean;
  sending: AbortController | undefined;
};

/** How many files are sent at once. */
const atOnce = 2;

const uploadWaits: Waits = { first: 1_000, longest: 120_000 };

/**
 * Sends the files of one person's drafts and outbox, each from where it was, until the server has them.
 *
 * What is attached is stored before it counts as attached; where this device has no room for it, it goes from
 * memory. A message with files waits in the outbox until all of its are there. A file is thrown away when the
 * server has the message it goes with, or when it is taken off.
 *
 * Of the tabs that list a file one sends it, and keeps its turn while it waits for the next attempt; when that one is
 * closed another goes on where it stopped. Whose turn it is says how it stands with the file, and the others read it.
 */
export class Uploads {
  readonly #cache: Cache;
  readonly #client: UploadClient;
  readonly #onReady: () => void;
  readonly #items = new Map<string, Item>();
  readonly #listeners = new Set<() => void>();
  readonly #alarm = new Alarm();
  readonly #unsubscribe: () => void;
  readonly #stopping = new AbortController();
  /** Until it is known what was left behind, nothing is put beside it. */
  readonly #tidied: Promise<void>;
  /** Messages whose uploads the server no longer knew, and was given once more. */
  readonly #renewed = new Set<string>();
  #attempts = 0;
  #isWaiting = false;

  /** `onReady` is called when a message has all of its files on the server. */
  constructor(cache: Cache, client: UploadClient, onReady: () => void) {
    this.#cache = cache;
    this.#client = client;
    this.#onReady = onReady;
    this.#unsubscribe = cache.subscribe((change) => this.#follow(change));
    for (const place of cache.drafts.keys()) if (place.startsWith('files ')) this.#recall(place.slice(6));
    this.#follow();
    this.#tidied = this.#tidy();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What lies beside a draft, in the order it was attached. */
  attachedTo(place: string): readonly Upload[] {
    return this.#at(place);
  }

  upload(id: string): Upload | undefined {
    return this.#items.get(id);
  }

  /** Attaches files to a draft. Resolves once they are kept, on the device if it has room. */
  async attach(place: string, files: readonly NewFile[]): Promise<void> {
    await this.#tidied;
    for (const { name, mediaType, bytes } of files) {
      const id = crypto.randomUUID();
      const file: AttachedFile = { id, name, mediaType, size: bytes.size, state: 'waiting' };
      const isKept = this.#cache.isDurable && (await isDone(keepBytes(this.#cache.records, id, bytes)));
      if (this.#isStopped) return;
      this.#items.set(id, { ...fresh(file), place, isKept, bytes });
    }
    await this.#storeDraft(place);
    this.#tell();
    this.#pump();
  }

  /** Takes a file off its draft, and off the server. */
  async remove(id: string): Promise<void> {
    const item = this.#items.get(id);
    if (item?.place === undefined) return;
    const { place } = item;
    this.#drop(item);
    if (item.file.uploadId !== undefined) this.#client.remove(item.file.uploadId).catch(() => undefined);
    await this.#storeDraft(place);
    this.#tell();
    this.#pump();
  }

  /** Sends again what was refused, and at once what waits for another attempt. */
  async retry(id: string): Promise<void> {
    const item = this.#items.get(id);
    if (item?.file.state === 'refused') await this.#set(item, waiting(item.file));
    this.wake();
  }

  /** What lay beside one draft lies beside another from now on. */
  async move(from: string, to: string): Promise<void> {
    const moved = this.#at(from);
    if (moved.length === 0) return;
    for (const item of moved) item.place = to;
    await this.#storeDraft(to);
    await this.#storeDraft(from);
    this.#tell();
  }

  /** The network or the tab is back. */
  wake(): void {
    this.#attempts = 0;
    this.#alarm.ring();
    this.#pump();
  }

  /** What this device would not keep, for whoever may carry it over to the same person's next visit. */
  stop(): ReadonlyMap<string, Blob> {
    this.#unsubscribe();
    this.#listeners.clear();
    this.#stopping.abort();
    this.#alarm.ring();
    const rest = new Map<string, Blob>();
    for (const item of this.#items.values()) {
      const { file, bytes, isKept } = item;
      leave(item);
      if (bytes && !isKept) rest.set(file.id, bytes);
    }
    this.#items.clear();
    return rest;
  }

  /** Bytes that lay in memory when the last visit of this person ended. */
  carryOver(rest: ReadonlyMap<string, Blob>): void {
    for (const [id, bytes] of rest) {
      const item = this.#items.get(id);
      if (item) Object.assign(item, { bytes, isKept: false });
    }
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #at(place: string): Item[] {
    return [...this.#items.values()].filter((item) => item.place === place);
  }

  /** Learns what lies beside a draft from what was kept of it. */
  #recall(place: string): void {
    for (const file of parse(this.#cache.drafts.get(filesOf(place)))) {
      if (!this.#items.has(file.id)) this.#items.set(file.id, { ...fresh(file), place });
    }
  }

  /** Learns what goes with messages by now, and what went. */
  #follow({ taken, isOthers = false }: CacheChange = { inbox: false, threadIds: [] }): void {
    const gone = new Set([...this.#items.values()].map(({ entryId }) => entryId));
    gone.delete(undefined);
    for (const entry of this.#cache.outbox) {
      gone.delete(entry.id);
      if (entry.files) this.#take(entry, entry.files, isOthers);
    }
    for (const item of [...this.#items.values()]) {
      if (!gone.has(item.entryId)) continue;
      // Another tab may have taken it back: then its bytes are wanted there.
      if (isOthers) this.#forget(item);
      else if (item.entryId !== taken?.id) this.#drop(item);
      else Object.assign(item, { place: taken?.threadId, entryId: undefined });
    }
    if (taken?.files) {
      for (const file of taken.files) {
        if (!this.#items.has(file.id)) this.#items.set(file.id, { ...fresh(file), place: taken.threadId });
      }
      this.#storeDraft(taken.threadId).catch(reportError);
    }
    this.#tell();
    this.#pump();
  }

  /** These files go with this message. What another tab made of those that it sends is taken over. */
  #take(entry: OutboxEntry, files: readonly AttachedFile[], isOthers: boolean): void {
    const wasRefused =
      !isOthers && entry.state === 'waiting' && files.some(({ state }) => state === 'refused');
    const isUnknown =
      !isOthers && entry.state === 'refused' && entry.code === 'not-found' && !this.#renewed.has(entry.id);
    if (isUnknown) this.#renewed.add(entry.id);
    let isOther = wasRefused || isUnknown;
    for (const file of files) {
      const item = this.#items.get(file.id) ?? fresh(file);
      this.#items.set(file.id, item);
      Object.assign(item, { place: undefined, entryId: entry.id });
      if (isOthers && !item.isOurs) item.file = file;
      // Somebody asked again, or the server has forgotten what was sent so long ago.
      if ((wasRefused && item.file.state === 'refused') || isUnknown) item.file = waiting(item.file);
      if (item.isStuck && entry.state === 'waiting') {
        item.isStuck = false;
        this.#alarm.ring();
      }
      isOther ||= !isOthers && item.file.state !== file.state;
    }
    if (isOther && (entry.state !== 'refused' || isUnknown)) void this.#storeEntry(entry.id, isUnknown);
  }

  /** Sends what waits, a few at once: first what messages wait for. */
  #pump(): void {
    if (this.#isStopped) return;
    const items = [...this.#items.values()].filter(({ file }) => file.state === 'waiting');
    for (const item of items) if (!item.turn) void this.#takeTurn(item);
    if (this.#isWaiting) return;
    let free = atOnce - items.filter(({ sending }) => sending).length;
    const next = items
      .filter(({ isOurs, sending }) => isOurs && !sending)
      .sort((a, b) => Number(!a.entryId) - Number(!b.entryId));
    for (const item of next) if (free-- > 0) void this.#send(item);
  }

  /** Waits until no other tab sends this file, then keeps its turn until it waits no more. */
  async #takeTurn(item: Item): Promise<void> {
    const { signal } = (item.turn = new AbortController());
    const keep = async () => {
      await this.#learn(item);
      if (signal.aborted || item.file.state !== 'waiting') return;
      item.isOurs = true;
      this.#pump();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    await alone(item.file.id, signal, keep).catch((error: unknown) => signal.aborted || reportError(error));
    Object.assign(item, { turn: undefined, isOurs: false });
    // Meanwhile it may have been asked for again.
    if (signal.aborted) this.#pump();
    this.#tell();
  }

  /** How it stands with a file by what is stored: another tab may have sent it, or some of it. */
  async #learn(item: Item): Promise<void> {
    await this.#cache.readOutbox();
    if (item.place === undefined) return;
    const name = filesOf(item.place);
    const stored = (await this.#cache.records.read('drafts', name).catch(() => undefined)) as
      { readonly text: string } | undefined;
    item.file = parse(stored?.text).find(({ id }) => id === item.file.id) ?? item.file;
  }

  async #send(item: Item): Promise<void> {
    const sending = (item.sending = new AbortController());
    try {
      const uploadId = await this.#sendBytes(item, sending.signal);
      this.#attempts = 0;
      item.sending = undefined;
      await this.#set(item, { ...waiting(item.file), state: 'there', uploadId });
    } catch (error) {
      if (sending.signal.aborted) return;
      item.sending = undefined;
      await this.#fail(item, error);
    }
    this.#pump();
  }

  async #sendBytes(item: Item, signal: AbortSignal): Promise<string> {
    const { name, mediaType, uploadId } = item.file;
    const bytes = item.bytes ?? (await readBytes(this.#cache.records, item.file));
    if (!bytes) throw new Gone();
    return this.#client.send({
      name,
      mediaType,
      bytes,
      uploadId,
      signal,
      onBegun: (begun) => {
        if (begun !== item.file.uploadId) void this.#set(item, { ...item.file, uploadId: begun });
      },
      onProgress: (received) => {
        if (received > item.received) this.#attempts = 0;
        item.received = received;
        if (item.isStuck) {
          item.isStuck = false;
          void this.#storeEntry(item.entryId);
        }
        this.#tell();
      },
    });
  }

  async #fail(item: Item, error: unknown): Promise<void> {
    if (isRefused(error)) {
      const detail = error instanceof FileRefused ? error.detail : undefined;
      item.received = 0;
      // What it has of a file that it refuses is nothing to go on from.
      const { uploadId: _, ...file } = waiting(item.file);
      return this.#set(item, { ...file, state: 'refused', code: error.code, ...(detail && { detail }) });
    }
    if (!(error instanceof ApiError)) {
      // It was changed or deleted where it was taken from: what this device keeps of it still has its bytes.
      if (!item.bytes || !item.isKept)
        return this.#set(item, { ...item.file, state: 'refused', code: 'gone' });
      item.bytes = undefined;
      return;
    }
    item.isStuck = true;
    void this.#storeEntry(item.entryId);
    this.#tell();
    if (this.#isWaiting || error.kind === 'signed-out') return;
    this.#isWaiting = true;
    this.#attempts += 1;
    void this.#alarm.wait(error.retryAfter ?? retryDelay(this.#attempts, uploadWaits)).then(() => {
      this.#isWaiting = false;
      this.#pump();
    });
  }

  /** Keeps what has become of a file, wherever it is listed. */
  async #set(item: Item, file: AttachedFile): Promise<void> {
    item.file = file;
    if (file.state !== 'waiting') item.isStuck = false;
    if (!this.#items.has(file.id)) return;
    if (item.place === undefined) await this.#storeEntry(item.entryId);
    // Where nothing lies there any more it has just gone along with a message, and is heard of in a moment.
    else if (this.#cache.drafts.has(filesOf(item.place))) await this.#storeDraft(item.place);
    // Once it is stored: whoever has the next turn reads it.
    if (item.file.state !== 'waiting') item.turn?.abort();
    this.#tell();
  }

  #storeDraft(place: string): Promise<void> {
    const files = this.#at(place).map(({ file }) => file);
    return this.#cache.storeDraft(filesOf(place), files.length > 0 ? JSON.stringify(files) : '');
  }

  /** One that was refused stays as it is until somebody asks for it again, or takes it back. */
  async #storeEntry(entryId: string | undefined, isAskedAgain = false): Promise<void> {
    const entry = this.#cache.outbox.find(({ id }) => id === entryId);
    if (!entry?.files || (entry.state === 'refused' && !isAskedAgain)) return;
    const items = entry.files.map((file) => this.#items.get(file.id) ?? fresh(file));
    const files = items.map(({ file }) => file);
    const { code: _, ...rest } = entry;
    const state = files.some((file) => file.state === 'refused')
      ? ({ state: 'refused', code: 'unsupported-file' } as const)
      : ({ state: items.some(({ isStuck }) => isStuck) ? 'unreachable' : 'waiting' } as const);
    if (entry.state === state.state && JSON.stringify(files) === JSON.stringify(entry.files)) return;
    await this.#cache.keepInOutbox({ ...rest, ...state, files }).catch(reportError);
    if (files.every((file) => file.state === 'there')) this.#onReady();
  }

  #forget(item: Item): void {
    leave(item);
    this.#items.delete(item.file.id);
  }

  #drop(item: Item): void {
    this.#forget(item);
    void dropBytes(this.#cache.records, item.file);
  }

  /** Throws away what was left behind, unless another tab is here as well; from then on others know of this one. */
  async #tidy(): Promise<void> {
    if (!('locks' in navigator)) return;
    const { signal } = this.#stopping;
    await navigator.locks.request('grow-messages files', { ifAvailable: true }, async (lock) => {
      if (lock && this.#items.size === 0) await sweepBytes(this.#cache);
    });
    await new Promise<void>((resolve) => {
      const stay = () => {
        resolve();
        return new Promise((leave) => signal.addEventListener('abort', leave));
      };
      signal.addEventListener('abort', () => resolve());
      const asked = navigator.locks.request('grow-messages files', { mode: 'shared', signal }, stay);
      asked.catch(() => resolve());
    });
  }

  #tell(): void {
    if (!this.#isStopped) for (const listener of [...this.#listeners]) listener();
  }
}

/** The bytes of a file are no longer on this device. */
class Gone extends Error {}

function fresh(file: AttachedFile): Item {
  return {
    file,
    received: file.state === 'there' ? file.size : 0,
    isStuck: false,
    isKept: true,
    place: undefined,
    entryId: undefined,
    bytes: undefined,
    turn: undefined,
    isOurs: false,
    sending: undefined,
  };
}

/** From now on it is sent by another tab, or by none. */
function leave({ sending, turn }: Item): void {
  sending?.abort();
  turn?.abort();
}

/** Without what was said against it. */
function waiting({ code: _code, detail: _detail, ...file }: AttachedFile): AttachedFile {
  return { ...file, state: 'waiting' };
}

/** Tabs of one person share what is attached: one of them sends a file at a time. */
function alone<Value>(id: string, signal: AbortSignal, send: () => Promise<Value>): Promise<Value> {
  return 'locks' in navigator
    ? navigator.locks.request(`grow-messages file ${id}`, { signal }, send)
    : send();
}

function isDone(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

function parse(kept: string | undefined): readonly AttachedFile[] {
  return kept ? (JSON.parse(kept) as AttachedFile[]) : [];
}
