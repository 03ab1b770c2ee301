import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';
import type { Cache } from '../cache/cache.ts';
import { ApiError, isRefused } from '../transport/api-error.ts';
import type { LiveNews } from '../transport/live-stream.ts';
import type { MessagesApi } from '../transport/messages-api.ts';
import { Alarm } from './alarm.ts';
import { lastMessages, list, longestPage } from './history.ts';
import { reconnectWaits, retryDelay } from '../transport/retry-delay.ts';

/** Of how many threads something may be new before the list itself is asked for instead of each. */
const manyThreads = 30;

/** How the device stands to the server: not asked yet, following it, or out of reach. */
export type Connection = 'connecting' | 'live' | 'offline';

/** What happens from a cursor on, or from now on, until the connection ends. */
export type Follow = (cursor: number | undefined, signal: AbortSignal) => AsyncIterable<LiveNews>;

/** What the loop tells whoever started it. */
export type SyncListener = {
  readonly onConnection: (connection: Connection) => void;
};

/**
 * Keeps the cache equal to the server: connect, catch up, listen, wait, again.
 *
 * The cursor is stored together with what it led to. Whatever fails half-way ends the connection, and the
 * next one is told the same news again.
 */
export class SyncLoop {
  readonly #cache: Cache;
  readonly #api: MessagesApi;
  readonly #follow: Follow;
  readonly #listener: SyncListener;
  readonly #alarm = new Alarm();
  readonly #stopping = new AbortController();
  #connection = new AbortController();
  readonly #stale = new Set<string>();
  /** Of those, the ones in which more than something said may be new. */
  readonly #changed = new Set<string>();
  #cursor: number | undefined;
  #settling: Promise<void> | undefined;
  /** Connections that ended since something last got through. */
  #failures = 0;
  /** Why the present connection ended, where it was for want of an answer. */
  #trouble: ApiError | undefined;
  #isUnsettled = false;
  #isHurried = false;

  constructor(cache: Cache, api: MessagesApi, follow: Follow, listener: SyncListener) {
    this.#cache = cache;
    this.#api = api;
    this.#follow = follow;
    this.#listener = listener;
  }

  /** Runs until stopped or signed out. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      this.#trouble = undefined;
      try {
        for await (const news of this.#connect()) {
          await this.#hear(news);
          if (!this.#isStopped) this.#listener.onConnection('live');
        }
        if (!this.#isStopped) this.#listener.onConnection('connecting');
      } catch (error) {
        if (this.#isStopped) return;
        if (error instanceof ApiError) this.#trouble = error;
        if (this.#trouble?.kind === 'signed-out') return;
        if (!this.#isHurried) this.#listener.onConnection('offline');
      }
      await this.#settling;
      this.#stale.clear();
      this.#changed.clear();
      this.#cursor = undefined;
      this.#failures += 1;
      if (!this.#isStopped && !this.#isHurried) await this.#alarm.wait(this.#delay());
      this.#isHurried = false;
    }
  }

  /** The tab is back: what waits for its next attempt tries now. */
  wake(): void {
    this.#alarm.ring();
  }

  /** The network is back: an old connection may be dead without saying so, so it makes way for a new one. */
  reconnect(): void {
    this.#isHurried = true;
    this.#connection.abort();
    this.#alarm.ring();
  }

  stop(): void {
    this.#stopping.abort();
    this.#alarm.ring();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #connect(): AsyncIterable<LiveNews> {
    this.#connection = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, this.#connection.signal]);
    return this.#follow(this.#cache.inbox?.cursor, signal);
  }

  async #hear({ cursor, event }: LiveNews): Promise<void> {
    if (this.#cache.inbox?.cursor === undefined || event?.type === 'reset') return this.#startOver(cursor);
    if (!event) {
      // A stream that opens says nothing about whether what it tells can be brought up to date.
      if (!this.#isUnsettled) this.#failures = 0;
      return;
    }
    const known = this.#cache.thread(event.threadId);
    if (event.type === 'read' && known && event.personId === known.with.id) {
      const theirReadSeq = Math.max(known.theirReadSeq, event.seq);
      await this.#cache.receive({ threads: [{ ...known, theirReadSeq }] });
    } else {
      this.#stale.add(event.threadId);
      if (event.type === 'thread') this.#changed.add(event.threadId);
    }
    this.#cursor = cursor;
    this.#settling ??= this.#settle();
  }

  /** What could not be brought up to date is told again by the next connection. */
  #giveUp(error: unknown): void {
    this.#isUnsettled = true;
    if (error instanceof ApiError) this.#trouble = error;
    this.#connection.abort();
  }

  #delay(): number {
    return this.#trouble?.retryAfter ?? retryDelay(this.#failures, reconnectWaits);
  }

  /** The stream's place is known before the list is asked for, so nothing can happen between the two. */
  async #startOver(cursor: number): Promise<void> {
    await list(this.#cache, this.#api, cursor);
    this.#gotThrough();
  }

  #gotThrough(): void {
    this.#failures = 0;
    this.#isUnsettled = false;
  }

  /** Asks once for each thread that something happened to, however much that was. */
  async #settle(): Promise<void> {
    try {
      while (this.#cursor !== undefined) await this.#settleOnce(this.#cursor);
    } catch (error) {
      this.#giveUp(error);
    } finally {
      // In the same breath as the last look for news: whatever comes after it is settled anew.
      this.#settling = undefined;
    }
  }

  async #settleOnce(cursor: number): Promise<void> {
    const stale = [...this.#stale];
    const changed = new Set(this.#changed);
    this.#cursor = undefined;
    this.#stale.clear();
    this.#changed.clear();
    if (stale.length > manyThreads) return this.#startOver(cursor);
    const [found, counted] = await Promise.all([
      Promise.all(stale.map((threadId) => this.#thread(threadId))),
      // What is unread in threads that are further down than our list, the server alone can tell.
      stale.length > 0 && this.#cache.inbox?.next !== undefined ? this.#api.threads('', 1) : undefined,
    ]);
    const threads = found.filter((thread) => thread !== undefined);
    const settled = await Promise.all(
      threads.filter(({ id }) => changed.has(id)).map((thread) => this.#settled(thread)),
    );
    await this.#cache.receive({
      threads,
      messages: [...lastMessages(threads), ...settled.flat()],
      cursor,
      ...(counted && { unread: counted.unread }),
    });
    this.#gotThrough();
  }

  /** The messages whose files were still being looked at, or whose email was due, as they are now. */
  async #settled({ id, lastSeq }: Thread): Promise<readonly Message[]> {
    const known = await this.#cache.messages(id, Math.max(1, lastSeq - longestPage + 1), lastSeq);
    const first = known.find(isPending);
    if (!first) return [];
    return (await this.#api.messages(id, { after: first.seq - 1, limit: longestPage })).messages;
  }

  /** Undefined where the thread is no longer there for this person. */
  async #thread(threadId: string): Promise<Thread | undefined> {
    try {
      return await this.#api.thread(threadId);
    } catch (error) {
      if (isRefused(error)) return undefined;
      throw error;
    }
  }
}

/** Whether the server may yet say something new of a message. */
function isPending({ attachments, notification }: Message): boolean {
  return notification?.state === 'due' || attachments.some(({ state }) => state === 'checking');
}
