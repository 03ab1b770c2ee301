/** Lets so many things go on at once; the others wait their turn. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  readonly #onIdle: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async take<Result>(act: () => Promise<Result>): Promise<Result> {
    this.#taken += 1;
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await act();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
      this.#taken -= 1;
      if (this.#taken === 0) for (const tell of this.#onIdle.splice(0)) tell();
    }
  }

  /** Resolves when nothing goes on and nobody waits. */
  async idle(): Promise<void> {
    if (this.#taken > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }
}
