import type { Storage } from '../storage/storage.ts';

const lookEvery = 2_000;

/**
 * Hears whose sessions were ended, here or by another process. News of it come at once; looking every
 * two seconds as well makes sure that none is missed while news can't get through.
 */
export class Revocations {
  readonly #storage: Pick<Storage, 'revocationsAfter'>;
  readonly #onRevoked: (personIds: readonly string[]) => void;
  #timer: NodeJS.Timeout | undefined;
  #present = 0;

  constructor(storage: Pick<Storage, 'revocationsAfter'>, onRevoked: (personIds: readonly string[]) => void) {
    this.#storage = storage;
    this.#onRevoked = onRevoked;
  }

  async start(): Promise<void> {
    this.#present = (await this.#storage.revocationsAfter(0)).present;
    this.#timer = setInterval(() => void this.look(), lookEvery).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async look(): Promise<void> {
    try {
      const { personIds, present } = await this.#storage.revocationsAfter(this.#present);
      this.#present = Math.max(this.#present, present);
      if (personIds.length > 0) this.#onRevoked(personIds);
    } catch {
      // The storage is away. Streams that want to read end by themselves, and we look again.
    }
  }
}
