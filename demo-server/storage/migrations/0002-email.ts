import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** The alarms of those who are owed an email lie in their threads: a message costs no row more. */
export const email: Migration = {
  name: '0002-email',
  async up(db, { inKeyOrder }) {
    await db.schema
      .alterTable('people')
      .addColumn('notifications', 'text', (column) => column.notNull().defaultTo('all'))
      .execute();

    for (const side of ['client', 'provider'] as const) {
      for (const column of ['active_at', 'emailed_at', 'look_at'] as const) {
        await db.schema.alterTable('threads').addColumn(`${side}_${column}`, 'bigint').execute();
      }
      await db.schema
        .alterTable('threads')
        .addColumn(`${side}_settled_seq`, 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema
        .createIndex(`threads_look_at_${side}`)
        .on('threads')
        .column(`${side}_look_at`)
        .where(`${side}_look_at`, 'is not', null)
        .execute();
    }
    // Nobody is sent an email today about what they were written before there were any.
    await sql`update threads set client_settled_seq = last_seq, provider_settled_seq = last_seq`.execute(db);

    await db.schema
      .createTable('emails')
      .addColumn('thread_id', 'text', (column) => column.notNull().references('threads.id'))
      .addColumn('recipient', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('through_seq', 'bigint', (column) => column.notNull())
      .addColumn('attempts', 'bigint', (column) => column.notNull())
      .addColumn('first_attempt_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('emails_pk', ['thread_id', 'recipient'])
      .modifyEnd(inKeyOrder)
      .execute();

    await db.schema
      .createTable('notifications')
      .addColumn('thread_id', 'text', (column) => column.notNull().references('threads.id'))
      .addColumn('recipient', 'text', (column) => column.notNull())
      .addColumn('through_seq', 'bigint', (column) => column.notNull())
      .addColumn('from_seq', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('notifications_pk', ['thread_id', 'recipient', 'through_seq'])
      .modifyEnd(inKeyOrder)
      .execute();
  },
};
