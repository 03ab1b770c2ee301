import type { Me } from '../../protocol/me.ts';
import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';
import { floorOf, topOf, withMessages, withThreads, type Inbox, type Page } from './inbox.ts';
import { MemoryRecords } from './memory-records.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import type { Change, Records } from './records.ts';

/** What changed, once it is stored: the inbox, what is said or waiting in one thread, or else a draft. */
export type CacheChange = {
  readonly inbox: boolean;
  readonly threadIds: readonly string[];
  /** What was taken out of the outbox without having been sent. */
  readonly taken?: OutboxEntry;
  /** Whether another tab did it, and this one takes it over. */
  readonly isOthers?: boolean;
};

/** What came from the server and is to be kept together or not at all. */
export type News = {
  readonly threads?: readonly Thread[];
  readonly messages?: readonly Message[];
  /** Unread messages in all threads; without it, it follows from the threads given. */
  readonly unread?: number;
  /** Which part of the list the threads are. One that no longer follows on what is here is dropped. */
  readonly page?: Page;
  /** What the live stream has told up to here is in this. */
  readonly cursor?: number;
};

/** How many messages one record holds: seq 1 to 50, 51 to 100 and so on. */
const runLength = 50;

/** How many runs of messages are held in the clear at once. */
const runsInMemory = 16;

/**
 * What this device remembers of one person: inbox, messages, drafts and what waits to be sent.
 *
 * What exists only here is stored before it is announced. What the server has as well is announced at once
 * and stored behind that, in the same order: a crash in between costs a request. Where the store fails, the
 * cache goes on in memory and says so by `isDurable`.
 */
export class Cache {
  #records: Records;
  #isDurable: boolean;
  #me: Me | undefined;
  #inbox: Inbox | undefined;
  /** Threads that were heard of before the inbox was. */
  readonly #early = new Map<string, Thread>();
  readonly #outbox = new Map<string, OutboxEntry>();
  readonly #drafts = new Map<string, string>();
  readonly #runs = new Map<string, readonly Message[]>();
  readonly #listeners = new Set<(change: CacheChange) => void>();
  /** Whether all runs that there are lie in memory, so that the store need not be asked. */
  #holdsAll: boolean;
  #turn: Promise<unknown> = Promise.resolve();
  #writing: Promise<void> = Promise.resolve();

  private constructor(records: Records) {
    this.#records = records;
    this.#isDurable = !(records instanceof MemoryRecords);
    this.#holdsAll = records.wasEmpty;
  }

  /** A cache over these records, with what they already hold. */
  static async over(records: Records): Promise<Cache> {
    const cache = new Cache(records);
    if (records.wasEmpty) return cache;
    const [me, inbox, drafts] = await Promise.all([
      records.read('records', 'me'),
      records.read('records', 'inbox'),
      records.readAll('drafts'),
      cache.readOutbox(),
    ]);
    cache.#me = me as Me | undefined;
    cache.#inbox = inbox as Inbox | undefined;
    for (const { threadId, text } of drafts as Draft[]) cache.#drafts.set(threadId, text);
    return cache;
  }

  /** Whether what is stored outlives this page. */
  get isDurable(): boolean {
    return this.#isDurable;
  }

  /** Where bytes of files are kept: apart from all else, so that one that finds no room harms nothing. */
  get records(): Records {
    return this.#records;
  }

  /** Whether words are in here that no server has. */
  get holdsUnsent(): boolean {
    return this.#outbox.size + this.#drafts.size > 0;
  }

  get me(): Me | undefined {
    return this.#me;
  }

  get inbox(): Inbox | undefined {
    return this.#inbox;
  }

