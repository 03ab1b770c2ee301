import { filesOf, type AttachedFile } from '../cache/attached-file.ts';
import type { Cache } from '../cache/cache.ts';
import type { OutboxEntry } from '../cache/outbox-entry.ts';
import { ApiError, isRefused } from '../transport/api-error.ts';
import type { MessagesApi } from '../transport/messages-api.ts';
import { Alarm } from './alarm.ts';
import { resendWaits, retryDelay } from './retry-delay.ts';

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
  readonly #filesReady: () => Promise<unknown>;
  readonly #alarm = new Alarm();
  #lastOrder = 0;
  #attempts = 0;
  #isStopped = false;
  #isWaiting = false;
  #turn: Promise<void> = Promise.resolve();

  /** `filesReady` is asked where files go with a message: then there is somebody who sends them. */
  constructor(
    cache: Cache,
    api: MessagesApi,
    onSent: (threadId: string, messageId: string) => void,
    filesReady: () => Promise<unknown> = async () => {},
  ) {
    this.#cache = cache;
    this.#api = api;
    this.#onSent = onSent;
    this.#filesReady = filesReady;
  }

  /** Keeps the words, with the files that lie beside their draft, then sends them. Resolves once they are kept. */
  async add(threadId: string, text: string): Promise<void> {
    // Counted here as well: what was written in the same breath is not in the cache yet.
    const order = 1 + Math.max(this.#lastOrder, ...this.#cache.outbox.map((entry) => entry.order));
    this.#lastOrder = order;
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
    const entry = this.#cache.outbox.find((waiting) => waiting.id === id);
    if (!entry) return;
    await this.#cache.keepInOutbox(waiting(entry));
    this.#attempts = 0;
    this.#alarm.ring();
    await this.drain();
  }

  /** Takes back what was not sent: its words are the caller's from now on. What stood behind it goes on. */
  async takeBack(id: string): Promise<string> {
    if (this.#cache.outbox.some((entry) => entry.id === id && entry.files)) await this.#filesReady();
    const entry = await this.#cache.takeFromOutbox(id);
    void this.drain();
    return entry?.text ?? '';
  }

  /** Sends until nothing waits or nobody answers. Runs follow one another: none overtakes, none is forgotten. */
  drain(): Promise<void> {
    this.#turn = this.#turn.then(() => inTurn(() => this.#sendWaiting())).catch(reportError);
    return this.#turn;
  }

  /** The network or the tab is back: what waits for another attempt need not wait any longer. */
  wake(): void {
    this.#alarm.ring();
    void this.drain();
  }

  stop(): void {
    this.#isStopped = true;
    this.#alarm.ring();
  }

  async #sendWaiting(): Promise<void> {
    const blocked = new Set<string>();
    let trouble: ApiError | undefined;
    for (let entry = this.#next(blocked); entry; entry = this.#next(blocked)) {
      try {
        if (entry.files) this.#filesReady().catch(() => undefined);
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
    if (trouble) this.#retryLater(trouble.retryAfter);
    else this.#attempts = 0;
  }

  /** The oldest entry of a thread in which nothing older is stuck. */
  #next(blocked: ReadonlySet<string>): OutboxEntry | undefined {
    return this.#isStopped ? undefined : this.#cache.outbox.find(({ threadId }) => !blocked.has(threadId));
  }

  /** Sends one. A refusal is an answer and stays with the entry; where nobody answers, this rejects. */
  async #send(entry: OutboxEntry): Promise<void> {
    const { id, threadId, text, files } = entry;
    try {
      const attachments = files?.map(({ uploadId }) => uploadId);
      const message = await this.#api.send(threadId, id, text, attachments);
      await this.#cache.receive({ messages: [message] });
    } catch (error) {
      if (isRefused(error)) return this.#cache.keepInOutbox({ ...entry, state: 'refused', code: error.code });
      // The live stream may have brought the message although its answer was lost.
      const isStillUnsent = this.#cache.outbox.some((other) => other.id === id);
      if (isStillUnsent && !this.#isStopped) {
        await this.#cache.keepInOutbox({ ...waiting(entry), state: 'unreachable' });
      }
      throw error;
    }
    // A network that loses one message of two is bad, but there: what waits need not wait ever longer.
    this.#attempts = 0;
    this.#onSent(threadId, id);
  }

  #retryLater(retryAfter: number | undefined): void {
    if (this.#isWaiting || this.#isStopped) return;
    this.#isWaiting = true;
    this.#attempts += 1;
    void this.#alarm.wait(retryAfter ?? retryDelay(this.#attempts, resendWaits)).then(() => {
      this.#isWaiting = false;
      return this.drain();
    });
  }
}

/** A page without TLS has no WebCrypto, and only by this way a UUID that is random. */
function newId(): string {
  if (isSecureContext) return crypto.randomUUID();
  const address = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(address);
  return address.slice(-36);
}

/** Tabs of one person share the outbox: one of them sends at a time. */
function inTurn(send: () => Promise<void>): Promise<void> {
  return 'locks' in navigator ? navigator.locks.request('grow-messages outbox', send) : send();
}

function waiting({ code: _, ...entry }: OutboxEntry): OutboxEntry {
  return { ...entry, state: 'waiting' };
}
