import type { Migration } from './migration.ts';

export const uploads: Migration = {
  name: '0003-uploads',
  async up(db, { bytes, inKeyOrder }) {
    await db.schema
      .createTable('uploads')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
      .addColumn('sealed', bytes, (column) => column.notNull())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('received', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('media_type', 'text')
      .addColumn('stored_size', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint')
      .addColumn('check_at', 'bigint')
      .addColumn('checks', 'bigint', (column) => column.notNull())
      .addColumn('thread_id', 'text')
      .addColumn('message_id', 'text')
      .addColumn('position', 'bigint')
      .addColumn('key_id', 'text', (column) => column.notNull())
      .addColumn('wrapped_key', bytes, (column) => column.notNull())
      .addUniqueConstraint('uploads_place', ['thread_id', 'message_id', 'position'])
      .execute();
    // Once a message carries it, an upload does not expire.
    await db.schema
      .createIndex('uploads_unsent')
      .on('uploads')
      .columns(['person_id', 'expires_at'])
      .where('expires_at', 'is not', null)
      .execute();
    await db.schema
      .createIndex('uploads_by_expiry')
      .on('uploads')
      .column('expires_at')
      .where('expires_at', 'is not', null)
      .execute();
    await db.schema
      .createIndex('uploads_to_check')
      .on('uploads')
      .column('check_at')
      .where('check_at', 'is not', null)
      .execute();

    await db.schema
      .createTable('upload_parts')
      .addColumn('upload_id', 'text', (column) => column.notNull().references('uploads.id'))
      .addColumn('start', 'bigint', (column) => column.notNull())
      .addColumn('length', 'bigint', (column) => column.notNull())
      .addColumn('blob', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('upload_parts_pk', ['upload_id', 'start'])
      .modifyEnd(inKeyOrder)
      .execute();

    // What a message carries lies sealed in its own row: whoever reads messages need not look elsewhere.
    await db.schema.alterTable('messages').addColumn('attachments', bytes).execute();
  },
};
