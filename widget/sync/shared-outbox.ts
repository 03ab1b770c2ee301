import type { Cache, CacheChange } from '../cache/cache.ts';
import type { OutboxEntry } from '../cache/outbox-entry.ts';
import { onlyApiErrors } from '../transport/api-error.ts';
import type { MessagesApi } from '../transport/messages-api.ts';
import type { Outbox } from './outbox.ts';

/** How long the tab whose turn it is may take to say so: none comes from a tab that is frozen. */
const answerWithin = 5_000;

/** What tabs say to each other: never what is in the outbox, which each reads for itself. */
type Said = 'changed' | 'here';

/**
 * The outbox of all tabs that have it on this device: what one adds, sends or takes back, the others know.
 *
 * Those whose turn it is not wait for theirs, so that one goes on with what another leaves behind.
 */
export class SharedOutbox {
  readonly #cache: Cache;
  readonly #outbox: Outbox;
  readonly #api: MessagesApi;
  readonly #name: string;
  #channel: BroadcastChannel | undefined;
  #leave: (() => void) | undefined;
  /** What is in it: as this tab last had it, how much that was, and as it was last stored. */
  #had = '';
  #size = 0;
  #known = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(cache: Cache, outbox: Outbox, api: MessagesApi, name: string) {
    this.#cache = cache;
    this.#outbox = outbox;
    this.#api = api;
    this.#name = name;
    this.join();
  }

  /** Takes part, from the start and when it had left. */
  join(): void {
    this.leave();
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = ({ data }: MessageEvent<Said>) => this.#hear(data);
    this.#channel = channel;
    this.#size = this.#cache.outbox.length;
    this.#had = this.#known = signOf(this.#cache.outbox);
    this.#leave = this.#cache.subscribe((change) => this.#look(change));
    this.#tell();
  }

  leave(): void {
    this.#leave?.();
    this.#channel?.close();
    this.#channel = undefined;
    clearTimeout(this.#timer);
  }

  #look({ isOthers }: CacheChange): void {
    const { outbox } = this.#cache;
    const [has, isMore] = [signOf(outbox), outbox.length > this.#size];
    this.#size = outbox.length;
    if (has === this.#had) return;
    this.#had = has;
    if (isOthers) return;
    // It is stored by now. Whoever sees it may close this tab: the others are to know of it before.
    if (isMore) this.#say('changed');
    this.#settle().catch(reportError);
  }

  /** Tells the others of what this tab changed or took away, once they can read it. */
  async #settle(): Promise<void> {
    this.#known = signOf(await this.#cache.readOutbox());
    this.#tell();
  }

  #tell(): void {
    this.#say('changed');
    clearTimeout(this.#timer);
    if (this.#known === '' || this.#outbox.isSending) return;
    this.#timer = setTimeout(() => void this.#takeOver(), answerWithin);
  }

  #say(said: Said): void {
    this.#channel?.postMessage(said);
  }

  #hear(said: Said): void {
    if (said === 'here') return clearTimeout(this.#timer);
    if (this.#outbox.isSending) this.#say('here');
    this.#read().catch(reportError);
  }

  /**
   * What became of it is shown here too, what is in it no more is not; and should the other tab be closed, it is
   * sent from here.
   */
  async #read(): Promise<void> {
    const had = this.#cache.outbox;
    const stored = await this.#cache.readOutbox();
    this.#known = signOf(stored);
    void this.#outbox.drain();
    const ids = new Set(stored.map(({ id }) => id));
    await this.#replace(had.filter(({ id }) => !ids.has(id)));
  }

  /** What another tab sent gives way to its message; what it took back just goes. */
  async #replace(gone: readonly OutboxEntry[]): Promise<void> {
    for (const threadId of new Set(gone.map((entry) => entry.threadId))) {
      const page = await this.#api.messages(threadId).catch(onlyApiErrors);
      if (page) await this.#cache.receive({ messages: page.messages });
    }
    for (const { id } of gone) await this.#cache.takeFromOutbox(id, false);
  }

  /** Whoever has the turn doesn't answer: it goes to the next who waits for it. */
  async #takeOver(): Promise<void> {
    const { held = [] } = await navigator.locks.query();
    if (this.#outbox.isSending || !this.#channel || !held.some(({ name }) => name === this.#name)) return;
    await navigator.locks.request(this.#name, { steal: true }, () => undefined).catch(() => undefined);
  }
}

/** What tells one state of the outbox from another. */
function signOf(outbox: readonly OutboxEntry[]): string {
  return outbox.map(({ id, state, files }) => `${id} ${state} ${JSON.stringify(files)}`).join();
}
