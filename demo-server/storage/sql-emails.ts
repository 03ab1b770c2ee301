import { type Kysely, sql } from 'kysely';
import type { Role } from '../../protocol/person.ts';
import { BulkInsert, Prepared, upTo } from './prepared.ts';
import type { EmailRow, NotificationRow, Schema } from './schema.ts';
import type { Alarm, Emails, EmailUnderWay, Moment, SettledRange } from './storage.ts';

/** Settled ranges wait in memory until the transaction ends, or is asked for some. */
export class SqlEmails implements Emails {
  readonly #db: Kysely<Schema>;
  readonly #settle: () => Promise<void>;
  #unwritten: NotificationRow[] = [];

  /** `settle` writes what the transaction only holds in memory so far. */
  constructor(db: Kysely<Schema>, settle: () => Promise<void>) {
    this.#db = db;
    this.#settle = settle;
  }

  async underWay(threadId: string, to: Role): Promise<EmailUnderWay | undefined> {
    const row = await byThread.first(this.#db, { threadId, to });
    return (
      row && {
        threadId: row.thread_id,
        to: row.recipient,
        id: row.id,
        throughSeq: row.through_seq,
        attempts: row.attempts,
        firstAttemptAt: row.first_attempt_at,
      }
    );
  }

  async put({ threadId, to, id, throughSeq, attempts, firstAttemptAt }: EmailUnderWay): Promise<void> {
    const row: EmailRow = {
      thread_id: threadId,
      recipient: to,
      id,
      through_seq: throughSeq,
      attempts,
      first_attempt_at: firstAttemptAt,
    };
    await insertEmails.run(this.#db, [row]);
  }

  async remove(threadId: string, to: Role): Promise<void> {
    await removeByThread.all(this.#db, { threadId, to });
  }

  settle({ threadId, to, from, through, state, at }: SettledRange): void {
    this.#unwritten.push({
      thread_id: threadId,
      recipient: to,
      through_seq: through,
      from_seq: from,
      state,
      at,
    });
  }

  async settledIn(threadId: string, to: Role, from: number, through: number) {
    await this.#settle();
    const rows = await overlapping.all(this.#db, { threadId, to, from, through, limit: through - from + 1 });
    return rows.map((row) => settledOf(row));
  }

  async flush(): Promise<void> {
    if (this.#unwritten.length === 0) return;
    const rows = this.#unwritten;
    this.#unwritten = [];
    await insertNotifications.run(this.#db, rows);
  }
}

/** The soonest alarms of all threads. */
export async function soonestAlarms(db: Kysely<Schema>, limit: number): Promise<readonly Alarm[]> {
  const alarms: Alarm[] = [];
  for (const to of ['client', 'provider'] as const) {
    for (const { id, at } of await alarmsOf[to].all(db, { limit })) alarms.push({ threadId: id, to, at });
  }
  return alarms.sort((one, other) => one.at - other.at).slice(0, limit);
}

/** The latest alarms of all threads, as far as they are later than that. */
export async function latestAlarms(
  db: Kysely<Schema>,
  after: { readonly idle: Moment; readonly underWay: Moment },
  limit: number,
): Promise<readonly Alarm[]> {
  const alarms: Alarm[] = [];
  for (const to of ['client', 'provider'] as const) {
    for (const { id, at } of await lateAlarmsOf[to].all(db, { ...after, limit })) {
      alarms.push({ threadId: id, to, at });
    }
  }
  return alarms.sort((one, other) => other.at - one.at).slice(0, limit);
}

export function settledOf(row: NotificationRow): SettledRange {
  return {
    threadId: row.thread_id,
    to: row.recipient,
    from: row.from_seq,
    through: row.through_seq,
    state: row.state,
    at: row.at,
  };
}

const alarmsFor = (to: Role) =>
  new Prepared<{ limit: number }, { id: string; at: number }>((db, value) =>
    db
      .selectFrom('threads')
      .select(['id', `${to}_look_at as at`])
      .where(`${to}_look_at`, 'is not', null)
      .orderBy(`${to}_look_at`)
      .limit(upTo(value('limit')))
      .$narrowType<{ at: number }>(),
  );

const alarmsOf = { client: alarmsFor('client'), provider: alarmsFor('provider') };

const lateAlarmsFor = (to: Role) =>
  new Prepared<{ idle: number; underWay: number; limit: number }, { id: string; at: number }>((db, value) =>
    db
      .selectFrom('threads')
      .select(['id', `${to}_look_at as at`])
      .where(`${to}_look_at`, '>', value('idle'))
      .where(({ or, not, exists, eb, selectFrom }) =>
        or([
          eb(`${to}_look_at`, '>', value('underWay')),
          not(
            exists(
              selectFrom('emails')
                .select('emails.id')
                .whereRef('emails.thread_id', '=', 'threads.id')
                .where('emails.recipient', '=', sql.lit(to)),
            ),
          ),
        ]),
      )
      .orderBy(`${to}_look_at`, 'desc')
      .limit(upTo(value('limit')))
      .$narrowType<{ at: number }>(),
  );

const lateAlarmsOf = { client: lateAlarmsFor('client'), provider: lateAlarmsFor('provider') };

const byThread = new Prepared<{ threadId: string; to: Role }, EmailRow>((db, value) =>
  db
    .selectFrom('emails')
    .selectAll()
    .where('thread_id', '=', value('threadId'))
    .where('recipient', '=', value('to')),
);

const removeByThread = new Prepared<{ threadId: string; to: Role }, unknown>((db, value) =>
  db.deleteFrom('emails').where('thread_id', '=', value('threadId')).where('recipient', '=', value('to')),
);

/** Ranges lie one behind the other: no more can overlap than there are messages, and then the search ends. */
const overlapping = new Prepared<
  { threadId: string; to: Role; from: number; through: number; limit: number },
  NotificationRow
>((db, value) =>
  db
    .selectFrom('notifications')
    .selectAll()
    .where('thread_id', '=', value('threadId'))
    .where('recipient', '=', value('to'))
    .where('through_seq', '>=', value('from'))
    .where('from_seq', '<=', value('through'))
    .orderBy('through_seq')
    .limit(upTo(value('limit'))),
);

const insertEmails = new BulkInsert<EmailRow>(
  ['thread_id', 'recipient', 'id', 'through_seq', 'attempts', 'first_attempt_at'],
  (db, rows) =>
    db
      .insertInto('emails')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['thread_id', 'recipient']).doUpdateSet(({ ref }) => ({
          id: ref('excluded.id'),
          through_seq: ref('excluded.through_seq'),
          attempts: ref('excluded.attempts'),
          first_attempt_at: ref('excluded.first_attempt_at'),
        })),
      ),
);

const insertNotifications = new BulkInsert<NotificationRow>(
  ['thread_id', 'recipient', 'through_seq', 'from_seq', 'state', 'at'],
  (db, rows) => db.insertInto('notifications').values(rows),
);
