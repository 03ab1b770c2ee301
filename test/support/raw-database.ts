import { DatabaseSync } from 'node:sqlite';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type Config, sqliteFile } from '../../demo-server/config.ts';

/** A server's database as somebody sees it who got hold of it: its statements, and all its bytes. */
export type RawDatabase = {
  readonly run: (statement: string) => Promise<void>;
  /** Everything that is stored, files too, as one heap of bytes. */
  readonly dump: () => Promise<Buffer>;
};

export function openRawDatabase(config: Config): RawDatabase {
  return config.databaseUrl === undefined
    ? rawSqlite(config)
    : rawPostgres(config.databaseUrl, config.dataDir);
}

function rawSqlite(config: Config): RawDatabase {
  return {
    run(statement) {
      const database = new DatabaseSync(sqliteFile(config), { timeout: 5_000 });
      database.exec(statement);
      database.close();
      return Promise.resolve();
    },
    async dump() {
      return filesUnder(config.dataDir);
    },
  };
}

async function filesUnder(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }) =>
    // What a file is called is read as well.
    Buffer.concat([Buffer.from(`${name}\n`), await readFile(join(parentPath, name))]),
  );
  return Buffer.concat(await Promise.all(read));
}

function rawPostgres(connectionString: string, dataDir: string): RawDatabase {
  const connected = async <Result>(use: (client: pg.Client) => Promise<Result>): Promise<Result> => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  };
  return {
    run: (statement) => connected(async (client) => void (await client.query(statement))),
    dump: () =>
      connected(async (client) => {
        const { rows: tables } = await client.query<{ tablename: string }>(
          `select tablename from pg_tables where schemaname = 'public'`,
        );
        const parts: Buffer[] = [];
        for (const { tablename } of tables) {
          const { rows } = await client.query<Record<string, unknown>>(`select * from ${tablename}`);
          for (const value of rows.flatMap((row) => Object.values(row))) {
            parts.push(Buffer.isBuffer(value) ? value : Buffer.from(String(value)));
          }
        }
        return Buffer.concat([...parts, await filesUnder(dataDir)]);
      }),
  };
}
