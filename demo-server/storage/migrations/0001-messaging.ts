import { sql } from 'kysely';
import type { Migration } from './migration.ts';

export const messaging: Migration = {
  name: '0001-messaging',
  async up(db, { bytes, inKeyOrder }) {
    await db.schema
      .createTable('people')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('display_name', 'text', (column) => column.notNull())
      .addColumn('email', 'text', (column) => column.notNull())
      .addColumn('locale', 'text', (column) => column.notNull())
      .addColumn('time_zone', 'text', (column) => column.notNull())
      .addColumn('credentials', 'text')
      .addColumn('reply_policy', 'text')
      .addColumn('closed_at', 'bigint')
      .addColumn('sessions_ended_at', 'bigint')
      .execute();

    await db.schema
      .createTable('relationships')
      .addColumn('client_id', 'text', (column) => column.notNull().references('people.id'))
      .addColumn('provider_id', 'text', (column) => column.notNull().references('people.id'))
      .addColumn('status', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('relationships_pk', ['client_id', 'provider_id'])
      .modifyEnd(inKeyOrder)
      .execute();
    await db.schema
      .createIndex('relationships_by_provider')
      .on('relationships')
      .column('provider_id')
      .execute();

    await db.schema
      .createTable('threads')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('provider_id', 'text', (column) => column.notNull())
      .addColumn('last_seq', 'bigint', (column) => column.notNull())
      .addColumn('client_read_seq', 'bigint', (column) => column.notNull())
      .addColumn('provider_read_seq', 'bigint', (column) => column.notNull())
      .addColumn('client_unread', 'bigint', (column) => column.notNull())
      .addColumn('provider_unread', 'bigint', (column) => column.notNull())
      .addColumn('client_activity', 'bigint', (column) => column.notNull())
      .addColumn('provider_activity', 'bigint', (column) => column.notNull())
      .addColumn('awaiting_since', 'bigint')
      .addColumn('key_id', 'text', (column) => column.notNull())
      .addColumn('wrapped_key', bytes, (column) => column.notNull())
      .addUniqueConstraint('threads_pair', ['client_id', 'provider_id'])
      .addForeignKeyConstraint('threads_relationship', ['client_id', 'provider_id'], 'relationships', [
        'client_id',
        'provider_id',
      ])
      .execute();
    for (const side of ['client', 'provider'] as const) {
      await db.schema
        .createIndex(`threads_by_${side}`)
        .on('threads')
        .columns([`${side}_id`, `${side}_activity`])
        .execute();
      await db.schema
        .createIndex(`threads_unread_by_${side}`)
        .on('threads')
        .columns([`${side}_id`, `${side}_unread`])
        .where(`${side}_unread`, '>', sql.lit(0))
        .execute();
    }

    await db.schema
      .createTable('messages')
      .addColumn('thread_id', 'text', (column) => column.notNull().references('threads.id'))
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('sender_id', 'text', (column) => column.notNull())
      .addColumn('sealed', bytes, (column) => column.notNull())
      .addColumn('sent_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('messages_pk', ['thread_id', 'seq'])
      .addUniqueConstraint('messages_id', ['thread_id', 'id'])
      .execute();

    await db.schema
      .createTable('events')
      .addColumn('person_id', 'text', (column) => column.notNull())
      .addColumn('no', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('thread_id', 'text', (column) => column.notNull())
      .addColumn('seq', 'bigint')
      .addColumn('message_id', 'text')
      .addColumn('about_id', 'text')
      .addPrimaryKeyConstraint('events_pk', ['person_id', 'no'])
      .modifyEnd(inKeyOrder)
      .execute();
    await db.schema.createIndex('events_by_age').on('events').column('at').execute();

    await db.schema
      .createTable('event_heads')
      .addColumn('person_id', 'text', (column) => column.primaryKey())
      .addColumn('last_no', 'bigint', (column) => column.notNull())
      .modifyEnd(inKeyOrder)
      .execute();

    await db.schema
      .createTable('revocations')
      .addColumn('no', 'bigint', (column) => column.primaryKey())
      .addColumn('person_id', 'text', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('audit')
      .addColumn('seq', 'bigint', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('thread_id', 'text')
      .addColumn('subject', 'text')
      .addColumn('mac', bytes, (column) => column.notNull())
      .execute();
    await db.schema.createIndex('audit_by_actor').on('audit').columns(['actor', 'seq']).execute();
    await db.schema.createIndex('audit_by_thread').on('audit').columns(['thread_id', 'seq']).execute();

    await db.schema
      .createTable('audit_head')
      .addColumn('id', 'bigint', (column) => column.primaryKey())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('mac', bytes, (column) => column.notNull())
      .addColumn('seal', bytes, (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('cache_keys')
      .addColumn('person_id', 'text', (column) => column.notNull())
      .addColumn('device_id', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('issued_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('key_id', 'text', (column) => column.notNull())
      .addColumn('wrapped', bytes, (column) => column.notNull())
      .addPrimaryKeyConstraint('cache_keys_pk', ['person_id', 'device_id'])
      .modifyEnd(inKeyOrder)
      .execute();

    await db.schema
      .createTable('secrets')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('key_id', 'text', (column) => column.notNull())
      .addColumn('wrapped', bytes, (column) => column.notNull())
      .execute();
  },
};
