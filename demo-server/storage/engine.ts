import type { Kysely } from 'kysely';
import type { TableDialect } from './migrations/migration.ts';
import type { Schema } from './schema.ts';
import type { News } from './storage.ts';

/** Where one kind of database differs from another. */
export interface Engine {
  /** Sees what is committed, and only that. */
  readonly reader: Kysely<Schema>;

  readonly dialect: TableDialect;

  /**
   * One transaction, under a lock that no other writer, in whatever process, gets before it is
   * committed: so numbers that are handed out in it can be seen by nobody before the lower ones.
   */
  transaction<Result>(run: (db: Kysely<Schema>) => Promise<Result>): Promise<Result>;

  /** Has the other processes told once this transaction is committed. */
  announce(db: Kysely<Schema>, news: News): Promise<void>;

  /** Hears what other processes announced. */
  onNews(listener: (news: News) => void): void;

  /** Whether it is the database that is ill, and not what it was asked. */
  isTrouble(error: unknown): boolean;

  close(): Promise<void>;
}
