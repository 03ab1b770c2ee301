import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';
import { filesOf } from '../cache/attached-file.ts';
import type { Cache } from '../cache/cache.ts';
import type { History } from '../sync/history.ts';
import type { Outbox } from '../sync/outbox.ts';
import { ApiError, isRefused, onlyApiErrors } from '../transport/api-error.ts';
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

/** How many messages a thread opens with at its end: a tall screen's worth, for each one costs the reader time. */
const firstStep = 20;

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
  /** On which side of what is shown messages could not be had. */
  #trouble: 'older' | 'newer' | undefined;
  #marking: Promise<void> | undefined;

  constructor(threadId: string, parts: ThreadParts) {
    super(loading);
    this.threadId = threadId;
    this.#parts = parts;
    parts.cache.subscribe(({ threadIds }) => {
      if (this.#isOpen && threadIds.includes(threadId)) this.#catchUp();
    });
  }

  /** Brings the first unread message on screen, else the newest; asked again after it failed, tries again. */
  async open(): Promise<void> {
    const { cache, history } = this.#parts;
    try {
      const thread = cache.thread(this.threadId) ?? (await history.discover(this.threadId));
      this.#readWhenOpened = thread.readSeq;
      this.#isOpen = true;
      await (thread.unread > firstStep ? this.#jumpTo(thread.readSeq) : this.jumpToNewest());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.set({ ...loading, status: isRefused(error) ? 'missing' : 'failed' });
    }
  }

  /** The reader nears the upper end of the window. */
  loadOlder(): Promise<void> {
    // Asked for while the window was still short of messages, more is what is on its way already.
    const wasPartial = this.#isPartial;
    return this.#move(async () => {
      if (wasPartial || this.#isPartial) return this.#fill();
      if (this.#from <= 1) return;
      const from = Math.max(1, this.#from - step);
      await this.#moveTo(from, Math.min(this.#to, from + windowLength - 1), 'older');
    });
  }

  /** The reader nears the lower end of the window. */
  loadNewer(): Promise<void> {
    return this.#move(async () => {
      if (this.#to >= this.#lastSeq) return;
      const to = Math.min(this.#lastSeq, this.#to + step);
      await this.#moveTo(Math.max(this.#from, to - windowLength + 1), to, 'newer');
    });
  }

  /** Leaves where the reader is for the newest messages; the very last is always at hand. */
  jumpToNewest(): Promise<void> {
    this.#isAtEnd = true;
    return this.#move(async () => {
      this.#to = this.#lastSeq;
      this.#from = Math.max(1, this.#to - firstStep + 1);
      await this.#read();
      await this.#fill();
    });
  }

  /** What could not be had is asked for again. */
  wake(): void {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    if (this.value.status === 'failed') void this.open();
    else if (trouble) void (trouble === 'older' ? this.loadOlder() : this.loadNewer());
  }

  /** A few messages from before `seq`, and those that follow. */
  #jumpTo(seq: number): Promise<void> {
    this.#isAtEnd = false;
    return this.#move(async () => {
      this.#from = Math.max(1, seq - step / 5);
      this.#to = Math.min(this.#lastSeq, this.#from + step - 1);
      await this.#read();
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
    if (this.#to < this.#lastSeq) void this.jumpToNewest();
  }

  retry(id: string): Promise<void> {
    return this.#parts.outbox.retry(id);
  }

  /** Takes back into the draft what could not be sent. Where it may have arrived, it stays. */
  async takeBack(id: string): Promise<boolean> {
    const { takeBack } = await import('../sync/take-back.ts');
    return takeBack(this.#parts, id);
  }

  /** Whether files lie beside the draft. */
  get hasFiles(): boolean {
    return this.#parts.cache.drafts.has(filesOf(this.threadId));
  }

  /** What was begun here and not sent. */
  get draft(): string {
    return this.#parts.cache.drafts.get(this.threadId) ?? '';
  }

  storeDraft(text: string): Promise<void> {
    return this.#parts.cache.storeDraft(this.threadId, text);
  }

  /** The reader has seen the newest message. Where nobody can be told, the next look tells it. */
  markRead(): Promise<void> {
    this.#marking ??= this.#markRead().finally(() => (this.#marking = undefined));
    return this.#marking;
  }

  async #markRead(): Promise<void> {
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

  /** New messages join the window while the reader is at its end, or while there is room. */
  #catchUp(): void {
    const { cache, history } = this.#parts;
    // The list was started over and this thread is further down than its first page.
    if (!cache.thread(this.threadId)) return void history.discover(this.threadId).catch(onlyApiErrors);
    const last = this.#lastSeq;
    const hasRoom = last - this.#from < windowLength;
    void this.#read();
    if (last === this.#to || !(this.#isAtEnd || hasRoom)) return;
    void this.#move(() => this.#moveTo(Math.max(this.#from, last - windowLength + 1), last, 'newer'));
  }

  /** Moves of the window follow one another. */
  #move(move: () => Promise<void>): Promise<void> {
    this.#moves = this.#moves.then(move).catch(reportError);
    return this.#moves;
  }

  /** Moves the window once its messages are there. Where they can't be had, it stays where it is. */
  async #moveTo(from: number, to: number, side: 'older' | 'newer'): Promise<void> {
    try {
      if (to >= from) await this.#parts.history.read(this.threadId, from, to);
      this.#from = from;
      this.#to = to;
      this.#trouble = undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#trouble = side;
    }
    await this.#read();
  }

  /** Gets what is missing above the messages that are shown. */
  #fill(): Promise<void> {
    return this.#moveTo(this.#from, this.#to, 'older');
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
    const to = this.#isAtEnd ? this.#lastSeq : this.#to;
    const messages = unbroken(await history.known(this.threadId, this.#from, to), this.#to);
    const thread = cache.thread(this.threadId);
    const me = cache.me;
    if (read !== this.#reads || !thread || !me) return;
    // A reader at the end sees what waits to be sent also while what came before it is on its way.
    const hasEnd = this.#to >= thread.lastSeq || this.#isAtEnd;
    const outbox = hasEnd ? cache.outbox.filter(({ threadId }) => threadId === this.threadId) : [];
    const reader = {
      selfId: me.person.id,
      readWhenOpened: this.#readWhenOpened ?? thread.readSeq,
      theirReadSeq: thread.theirReadSeq,
      dayOf,
    };
    // Shown from their end, the messages that one has yet to read would pass for read.
    const isShort = !this.#isAtEnd && this.value.status !== 'ready' && messages.length <= to - this.#from;
    const isEmpty = isShort || (messages.length === 0 && thread.lastSeq > 0);
    this.set({
      status: isEmpty && outbox.length === 0 ? (this.#trouble ? 'failed' : 'loading') : 'ready',
      thread,
      items: timeline(messages, outbox, reader),
      older: (messages[0]?.seq ?? this.#from) <= 1 ? 'none' : this.#trouble === 'older' ? 'failed' : 'more',
      newer: this.#to < thread.lastSeq && this.#trouble === 'newer' ? 'failed' : hasEnd ? 'none' : 'more',
    });
  }
}

/** The run around `to` without a hole in it: what is missing must not look as if it never was. */
function unbroken(messages: readonly Message[], to: number): readonly Message[] {
  const seqs = messages.map(({ seq }) => seq);
  const end = seqs.findLastIndex((seq) => seq <= to) + 1;
  let first = Math.max(0, end - 1);
  while (first > 0 && seqs[first - 1] === (seqs[first] ?? 0) - 1) first -= 1;
  let last = end;
  while (last < seqs.length && seqs[last] === (seqs[last - 1] ?? to) + 1) last += 1;
  return messages.slice(first, last);
}
