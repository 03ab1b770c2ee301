import { Worker } from 'node:worker_threads';
import { refuseClaim } from './inspect.ts';
import type { Refused, Verdict } from './verdict.ts';

/** What a thread is asked, and what it answers. */
export type Question = { readonly name: string; readonly bytes: Uint8Array };

type Waiting = Question & { readonly answer: (verdict: Verdict) => void };

export type InspectorOptions = {
  /** How long one file may take before it is turned away. The worst that was found takes three seconds on an idle machine. */
  readonly deadline?: number;
  /** What the thread runs. */
  readonly thread?: URL;
};

/**
 * Inspects files in a thread of its own, one after the other: reading a file to its end takes up to seconds, and whoever writes
 * a message meanwhile must not wait for it. A thread that takes too long or falls over is ended; its file is turned away and
 * the next one gets a new thread.
 */
export class Inspector {
  readonly #deadline: number;
  readonly #thread: URL;
  readonly #queue: Waiting[] = [];
  #worker: Worker | undefined;
  #current: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({
    deadline = 30_000,
    thread = new URL('./inspector-thread.ts', import.meta.url),
  }: InspectorOptions = {}) {
    this.#deadline = deadline;
    this.#thread = thread;
  }

  /** Never rejects. The bytes are copied: they stay the caller's. */
  inspect(name: string, bytes: Uint8Array): Promise<Verdict> {
    const refused = refuseClaim(name, bytes.byteLength);
    if (refused) return Promise.resolve(refused);
    return new Promise((answer) => {
      if (this.#isClosed) return answer(notNow);
      this.#queue.push({ name, bytes, answer });
      this.#next();
    });
  }

  /** Ends the thread. Files that wait are turned away. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const waiting = this.#queue.splice(0);
    const worker = this.#worker;
    this.#finish(notNow);
    for (const { answer } of waiting) answer(notNow);
    this.#worker = undefined;
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
    this.#timer = setTimeout(() => this.#giveUp(tooSlow), this.#deadline);
    const own = new Uint8Array(bytes);
    this.#worker.postMessage({ name, bytes: own } satisfies Question, [own.buffer]);
  }

  #start(): Worker {
    const worker = new Worker(this.#thread, {
      // Files are counted outside of this; it is for what reads them.
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    worker.on('message', (verdict: Verdict) => {
      // A thread that was ended may have said its last word.
      if (worker === this.#worker) this.#finish(verdict);
    });
    const onEnd = () => {
      if (worker === this.#worker) this.#giveUp(unreadable);
    };
    worker.on('error', onEnd);
    worker.on('exit', onEnd);
    return worker;
  }

  #giveUp(verdict: Refused): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    this.#finish(verdict);
  }

  #finish(verdict: Verdict): void {
    clearTimeout(this.#timer);
    const current = this.#current;
    this.#current = undefined;
    current?.answer(verdict);
    this.#next();
  }
}

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
const notNow: Refused = {
  kind: 'refused',
  code: 'invalid',
  reason: 'This file could not be looked at just now. Send it again.',
};
