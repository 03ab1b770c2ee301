import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Inspector } from '../../demo-server/files/inspector.ts';
import type { Message } from '../../protocol/message.ts';
import { environmentOf, ServerProcess } from '../support/process.ts';
import {
  Caller,
  fillClinic,
  json,
  onEachEngine,
  refusal,
  startServer,
  uploadIdIn,
} from '../support/server.ts';
import { until, untilAsked } from '../support/until.ts';

const table = Buffer.from('day;mood\nMonday;-5\n');
const thread = new URL('../support/files/stuck-thread.ts', import.meta.url);

onEachEngine('a file that nobody could look at just now', (startOn) => {
  it('is not refused: whoever asks again has it looked at then', async (t) => {
    const server = await startOn(t, { inspector: new Reluctant(2) });
    await fillClinic(server);
    const ana = server.as('ana');
    const threadId = await ana.open('dr-lee');
    const begun = await ana.beginUpload({ name: 'mood.csv', size: table.length });
    const id = uploadIdIn(begun);
    const last = await ana.append(id, 0, table);
    assert.match(last.headers.get('retry-after') ?? '', /^[1-9]/);
    assert.match(await last.clone().text(), /could not be looked at just now/);
    assert.equal(await refusal(last), '503 unavailable');
    assert.equal(await refusal(await ana.sendFiles(threadId, [id])), '404 not-found');
    const head = await ana.tus('HEAD', `/v1/uploads/${id}`);
    assert.deepEqual([head.status, head.headers.has('retry-after')], [503, true]);
    assert.equal((await ana.append(id, table.length, Buffer.alloc(0))).status, 204);
    await isSent(ana, threadId, id);
  });

  it('is looked at by the next server, when the last one stops in the middle', async (t) => {
    const inspector = new Watched({ thread });
    const server = await startOn(t, { inspector });
    await fillClinic(server);
    const threadId = await server.as('ana').open('dr-lee');
    const id = uploadIdIn(await server.as('ana').beginUpload({ name: 'stuck.csv', size: table.length }));
    const answer = server.as('ana').append(id, 0, table);
    await until(() => inspector.asked === 1);
    await inspector.close();
    assert.equal(await refusal(await answer), '503 unavailable');
    await server.stop();

    const after = await startOn(t, { beside: server, inspector: new Inspector() });
    assert.equal(await after.as('ana').offsetOf(id), table.length);
    await isSent(after.as('ana'), threadId, id);
    assert.deepEqual(await after.blobs(), [`files/${id}`]);
  });
});

describe('a server that ends while it looks at a file', () => {
  it('leaves it to the next one: killed, and stopped with nobody waiting', async (t) => {
    const server = await startServer(t, undefined);
    await fillClinic(server);
    const threadId = await server.as('ana').open('dr-lee');
    await server.stop();
    const ids: string[] = [];
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const child = new ServerProcess(t, '../test/support/stuck-server.ts', environmentOf(server.config));
      const ana = new Caller(await child.listening(), () => server.sign({ sub: 'ana' }));
      const id = uploadIdIn(await ana.beginUpload({ name: 'stuck.csv', size: table.length }));
      const hangUp = new AbortController();
      const answer = ana.append(id, 0, table, hangUp.signal).catch(() => undefined);
      await until(() => child.output.includes('Looking at a file'));
      if (signal === 'SIGTERM') hangUp.abort();
      child.kill(signal);
      assert.equal(await child.ended, signal === 'SIGTERM' ? 0 : signal, child.output);
      assert.ok(!child.output.includes('failed'), child.output);
      assert.equal(await answer, undefined);
      ids.push(id);
    }

    const after = await startServer(t, undefined, { beside: server, inspector: new Inspector() });
    const ana = after.as('ana');
    for (const id of ids) assert.equal(await ana.offsetOf(id), table.length);
    await untilAsked(async () => (await after.blobs()).length === 2);
    assert.deepEqual((await after.blobs()).toSorted(), ids.map((id) => `files/${id}`).toSorted());
    for (const id of ids) await isSent(ana, threadId, id);
  });
});

/** It goes with a message, and comes back as it was. */
async function isSent(caller: Caller, threadId: string, id: string): Promise<void> {
  const { attachments } = await json<Message>(await caller.sendFiles(threadId, [id]));
  assert.deepEqual(
    attachments.map(({ mediaType, size }) => [mediaType, size]),
    [['text/csv', table.length]],
  );
  const file = await caller.get(`/v1/attachments/${id}`);
  assert.ok(Buffer.from(await file.arrayBuffer()).equals(table));
}

/** Has no time the first so many times. */
class Reluctant extends Inspector {
  #times: number;

  constructor(times: number) {
    super();
    this.#times = times;
  }

  override async inspect(...asked: Parameters<Inspector['inspect']>): ReturnType<Inspector['inspect']> {
    return this.#times-- > 0 ? { kind: 'later' } : super.inspect(...asked);
  }
}

/** Counts how often it is asked. */
class Watched extends Inspector {
  asked = 0;

  override inspect(...asked: Parameters<Inspector['inspect']>): ReturnType<Inspector['inspect']> {
    this.asked += 1;
    return super.inspect(...asked);
  }
}
