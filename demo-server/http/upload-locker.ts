import type { Lock, Locker } from '@tus/server';
import { Refusal } from '../services/refusal.ts';

/** Who has an upload, and who comes after them. */
type Holder = { letGo: () => void; readonly waiting: (() => void)[] };

/**
 * One request at a time for each upload, in the order they came. Whoever comes asks the one before to let go: its
 * connection is most likely one that the sender gave up. (The locker that @tus/server has spins while it waits.)
 */
export class UploadLocker implements Locker {
  readonly #holders = new Map<string, Holder>();
  readonly #patience: number;

  /** `patience` is how long, in milliseconds, a request waits for its turn. */
  constructor(patience = 10_000) {
    this.#patience = patience;
  }

  newLock(id: string): Lock {
    return {
      lock: (signal, letGo) => this.#lock(id, signal, () => void letGo()),
      unlock: async () => this.#unlock(id),
    };
  }

  async #lock(id: string, signal: AbortSignal, letGo: () => void): Promise<void> {
    const holder = this.#holders.get(id);
    if (holder === undefined) {
      this.#holders.set(id, { letGo, waiting: [] });
      return;
    }
    holder.letGo();
    await this.#turn(holder, signal);
    holder.letGo = letGo;
    if (holder.waiting.length > 0) letGo();
  }

  #turn({ waiting }: Holder, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const proceed = () => {
        settle();
        resolve();
      };
      const giveUp = () => {
        settle();
        waiting.splice(waiting.indexOf(proceed), 1);
        reject(new Refusal('unavailable'));
      };
      const timer = setTimeout(giveUp, this.#patience);
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.push(proceed);
    });
  }

  #unlock(id: string): void {
    const next = this.#holders.get(id)?.waiting.shift();
    if (next === undefined) this.#holders.delete(id);
    else next();
  }
}
