import type { NumberedEvent } from './storage.ts';

const maxPeople = 2_000;
const maxEach = 16;

/**
 * The newest events that were committed here, which are what nearly every woken connection asks for. An
 * event never changes and numbers have no gaps, so whatever is found here is what the database would say;
 * where nothing is found, the database is asked.
 */
export class RecentEvents {
  readonly #byPerson = new Map<string, readonly NumberedEvent[]>();

  add(personId: string, events: readonly NumberedEvent[]): void {
    const known = this.#byPerson.get(personId) ?? [];
    // Another process may have told them something in between.
    const follows = known.at(-1)?.no === events[0]!.no - 1;
    this.#byPerson.delete(personId);
    this.#byPerson.set(personId, (follows ? [...known, ...events] : events).slice(-maxEach));
    if (this.#byPerson.size > maxPeople) {
      const [leastRecent] = this.#byPerson.keys();
      this.#byPerson.delete(leastRecent!);
    }
  }

  /** Events from the one after `no` on; undefined where that one is not known. */
  after(personId: string, no: number, limit: number): readonly NumberedEvent[] | undefined {
    const known = this.#byPerson.get(personId) ?? [];
    const from = no + 1 - (known[0]?.no ?? Infinity);
    return from >= 0 && from < known.length ? known.slice(from, from + limit) : undefined;
  }

  forget(): void {
    this.#byPerson.clear();
  }
}
