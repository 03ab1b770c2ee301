import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';
import type { Cache } from '../cache/cache.ts';
import type { MessagePage, MessagesApi } from '../transport/messages-api.ts';

/** The most messages, or threads, that one answer of the server holds. */
export const longestPage = 200;

/** What the server has of a thread that this device does not know: itself, and its newest messages. */
export type Discovery = readonly [Thread, MessagePage];

/** Asks for both at once. */
export function discover(api: MessagesApi, threadId: string): Promise<Discovery> {
  return Promise.all([api.thread(threadId), api.messages(threadId)]);
}

/** Fetches the top of the inbox anew. Without a cursor it gives way to one that is there meanwhile. */
export async function list(cache: Cache, api: MessagesApi, cursor?: number): Promise<void> {
  const { threads, unread, next } = await api.threads();
  if (cursor === undefined && cache.inbox) return;
  await cache.startOver({ threads, unread, next, cursor });
  await cache.receive({ messages: lastMessages(threads) });
}

/** What was said last in each of them. */
export function lastMessages(threads: readonly Thread[]): readonly Message[] {
  return threads.map(({ lastMessage }) => lastMessage).filter((message) => message !== null);
}

/** The messages of a thread: from this device where it has them, else from the server. */
export class History {
  readonly #cache: Cache;
  readonly #api: MessagesApi;
  readonly #early: Map<string, Promise<Discovery>>;

  /** `early` holds what was asked for before there was a cache to keep it in. Each is used once. */
  constructor(cache: Cache, api: MessagesApi, early: Map<string, Promise<Discovery>>) {
    this.#cache = cache;
    this.#api = api;
    this.#early = early;
  }

  /** What this device has of a run, without asking anybody. */
  known(threadId: string, from: number, to: number): Promise<readonly Message[]> {
    return this.#cache.messages(threadId, from, to);
  }

  /** The messages from `from` to `to` in rising seq. Rejects with ApiError where some had to be asked for. */
  async read(threadId: string, from: number, to: number): Promise<readonly Message[]> {
    const known = await this.known(threadId, from, to);
    if (known.length === to - from + 1) return known;
    const seqs = new Set(known.map(({ seq }) => seq));
    let first = from;
    while (seqs.has(first)) first += 1;
    let last = to;
    while (seqs.has(last)) last -= 1;
    const limit = Math.min(longestPage, last - first + 1);
    const { messages } = await this.#api.messages(threadId, { after: first - 1, limit });
    await this.#cache.receive({ messages });
    return this.known(threadId, from, to);
  }

  /** A thread that this device does not know yet, with its newest messages. */
  async discover(threadId: string): Promise<Thread> {
    const early = this.#early.get(threadId);
    this.#early.delete(threadId);
    const [thread, { messages }] = await (early ?? discover(this.#api, threadId));
    await this.#cache.receive({ threads: [thread], messages });
    return thread;
  }
}
