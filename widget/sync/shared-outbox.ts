import type { Message } from '../../protocol/message.ts';
import { runName, runOf, type Cache } from '../cache/cache.ts';
import type { OutboxEntry } from '../cache/outbox-entry.ts';
import { outboxName, type Outbox } from './outbox.ts';

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
  readonly #name: string;
  #channel: BroadcastChannel | undefined;
  #leave: (() => void) | undefined;
  /** What is in it: as this tab last had it, and as the others last knew it. */
  #had = '';
  #told = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(cache: Cache, outbox: Outbox, name: string) {
    this.#cache = cache;
    this.#outbox = outbox;
    this.#name = outboxName(name);
    this.join();
  }

  /** Takes part, from the start and when it had left. */
  join(): void {
    this.leave();
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = ({ data }: MessageEvent<Said>) => this.#hear(data);
    this.#channel = channel;
    this.#had = this.#told = signOf(this.#cache.outbox);
    this.#leave = this.#cache.subscribe(() => this.#look());
    this.#tell();
  }

  leave(): void {
    this.#leave?.();
    this.#channel?.close();
    this.#channel = undefined;
    clearTimeout(this.#timer);
  }

  #look(): void {
    const has = signOf(this.#cache.outbox);
    if (has === this.#had) return;
    this.#had = has;
    this.#settle().catch(reportError);
  }

  /** Tells the others of what this tab changed, once they can read it. */
  async #settle(): Promise<void> {
    const stored = signOf(await this.#cache.readOutbox());
    if (stored === this.#told) return;
    this.#told = stored;
    this.#tell();
  }

  #tell(): void {
    this.#channel?.postMessage('changed' satisfies Said);
    clearTimeout(this.#timer);
    if (this.#told === '' || this.#outbox.isSending) return;
    this.#timer = setTimeout(() => void this.#takeOver(), answerWithin);
  }

  #hear(said: Said): void {
    if (said === 'here') return clearTimeout(this.#timer);
    if (this.#outbox.isSending) this.#channel?.postMessage('here' satisfies Said);
    this.#read().catch(reportError);
  }

  /** What another tab changed shows here as well; and if it is closed, it is sent from here. */
  async #read(): Promise<void> {
    const had = this.#cache.outbox;
    const stored = await this.#cache.readOutbox();
    this.#told = signOf(stored);
    const ids = new Set(stored.map(({ id }) => id));
    await this.#replace(had.filter(({ id }) => !ids.has(id)));
    void this.#outbox.drain();
  }

  /** What is in the outbox no more was sent, and its message lies here, or was taken back. */
  async #replace(gone: readonly OutboxEntry[]): Promise<void> {
    const messages = (await Promise.all(gone.map((entry) => this.#messageOf(entry)))).flat();
    if (messages.length > 0) await this.#cache.receive({ messages });
    for (const { id } of gone) await this.#cache.takeFromOutbox(id, false);
  }

  async #messageOf({ id, threadId }: OutboxEntry): Promise<readonly Message[]> {
    const run = runOf(Math.max(this.#cache.thread(threadId)?.lastSeq ?? 0, 1));
    const runs = await Promise.all(
      [run, run + 1].map((number) => this.#cache.records.read('records', runName(threadId, number))),
    );
    return (runs as (readonly Message[] | undefined)[]).flatMap((messages) =>
      (messages ?? []).filter((message) => message.id === id),
    );
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
  return outbox.map(({ id, state }) => `${id} ${state}`).join();
}
