import type { Kysely } from 'kysely';
import type { Role } from '../../protocol/person.ts';
import { BulkInsert, Prepared, upTo, type ValueOf } from './prepared.ts';
import type { Schema, ThreadRow } from './schema.ts';
import { settledOf } from './sql-emails.ts';
import { messageOf } from './sql-messages.ts';
import { personColumns, personOf } from './sql-people.ts';
import type { ListedThread, Moment, ThreadRecord, Threads } from './storage.ts';
import type { ThreadKeys } from './thread-keys.ts';
import { makeDataKey, type Wrapped } from './vault.ts';

type Held = { readonly thread: ThreadRecord; readonly key: Wrapped };
type Whose = { readonly id: string; readonly role: Role };

/** Threads are changed in memory and written once, however many messages of a transaction they take in. */
export class SqlThreads implements Threads {
  readonly #db: Kysely<Schema>;
  readonly #keys: ThreadKeys;
  readonly #settle: () => Promise<void>;
  readonly #known = new Map<string, Held | undefined>();
  readonly #changed = new Set<string>();
  #soonestAlarm: Moment | undefined;

  /** `settle` writes what the transaction only holds in memory so far. */
  constructor(db: Kysely<Schema>, keys: ThreadKeys, settle: () => Promise<void>) {
    this.#db = db;
    this.#keys = keys;
    this.#settle = settle;
  }

  /** The soonest of the alarms that were set. */
  get soonestAlarm(): Moment | undefined {
    return this.#soonestAlarm;
  }