  /** What waits to be sent or was refused, in the order it was written. */
  get outbox(): readonly OutboxEntry[] {
    return [...this.#outbox.values()].sort(byOrder);
  }

  /**
   * What is stored of it: what other tabs of this person added to it, or made of it, is known here from then on. What
   * can't be read any more is written again from memory.
   */
  async readOutbox(): Promise<readonly OutboxEntry[]> {
    let stored: OutboxEntry[] = [];
    // In its turn, so that nothing that is changed here meanwhile is taken back to what it was.
    await this.#change(async () => {
      await this.#writing;
      stored = await this.#readAllOutbox();
      const ids = new Set(stored.map(({ id }) => id));
      const missing = [...this.#outbox.values()].filter(({ id }) => !ids.has(id));
      if (missing.length > 0) {
        // Another tab took it away, or it got damaged: of the two only the latter is there to be written again.
        await this.#write(missing.map((entry) => putEntry(entry, true)));
        stored = await this.#readAllOutbox();
      }
      const others = stored.filter((entry) => !isEqual(entry, this.#outbox.get(entry.id)));
      for (const entry of others) this.#outbox.set(entry.id, entry);
      const threadIds = [...others, ...missing].map(({ threadId }) => threadId);
      return { ...nothing, threadIds, isOthers: true };
    });
    return stored.sort(byOrder);
  }

  thread(threadId: string): Thread | undefined {
    return this.#inbox?.threads.find(({ id }) => id === threadId) ?? this.#early.get(threadId);
  }

  subscribe(listener: (change: CacheChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The messages from `from` to `to` that this device has, in rising seq; holes are for the server to fill. */
  async messages(threadId: string, from: number, to: number): Promise<readonly Message[]> {
    const runs: Promise<readonly Message[]>[] = [];
    for (let run = runOf(from); run <= runOf(to); run++) runs.push(this.#readRun(runName(threadId, run)));
    return (await Promise.all(runs)).flat().filter(({ seq }) => seq >= from && seq <= to);
  }

  storeMe(me: Me): Promise<void> {
    return this.#change(() => {
      this.#me = me;
      return { changes: [put('me', me)], inbox: true, threadIds: [] };
    });
  }

  /** Forgets the inbox for the one the server has now. Messages stay: they never change. */
  startOver(inbox: Omit<Inbox, 'floor'>): Promise<void> {
    return this.#change(() => {
      const threadIds = [...new Set([...(this.#inbox?.threads ?? []), ...inbox.threads].map(({ id }) => id))];
      const floor = floorOf(inbox.threads, inbox.next);
      this.#inbox = withThreads({ ...inbox, floor }, [...this.#early.values()]);
      this.#early.clear();
      return { changes: [putInbox(this.#inbox)], inbox: true, threadIds };
    });
  }

  /** Keeps what the server said, and drops the echoes of messages that it has. Twice is the same as once. */
  receive({ threads = [], messages = [], page, ...place }: News): Promise<void> {
    return this.#change(async () => {
      const before = this.#inbox;
      if (page && page.after !== before?.next) return nothing;
      const changes: Change[] = await this.#mergeMessages(messages);
      const listed =
        before &&
        withMessages(threads.length > 0 || page ? withThreads(before, threads, page) : before, messages);
      if (listed) {
        this.#inbox = Object.keys(place).length > 0 ? { ...listed, ...place } : listed;
        if (this.#inbox !== before) changes.push(putInbox(this.#inbox));
      } else {
        for (const thread of threads) this.#early.set(thread.id, thread);
      }
      for (const { id } of messages) {
        if (this.#outbox.delete(id)) changes.push({ drawer: 'outbox', name: id, value: undefined });
      }
      const threadIds = [...threads.map(({ id }) => id), ...messages.map(({ threadId }) => threadId)];
      const inbox = listed !== before || 'unread' in place;
      return { changes, inbox, threadIds: [...new Set(threadIds)] };
    });
  }

  /**
   * Adds the entry, in place of the draft that it was till then in this tab, or changes the one of that id, where no other tab
   * has taken it away.
   */
  keepInOutbox(entry: OutboxEntry, isUpdate = this.#outbox.has(entry.id)): Promise<void> {
    const words = this.#drafts.get(entry.threadId);
    return this.#change(() => {
      const changes = [putEntry(entry, isUpdate)];
      // In one: whoever comes back after a crash in between would find the words in the composer still, and send them again.
      if (!isUpdate && words) changes.push(putDraft(entry.threadId, '', words));
      const onStored = () => this.#outbox.set(entry.id, entry);
      return { changes, inbox: false, threadIds: [entry.threadId], onStored };
    });
  }

  /** Takes the entry out. It is the caller who has its words, or else another tab. */
  takeFromOutbox(id: string, isOurs = true): Promise<void> {
    return this.#change(() => {
      const taken = this.#outbox.get(id);
      if (!taken) return nothing;
      this.#outbox.delete(id);
      const changes = [{ drawer: 'outbox', name: id, value: undefined } as const];
      return {
        changes,
        inbox: false,
        threadIds: [taken.threadId],
        ...(isOurs ? { taken } : { isOthers: true }),
      };
    });
  }

  /** What was begun in each thread and not sent yet. */
  get drafts(): ReadonlyMap<string, string> {
    return this.#drafts;
  }

  /** Empty, it takes away what this tab had: what another has written there since stays. */
  storeDraft(threadId: string, text: string): Promise<void> {
    const words = this.#drafts.get(threadId);
    // At once: what is sent in the same breath must not be found here again.
    this.#setDraft(threadId, text);
    return this.#change(() => {
      // What was typed since stands for this as well: a slow device does not fall behind letter by letter.
      const isLatest = (this.#drafts.get(threadId) ?? text) === text;
      return { ...nothing, changes: isLatest && (text || words) ? [putDraft(threadId, text, words)] : [] };
    });
  }

  /** What another tab made of a draft, and stored, is known here from then on. */
  adoptDraft(threadId: string, text: string): Promise<void> {
    this.#setDraft(threadId, text);
    return this.#change(() => ({ ...nothing, threadIds: [threadId] }));
  }

  /** Forgets what can be fetched again, on the device too, and who listened. Drafts and what waits to be sent stay. */
  async forget(): Promise<void> {
    this.#listeners.clear();
    await this.#settled();
    this.#inbox = undefined;
    this.#early.clear();
    this.#runs.clear();
    // What stays on a disk that fails is at least not shown.
    await this.#records.clear('records').catch(() => undefined);
  }

  /** Drops key and content from memory, once what was being written is. */
  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#settled();
    this.#records.close();
    this.#me = this.#inbox = undefined;
    this.#early.clear();
    this.#outbox.clear();
    this.#drafts.clear();
    this.#runs.clear();
  }

  #setDraft(threadId: string, text: string): void {
    if (text === '') this.#drafts.delete(threadId);
    else this.#drafts.set(threadId, text);
  }

  async #readRun(name: string): Promise<readonly Message[]> {
    const known = this.#runs.get(name);
    if (known || this.#holdsAll) return known ?? [];
    const read = (await this.#records.read('records', name).catch(() => undefined)) as
      readonly Message[] | undefined;
    const meanwhile = this.#runs.get(name);
    if (meanwhile) return meanwhile;
    this.#hold(name, read ?? []);
    return read ?? [];
  }

  #hold(name: string, run: readonly Message[]): void {
    this.#runs.delete(name);
    this.#runs.set(name, run);
    if (this.#runs.size <= runsInMemory) return;
    const [oldest = ''] = this.#runs.keys();
    this.#runs.delete(oldest);
    this.#holdsAll = false;
  }

  async #mergeMessages(messages: readonly Message[]): Promise<Change[]> {
    const byRun = Map.groupBy(messages, ({ threadId, seq }) => runName(threadId, runOf(seq)));
    return Promise.all(
      [...byRun].map(async ([name, added]) => {
        const bySeq = new Map(
          [...(await this.#readRun(name)), ...added].map((message) => [message.seq, message]),
        );
        const run = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
        this.#hold(name, run);
        return put(name, run);
      }),
    );
  }

  async #readAllOutbox(): Promise<OutboxEntry[]> {
    // What belongs to somebody else by now is at least still here.
    return (await this.#records.readAll('outbox').catch(() => this.outbox)) as OutboxEntry[];
  }

  /** One change at a time. Resolves when it is announced. */
  #change(make: () => Made | Promise<Made>): Promise<void> {
    const turn = this.#turn.then(async () => {
      const { changes, onStored, ...change } = await make();
      if (changes.length > 0) this.#writing = this.#writing.then(() => this.#write(changes));
      if (isOnlyHere(changes)) await this.#writing;
      onStored?.();
      if (changes.length + change.threadIds.length > 0 || change.inbox)
        for (const listener of this.#listeners) listener(change);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Once all that was asked so far is stored. */
  async #settled(): Promise<void> {
    await this.#turn;
    await this.#writing;
  }

  async #write(changes: readonly Change[]): Promise<void> {
    try {
      await this.#records.write(changes);
    } catch {
      // Full, torn away or broken: what exists only here is carried over, the rest can be fetched again.
      this.#records.close();
      this.#records = new MemoryRecords();
      this.#isDurable = false;
      await this.#records.write([
        put('me', this.#me),
        ...(this.#inbox ? [putInbox(this.#inbox)] : []),
        ...this.outbox.map((entry) => putEntry(entry)),
        ...Array.from(this.#drafts, ([threadId, text]) => putDraft(threadId, text)),
        ...changes,
      ]);
    }
  }
}

type Draft = { readonly threadId: string; readonly text: string };

type Made = CacheChange & {
  readonly changes: readonly Change[];
  /** What is to be seen only once it is stored: nobody may show it before. */
  readonly onStored?: () => void;
};

/** Whether a change adds words that no server has. */
function isOnlyHere(changes: readonly Change[]): boolean {
  return changes.some(({ drawer, value }) => value !== undefined && drawer !== 'records');
}

const nothing: Made = { changes: [], inbox: false, threadIds: [] };

function put(name: string, value: unknown): Change {
  return { drawer: 'records', name, value };
}

function putInbox(inbox: Inbox): Change {
  return put('inbox', topOf(inbox));
}

function putEntry(entry: OutboxEntry, isUpdate = false): Change {
  return { drawer: 'outbox', name: entry.id, value: entry, isUpdate };
}

function putDraft(threadId: string, text: string, words = ''): Change {
  return {
    drawer: 'drafts',
    name: threadId,
    ...(text === '' ? { value: undefined, was: { threadId, text: words } } : { value: { threadId, text } }),
  };
}

function runOf(seq: number): number {
  return Math.floor((seq - 1) / runLength);
}

function runName(threadId: string, run: number): string {
  return `messages ${threadId} ${run}`;
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function byOrder(a: OutboxEntry, b: OutboxEntry): number {
  return a.order - b.order;
}
