import { excessive } from './verdict.ts';

/** Work that every file may take, however small. */
const headStart = 200_000;
/** Steps for each byte that was sent. Measured: sound files of every kind take fewer than five. */
const stepsPerByte = 40;
/** Bytes that all that is packed in one file may unpack to. */
const unpackedLimit = 192 * 1024 * 1024;

/**
 * What looking at one file may cost. Every loop over a file pays here, so no file, however it was made, takes more than so
 * many steps for each of its bytes; what is unpacked is bounded and pays for its own steps.
 */
export class Effort {
  readonly allowed: number;
  #spent = 0;
  #unpacked = 0;

  constructor(size: number) {
    this.allowed = headStart + stepsPerByte * size;
  }

  /** Steps taken so far in what was sent and in what came out of it. */
  get spent(): number {
    return this.#spent;
  }

  /** Bytes that may still be unpacked. */
  get roomToUnpack(): number {
    return unpackedLimit - this.#unpacked;
  }

  spend(steps: number): void {
    this.#spent += steps;
    if (this.#spent > this.allowed + stepsPerByte * this.#unpacked) throw tooMuch();
  }

  /** Something was unpacked to so many bytes. */
  unpacked(bytes: number): void {
    this.#unpacked += bytes;
    if (this.#unpacked > unpackedLimit) throw tooMuch();
  }
}

export const tooMuch = () =>
  excessive('There is far more packed into this file than its size lets on. Send it in smaller parts.');
