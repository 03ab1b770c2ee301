import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { openPostgres } from '../../../demo-server/storage/postgres.ts';
import { openStorage } from '../../../demo-server/storage/sql-storage.ts';
import { openSqlite } from '../../../demo-server/storage/sqlite.ts';
import { Vault } from '../../../demo-server/storage/vault.ts';
import { itBehavesLikeAStorage } from '../../contract/storage.contract.ts';
import { type Postgres, usePostgres } from '../../support/postgres.ts';

const vault = new Vault([randomBytes(32)]);

describe('SqlStorage on SQLite', () => {
  itBehavesLikeAStorage(async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'grow-test-'));
    const storage = await openStorage(openSqlite(join(folder, 'test.sqlite')), vault);
    t.after(async () => {
      await storage.close();
      await rm(folder, { recursive: true, force: true });
    });
    return storage;
  });
});

describe('SqlStorage on PostgreSQL', () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await usePostgres();
  });
  after(() => postgres.stop());

  itBehavesLikeAStorage(async (t) => {
    const storage = await openStorage(openPostgres(await postgres.makeDatabase()), vault);
    t.after(() => storage.close());
    return storage;
  });
});
