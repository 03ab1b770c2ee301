import { StorageTrouble } from './storage.ts';

type Act<Books, Result> = (books: Books) => Promise<Result>;

type Waiting<Books> = {
  readonly act: Act<Books, unknown>;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
};

export type WriteQueueOptions<Books> = {
  /** Runs acts one after the other in one transaction: all of them, or none. */
  readonly runTogether: (acts: readonly Act<Books, unknown>[]) => Promise<readonly unknown[]>;
  readonly maxWaiting?: number;
  readonly maxTogether?: number;
};

/**
 * One writer at a time. What is asked while a transaction commits runs in the next one together and
 * shares its commit: reaching the disk is what a write costs, however many rows it carries.
 */
export class WriteQueue<Books> {
  readonly #runTogether: WriteQueueOptions<Books>['runTogether'];
  readonly #maxWaiting: number;
  readonly #maxTogether: number;
  #waiting: Waiting<Books>[] = [];
  #running: Promise<void> | undefined;

  constructor({ runTogether, maxWaiting = 10_000, maxTogether = 256 }: WriteQueueOptions<Books>) {
    this.#runTogether = runTogether;
    this.#maxWaiting = maxWaiting;
    this.#maxTogether = maxTogether;
  }

  ask<Result>(act: Act<Books, Result>): Promise<Result> {
    if (this.#waiting.length >= this.#maxWaiting) {
      return Promise.reject(new StorageTrouble('Too many writes are waiting.'));
    }
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ act, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // SQLite commits without giving way; only here do the requests of this tick get to queue up.
      await new Promise((resolve) => setImmediate(resolve));
      const batch = this.#waiting.slice(0, this.#maxTogether);
      this.#waiting = this.#waiting.slice(this.#maxTogether);
      await this.#settle(batch);
    }
    this.#running = undefined;
  }

  async #settle(batch: readonly Waiting<Books>[]): Promise<void> {
    try {
      const results = await this.#runTogether(batch.map(({ act }) => act));
      batch.forEach(({ resolve }, index) => resolve(results[index] as never));
    } catch (error) {
      if (batch.length === 1 || error instanceof StorageTrouble) {
        for (const { reject } of batch) reject(error);
      } else {
        // One of them failed and took the others' writes with it. Alone, only the culprit fails.
        for (const waiting of batch) await this.#settle([waiting]);
      }
    }
  }
}