  async find(id: string): Promise<ThreadRecord | undefined> {
    return (await this.#hold(id))?.thread;
  }

  /** The wrapped key of a thread that exists. */
  async keyOf(id: string): Promise<Wrapped> {
    const held = await this.#hold(id);
    if (held === undefined) throw new Error('There is no such thread.');
    return held.key;
  }

  async findBetween(clientId: string, providerId: string): Promise<ThreadRecord | undefined> {
    const found = await idByPair.first(this.#db, { clientId, providerId });
    return found && this.find(found.id);
  }

  async add(thread: ThreadRecord): Promise<void> {
    const key = this.#keys.wrap(thread.id, makeDataKey());
    await insertThreads.run(this.#db, [rowOf({ thread, key })]);
    this.#known.set(thread.id, { thread, key });
  }

  update(thread: ThreadRecord): void {
    const held = this.#known.get(thread.id);
    if (held === undefined) throw new Error('A thread is found before it is changed.');
    for (const side of ['client', 'provider'] as const) {
      const { lookAt } = thread.mail[side];
      if (lookAt !== null && lookAt !== held.thread.mail[side].lookAt) {
        this.#soonestAlarm = Math.min(lookAt, this.#soonestAlarm ?? Infinity);
      }
    }
    this.#known.set(thread.id, { ...held, thread });
    this.#changed.add(thread.id);
  }

  async list(
    { id, role }: Whose,
    { below, limit }: { readonly below: number | undefined; readonly limit: number },
  ): Promise<readonly ListedThread[]> {
    await this.#settle();
    const rows = await pageOf[role].all(this.#db, { id, below: below ?? Number.MAX_SAFE_INTEGER, limit });
    return rows.map((row) => {
      const { thread, key } = heldOf({ ...row, id: row.thread_id });
      return {
        thread,
        other: personOf(row),
        status: row.status,
        lastMessage:
          row.message_id === null
            ? null
            : messageOf(this.#keys, key, {
                thread_id: row.thread_id,
                id: row.message_id,
                seq: row.seq!,
                sender_id: row.sender_id!,
                sealed: row.sealed!,
                attachments: row.attachments,
                sent_at: row.sent_at!,
              }),
        lastSettled:
          row.state === null
            ? null
            : settledOf({
                thread_id: row.thread_id,
                recipient: row.recipient!,
                from_seq: row.from_seq!,
                through_seq: row.through_seq!,
                state: row.state,
                at: row.at!,
              }),
      };
    });
  }

  async unreadOf({ id, role }: Whose): Promise<number> {
    await this.#settle();
    // SQLite gives a number, PostgreSQL's sum of bigint is a numeric and comes as words.
    return Number((await unreadOf[role].first(this.#db, { id }))?.unread ?? 0);
  }

  async pairsOf(personId: string) {
    const rows = await this.#db
      .selectFrom('threads')
      .select(['id', 'client_id', 'provider_id'])
      .where((eb) => eb.or([eb('client_id', '=', personId), eb('provider_id', '=', personId)]))
      .execute();
    return rows.map((row) => ({ id: row.id, clientId: row.client_id, providerId: row.provider_id }));
  }

  async flush(): Promise<void> {
    if (this.#changed.size === 0) return;
    const rows = Array.from(this.#changed, (id) => rowOf(this.#known.get(id)!));
    this.#changed.clear();
    await insertThreads.run(this.#db, rows);
  }

  async #hold(id: string): Promise<Held | undefined> {
    if (!this.#known.has(id)) {
      const row = await byId.first(this.#db, { id });
      this.#known.set(id, row && heldOf(row));
    }
    return this.#known.get(id);
  }
}

const byId = new Prepared<{ id: string }, ThreadRow>((db, value) =>
  db.selectFrom('threads').selectAll().where('id', '=', value('id')),
);

const idByPair = new Prepared<{ clientId: string; providerId: string }, { id: string }>((db, value) =>
  db
    .selectFrom('threads')
    .select('id')
    .where('client_id', '=', value('clientId'))
    .where('provider_id', '=', value('providerId')),
);

/** Rows of threads that exist already replace what moves in them. */
const insertThreads = new BulkInsert<ThreadRow>(
  [
    'id',
    'client_id',
    'provider_id',
    'last_seq',
    'client_read_seq',
    'provider_read_seq',
    'client_unread',
    'provider_unread',
    'client_activity',
    'provider_activity',
    'awaiting_since',
    'client_active_at',
    'provider_active_at',
    'client_emailed_at',
    'provider_emailed_at',
    'client_settled_seq',
    'provider_settled_seq',
    'client_look_at',
    'provider_look_at',
    'key_id',
    'wrapped_key',
  ],
  (db, rows) =>
    db
      .insertInto('threads')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          last_seq: ref('excluded.last_seq'),
          client_read_seq: ref('excluded.client_read_seq'),
          provider_read_seq: ref('excluded.provider_read_seq'),
          client_unread: ref('excluded.client_unread'),
          provider_unread: ref('excluded.provider_unread'),
          client_activity: ref('excluded.client_activity'),
          provider_activity: ref('excluded.provider_activity'),
          awaiting_since: ref('excluded.awaiting_since'),
          client_active_at: ref('excluded.client_active_at'),
          provider_active_at: ref('excluded.provider_active_at'),
          client_emailed_at: ref('excluded.client_emailed_at'),
          provider_emailed_at: ref('excluded.provider_emailed_at'),
          client_settled_seq: ref('excluded.client_settled_seq'),
          provider_settled_seq: ref('excluded.provider_settled_seq'),
          client_look_at: ref('excluded.client_look_at'),
          provider_look_at: ref('excluded.provider_look_at'),
        })),
      ),
);

const forEachRole = <Value>(make: (role: Role, other: Role) => Value): Readonly<Record<Role, Value>> => ({
  client: make('client', 'provider'),
  provider: make('provider', 'client'),
});

const pageOf = forEachRole(
  (role, other) =>
    new Prepared((db, value: ValueOf<{ id: string; below: number; limit: number }>) =>
      db
        .selectFrom('threads')
        .innerJoin('people', 'people.id', `threads.${other}_id`)
        .innerJoin('relationships', (join) =>
          join
            .onRef('relationships.client_id', '=', 'threads.client_id')
            .onRef('relationships.provider_id', '=', 'threads.provider_id'),
        )
        .leftJoin('messages', (join) =>
          join.onRef('messages.thread_id', '=', 'threads.id').onRef('messages.seq', '=', 'threads.last_seq'),
        )
        .leftJoin('notifications', (join) =>
          join
            .onRef('notifications.thread_id', '=', 'threads.id')
            .on('notifications.recipient', '=', other)
            .onRef('notifications.through_seq', '>=', 'threads.last_seq')
            .onRef('notifications.from_seq', '<=', 'threads.last_seq'),
        )
        .select([
          ...personColumns,
          'threads.id as thread_id',
          'threads.client_id',
          'threads.provider_id',
          'threads.last_seq',
          'threads.client_read_seq',
          'threads.provider_read_seq',
          'threads.client_unread',
          'threads.provider_unread',
          'threads.client_activity',
          'threads.provider_activity',
          'threads.awaiting_since',
          'threads.client_active_at',
          'threads.provider_active_at',
          'threads.client_emailed_at',
          'threads.provider_emailed_at',
          'threads.client_settled_seq',
          'threads.provider_settled_seq',
          'threads.client_look_at',
          'threads.provider_look_at',
          'threads.key_id',
          'threads.wrapped_key',
          'relationships.status',
          'messages.id as message_id',
          'messages.seq',
          'messages.sender_id',
          'messages.sealed',
          'messages.attachments',
          'messages.sent_at',
          'notifications.recipient',
          'notifications.from_seq',
          'notifications.through_seq',
          'notifications.state',
          'notifications.at',
        ])
        .where(`threads.${role}_id`, '=', value('id'))
        .where(`threads.${role}_activity`, '<', value('below'))
        .orderBy(`threads.${role}_activity`, 'desc')
        .limit(upTo(value('limit'))),
    ),
);

const unreadOf = forEachRole(
  (role) =>
    new Prepared((db, value: ValueOf<{ id: string }>) =>
      db
        .selectFrom('threads')
        .select(({ fn }) => fn.sum(`${role}_unread`).as('unread'))
        .where(`${role}_id`, '=', value('id'))
        .where(`${role}_unread`, '>', 0),
    ),
);

function heldOf(row: ThreadRow): Held {
  return {
    thread: {
      id: row.id,
      clientId: row.client_id,
      providerId: row.provider_id,
      lastSeq: row.last_seq,
      readSeq: { client: row.client_read_seq, provider: row.provider_read_seq },
      unread: { client: row.client_unread, provider: row.provider_unread },
      activity: { client: row.client_activity, provider: row.provider_activity },
      awaitingSince: row.awaiting_since,
      mail: {
        client: {
          activeAt: row.client_active_at,
          emailedAt: row.client_emailed_at,
          settledSeq: row.client_settled_seq,
          lookAt: row.client_look_at,
        },
        provider: {
          activeAt: row.provider_active_at,
          emailedAt: row.provider_emailed_at,
          settledSeq: row.provider_settled_seq,
          lookAt: row.provider_look_at,
        },
      },
    },
    key: { keyId: row.key_id, wrapped: row.wrapped_key },
  };
}

function rowOf({ thread, key }: Held): ThreadRow {
  const { client, provider } = thread.mail;
  return {
    id: thread.id,
    client_id: thread.clientId,
    provider_id: thread.providerId,
    last_seq: thread.lastSeq,
    client_read_seq: thread.readSeq.client,
    provider_read_seq: thread.readSeq.provider,
    client_unread: thread.unread.client,
    provider_unread: thread.unread.provider,
    client_activity: thread.activity.client,
    provider_activity: thread.activity.provider,
    awaiting_since: thread.awaitingSince,
    client_active_at: client.activeAt,
    provider_active_at: provider.activeAt,
    client_emailed_at: client.emailedAt,
    provider_emailed_at: provider.emailedAt,
    client_settled_seq: client.settledSeq,
    provider_settled_seq: provider.settledSeq,
    client_look_at: client.lookAt,
    provider_look_at: provider.lookAt,
    key_id: key.keyId,
    wrapped_key: key.wrapped,
  };
}
