type Held = { readonly delay: number; readonly ring: () => void };

/** How long a request may take: a wait that ends with its answer, and that no test is about. */
const answerWithin = 30_000;

const isRetry = (delay: number) => delay >= 200 && delay !== answerWithin;

/**
 * Takes the place of setTimeout for every wait of 200 ms or more: time passes when a test says so. Shorter
 * waits go on as ever, and so does the patience of requests.
 */
export class HeldTimers {
  readonly #setTimeout = globalThis.setTimeout;
  readonly #clearTimeout = globalThis.clearTimeout;
  readonly #held = new Map<number, Held>();
  #last = 1_000_000_000;

  /** How long each wait was to be, also of those that are over. */
  readonly delays: number[] = [];

  constructor() {
    const hold = (ring: () => void, delay = 0): number => {
      if (!isRetry(delay)) return this.#setTimeout.call(globalThis, ring, delay) as unknown as number;
      this.delays.push(delay);
      this.#held.set(++this.#last, { delay, ring });
      return this.#last;
    };
    globalThis.setTimeout = hold as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((timer: number) => {
      if (!this.#held.delete(timer)) this.#clearTimeout.call(globalThis, timer);
    }) as typeof clearTimeout;
  }

  /** How many waits there are now. */
  get count(): number {
    return this.#held.size;
  }

  /** Ends every wait there is, or every one that was to be this long at most. */
  pass(longest = Infinity): void {
    const due = [...this.#held].filter(([, { delay }]) => delay <= longest);
    for (const [timer] of due) this.#held.delete(timer);
    for (const [, { ring }] of due) ring();
  }

  restore(): void {
    globalThis.setTimeout = this.#setTimeout;
    globalThis.clearTimeout = this.#clearTimeout;
  }
}
