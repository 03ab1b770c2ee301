/** Takes the place of the page's two clocks. They go on as ever, and jump when a test says so. */
export class PageClock {
  readonly #now = Date.now;
  #wallAhead = 0;
  #steadyAhead = 0;

  constructor() {
    Date.now = () => this.#now.call(Date) + this.#wallAhead;
    // On the page's own object, above what every page inherits.
    performance.now = () => Performance.prototype.now.call(performance) + this.#steadyAhead;
  }

  /** Time goes by. */
  pass(milliseconds: number): void {
    this.#wallAhead += milliseconds;
    this.#steadyAhead += milliseconds;
  }

  /** The computer sleeps meanwhile: only the clock on the wall goes on. */
  sleep(milliseconds: number): void {
    this.#wallAhead += milliseconds;
  }

  /** Somebody puts the clock on the wall forward, or back. */
  set(milliseconds: number): void {
    this.#wallAhead += milliseconds;
  }

  restore(): void {
    Date.now = this.#now;
    delete (performance as Partial<Performance>).now;
  }
}
