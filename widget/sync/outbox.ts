import { filesOf, type AttachedFile } from '../cache/attached-file.ts';
import type { Cache } from '../cache/cache.ts';
import type { OutboxEntry } from '../cache/outbox-entry.ts';
import { ApiError, isRefused } from '../transport/api-error.ts';
import type { MessagesApi } from '../transport/messages-api.ts';
import { Alarm } from './alarm.ts';
import { resendWaits, retryDelay } from '../transport/retry-delay.ts';

/** For how long a message is tried by itself, in milliseconds. From then on whoever wrote it is to say. */
const longestTry = 24 * 3_600_000;

/**
 * Sends what was written here, in the order it was written.
 *
 * An entry is stored before it is shown or sent, and every attempt carries the same id, so a closed tab
 * loses nothing and a retried request adds nothing. Within a thread nothing passes a message that is
 * refused or can't get through.
 */
export class Outbox {
  readonly #cache: Cache;
  readonly #api: MessagesApi;
  readonly #onSent: (threadId: string, messageId: string) => void;
  /** Asked where files go with a message: then there is somebody who sends them. */
  readonly filesReady: () => Promise<unknown>;
  readonly #alarm = new Alarm();
  readonly #stopping = new AbortController();
  #lastOrder = 0;
  #attempts = 0;
  #isWanted = false;
  #draining: Promise<void> | undefined;
  /** Whether it is this tab that sends, for all that share the outbox. */
  isSending = false;

  constructor(
    cache: Cache,
    api: MessagesApi,
    onSent: (threadId: string, messageId: string) => void,
    filesReady: () => Promise<unknown> = async () => {},
  ) {
    this.#cache = cache;
    this.#api = api;
    this.#onSent = onSent;
    this.filesReady = filesReady;
  }

  /** Keeps the words, with the files that lie beside their draft, then sends them. Resolves once they are kept. */
  async add(threadId: string, text: string): Promise<void> {
    // The clock tells it from what other tabs wrote, of which this one need not know yet; it never goes back here.
    const before = Math.max(this.#lastOrder, ...this.#cache.outbox.map((entry) => entry.order));
    const order = (this.#lastOrder = Math.max(Date.now(), before + 1));
    const writtenAt = new Date().toISOString();
    const attached = filesOf(threadId);
    const files = this.#cache.drafts.get(attached);
    const keeping = this.#cache.keepInOutbox({
      id: newId(),
      threadId,
      text,
      ...(files && { files: JSON.parse(files) as AttachedFile[] }),
      writtenAt,
      order,
      state: 'waiting',
    });
    if (files) void this.#cache.storeDraft(attached, '');
    await keeping;
    void this.drain();
  }

  /** Sends again what was refused or could not get through, with everything behind it. */
  async retry(id: string): Promise<void> {
    const tryAgain = async () => {
      // Another tab may have taken it back.
      const entry = (await this.#cache.readOutbox()).find((stored) => stored.id === id);
      if (entry) await this.#cache.keepInOutbox(waiting(entry));
    };
    await alone(this.#cache, tryAgain, 'decide');
    this.#attempts = 0;
    await this.drain();
  }

  /** Sends, at once and again, until nothing waits that could be sent. */
  drain(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    this.#isWanted = true;
    this.#alarm.ring();
    this.#draining ??= alone(this.#cache, () => this.#sendAll())
      .catch((error: Error) => error.name === 'AbortError' || reportError(error))
      .then(() => {
        this.isSending = false;
        this.#draining = undefined;
        if (this.#isWanted) return this.drain();
      });
    return this.#draining;
  }

  /** The network or the tab is back: what waits for another attempt need not wait any longer. */
  wake(): void {
    void this.drain();
  }

  stop(): void {
    this.#stopping.abort();
    this.#alarm.ring();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Keeps its turn while it waits for the next attempt: no other tab makes one meanwhile. */
  async #sendAll(): Promise<void> {
    this.isSending = true;
    // Where it took too long, another tab has the turn.
    while (this.#isWanted && !this.#isStopped && this.isSending) {
      this.#isWanted = false;
      const trouble = await this.#sendWaiting();
      if (!trouble) this.#attempts = 0;
      else if (!this.#isWanted && !this.#isStopped) {
        this.#attempts += 1;
        await this.#alarm.wait(trouble.retryAfter ?? retryDelay(this.#attempts, resendWaits));
        this.#isWanted = true;
      }
    }
  }

  /** Whatever can be sent now. Resolves with what kept the rest from it. */
  async #sendWaiting(): Promise<ApiError | undefined> {
    const blocked = new Set<string>();
    let trouble: ApiError | undefined;
    for (let entry = await this.#next(blocked); entry; entry = await this.#next(blocked)) {
      try {
        if (entry.files) this.filesReady().catch(() => undefined);
        if (entry.state === 'refused' || entry.files?.some(({ state }) => state !== 'there'))
          blocked.add(entry.threadId);
        else await this.#send(entry);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        trouble = error;
        // One message that a gateway never lets through must not hold up other threads.
        blocked.add(entry.threadId);
        if (error.kind === 'signed-out' || error.retryAfter !== undefined) break;
      }
    }
    return trouble;
  }

  /** The oldest entry of a thread in which nothing older is stuck. */
  async #next(blocked: ReadonlySet<string>): Promise<OutboxEntry | undefined> {
    const stored = await this.#cache.readOutbox();
    return this.#isStopped ? undefined : stored.find(({ threadId }) => !blocked.has(threadId));
  }

  /** Sends one. A refusal is an answer and stays with the entry; where nobody answers, this rejects. */
  async #send(entry: OutboxEntry): Promise<void> {
    const { id, threadId, text, files } = entry;
    try {
      const attachments = files?.map(({ uploadId }) => uploadId);
      const message = await this.#api.send(threadId, id, text, attachments, this.#stopping.signal);
      await this.#cache.receive({ messages: [message] });
    } catch (error) {
      const isFinal = isRefused(error) || (isUnreachable(error) && isOld(entry));
      const after: OutboxEntry = isFinal
        ? { ...entry, state: 'refused', code: error.code }
        : { ...waiting(entry), state: 'unreachable' };
      // The live stream may have brought the message although its answer was lost; or it was taken back.
      if (this.#has(id) && !this.#isStopped) await this.#cache.keepInOutbox(after);
      if (isFinal) return;
      throw error;
    }
    // A network that loses one message of two is bad, but there: what waits need not wait ever longer.
    this.#attempts = 0;
    this.#onSent(threadId, id);
  }

  #has(id: string): boolean {
    return this.#cache.outbox.some((entry) => entry.id === id);
  }
}

/** Does what tabs that share an outbox do one after the other: send, or carry out what its writer decides. */
export async function alone<Done>({ records }: Cache, act: () => Promise<Done>, what = ''): Promise<Done> {
  const locks = records.name && navigator.locks;
  return locks ? locks.request(records.name + what, act) : act();
}

/** Whether it has been tried for long enough. Where this device has no network, it was not. */
function isOld({ writtenAt }: OutboxEntry): boolean {
  return navigator.onLine && Date.now() - Date.parse(writtenAt) > longestTry;
}

function isUnreachable(error: unknown): error is ApiError {
  return error instanceof ApiError && error.kind === 'unreachable';
}

/** A page without TLS has no WebCrypto, and only by this way a UUID that is random. */
function newId(): string {
  if (isSecureContext) return crypto.randomUUID();
  const address = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(address);
  return address.slice(-36);
}

function waiting({ code: _, ...entry }: OutboxEntry): OutboxEntry {
  return { ...entry, state: 'waiting' };
}
