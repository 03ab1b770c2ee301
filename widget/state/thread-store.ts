import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';
import type { Cache } from '../cache/cache.ts';
import type { History } from '../sync/history.ts';
import type { Outbox } from '../sync/outbox.ts';
import { ApiError, isRefused } from '../transport/api-error.ts';
import type { MessagesApi } from '../transport/messages-api.ts';
import { Store } from './store.ts';
import { timeline, type TimelineItem } from './timeline.ts';

/** What there is to see of one thread. */
export type ThreadView = {
  /** `failed` where nothing could be had yet, `missing` where the thread is nobody's of ours. */
  readonly status: 'loading' | 'ready' | 'failed' | 'missing';
  readonly thread: Thread | undefined;
  readonly items: readonly TimelineItem[];
  /** Whether there is more above and below the window, and whether getting it failed. */
  readonly older: 'none' | 'more' | 'failed';
  readonly newer: 'none' | 'more' | 'failed';
};

/** What a thread store is made of. */
export type ThreadParts = {
  readonly cache: Cache;
  readonly history: History;
  readonly outbox: Outbox;
  readonly api: MessagesApi;
  readonly dayOf: (moment: string) => string;
};

/** How many messages one step up or down brings. */
const step = 50;

/** How many messages the window holds at most: those far from the reader leave it. */
const windowLength = 150;

const loading: ThreadView = { status: 'loading', thread: undefined, items: [], older: 'none', newer: 'none' };

/** One open thread: a window over its messages, and what waits behind them. */
export class ThreadStore extends Store<ThreadView> {
  readonly threadId: string;
  readonly #parts: ThreadParts;
  #readWhenOpened: number | undefined;
  #from = 1;
  #to = 0;
  #isOpen = false;
  #isAtEnd = true;
  #moves: Promise<void> = Promise.resolve();
  #reads = 0;
  #troubleAbove = false;
  #troubleBelow = false;

  constructor(threadId: string, parts: ThreadParts) {
    super(loading);
    this.threadId = threadId;
    this.#parts = parts;
    parts.cache.subscribe(({ threadIds }) => {
      if (this.#isOpen && threadIds.includes(threadId)) this.#catchUp();
    });
  }

  /** Brings the newest messages on screen; asked again after it failed, tries again. */
  async open(): Promise<void> {
    if (this.#isOpen) return;
    const { cache, history } = this.#parts;
    try {
      const thread = cache.thread(this.threadId) ?? (await history.discover(this.threadId));
      this.#readWhenOpened ??= thread.readSeq;
      this.#isOpen = true;
      this.#standAt(thread.lastSeq);
      await this.#read();
      await this.#move(() => this.#fill());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.set({ ...this.value, status: isRefused(error) ? 'missing' : 'failed' });
    }
  }

  /** The reader nears the upper end of the window. */
  loadOlder(): Promise<void> {
    if (this.#isPartial) return this.#move(() => this.#fill());
    return this.#move(async () => {
      if (this.#from <= 1) return;
      this.#from = Math.max(1, this.#from - step);
      this.#to = Math.min(this.#to, this.#from + windowLength - 1);
      await this.#fill();
    });
  }

  /** The reader nears the lower end of the window. */
  loadNewer(): Promise<void> {
    if (this.#isPartial) return this.#move(() => this.#fill());
    return this.#move(async () => {
      if (this.#to >= this.#lastSeq) return;
      this.#to = Math.min(this.#lastSeq, this.#to + step);
      this.#from = Math.max(this.#from, this.#to - windowLength + 1);
      await this.#fill();
    });
  }

  /** Leaves where the reader is for the newest messages. */
  jumpToNewest(): Promise<void> {
    this.#isAtEnd = true;
    return this.#move(async () => {
      this.#standAt(this.#lastSeq);
      await this.#fill();
    });
  }

  /** Whether the reader sees the end: then new messages push old ones out, else they wait below. */
  setAtEnd(isAtEnd: boolean): void {
    this.#isAtEnd = isAtEnd;
    if (isAtEnd) this.#catchUp();
  }

