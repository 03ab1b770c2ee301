import type { Kysely } from 'kysely';
import type { Attachment } from '../../protocol/message.ts';
import { BulkInsert, Prepared, upTo } from './prepared.ts';
import type { MessageRow, Schema } from './schema.ts';
import type { MessageRange, MessageRecord, Messages } from './storage.ts';
import type { ThreadKeys } from './thread-keys.ts';
import type { Wrapped } from './vault.ts';

/** Messages wait in memory until the transaction ends, or is asked for more than one of them. */
export class SqlMessages implements Messages {
  readonly #db: Kysely<Schema>;
  readonly #keyOf: (threadId: string) => Promise<Wrapped>;
  readonly #keys: ThreadKeys;
  readonly #settle: () => Promise<void>;
  readonly #added = new Map<string, MessageRecord>();
  #unwritten: MessageRow[] = [];

  /** `keyOf` knows the wrapped key of a thread; `settle` writes what the transaction only holds in memory so far. */
  constructor(
    db: Kysely<Schema>,
    keyOf: (threadId: string) => Promise<Wrapped>,
    keys: ThreadKeys,
    settle: () => Promise<void>,
  ) {
    this.#db = db;
    this.#keyOf = keyOf;
    this.#keys = keys;
    this.#settle = settle;
  }

  async find(threadId: string, id: string): Promise<MessageRecord | undefined> {
    const added = this.#added.get(`${threadId} ${id}`);
    if (added !== undefined) return added;
    const row = await byId.first(this.#db, { threadId, id });
    return row && messageOf(this.#keys, await this.#keyOf(threadId), row);
  }

  async findAt(threadId: string, seq: number): Promise<MessageRecord | undefined> {
    const [message] = await this.page(threadId, { before: seq + 1, limit: 1 });
    return message?.seq === seq ? message : undefined;
  }

  async add(message: MessageRecord): Promise<void> {
    const key = await this.#keyOf(message.threadId);
    this.#added.set(`${message.threadId} ${message.id}`, message);
    this.#unwritten.push({
      thread_id: message.threadId,
      seq: message.seq,
      id: message.id,
      sender_id: message.senderId,
      sealed: this.#keys.seal(key, message),
      attachments: this.#sealAttachments(key, message, message.attachments),
      sent_at: message.sentAt,
    });
  }

  async page(threadId: string, { before, after, limit }: MessageRange): Promise<readonly MessageRecord[]> {
    await this.#settle();
    const rows =
      after === undefined
        ? await newestBelow.all(this.#db, { threadId, before: before ?? Number.MAX_SAFE_INTEGER, limit })
        : await oldestAbove.all(this.#db, { threadId, after, limit });
    if (rows.length === 0) return [];
    const key = await this.#keyOf(threadId);
    const rising = after === undefined ? rows.toReversed() : rows;
    return rising.map((row) => messageOf(this.#keys, key, row));
  }

  async replaceAttachments(message: MessageRecord, attachments: readonly Attachment[]): Promise<void> {
    await this.#settle();
    this.#added.delete(`${message.threadId} ${message.id}`);
    const key = await this.#keyOf(message.threadId);
    await this.#db
      .updateTable('messages')
      .set({ attachments: this.#sealAttachments(key, message, attachments) })
      .where('thread_id', '=', message.threadId)
      .where('id', '=', message.id)
      .execute();
  }

  async countFromOthers(threadId: string, personId: string, above: number): Promise<number> {
    await this.#settle();
    const found = await fromOthers.first(this.#db, { threadId, personId, above });
    return Number(found?.count ?? 0);
  }

  async firstFrom(threadId: string, personId: string, above: number) {
    await this.#settle();
    const found = await firstBy.first(this.#db, { threadId, personId, above });
    return found && { seq: found.seq, sentAt: found.sent_at };
  }

  async flush(): Promise<void> {
    if (this.#unwritten.length === 0) return;
    const rows = this.#unwritten;
    this.#unwritten = [];
    await insertMessages.run(this.#db, rows);
  }

  #sealAttachments(key: Wrapped, message: MessageRecord, attachments: readonly Attachment[]): Buffer | null {
    if (attachments.length === 0) return null;
    return this.#keys.sealAttachments(key, message, JSON.stringify(attachments));
  }
}

export function messageOf(keys: ThreadKeys, key: Wrapped, row: MessageRow): MessageRecord {
  const name = { threadId: row.thread_id, id: row.id, senderId: row.sender_id };
  return {
    ...name,
    seq: row.seq,
    text: keys.open(key, row.sealed, name),
    attachments:
      row.attachments === null
        ? []
        : (JSON.parse(keys.openAttachments(key, row.attachments, name)) as readonly Attachment[]),
    sentAt: row.sent_at,
  };
}

const byId = new Prepared<{ threadId: string; id: string }, MessageRow>((db, value) =>
  db
    .selectFrom('messages')
    .selectAll()
    .where('thread_id', '=', value('threadId'))
    .where('id', '=', value('id')),
);

const newestBelow = new Prepared<{ threadId: string; before: number; limit: number }, MessageRow>(
  (db, value) =>
    db
      .selectFrom('messages')
      .selectAll()
      .where('thread_id', '=', value('threadId'))
      .where('seq', '<', value('before'))
      .orderBy('seq', 'desc')
      .limit(upTo(value('limit'))),
);

const oldestAbove = new Prepared<{ threadId: string; after: number; limit: number }, MessageRow>(
  (db, value) =>
    db
      .selectFrom('messages')
      .selectAll()
      .where('thread_id', '=', value('threadId'))
      .where('seq', '>', value('after'))
      .orderBy('seq')
      .limit(upTo(value('limit'))),
);

const fromOthers = new Prepared<
  { threadId: string; personId: string; above: number },
  { count: number | string | bigint }
>((db, value) =>
  db
    .selectFrom('messages')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('thread_id', '=', value('threadId'))
    .where('seq', '>', value('above'))
    .where('sender_id', '!=', value('personId')),
);

const firstBy = new Prepared<
  { threadId: string; personId: string; above: number },
  { seq: number; sent_at: number }
>((db, value) =>
  db
    .selectFrom('messages')
    .select(['seq', 'sent_at'])
    .where('thread_id', '=', value('threadId'))
    .where('seq', '>', value('above'))
    .where('sender_id', '=', value('personId'))
    .orderBy('seq')
    .limit(1),
);

const insertMessages = new BulkInsert<MessageRow>(
  ['thread_id', 'seq', 'id', 'sender_id', 'sealed', 'attachments', 'sent_at'],
  (db, rows) => db.insertInto('messages').values(rows),
);
