import type { Me } from '../../protocol/me.ts';
import type { Contact, Thread } from '../../protocol/thread.ts';
import { Cache } from '../cache/cache.ts';
import { IdbRecords } from '../cache/idb-records.ts';
import type { Inbox } from '../cache/inbox.ts';
import { MemoryRecords } from '../cache/memory-records.ts';
import { Alarm } from '../sync/alarm.ts';
import type { LiveFollower } from '../sync/follow-live.ts';
import { discover, History, list, longestPage, type Discovery } from '../sync/history.ts';
import { Outbox } from '../sync/outbox.ts';
import type { PageWatch } from '../sync/page-watch.ts';
import { reconnectWaits, retryDelay } from '../transport/retry-delay.ts';
import type { Whose } from '../sync/sign-out.ts';
import type { Connection } from '../sync/sync-loop.ts';
import { ApiError, onlyApiErrors } from '../transport/api-error.ts';
import type { Fetch } from '../transport/fetch.ts';
import { MessagesApi } from '../transport/messages-api.ts';
import { Requester } from '../transport/request.ts';
import { TokenSource, type TokenSettings } from '../transport/token-source.ts';
import type { Files } from './files.ts';
import { Store } from './store.ts';
import { ThreadStore } from './thread-store.ts';

/** Where the API is and who may use it. */
export type ClientSettings = TokenSettings & {
  readonly apiUrl: string;
  /** Where threads and unsent words are kept. Without it, on the device. */
  readonly cache?: 'device' | 'memory' | undefined;
};

/**
 * - `starting`: asking who is there
 * - `ready`: there is something to show
 * - `unreachable`: nobody answers yet; it goes on trying
 * - `locked`: put out of sight; started again, it goes on
 * - `signed-out`: the page has no session for us
 * - `left`: the person signed out, and nothing of theirs is left
 * - `failed`: the server will not have us; trying again would change nothing
 */
export type Session = 'starting' | 'ready' | 'unreachable' | 'locked' | 'signed-out' | 'left' | 'failed';

/** What the page may want to hear. */
export type ClientListener = {
  readonly onSent?: (threadId: string, messageId: string) => void;
};

/** Everything that works for one signed-in person, made together and dropped together. */
type Parts = {
  readonly cache: Cache;
  readonly history: History;
  readonly outbox: Outbox;
};

/** What was typed last may be on its way to the device until then: whoever begins anew on this page waits for it. */
let closing: Promise<void> | undefined;

/** What the screen talks to: puts the floors below together, and takes them apart again. */
export class MessagingClient {
  readonly session = new Store<Session>('starting');
  readonly connection = new Store<Connection>('connecting');
  readonly inbox = new Store<Inbox | undefined>(undefined);
  readonly me = new Store<Me | undefined>(undefined);
  /** When it began: whoever signs out later elsewhere may be who is here. */
  readonly since = Date.now();
  /** Whether words that no server has live in this page alone. */
  readonly unkept = new Store(false);

  readonly #fetch: Fetch;
  #settings: ClientSettings;
  /** Another with each visit: what one person asked for is never asked for as the next. */
  #tokens!: TokenSource;
  #api!: MessagesApi;
  readonly #listeners = new Set<ClientListener>();
  readonly #alarm = new Alarm();
  readonly #threads = new Map<string, ThreadStore>();
  readonly #stopping = new AbortController();
  #parts: Parts | undefined;
  /** What keeps the cache equal to the server, once it was fetched. */
  #loop: LiveFollower | undefined;
  /** Unsent words that no device storage holds, while nobody is signed in. */
  #kept: Cache | undefined;
  #watch: PageWatch | undefined;
  #leaving: Promise<void> | undefined;
  #starting: Promise<void> | undefined;
  #paging: Promise<void> | undefined;
  #wantsAnew = false;
  #wanted: string | undefined;
  readonly #early = new Map<string, Promise<Discovery>>();

