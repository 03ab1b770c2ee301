import type { NumberedEvent, Storage } from '../storage/storage.ts';

export type { NumberedEvent };

/** What somebody missed: events after the last one they know, or that they have to start over. */
export type Missed =
  | { readonly kind: 'events'; readonly events: readonly NumberedEvent[]; readonly mayBeMore: boolean }
  | { readonly kind: 'reset'; readonly present: number };

const pageSize = 200;

/** What happened to a person's threads, from any number on. */
export class LiveEvents {
  readonly #storage: Pick<Storage, 'presentEvent' | 'eventsAfter'>;

  constructor(storage: Pick<Storage, 'presentEvent' | 'eventsAfter'>) {
    this.#storage = storage;
  }

  present(personId: string): Promise<number> {
    return this.#storage.presentEvent(personId);
  }

  /** `present` is a number that is known to have been given: where nothing leads up to it, it was forgotten. */
  async after(personId: string, no: number, present: number): Promise<Missed> {
    const events = await this.#storage.eventsAfter(personId, no, pageSize);
    const follows = events.every((event, index) => event.no === no + 1 + index);
    if (!follows || (events.length === 0 && no < present)) {
      return { kind: 'reset', present: await this.#storage.presentEvent(personId) };
    }
    return { kind: 'events', events, mayBeMore: events.length === pageSize };
  }
}
