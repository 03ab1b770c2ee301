import { once } from 'node:events';
import type { Response } from 'express';

/** Whoever lost their right to listen hears nothing after five seconds. */
const endWithin = 2_000;

export type Frame = { readonly id?: number; readonly event?: string; readonly data?: unknown };

/** A response that server-sent events are written to. It never holds more than was last written. */
export class EventStream {
  readonly #res: Response;
  readonly #patience: number;

  /** `patience` is how long, in milliseconds, a reader may take over what was written to them. */
  constructor(res: Response, patience: number) {
    this.#res = res;
    this.#patience = patience;
  }

  get isOpen(): boolean {
    return !this.#res.writableEnded && !this.#res.destroyed;
  }

  open(): void {
    this.#res.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no',
    });
    this.#res.socket?.setNoDelay(true);
    this.#res.flushHeaders();
  }

  /** Resolves when there is room for more. Somebody who does not make room in time is let go. */
  async write(frames: readonly Frame[]): Promise<void> {
    if (!this.isOpen || this.#res.write(frames.map(textOf).join(''))) return;
    const closed = new AbortController();
    const letGo = setTimeout(() => this.#letGo(), this.#patience);
    try {
      await Promise.race([
        once(this.#res, 'drain', { signal: closed.signal }),
        once(this.#res, 'close', { signal: closed.signal }),
      ]);
    } finally {
      clearTimeout(letGo);
      closed.abort();
    }
  }

  /** A comment, which keeps what lies between from taking silence for the end. */
  beat(): void {
    if (this.isOpen && !this.#res.writableNeedDrain) this.#res.write(':\n\n');
  }

  end(): void {
    if (!this.isOpen) return;
    this.#res.end();
    // A reader who takes nothing would not take the end either.
    const letGo = setTimeout(() => this.#letGo(), Math.min(this.#patience, endWithin));
    this.#res.once('close', () => clearTimeout(letGo));
  }

  /** Ends without the words "that was all": whoever reads comes back and says where they were. */
  breakOff(): void {
    this.#res.destroy();
  }

  /** Closing in order would leave it to the system to keep offering what nobody takes. */
  #letGo(): void {
    this.#res.socket?.resetAndDestroy();
  }
}

function textOf({ id, event, data }: Frame): string {
  const lines = [
    id === undefined ? '' : `id: ${id}\n`,
    event === undefined ? '' : `event: ${event}\n`,
    data === undefined ? '' : `data: ${JSON.stringify(data)}\n`,
  ];
  return `${lines.join('')}\n`;
}