  constructor(settings: ClientSettings, fetch: Fetch = globalThis.fetch.bind(globalThis)) {
    this.#settings = settings;
    this.#fetch = fetch;
    const { signal } = this.#stopping;
    for (const type of pageEvents) addEventListener(type, this.#handlePage, { signal });
    this.#visit();
  }

  /** Signs in with what the page gives and follows what happens, until stopped. Asked again, signs in again. */
  start(): Promise<void> {
    this.session.set('starting');
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** Puts everything out of sight and out of memory. The same person comes back to their words by `start`. */
  lock(): Promise<void> {
    return this.#lock('locked');
  }

  /**
   * Nobody is signed in any more, and nothing of them stays: here, on this device, in its other tabs. Where words
   * would be lost `mayErase` is asked first; what that rejects with, this rejects with, and nothing has changed.
   */
  signOut(mayErase: () => Promise<void>): Promise<void> {
    this.#leaving ??= this.#signOut(mayErase).finally(() => (this.#leaving = undefined));
    return this.#leaving;
  }

  /** Nothing stays on screen or in memory, unsent words neither. */
  leave(): Promise<void> {
    // What this visit asks of the server last is answered yet.
    this.#visit();
    this.#kept = undefined;
    this.unkept.set(false);
    return this.#lock('left');
  }

  /** Nothing stays on screen or in memory until it is started. Says whether there was anything. */
  putAway(): boolean {
    const { isReady } = this;
    if (isReady) void this.#lock('starting');
    return isReady;
  }

  /** Who is here: a person at an API. */
  get whose(): Whose {
    return { apiUrl: this.#settings.apiUrl, personId: this.me.value?.person.id };
  }

  /** Fetches everything anew, as a device would that knows nothing. Drafts and what waits to be sent stay. */
  async refresh(): Promise<void> {
    await this.#starting;
    this.#wantsAnew = true;
    // What was put out of sight is shown again when somebody asks for that.
    if (this.#isLocked) return;
    this.#keepUnsent();
    await this.start();
  }

  /** Another token for the same person. Where the session had ended, it goes on. */
  offer(token: string): void {
    this.#settings = { ...this.#settings, token };
    this.#tokens.offer(token);
    if (this.session.value === 'signed-out' || this.session.value === 'left') this.start().catch(reportError);
  }

  /** The thread that will be opened first. */
  expect(threadId: string): void {
    this.#wanted = threadId;
  }

  /** Leaves nothing running. What is stored stays. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#alarm.ring();
    this.#watch?.close();
    await this.#drop();
  }

  listen(listener: ClientListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether somebody is signed in, so that there are threads. */
  get isReady(): boolean {
    return this.#parts !== undefined;
  }

  /** One thread, the same store each time. Only while ready. */
  thread(threadId: string): ThreadStore {
    const known = this.#threads.get(threadId);
    if (known) return known;
    const { cache, history, outbox } = this.#ready();
    const store = new ThreadStore(threadId, { cache, history, outbox, api: this.#api, dayOf: localDay });
    this.#threads.set(threadId, store);
    return store;
  }

  /** The files that go with messages: fetched when there are some. Only while ready. */
  async files(): Promise<Files> {
    const { filesOf } = await import('./files.ts');
    return filesOf(this, this.#ready(), this.#api.requester);
  }

  /** Whom this person may write to. */
  contacts(): Promise<readonly Contact[]> {
    return this.#api.contacts();
  }

  /** The thread with this person, opened where there is none yet. */
  async openThreadWith(personId: string): Promise<Thread> {
    const { cache } = this.#ready();
    const thread = await this.#api.openThread(personId);
    await cache.receive({ threads: [thread] });
    return thread;
  }

  /** The following page of the inbox. Asked for while it is on its way, it is the one that comes. */
  loadMoreThreads(): Promise<void> {
    this.#paging ??= this.#loadMoreThreads().finally(() => (this.#paging = undefined));
    return this.#paging;
  }

  /** Tries at once what is waiting for its next attempt. */
  wake(): void {
    this.#tokens.hurry();
    this.#alarm.ring();
    this.#loop?.wake();
    this.#resume();
  }

  /** What the server did not take, or give, is tried again. */
  #resume(): void {
    this.#parts?.outbox.wake();
    for (const thread of this.#threads.values()) thread.wake();
  }

  async #loadMoreThreads(): Promise<void> {
    const { cache } = this.#ready();
    const after = cache.inbox?.next;
    if (after === undefined) return;
    const { threads, next } = await this.#api.threads(after, longestPage);
    await cache.receive({ threads, page: { after, next } });
  }

  #visit(): void {
    const tokens = (this.#tokens = new TokenSource(this.#settings, this.#fetch));
    const requester = new Requester(
      this.#settings.apiUrl,
      tokens,
      this.#fetch,
      () => tokens === this.#tokens && this.#parts && this.#lock('signed-out'),
    );
    this.#api = new MessagesApi(requester);
  }

  async #start(): Promise<void> {
    if (this.#parts || closing) await this.#drop();
    for (let attempt = 1; !this.#isCalledOff; attempt++) {
      const api = this.#api;
      try {
        const [me, cache] = await this.#enter();
        if (this.#isCalledOff || api !== this.#api) {
          await cache.close();
          continue; // whoever wants to start again meanwhile waits for this
        }
        if (this.#wantsAnew) await cache.forget();
        this.#wantsAnew = false;
        await this.#carryOver(me, cache);
        cache.storeMe(me).catch(reportError);
        const isLocked = this.#isLocked;
        this.#begin(me, cache);
        if (isLocked) void this.lock();
        return;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (this.#isCalledOff || api !== this.#api) continue;
        if (error.kind !== 'unreachable') {
          this.session.set(error.kind === 'signed-out' ? 'signed-out' : 'failed');
          this.#visit();
          return;
        }
        this.session.set('unreachable');
        await this.#alarm.wait(error.retryAfter ?? retryDelay(attempt, reconnectWaits));
      }
    }
  }

  /** Who is there, and what this device remembers of them. */
  async #enter(): Promise<[Me, Cache]> {
    const opening = this.#openCache();
    try {
      return await Promise.all([this.#api.me(), opening]);
    } catch (error) {
      opening.then((unused) => unused.close()).catch(() => undefined);
      throw error;
    }
  }

  async #openCache(): Promise<Cache> {
    // Without TLS there is nothing to seal with.
    if (this.#settings.cache === 'memory' || !isSecureContext) return Cache.over(new MemoryRecords());
    try {
      return await Cache.over(
        await IdbRecords.open('grow-messages', async (deviceId, isNew, isOwed) => {
          if (isNew) this.#askEarly();
          if (isOwed) await this.#api.shredKey(deviceId);
          return this.#api.cacheKey(deviceId);
        }),
      );
    } catch (error) {
      if (error instanceof ApiError) throw error;
      return Cache.over(new MemoryRecords());
    }
  }

  /** What a cache in memory held when the session ended goes on, where the same person comes back. */
  async #carryOver(me: Me, cache: Cache): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (!kept) return;
    if (kept.me?.person.id === me.person.id) {
      for (const entry of kept.outbox) await cache.keepInOutbox(entry);
      for (const [threadId, text] of kept.drafts) await cache.storeDraft(threadId, text);
    }
    await kept.close();
  }

  /** A new device can't know the thread that is wanted: it is asked for beside the key, not after it. */
  #askEarly(): void {
    if (this.#wanted === undefined || this.#early.has(this.#wanted)) return;
    const asked = discover(this.#api, this.#wanted);
    // Whoever opens the thread hears of a failure; where nobody does, it is none.
    asked.catch(() => this.#early.clear());
    this.#early.set(this.#wanted, asked);
  }

  #begin(me: Me, cache: Cache): void {
    const outbox = new Outbox(
      cache,
      this.#api,
      (threadId, messageId) => {
        for (const { onSent } of this.#listeners) onSent?.(threadId, messageId);
      },
      async () => (await this.files()).attaching(),
    );
    const parts = { cache, history: new History(cache, this.#api, this.#early), outbox };
    this.#parts = parts;
    const weigh = () => this.unkept.set(!cache.isDurable && cache.holdsUnsent);
    cache.subscribe(({ inbox }) => {
      if (inbox) this.inbox.set(cache.inbox);
      weigh();
    });
    weigh();
    this.me.set(me);
    this.inbox.set(cache.inbox);
    this.session.set('ready');
    // What happens while it is on its way, the live connection tells.
    if (!cache.inbox) list(cache, this.#api).catch(onlyApiErrors);
    this.#follow(parts).catch(reportError);
  }

  /** Fetches what follows the news, and follows them. Reading, writing and sending don't wait for it. */
  async #follow(parts: Parts): Promise<void> {
    for (let attempt = 1; this.#parts === parts; attempt++) {
      const fetched = await import('../sync/follow-live.ts').catch(() => undefined);
      if (this.#parts !== parts) return;
      if (fetched) {
        this.#watch ??= new fetched.PageWatch(this);
        if (this.#parts !== parts) return;
        this.#loop = fetched.followLive(parts, this.#api, {
          onConnection: (connection) => {
            if (connection === 'live' && this.connection.value !== 'live') this.#resume();
            this.connection.set(connection);
          },
        });
        return this.#loop.run();
      }
      this.connection.set('offline');
      await this.#alarm.wait(retryDelay(attempt, reconnectWaits));
    }
  }

  async #signOut(mayErase: () => Promise<void>): Promise<void> {
    const fetched = await import('../sync/sign-out.ts');
    if (await fetched.isUnsent(this.#parts?.cache ?? this.#kept)) await mayErase();
    await fetched.forget(this.#api, this.whose, () => this.leave(), this.#watch?.channel);
  }

  /** Nothing stays on screen or in memory, what was written stays sealed on the device. */
  async #lock(session: 'locked' | 'signed-out' | 'left' | 'starting'): Promise<void> {
    this.#tokens.end();
    this.#visit();
    this.session.set(session);
    this.#alarm.ring();
    if (session !== 'left') this.#keepUnsent();
    await this.#drop();
  }

  #keepUnsent(): void {
    const cache = this.#parts?.cache;
    if (!cache || cache.isDurable) return;
    this.#kept = cache;
    void cache.forget();
  }

  async #drop(): Promise<void> {
    const parts = this.#parts;
    this.#parts = undefined;
    this.#threads.clear();
    this.#early.clear();
    this.inbox.set(undefined);
    this.me.set(undefined);
    this.connection.set('connecting');
    this.#loop?.stop();
    this.#loop = undefined;
    parts?.outbox.stop();
    if (parts && parts.cache !== this.#kept) closing = parts.cache.close();
    await closing;
  }

  #ready(): Parts {
    if (!this.#parts) throw new Error('not ready: session is ' + this.session.value);
    return this.#parts;
  }

  get #isLocked(): boolean {
    return this.session.value === 'locked' || this.session.value === 'left';
  }

  /** Whether a start that is on its way is wanted no more. */
  get #isCalledOff(): boolean {
    return this.#stopping.signal.aborted || this.#isLocked;
  }

  readonly #handlePage = ({ type }: Event) => {
    if (type === 'offline') this.connection.set(type);
    else if (type === 'online' || !document.hidden) this.wake();
    if (type === 'online') this.#loop?.reconnect();
  };
}

/** What happens to the page that a client goes by. All of it arrives at the window. */
const pageEvents = ['online', 'offline', 'visibilitychange'];

/** The day of a moment where this device is, as one word that tells days apart. */
function localDay(moment: string): string {
  return new Date(moment).toDateString();
}
