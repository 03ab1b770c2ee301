import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, sql, SqliteDialect, type SqliteDatabase } from 'kysely';
import type { Engine } from './engine.ts';
import type { Schema } from './schema.ts';

/** A database in one file, for one server process. */
export function openSqlite(file: string): Engine {
  // Two connections: whoever reads on the writer's would see what is not committed yet.
  const writer = connect(file);
  const reader = connect(file, 'query_only = ON');

  return {
    reader,
    dialect: { bytes: 'blob', inKeyOrder: sql`without rowid` },

    transaction: (run) =>
      writer.connection().execute(async (db) => {
        await sql`begin immediate`.execute(db);
        try {
          const result = await run(db);
          await sql`commit`.execute(db);
          return result;
        } catch (error) {
          // SQLite has already rolled back by itself where the disk was full or failed.
          await sql`rollback`.execute(db).catch(() => undefined);
          throw error;
        }
      }),

    // There is no other process to tell, or to hear from.
    announce: () => Promise.resolve(),
    onNews: () => undefined,

    isTrouble: (error) =>
      error instanceof Error &&
      'errcode' in error &&
      typeof error.errcode === 'number' &&
      troubles.has(error.errcode & 0xff),

    async close() {
      await reader.destroy();
      await writer.destroy();
    },
  };
}

/** SQLITE_BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN */
const troubles: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, 13, 14]);

const always: readonly string[] = [
  'journal_mode = WAL',
  // An answer means the rows would survive the power going off right after it.
  'synchronous = FULL',
  'foreign_keys = ON',
  // Else what a statement would take back, should it fail half-way, is written to a file each time.
  'temp_store = MEMORY',
  // 16 MiB rather than 4: the pages that every message touches are then copied back less often.
  'wal_autocheckpoint = 4000',
];

const maxPrepared = 500;

function connect(file: string, ...pragmas: readonly string[]): Kysely<Schema> {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  for (const pragma of [...always, ...pragmas]) {
    database.exec(`PRAGMA ${pragma}`);
  }
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: asKyselyExpects(database) }) });
}

/** node:sqlite in the shape of better-sqlite3, as much of it as Kysely uses. */
function asKyselyExpects(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    close: () => database.close(),
    prepare(text) {
      const known = prepared.get(text);
      if (known !== undefined) return known;
      const statement = database.prepare(text);
      const adapted: ReturnType<SqliteDatabase['prepare']> = {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      };
      if (prepared.size < maxPrepared) prepared.set(text, adapted);
      return adapted;
    },
  };
}
