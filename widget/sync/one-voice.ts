import type { LiveNews } from '../transport/live-stream.ts';
import { isHappening, Past } from './past.ts';
import { Queue } from './queue.ts';
import type { Follow } from './sync-loop.ts';

/** A tab that leads and was not heard for so long is asked whether it is there. */
const quiet = 45_000;

/** How long an answer may take before somebody else leads: none comes from a tab that is frozen. */
const answerWithin = 5_000;

/** What tabs say to each other: types, ids and numbers, never words. */
type Said =
  /** “What came after this cursor?” Also: “Are you there?” */
  | { readonly kind: 'ask'; readonly ask: string; readonly cursor: number | undefined }
  /** Nothing at all where the stream is not open at the moment. */
  | { readonly kind: 'answer'; readonly ask: string; readonly news: readonly LiveNews[] }
  | { readonly kind: 'news'; readonly after: number; readonly news: LiveNews }
  | { readonly kind: 'offline' }
  /** “Somebody is looking: try at once.” */
  | { readonly kind: 'hurry' };

/** What a tab hears of the others, besides the news. */
export type VoiceListener = {
  /** The tab that leads can't reach the server. */
  readonly onOffline: () => void;
  readonly onHurry: () => void;
};

/**
 * One live stream for all tabs and elements of one person in this browser.
 *
 * Whoever holds the lock leads: it has the only stream, and passes on what it hears. The others listen, and
 * wait for the lock. Each remembers what was said last, so that whoever leads next goes on from there.
 */
export class OneVoice {
  readonly #name: string;
  readonly #open: Follow;
  readonly #listener: VoiceListener;
  readonly #past = new Past();
  /** Undefined while this tab takes no part. */
  #membership: AbortController | undefined;
  #channel: BroadcastChannel | undefined;
  /** While this tab leads. */
  #leading: AbortController | undefined;
  /** While it waits to. */
  #waiting = new AbortController();
  #isLive = false;
  #isOffline = false;
  /** Where what is heard goes to, until it is to go there no more; and the last that went. */
  #listening: { readonly queue: Queue<LiveNews>; readonly signal: AbortSignal } | undefined;
  #heard: number | undefined;
  #ask: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAway = false;

  constructor(name: string, open: Follow, listener: VoiceListener) {
    this.#name = name;
    this.#open = open;
    this.#listener = listener;
  }

