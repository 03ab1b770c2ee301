import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Message } from '../../protocol/message.ts';
import { type FakeClamd, startClamd } from '../support/fake-clamd.ts';
import { aPdf } from '../support/inspect.ts';
import { type Caller, fillClinic, json, onEachEngine, refusal, type Start } from '../support/server.ts';
import { until } from '../support/until.ts';

onEachEngine('a scanner', (startServer) => {
  it('is shown each file whole, and opens it for both when it is clean', async (t) => {
    const { clamd, ana, lee, threadId } = await aScannedThread(startServer, t);
    const bytes = aPdf(1_500_000);
    const id = await ana.upload(bytes);
    await until(() => clamd.seen.length === 1);
    assert.ok(clamd.seen[0]?.equals(bytes));
    await opens(ana, id);
    const [attachment] = (await json<Message>(await ana.sendFiles(threadId, [id]))).attachments;
    assert.equal(attachment?.state, undefined);
    assert.equal((await lee.get(`/v1/attachments/${id}`)).status, 200);
  });

  it('keeps a file from everybody until it answers, also when the server was started anew', async (t) => {
    const { server, clamd, ana, lee, threadId } = await aScannedThread(startServer, t);
    clamd.setMood('silent');
    const id = await ana.upload(aPdf());
    const [attachment] = (await json<Message>(await ana.sendFiles(threadId, [id]))).attachments;
    assert.equal(attachment?.state, 'checking');
    assert.equal((await lee.messages(threadId))[0]?.attachments[0]?.state, 'checking');
    assert.equal((await lee.thread(threadId)).lastMessage?.attachments[0]?.state, 'checking');
    for (const caller of [ana, lee]) {
      const response = await caller.get(`/v1/attachments/${id}`);
      assert.match(response.headers.get('retry-after') ?? '', /^[1-9]/);
      assert.match(await response.clone().text(), /being checked/);
      assert.equal(await refusal(response), '503 unavailable');
    }
    const stream = await lee.listen(t);
    await stream.next();
    clamd.setMood('well');
    assert.deepEqual((await stream.nextOf('thread')).data, { threadId });
    assert.equal((await lee.messages(threadId))[0]?.attachments[0]?.state, undefined);
    assert.equal((await lee.get(`/v1/attachments/${id}`)).status, 200);

    clamd.setMood('closing');
    const next = await ana.upload(aPdf());
    assert.equal((await ana.get(`/v1/attachments/${next}`)).status, 503);
    await server.stop();
    clamd.setMood('well');
    const after = await startServer(t, { beside: server, clock: server.clock });
    after.clock.putForward(3_600_000);
    await opens(after.as('ana'), next);
  });

  it('takes a file that does harm from both, and the message stays', async (t) => {
    const { server, clamd, ana, lee, threadId } = await aScannedThread(startServer, t);
    clamd.setMood('overloaded');
    const [bad, good] = [await ana.upload(aPdf(5_000, 'EICAR')), await ana.upload(aPdf())];
    await json(await ana.sendFiles(threadId, [bad, good], 'See these.'));
    const streams = [await ana.listen(t), await lee.listen(t)];
    for (const stream of streams) await stream.next();
    clamd.setMood('well');
    for (const stream of streams) for (let told = 0; told < 2; told++) await stream.nextOf('thread');
    for (const caller of [ana, lee]) {
      const [message] = await caller.messages(threadId);
      assert.equal(message?.text, 'See these.');
      assert.deepEqual(
        message?.attachments.map(({ id, state }) => [id, state]),
        [
          [bad, 'unsafe'],
          [good, undefined],
        ],
      );
      assert.equal(await refusal(await caller.get(`/v1/attachments/${bad}`)), '422 unsafe-file');
      assert.equal((await caller.get(`/v1/attachments/${good}`)).status, 200);
    }
    assert.equal(await refusal(await server.as('ben').get(`/v1/attachments/${bad}`)), '404 not-found');
    assert.deepEqual(await server.blobs(), [`files/${good}`]);
    const { entries } = await json<{ entries: readonly { actor: string; action: string }[] }>(
      await server.portal.get('/v1/audit?person=server'),
    );
    assert.deepEqual(entries.map(({ action }) => action).toSorted(), [
      'upload.check clean',
      'upload.check infected',
    ]);
    assert.equal((await server.storage.checkAudit()).sound, true);
  });

  it('has a harmful file refused that was not sent yet', async (t) => {
    const { ana, threadId } = await aScannedThread(startServer, t);
    const id = await ana.upload(aPdf(5_000, 'EICAR'));
    for (let response; response?.status !== 422;) {
      response = await ana.get(`/v1/attachments/${id}`);
      await response.body?.cancel();
    }
    assert.equal(await refusal(await ana.sendFiles(threadId, [id])), '422 unsafe-file');
    assert.deepEqual(await ana.messages(threadId), []);
  });
});

async function opens(caller: Caller, id: string): Promise<void> {
  for (const end = Date.now() + 8_000; ;) {
    const response = await caller.get(`/v1/attachments/${id}`);
    await response.body?.cancel();
    if (response.ok) return;
    if (Date.now() > end) throw new Error(`It never opened: ${response.status}.`);
  }
}

type Scanned = {
  readonly server: Awaited<ReturnType<Start>>;
  readonly clamd: FakeClamd;
  readonly ana: Caller;
  readonly lee: Caller;
  readonly threadId: string;
};

async function aScannedThread(startServer: Start, t: Parameters<Start>[0]): Promise<Scanned> {
  const clamd = await startClamd(t);
  const server = await startServer(t, { config: { clamd: { host: '127.0.0.1', port: clamd.port } } });
  await fillClinic(server);
  const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
  return { server, clamd, ana, lee, threadId: await ana.open('dr-lee') };
}
