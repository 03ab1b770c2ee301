import type { Cache } from '../cache/cache.ts';
import { liveStream } from '../transport/live-stream.ts';
import type { MessagesApi } from '../transport/messages-api.ts';
import { watchClock } from './clock-watch.ts';
import { OneVoice } from './one-voice.ts';
import type { Outbox } from './outbox.ts';
import { shareDrafts } from './shared-drafts.ts';
import { SharedOutbox } from './shared-outbox.ts';
import { SyncLoop, type Follow, type SyncListener } from './sync-loop.ts';

export { PageWatch } from './page-watch.ts';

/** The cache that is kept equal to the server, and what waits to go the other way. */
export type Followed = { readonly cache: Cache; readonly outbox?: Outbox };

/** What keeps this cache equal to the server, yet to be run. All of it is fetched after the first screen. */
export function followLive(followed: Followed, api: MessagesApi, listener: SyncListener): LiveFollower {
  return new LiveFollower(followed, api, listener);
}

/** The loop of one tab among others of this browser. They share a stream where the browser lets them. */
export class LiveFollower {
  readonly #api: MessagesApi;
  readonly #followed: Followed;
  readonly #listener: SyncListener;
  readonly #loop: SyncLoop;
  readonly #open: Follow;
  readonly #unwatch: () => void;
  readonly #unshare: () => void;
  readonly #sharedOutbox: SharedOutbox | undefined;
  #voice: OneVoice | undefined;

  constructor(followed: Followed, api: MessagesApi, listener: SyncListener) {
    this.#followed = followed;
    this.#api = api;
    this.#listener = listener;
    this.#open = (cursor, signal) => liveStream(api.requester, cursor, signal);
    this.#loop = new SyncLoop(followed.cache, api, (cursor, signal) => this.#follow(cursor, signal), {
      ...listener,
      onConnection: (connection) => {
        if (connection === 'offline') this.#voice?.tellOffline();
        listener.onConnection(connection);
      },
    });
    const { cache, outbox } = followed;
    if (outbox && cache.records.name && canShare()) {
      this.#sharedOutbox = new SharedOutbox(cache, outbox, api, cache.records.name);
    }
    // Whoever presses something wants to see what comes of it.
    addEventListener('click', this.#hurry, true);
    this.#unwatch = watchClock(
      () => {
        this.#hurry();
        this.#loop.reconnect();
        outbox?.wake();
      },
      // Nothing has changed but what "Today" means: whoever shows it is to look again.
      () => {
        cache.receive({ threads: cache.inbox?.threads ?? [] }).catch(reportError);
      },
    );
    this.#unshare = shareDrafts(cache);
  }

  /** Runs until stopped or signed out. */
  async run(): Promise<void> {
    await this.#loop.run().finally(() => this.stop());
  }

  /** The tab is looked at: what waits for its next attempt tries now, in whichever tab it waits. */
  wake(): void {
    this.#hurry();
    this.#loop.wake();
    this.#voice?.hurry();
  }

  /** The network is back: an old connection may be dead without saying so, so it makes way for a new one. */
  reconnect(): void {
    this.#loop.reconnect();
  }

  stop(): void {
    this.#loop.stop();
    this.#voice?.leave();
    this.#sharedOutbox?.leave();
    this.#unwatch();
    this.#unshare();
    removeEventListener('click', this.#hurry, true);
  }

  /** What is asked next asks the page for a token at once, also where that failed a moment ago. */
  readonly #hurry = () => this.#api.requester.tokens.hurry();

  async *#follow(...[cursor, signal]: Parameters<Follow>): ReturnType<typeof liveStream> {
    this.#voice ??= await this.#makeVoice();
    if (signal.aborted) return;
    yield* this.#voice ? this.#voice.follow(cursor, signal) : this.#open(cursor, signal);
  }

  /** Undefined where they can't know of each other: then each has a stream of its own. */
  async #makeVoice(): Promise<OneVoice | undefined> {
    const { cache, outbox } = this.#followed;
    if (!cache.me || !canShare()) return undefined;
    const name = await voiceName(this.#api.requester.baseUrl, cache.me.person.id);
    return new OneVoice(name, this.#open, {
      onOffline: () => this.#listener.onConnection('offline'),
      onHurry: () => {
        this.#hurry();
        this.#loop.wake();
        outbox?.wake();
      },
    });
  }
}

/** Whether tabs can know of each other, and tell nobody else of whom. */
function canShare(): boolean {
  // Undefined outside a secure context, whatever its type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  return 'locks' in navigator && 'BroadcastChannel' in globalThis && subtle !== undefined;
}

/** The same for every tab of this person here, and telling nobody who that is. */
async function voiceName(apiUrl: string, personId: string): Promise<string> {
  const words = new TextEncoder().encode(`${new URL(apiUrl, document.baseURI).href} ${personId}`);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', words));
  return `grow-messages ${btoa(String.fromCharCode(...hash))}`;
}
