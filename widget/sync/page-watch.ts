import { hasLeftSince } from '../cache/last-left.ts';
import { isSame, openChannel, type Whose } from './sign-out.ts';

/** Whoever has something to hide: when its person signs out elsewhere, and while nobody can see this page. */
export interface Watched {
  readonly whose: Whose;
  /** When it began. */
  readonly since: number;
  /** Signs out here alone. */
  leave(): Promise<void>;
  /** Nothing is shown and no key is held until it is started. Says whether there was anything. */
  putAway(): boolean;
  /** Shows it again, to whoever has the session by then. */
  start(): Promise<void>;
  readonly session: { readonly value: string };
}

/** When a page is about to be kept as it is, and when it goes on: kept by the back/forward cache, or frozen. */
const leaves = ['pagehide', 'freeze'] as const;
const returns = ['pageshow', 'resume'] as const;

/** What else goes on in this browser and means something for who is signed in here. */
export class PageWatch {
  /** Told by it, a sign-out is heard everywhere but here. */
  readonly channel = openChannel();
  readonly #client: Watched;
  readonly #closing = new AbortController();
  #isAway = false;

  constructor(client: Watched) {
    this.#client = client;
    const options = { capture: true, signal: this.#closing.signal };
    this.channel?.addEventListener('message', ({ data }: MessageEvent<Whose>) => {
      if (isSame(client.whose, data)) client.leave().catch(reportError);
    });
    for (const type of leaves) addEventListener(type, (event) => this.#leave(event), options);
    for (const type of returns) addEventListener(type, (event) => this.#return(event), options);
    if (hasLeftSince(client.since)) client.leave().catch(reportError);
  }

  close(): void {
    this.#closing.abort();
    this.channel?.close();
  }

  /** The last frame is what is seen first on the way back: there is to be nothing on it. */
  #leave(event: Event): void {
    if (isKept(event) && this.#client.putAway()) this.#isAway = true;
  }

  #return(event: Event): void {
    if (!isKept(event) || !this.#isAway) return;
    this.#isAway = false;
    // What was put out of sight as well is shown when somebody asks for it.
    if (this.#client.session.value === 'starting') this.#client.start().catch(reportError);
  }
}

/** A page that is closed, or loaded, is neither kept nor comes back. */
function isKept(event: Event): boolean {
  return !('persisted' in event) || event.persisted === true;
}
