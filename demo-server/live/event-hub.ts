/** An open connection. It is woken, never told: what there is to tell it reads for itself. */
export interface Connection {
  /** Something may have happened. */
  wake(): void;
  /** The right to listen may be lost. */
  review(): void;
  /** Keeps what lies between from taking the connection for dead. */
  beat(): void;
  end(): void;
}

export type EventHubOptions = { readonly maxEach?: number; readonly beatEvery?: number };

/** Wakes the connections of people something happened to. */
export class EventHub {
  readonly #maxEach: number;
  readonly #byPerson = new Map<string, Set<Connection>>();
  /** Connections take turns to beat, so that thousands do not in the same moment. */
  readonly #turns: readonly Set<Connection>[];
  readonly #timer: NodeJS.Timeout;
  #turn = 0;

  constructor({ maxEach = 32, beatEvery = 20_000 }: EventHubOptions = {}) {
    this.#maxEach = maxEach;
    this.#turns = Array.from({ length: 20 }, () => new Set<Connection>());
    this.#timer = setInterval(() => this.#beat(), beatEvery / this.#turns.length).unref();
  }

  /** Follows until the returned function is called. Somebody with too many loses their oldest. */
  follow(personId: string, connection: Connection): () => void {
    const connections = this.#byPerson.get(personId) ?? new Set<Connection>();
    this.#byPerson.set(personId, connections.add(connection));
    const turn = this.#turns[this.#turn]!.add(connection);
    if (connections.size > this.#maxEach) {
      const [oldest] = connections;
      oldest!.end();
    }
    return () => {
      turn.delete(connection);
      connections.delete(connection);
      if (connections.size === 0 && this.#byPerson.get(personId) === connections) {
        this.#byPerson.delete(personId);
      }
    };
  }

  wake(personIds: readonly string[] | 'everyone'): void {
    for (const connection of this.#connectionsOf(personIds)) connection.wake();
  }

  review(personIds: readonly string[] | 'everyone'): void {
    for (const connection of this.#connectionsOf(personIds)) connection.review();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const connection of this.#connectionsOf('everyone')) connection.end();
  }

  *#connectionsOf(personIds: readonly string[] | 'everyone'): Iterable<Connection> {
    for (const id of personIds === 'everyone' ? [...this.#byPerson.keys()] : personIds) {
      yield* [...(this.#byPerson.get(id) ?? [])];
    }
  }

  #beat(): void {
    this.#turn = (this.#turn + 1) % this.#turns.length;
    for (const connection of [...this.#turns[this.#turn]!]) connection.beat();
  }
}
