import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import { messaging } from './0001-messaging.ts';
import { email } from './0002-email.ts';
import { uploads } from './0003-uploads.ts';
import type { Migration, TableDialect } from './migration.ts';

/** Every step there is, oldest first. Only ever append. */
const steps: readonly Migration[] = [messaging, email, uploads];

/** Takes the steps this database has not taken. Called in one transaction, under the write lock. */
export async function migrate(db: Kysely<Schema>, dialect: TableDialect): Promise<void> {
  await db.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  const taken = new Set((await db.selectFrom('migrations').select('name').execute()).map(({ name }) => name));
  const known = new Set(steps.map(({ name }) => name));
  const unknown = [...taken].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(`This database was written by a newer release: it has taken ${unknown.join(', ')}.`);
  }
  for (const { name, up } of steps) {
    if (taken.has(name)) continue;
    await up(db, dialect);
    await db.insertInto('migrations').values({ name, at: Date.now() }).execute();
  }
}
