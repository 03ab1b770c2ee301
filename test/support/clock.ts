/** A clock that goes on as usual, and can be put forward and back. */
export class Clock {
  #ahead = 0;

  readonly now = (): number => Date.now() + this.#ahead;

  putForward(milliseconds: number): void {
    this.#ahead += milliseconds;
  }

  putBack(milliseconds: number): void {
    this.#ahead -= milliseconds;
  }
}
