import type { Kysely } from 'kysely';
import { BulkInsert, Prepared, upTo } from './prepared.ts';
import type { EventRow, Schema } from './schema.ts';
import type { Events, Moment, NumberedEvent, StoredEvent } from './storage.ts';

export class SqlEvents implements Events {
  readonly #db: Kysely<Schema>;
  readonly #told = new Map<string, NumberedEvent[]>();
  readonly #heads = new Map<string, number>();
  readonly #moved = new Set<string>();
  #unwritten: EventRow[] = [];
  #hasForgotten = false;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /** Who was told what. */
  get told(): ReadonlyMap<string, readonly NumberedEvent[]> {
    return this.#told;
  }

  get hasForgotten(): boolean {
    return this.#hasForgotten;
  }

  async add(personId: string, at: Moment, event: StoredEvent): Promise<number> {
    const no = (this.#heads.get(personId) ?? (await presentEvent(this.#db, personId))) + 1;
    this.#heads.set(personId, no);
    this.#moved.add(personId);
    const told = this.#told.get(personId);
    if (told === undefined) this.#told.set(personId, [{ no, event }]);
    else told.push({ no, event });
    this.#unwritten.push(rowOf(personId, no, at, event));
    return no;
  }

  async prune(before: Moment): Promise<void> {
    await this.#db.deleteFrom('events').where('at', '<', before).execute();
    this.#hasForgotten = true;
  }

  async flush(): Promise<void> {
    if (this.#unwritten.length === 0) return;
    const rows = this.#unwritten;
    const heads = Array.from(this.#moved, (id) => ({ person_id: id, last_no: this.#heads.get(id)! }));
    this.#unwritten = [];
    this.#moved.clear();
    await insertEvents.run(this.#db, rows);
    await moveHeads.run(this.#db, heads);
  }
}

export async function presentEvent(db: Kysely<Schema>, personId: string): Promise<number> {
  return (await headOf.first(db, { personId }))?.last_no ?? 0;
}

export async function eventsAfter(
  db: Kysely<Schema>,
  personId: string,
  no: number,
  limit: number,
): Promise<readonly NumberedEvent[]> {
  const rows = await above.all(db, { personId, no, limit });
  return rows.map((row) => ({ no: row.no, event: eventOf(row) }));
}

const headOf = new Prepared<{ personId: string }, { last_no: number }>((db, value) =>
  db.selectFrom('event_heads').select('last_no').where('person_id', '=', value('personId')),
);

const above = new Prepared<{ personId: string; no: number; limit: number }, EventRow>((db, value) =>
  db
    .selectFrom('events')
    .selectAll()
    .where('person_id', '=', value('personId'))
    .where('no', '>', value('no'))
    .orderBy('no')
    .limit(upTo(value('limit'))),
);

const insertEvents = new BulkInsert<EventRow>(
  ['person_id', 'no', 'at', 'type', 'thread_id', 'seq', 'message_id', 'about_id'],
  (db, rows) => db.insertInto('events').values(rows),
);

const moveHeads = new BulkInsert<Schema['event_heads']>(['person_id', 'last_no'], (db, rows) =>
  db
    .insertInto('event_heads')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('person_id').doUpdateSet(({ ref }) => ({ last_no: ref('excluded.last_no') })),
    ),
);

function rowOf(personId: string, no: number, at: Moment, event: StoredEvent): EventRow {
  return {
    person_id: personId,
    no,
    at,
    type: event.type,
    thread_id: event.threadId,
    seq: event.type === 'thread' ? null : event.seq,
    message_id: event.type === 'message' ? event.messageId : null,
    about_id: event.type === 'read' ? event.personId : null,
  };
}

function eventOf(row: EventRow): StoredEvent {
  const threadId = row.thread_id;
  switch (row.type) {
    case 'message':
      return { type: 'message', threadId, seq: row.seq!, messageId: row.message_id! };
    case 'read':
      return { type: 'read', threadId, seq: row.seq!, personId: row.about_id! };
    case 'thread':
      return { type: 'thread', threadId };
  }
}