  /** Keeps the words and sends them in their turn. Rejects only where not even memory would keep them. */
  async send(text: string): Promise<void> {
    await this.#parts.outbox.add(this.threadId, text);
    if (this.#to < this.#lastSeq) await this.jumpToNewest();
  }

  retry(id: string): Promise<void> {
    return this.#parts.outbox.retry(id);
  }

  /** Takes back what could not be sent. Its words are the caller's from now on. */
  takeBack(id: string): Promise<string> {
    return this.#parts.outbox.takeBack(id);
  }

  draft(): Promise<string> {
    return this.#parts.cache.draft(this.threadId);
  }

  storeDraft(text: string): Promise<void> {
    return this.#parts.cache.storeDraft(this.threadId, text);
  }

  /** The reader has seen the newest message. Where nobody can be told, the next look tells it. */
  async markRead(): Promise<void> {
    const { cache, api } = this.#parts;
    const thread = cache.thread(this.threadId);
    if (!thread || thread.unread === 0) return;
    try {
      await cache.receive({ threads: [await api.markRead(this.threadId, thread.lastSeq)] });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  get #lastSeq(): number {
    return this.#parts.cache.thread(this.threadId)?.lastSeq ?? 0;
  }

  #standAt(seq: number): void {
    this.#to = seq;
    this.#from = Math.max(1, seq - step + 1);
  }

  /** New messages join the window while the reader is at its end, or while there is room. */
  #catchUp(): void {
    const { cache, history } = this.#parts;
    // The list was started over and this thread is further down than its first page.
    if (!cache.thread(this.threadId)) return void history.discover(this.threadId).catch(onlyApiErrors);
    const last = this.#lastSeq;
    const hasRoom = last - this.#from < windowLength;
    if (last === this.#to || !(this.#isAtEnd || hasRoom)) return void this.#read();
    void this.#move(async () => {
      this.#to = last;
      this.#from = Math.max(this.#from, last - windowLength + 1);
      await this.#fill();
    });
  }

  /** Moves of the window follow one another. */
  #move(move: () => Promise<void>): Promise<void> {
    this.#moves = this.#moves.then(move).catch(reportError);
    return this.#moves;
  }

  /** Gets what the window lacks from the server, and shows what there is in any case. */
  async #fill(): Promise<void> {
    const wasAt = { from: this.#from, to: this.#to };
    try {
      if (this.#to >= this.#from) await this.#parts.history.read(this.threadId, this.#from, this.#to);
      this.#troubleAbove = this.#troubleBelow = false;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#troubleAbove = wasAt.from < this.#shownFrom;
      this.#troubleBelow = !this.#troubleAbove;
    }
    await this.#read();
  }

  /** Whether the window still waits for some of its messages: then it is not moved on. */
  get #isPartial(): boolean {
    return this.#shownFrom > this.#from;
  }

  get #shownFrom(): number {
    const first = this.value.items.find((item) => item.kind === 'message');
    return first?.message.seq ?? Infinity;
  }

  /** Shows what this device has of the window. A read that a later one overtook says nothing. */
  async #read(): Promise<void> {
    const read = ++this.#reads;
    const { cache, history, dayOf } = this.#parts;
    const messages = unbroken(await history.known(this.threadId, this.#from, this.#to));
    const thread = cache.thread(this.threadId);
    const me = cache.me;
    if (read !== this.#reads || !thread || !me) return;
    const isAtNewest = this.#to >= thread.lastSeq;
    const outbox = isAtNewest ? cache.outbox.filter(({ threadId }) => threadId === this.threadId) : [];
    const reader = {
      selfId: me.person.id,
      readWhenOpened: this.#readWhenOpened ?? thread.readSeq,
      theirReadSeq: thread.theirReadSeq,
      dayOf,
    };
    const isEmpty = messages.length === 0 && thread.lastSeq > 0;
    this.set({
      status: isEmpty && outbox.length === 0 ? (this.#troubleBelow ? 'failed' : 'loading') : 'ready',
      thread,
      items: timeline(messages, outbox, reader),
      older: (messages[0]?.seq ?? this.#from) <= 1 ? 'none' : this.#troubleAbove ? 'failed' : 'more',
      newer: isAtNewest ? 'none' : this.#troubleBelow ? 'failed' : 'more',
    });
  }
}

/** A failure of the network is shown where it matters; the next news asks again. */
function onlyApiErrors(error: unknown): void {
  if (!(error instanceof ApiError)) reportError(error);
}

/** The run up to the newest message without a hole in it: what is missing must not look as if it never was. */
function unbroken(messages: readonly Message[]): readonly Message[] {
  let first = messages.length - 1;
  while (first > 0 && messages[first - 1]?.seq === (messages[first]?.seq ?? 0) - 1) first -= 1;
  return messages.slice(Math.max(0, first));
}
