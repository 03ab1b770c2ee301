import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { sqliteFile } from '../../demo-server/config.ts';
import type { Engine } from '../../demo-server/storage/engine.ts';
import { openSqlite } from '../../demo-server/storage/sqlite.ts';
import type { Message } from '../../protocol/message.ts';
import { anId } from '../support/builders.ts';
import type { TestStream } from '../support/event-stream.ts';
import { startPostgres } from '../support/postgres.ts';
import { type Caller, fillClinic, json, refusal, startServer } from '../support/server.ts';
import { until, untilAsked } from '../support/until.ts';

describe('while the disk is full', () => {
  it('refuses as unavailable what can’t be kept, lets read what need not, and recovers by itself', async (t) => {
    let database: Engine | undefined;
    const server = await startServer(t, undefined, {
      open: (config) => (database = openSqlite(sqliteFile(config))),
    });
    const roomFor = (pages: number) =>
      database!.transaction((db) => sql`pragma max_page_count = ${sql.lit(pages)}`.execute(db));
    await fillClinic(server);
    const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
    const threadId = await ana.open('dr-lee');
    const stream = await lee.listen(t);
    await stream.next();

    await roomFor(1); // as many as there are, that is
    const kept: string[] = [];
    for (let response; response === undefined || response.ok;) {
      const id = anId();
      response = await ana.send(threadId, 'x'.repeat(8_000), id);
      if (response.ok) kept.push(id);
      else await assertUnavailable(response);
    }
    const refused = await Promise.all(
      Array.from({ length: 20 }, () => ana.send(threadId, 'x'.repeat(8_000))),
    );
    for (const response of refused) await assertUnavailable(response);
    assert.equal((await lee.get('/v1/me')).status, 200);
    await assertUnavailable(await ana.get('/readyz'));
    assert.equal((await ana.get('/healthz')).status, 200);
    const late = await ana.listen(t, '1');
    for (const _ of kept) assert.equal((await late.nextOf('message')).data['threadId'], threadId);

    await roomFor(2 ** 30);
    assert.equal((await ana.get('/readyz')).status, 200);
    const after = anId();
    await json(await ana.send(threadId, 'There is room again.', after));
    assert.deepEqual(await idsOf(lee, threadId), [...kept, after]);
    for (const id of [...kept, after]) assert.equal((await stream.nextOf('message')).data['messageId'], id);
    assert.equal((await server.storage.checkAudit()).sound, true);
  });
});

describe('while the database is away', () => {
  it('refuses as unavailable, loses nothing it acknowledged, and recovers by itself, streams too', async (t) => {
    const postgres = await startPostgres();
    t.after(() => postgres.stop());
    const server = await startServer(t, postgres);
    await fillClinic(server);
    const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
    const threadId = await ana.open('dr-lee');
    const beside = await startServer(t, postgres, { beside: server });
    const stream = await lee.listen(t);
    const streamBeside = await beside.as('dr-lee').listen(t);
    for (const open of [stream, streamBeside]) await open.next();

    const acknowledged: string[] = [];
    let refusals = 0;
    let isOver = false;
    /** Sends one message after the other, and each as often as it takes. */
    const writers = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const id = anId();
        for (let isKept = false; !isKept;) {
          const response = await ana.send(threadId, id, id);
          isKept = response.ok;
          if (isKept) acknowledged.push(id);
          else {
            refusals += 1;
            await assertUnavailable(response);
          }
        }
      }
    });
    await until(() => acknowledged.length >= 50);
    await postgres.halt();
    await until(() => refusals >= 50);
    for (const path of ['/v1/me', '/v1/threads', '/v1/events', '/readyz']) {
      await assertUnavailable(await ana.get(path));
    }
    assert.equal((await ana.get('/healthz')).status, 200);

    await postgres.resume();
    await untilAsked(async () => (await ana.get('/readyz')).ok);
    const before = acknowledged.length;
    await until(() => acknowledged.length >= before + 50);
    isOver = true;
    await Promise.all(writers);
    assert.deepEqual((await idsOf(lee, threadId)).toSorted(), acknowledged.toSorted());
    assert.equal((await server.storage.checkAudit()).sound, true);

    for (const [caller, open] of [
      [lee, stream],
      [beside.as('dr-lee'), streamBeside],
    ] as const) {
      assert.deepEqual(await toldOf(caller, t, open, acknowledged.length), acknowledged.toSorted());
    }
  });
});

/** What a stream told of, carried on where it was broken off. */
async function toldOf(
  caller: Caller,
  t: TestContext,
  stream: TestStream,
  count: number,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor = '1';
  for (let open = stream; ids.length < count;) {
    const frame = await open.next();
    if (frame === undefined) {
      open = await caller.listen(t, cursor);
      continue;
    }
    assert.notEqual(frame.event, 'reset');
    cursor = frame.id ?? cursor;
    if (frame.event === 'message') ids.push((frame.data as { messageId: string }).messageId);
  }
  return ids.toSorted();
}

async function assertUnavailable(response: Response): Promise<void> {
  assert.match(response.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
  assert.equal(await refusal(response), '503 unavailable');
}

async function idsOf(caller: Caller, threadId: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let page: readonly Message[] | undefined; page === undefined || page.length > 0;) {
    page = await caller.messages(threadId, `?after=${ids.length}&limit=200`);
    ids.push(...page.map(({ id }) => id));
  }
  return ids;
}
