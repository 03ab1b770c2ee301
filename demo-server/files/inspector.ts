import { Worker } from 'node:worker_threads';
import { refuseClaim } from './inspect.ts';
import type { Later, Refused, Verdict } from './verdict.ts';

/** What a thread is asked. */
export type Question = { readonly name: string; readonly bytes: Uint8Array };

/** What it says: that it has begun, and how much it had worked by then; and what the file is. */
export type Answer = { readonly kind: 'begun'; readonly worked: NodeJS.CpuUsage } | Verdict;

type Waiting = Question & { readonly answer: (verdict: Verdict | Later) => void; falls: number };

export type InspectorOptions = {
  /** How long, in milliseconds, a thread may work at one file. The time it waits for the machine is not the file's. */
  readonly workLimit?: number;
  /** How long, in milliseconds of the clock, a file may keep the others waiting, whatever the reason. */
  readonly patience?: number;
  /** What the thread runs. */
  readonly thread?: URL;
};

/**
 * Inspects files in a thread of its own, one after the other: reading a file to its end takes up to seconds, and whoever writes
 * a message meanwhile must not wait for it. What is the file's own doing turns it away: it takes too much work, or brings
 * the thread down twice. Whatever else comes in between (a machine that is busy or slept, a server that stops) says nothing
 * of the file: it is to be looked at later.
 */
export class Inspector {
  readonly #workLimit: number;
  readonly #patience: number;
  readonly #thread: URL;
  readonly #queue: Waiting[] = [];
  #worker: Worker | undefined;
  #current: Waiting | undefined;
  /** How much the thread had worked when it began with the current file. */
  #workedBefore: NodeJS.CpuUsage | undefined;
  #watch: NodeJS.Timeout | undefined;
  #giveUpAt: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({
    workLimit = 30_000,
    patience = 120_000,
    thread = new URL('./inspector-thread.ts', import.meta.url),
  }: InspectorOptions = {}) {
    this.#workLimit = workLimit;
    this.#patience = patience;
    this.#thread = thread;
  }

  /** What can be said before any of it is here. */
  refuseClaim(name: string, size: number): Refused | undefined {
    return refuseClaim(name, size);
  }

  /** Never rejects. The bytes are copied: they stay the caller's. */
  inspect(name: string, bytes: Uint8Array): Promise<Verdict | Later> {
    const refused = refuseClaim(name, bytes.byteLength);
    if (refused) return Promise.resolve(refused);
    return new Promise((answer) => {
      if (this.#isClosed) return answer(later);
      this.#queue.push({ name, bytes, answer, falls: 0 });
      this.#next();
    });
  }

  /** Ends the thread. Files that wait are for whoever comes next. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const waiting = this.#queue.splice(0);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#finish(later);
    for (const { answer } of waiting) answer(later);
    await worker?.terminate();
  }

  #next(): void {
    if (this.#current || this.#isClosed) return;
    this.#current = this.#queue.shift();
    if (!this.#current) {
      // Nobody waits for an idle thread.
      this.#worker?.unref();
      return;
    }
    const { name, bytes } = this.#current;
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#watch = setInterval(() => void this.#look(), Math.min(1_000, this.#workLimit));
    this.#giveUpAt = setTimeout(() => this.#giveUp(later), this.#patience);
    const own = new Uint8Array(bytes);
    this.#worker.postMessage({ name, bytes: own } satisfies Question, [own.buffer]);
  }

  #start(): Worker {
    const worker = new Worker(this.#thread, {
      // Files are counted outside of this; it is for what reads them.
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    worker.on('message', (said: Answer) => {
      // A thread that was ended may have said its last word.
      if (worker !== this.#worker) return;
      if (said.kind === 'begun') this.#workedBefore = said.worked;
      else this.#finish(said);
    });
    // An error may overtake what the thread said before it; with its end, all of that has been heard.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (worker === this.#worker) this.#fall();
    });
    return worker;
  }

  /** The thread ended by itself. */
  #fall(): void {
    const current = this.#current;
    // Before it began with the file, the file had no part in it.
    if (current === undefined || this.#workedBefore === undefined) return this.#giveUp(later);
    current.falls += 1;
    if (current.falls > 1) return this.#giveUp(unreadable);
    this.#endThread();
    this.#rest();
    this.#queue.unshift(current);
    this.#next();
  }

  async #look(): Promise<void> {
    const [worker, current] = [this.#worker, this.#current];
    if (worker === undefined || this.#workedBefore === undefined) return;
    // A thread that is ending has nothing to say; that it ended is heard of otherwise.
    const worked = await worker.cpuUsage(this.#workedBefore).catch(() => undefined);
    if (worked === undefined || worker !== this.#worker || current !== this.#current) return;
    if ((worked.user + worked.system) / 1_000 > this.#workLimit) this.#giveUp(tooSlow);
  }

  #giveUp(verdict: Refused | Later): void {
    this.#endThread();
    this.#finish(verdict);
  }

  #endThread(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  #finish(verdict: Verdict | Later): void {
    const current = this.#current;
    this.#rest();
    current?.answer(verdict);
    this.#next();
  }

  #rest(): void {
    clearInterval(this.#watch);
    clearTimeout(this.#giveUpAt);
    this.#current = undefined;
    this.#workedBefore = undefined;
  }
}

const later: Later = { kind: 'later' };
const tooSlow: Refused = {
  kind: 'refused',
  code: 'too-large',
  reason: 'This file takes too long to look through. Send it in smaller parts.',
};
const unreadable: Refused = {
  kind: 'refused',
  code: 'invalid',
  reason: 'This file could not be read. Save it anew, then send it.',
};