  /** As the stream itself would tell it. One at a time. */
  async *follow(cursor: number | undefined, until: AbortSignal): AsyncGenerator<LiveNews> {
    until.throwIfAborted();
    const ended = new AbortController();
    const signal = AbortSignal.any([until, ended.signal]);
    const queue = new Queue<LiveNews>();
    signal.addEventListener('abort', () => queue.end(signal.reason));
    this.#listening = { queue, signal };
    this.#heard = cursor;
    if (this.#leading) void this.#lead(this.#leading.signal);
    else if (this.#membership) this.#inquire();
    else if (!this.#isAway) this.#join();
    try {
      yield* queue;
    } finally {
      ended.abort();
      if (this.#listening?.queue === queue) this.#listening = undefined;
    }
  }

  /** The others hear how it stands, where this is the tab that knows. */
  tellOffline(): void {
    if (!this.#leading) return;
    this.#isOffline = true;
    this.#say({ kind: 'offline' });
  }

  /** Whoever leads tries at once. */
  hurry(): void {
    this.#say({ kind: 'hurry' });
  }

  /** Lets go of lock and stream: somebody else leads. What is heard from then on is heard by them alone. */
  leave(): void {
    this.#isAway = true;
    this.#membership?.abort();
    this.#membership = undefined;
    this.#channel?.close();
    this.#channel = undefined;
    clearTimeout(this.#timer);
  }

  #join(): void {
    const membership = new AbortController();
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = ({ data }: MessageEvent<Said>) => this.#hear(data);
    this.#membership = membership;
    this.#channel = channel;
    void this.#takeTurns(membership.signal);
  }

  /** Leads at once where nobody does; else listens, and leads when the lock is free or nobody answers. */
  async #takeTurns(left: AbortSignal): Promise<void> {
    let options: LockOptions = { ifAvailable: true };
    while (!left.aborted) {
      await navigator.locks
        .request(this.#name, options, (lock) => (lock ? this.#speak(left) : undefined))
        // Another took it, or we stopped waiting. Any other reason is a page that may have no locks.
        .catch((error: Error) => (error.name === 'AbortError' ? undefined : this.#speak(left)));
      this.#leading?.abort();
      this.#leading = undefined;
      if (this.#waiting.signal.aborted) {
        this.#waiting = new AbortController();
        options = { steal: true };
      } else if (!left.aborted) {
        options = { signal: AbortSignal.any([left, this.#waiting.signal]) };
        this.#inquire();
      }
    }
  }

  /** Is who speaks, until this tab takes no part any more. */
  #speak(left: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (left.aborted) return resolve();
      const leading = new AbortController();
      left.addEventListener('abort', () => {
        leading.abort();
        resolve();
      });
      clearTimeout(this.#timer);
      this.#ask = undefined;
      this.#isOffline = false;
      this.#leading = leading;
      void this.#lead(leading.signal);
    });
  }

  /** Opens the stream where all that is known ends, and passes on what it tells. */
  async #lead(leading: AbortSignal): Promise<void> {
    if (!this.#listening) return;
    const { queue, signal } = this.#listening;
    const missed = this.#past.after(this.#heard);
    const from = missed ? this.#past.end : (this.#heard ?? this.#past.end);
    for (const news of missed ?? []) this.#take(news);
    try {
      for await (const news of this.#open(from, AbortSignal.any([signal, leading]))) {
        this.#isLive = true;
        this.#isOffline = false;
        const after = this.#past.end ?? news.cursor;
        this.#past.add(news, after);
        this.#say({ kind: 'news', after, news });
        this.#take(news);
      }
      queue.end();
    } catch (error) {
      // Who leads no more listens.
      if (!leading.aborted) queue.end(error);
    } finally {
      this.#isLive = false;
    }
  }

  #hear(said: Said): void {
    if (said.kind === 'hurry') return this.#listener.onHurry();
    if (this.#leading) {
      if (said.kind === 'ask') this.#answer(said.ask, said.cursor);
      return;
    }
    if (said.kind === 'ask') return;
    this.#wait(quiet, () => this.#inquire());
    if (said.kind === 'offline') this.#listener.onOffline();
    else if (said.kind === 'news') this.#hearNews(said.news, said.after);
    else if (said.ask === this.#ask) this.#hearAnswer(said.news);
  }

  #answer(ask: string, cursor: number | undefined): void {
    const end = this.#past.end;
    if (!this.#isLive || end === undefined) {
      this.#say({ kind: 'answer', ask, news: [] });
      if (this.#isOffline) this.#say({ kind: 'offline' });
      return;
    }
    const news = cursor === undefined ? [] : this.#past.after(cursor);
    const standing = { cursor: end, event: news ? undefined : ({ type: 'reset' } as const) };
    this.#say({ kind: 'answer', ask, news: news && news.length > 0 ? news : [standing] });
  }

  #hearNews(news: LiveNews, after: number): void {
    this.#past.add(news, after);
    const heard = this.#heard ?? news.cursor;
    if (!isHappening(news)) {
      // The stream is open again; where it stands further on than we do, we missed something.
      if (news.event || news.cursor <= heard) this.#take(news);
      else this.#inquire();
    } else if (this.#heard === after) this.#take(news);
    else if (news.cursor > heard && this.#ask === undefined) this.#inquire();
  }

  #hearAnswer(answer: readonly LiveNews[]): void {
    this.#ask = undefined;
    for (const news of answer) {
      const after = this.#heard ?? news.cursor;
      if (isHappening(news) && news.cursor <= after) continue;
      this.#past.add(news, after);
      this.#take(news);
    }
  }

  #take(news: LiveNews): void {
    if (!this.#listening) return;
    if (news.event || this.#heard === undefined) this.#heard = news.cursor;
    this.#listening.queue.put(news);
  }

  /** Asks for what this tab has not heard. Where nobody answers, it is its turn. */
  #inquire(): void {
    this.#ask = crypto.randomUUID();
    this.#say({ kind: 'ask', ask: this.#ask, cursor: this.#heard });
    this.#wait(answerWithin, () => this.#waiting.abort());
  }

  #wait(delay: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, delay);
  }

  #say(said: Said): void {
    this.#channel?.postMessage(said);
  }
}
