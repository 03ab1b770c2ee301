import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import type { Engine } from '../../../demo-server/storage/engine.ts';
import { messaging } from '../../../demo-server/storage/migrations/0001-messaging.ts';
import { openPostgres } from '../../../demo-server/storage/postgres.ts';
import { openStorage } from '../../../demo-server/storage/sql-storage.ts';
import { openSqlite } from '../../../demo-server/storage/sqlite.ts';
import { Vault } from '../../../demo-server/storage/vault.ts';
import { itBehavesLikeAStorage } from '../../contract/storage.contract.ts';
import { type Postgres, usePostgres } from '../../support/postgres.ts';

const vault = new Vault([randomBytes(32)]);

describe('SqlStorage on SQLite', () => {
  it('owes nobody an email about what was written before there were any', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'grow-test-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    await owesNothingOld(() => openSqlite(join(folder, 'test.sqlite')));
  });

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

/** A database as the release before there were emails has left it, with a message that nobody has read. */
async function anOldDatabase(engine: Engine): Promise<void> {
  await engine.transaction(async (db) => {
    await sql`create table migrations (name text primary key, at bigint not null)`.execute(db);
    await sql`insert into migrations values ('0001-messaging', 1)`.execute(db);
    await messaging.up(db, engine.dialect);
    for (const [id, role] of [
      ['ana', 'client'],
      ['lee', 'provider'],
    ]) {
      await sql`insert into people values (${id}, ${role}, 'N', 'n@clinic.example', 'en', 'UTC', null, null, null, null)`.execute(
        db,
      );
    }
    await sql`insert into relationships values ('ana', 'lee', 'current')`.execute(db);
    await sql`insert into threads values
      ('old', 'ana', 'lee', 3, 0, 0, 0, 3, 1, 1, null, ${vault.newestKeyId}, ${Buffer.alloc(0)})`.execute(db);
    const key = vault.wrap(randomBytes(32), 'audit-key');
    await sql`insert into secrets values ('audit-key', ${key.keyId}, ${key.wrapped})`.execute(db);
  });
}

async function owesNothingOld(open: () => Engine): Promise<void> {
  const engine = open();
  await anOldDatabase(engine);
  await engine.close();
  const storage = await openStorage(open(), vault);
  try {
    assert.deepEqual(await storage.soonestAlarms(10), []);
    const thread = await storage.write(({ threads }) => threads.find('old'));
    const nothing = { activeAt: null, emailedAt: null, settledSeq: 3, lookAt: null };
    assert.deepEqual(thread?.mail, { client: nothing, provider: nothing });
    assert.equal((await storage.findPerson('ana'))?.notifications, 'all');
  } finally {
    await storage.close();
  }
}

describe('SqlStorage on PostgreSQL', () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await usePostgres();
  });
  after(() => postgres.stop());

  it('owes nobody an email about what was written before there were any', async () => {
    const url = await postgres.makeDatabase();
    await owesNothingOld(() => openPostgres(url));
  });

  itBehavesLikeAStorage(async (t) => {
    const storage = await openStorage(openPostgres(await postgres.makeDatabase()), vault);
    t.after(() => storage.close());
    return storage;
  });
});
