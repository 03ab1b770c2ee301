import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { openPostgres } from '../../../demo-server/storage/postgres.ts';
import type { News } from '../../../demo-server/storage/storage.ts';
import { type Postgres, usePostgres } from '../../support/postgres.ts';
import { until } from '../../support/until.ts';

describe('news from PostgreSQL', () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await usePostgres();
  });
  after(() => postgres.stop());

  it('are listened for anew where the connection died without a word', async (t) => {
    const wire = await openWire(t, await postgres.makeDatabase());
    const engine = openPostgres(wire.url, { pulse: 100 });
    t.after(() => engine.close());
    const heard: News[] = [];
    engine.onNews((news) => heard.push(news));
    await until(() => heard.length === 1);
    wire.fallSilent();
    await until(() => heard.length === 2);
    assert.deepEqual(heard[1], { personIds: 'everyone', revoked: true });
  });
});

describe('a connection to PostgreSQL that died without a word', () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await usePostgres();
  });
  after(() => postgres.stop());

  it('is waited for once, and not used again', async (t) => {
    const wire = await openWire(t, await postgres.makeDatabase());
    const engine = openPostgres(wire.url, { silence: 300 });
    t.after(() => engine.close());
    const ask = () => sql<{ one: number }>`select 1 as one`.execute(engine.reader);
    const write = () => engine.transaction((db) => sql`select 1`.execute(db));
    for (const act of [ask, write]) {
      await act();
      wire.fallSilent();
      await assert.rejects(act, (error) => engine.isTrouble(error));
      await act();
    }
  });
});

describe('a commit on PostgreSQL', () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await usePostgres();
  });
  after(() => postgres.stop());

  for (const [usual, ours] of [
    ['on', 'on'],
    ['off', 'on'],
    ['remote_apply', 'remote_apply'],
  ] as const) {
    it(`is synced where ${usual} is usual`, async (t) => {
      const url = await postgres.makeDatabase();
      const owner = new pg.Client({ connectionString: url });
      await owner.connect();
      const name = owner.escapeIdentifier(owner.database!);
      await owner.query(`alter database ${name} set synchronous_commit = ${usual}`);
      await owner.end();
      const engine = openPostgres(url);
      t.after(() => engine.close());
      const { rows } = await engine.transaction((db) => sql`show synchronous_commit`.execute(db));
      assert.deepEqual(rows, [{ synchronous_commit: ours }]);
    });
  }
});

/** A way to a database on which those who are connected can be left hanging. */
async function openWire(t: TestContext, databaseUrl: string) {
  const socketDir = decodeURIComponent(/@([^/]+)\//.exec(databaseUrl)![1]!);
  const folder = await mkdtemp(join(tmpdir(), 'grow-wire-'));
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(join(socketDir, '.s.PGSQL.5432'));
    near.pipe(far).pipe(near);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => undefined);
  }).listen(join(folder, '.s.PGSQL.5432'));
  await once(server, 'listening');
  t.after(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    url: databaseUrl.replace(encodeURIComponent(socketDir), encodeURIComponent(folder)),
    fallSilent: () => sockets.forEach((socket) => socket.unpipe().pause()),
  };
}
