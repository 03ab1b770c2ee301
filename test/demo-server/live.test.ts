import assert from 'node:assert/strict';
import { it } from 'node:test';
import { anId } from '../support/builders.ts';
import type { TestStream } from '../support/event-stream.ts';
import { fillClinic, json, onEachEngine, type Start } from '../support/server.ts';

onEachEngine('the live stream', (startServer) => {
  it('begins with the present number and tells both people what happens', async (t) => {
    const { ana, lee, threadId } = await aConversation(startServer, t);
    const [hers, theirs] = [await ana.listen(t), await lee.listen(t)];
    const start = await hers.next();
    assert.deepEqual(start, { id: '1' });
    await theirs.next();

    const messageId = anId();
    await json(await ana.send(threadId, 'Hello', messageId));
    await json(await lee.put(`/v1/threads/${threadId}/read`, { seq: 1 }));

    const message = { event: 'message', data: { threadId, seq: 1, messageId } };
    const read = { event: 'read', data: { threadId, seq: 1, personId: 'dr-lee' } };
    assert.deepEqual(await hers.next(), { id: '2', ...message });
    assert.deepEqual(await hers.next(), { id: '3', ...read });
    assert.deepEqual(withoutId(await theirs.next()), message);
    assert.deepEqual(withoutId(await theirs.next()), read);
  });

  it('is told by headers to be kept by nobody on the way', async (t) => {
    const { ana } = await aConversation(startServer, t);
    const { response } = await ana.listen(t);
    const of = (name: string) => response.headers.get(name);
    assert.equal(of('content-type'), 'text/event-stream; charset=utf-8');
    assert.equal(of('cache-control'), 'no-store');
    assert.equal(of('x-accel-buffering'), 'no');
    assert.equal(of('content-encoding'), null);
  });

  it('resumes after the number it is given', async (t) => {
    const { ana, lee, threadId } = await aConversation(startServer, t);
    const first = await ana.listen(t);
    const { id } = (await first.next())!;
    first.close();
    for (const text of ['one', 'two', 'three']) await lee.send(threadId, text);
    const again = await ana.listen(t, id);
    assert.deepEqual(await again.next(), { id }, 'a cut right here must have the client come back to here');
    assert.deepEqual(await seqs(again, 3), [1, 2, 3]);
  });

  it('says to start over to whoever comes with a number it never gave', async (t) => {
    const { ana, lee, threadId } = await aConversation(startServer, t);
    for (const number of ['999', 'x', '-1', '1.5', '9'.repeat(40)]) {
      const stream = await ana.listen(t, number);
      assert.deepEqual(await stream.next(), { id: '1', event: 'reset', data: {} }, number);
      stream.close();
    }
    const stream = await ana.listen(t, '999');
    await stream.next();
    await lee.send(threadId);
    assert.deepEqual(await seqs(stream, 1), [1]);
  });

  it('says to start over where what lies between was forgotten', async (t) => {
    const { server, ana, lee, threadId } = await aConversation(startServer, t);
    await lee.send(threadId, 'one');
    await server.storage.write(({ events }) => events.prune(server.clock.now() + 1));
    const allForgotten = await ana.listen(t, '1');
    await allForgotten.next();
    assert.deepEqual(await allForgotten.next(), { id: '2', event: 'reset', data: {} });

    await lee.send(threadId, 'two');
    const someForgotten = await ana.listen(t, '1');
    await someForgotten.next();
    assert.deepEqual(await someForgotten.next(), { id: '3', event: 'reset', data: {} });

    const nothingMissed = await ana.listen(t, '2');
    assert.deepEqual(await seqs(nothingMissed, 1), [2]);
  });

  it('loses nothing over thirty cuts while four people write', async (t) => {
    const { server, ana, threadId } = await aConversation(startServer, t);
    const other = await ana.open('dr-okafor');
    const writers = [
      { person: server.as('dr-lee'), thread: threadId },
      { person: server.as('ana'), thread: threadId },
      { person: server.as('dr-okafor'), thread: other },
      { person: server.as('ana'), thread: other },
    ];
    const ids: string[] = [];
    const writing = Promise.all(
      writers.map(async ({ person, thread }) => {
        for (let count = 0; count < 40; count++) {
          const id = anId();
          await json(await person.send(thread, `${count}`, id));
          ids.push(id);
        }
      }),
    );

    const got: string[] = [];
    let cursor = '2';
    for (let cut = 0; got.length < 160; cut++) {
      const stream = await ana.listen(t, cursor);
      // Later and later in what it has to say, and in the end not at all.
      for (let frames = 0; frames <= cut % 7 || cut >= 30; frames++) {
        const frame = await stream.next();
        assert.ok(frame?.event !== 'reset' && frame?.id !== undefined);
        assert.ok(Number(frame.id) >= Number(cursor));
        cursor = frame.id;
        if (frame.event === 'message') got.push((frame.data as { messageId: string }).messageId);
        if (got.length === 160) break;
      }
      stream.close();
    }
    await writing;
    assert.deepEqual(got.toSorted(), ids.toSorted());
    assert.equal(new Set(got).size, 160);
  });

  it('sends a long backlog whole', async (t) => {
    const { server, ana, threadId } = await aConversation(startServer, t);
    const lee = server.as('dr-lee');
    for (let sent = 0; sent < 450; sent += 50) {
      await Promise.all(Array.from({ length: 50 }, () => lee.send(threadId)));
    }
    const stream = await ana.listen(t, '1');
    assert.deepEqual(
      await seqs(stream, 450),
      Array.from({ length: 450 }, (_, index) => index + 1),
    );
  });

  it('ends when its token does', async (t) => {
    const { server } = await aConversation(startServer, t);
    const exp = Math.floor(server.clock.now() / 1_000) + 2;
    const stream = await server.as('ana', { exp }).listen(t);
    await stream.ended;
    const late = Date.now() - exp * 1_000;
    assert.ok(late >= -20 && late < 5_000, `${late} ms after exp`);
  });

  it('ends when its person is signed out everywhere, and for nobody else', async (t) => {
    const { server, ana, lee, threadId } = await aConversation(startServer, t);
    const [hers, theirs] = [await ana.listen(t), await lee.listen(t)];
    await theirs.next();
    await server.portal.delete('/v1/directory/people/ana/sessions');
    await hers.ended;
    await lee.send(threadId);
    assert.deepEqual(await seqs(theirs, 1), [1]);
  });

  it('ends when its person is closed, and tells the other side', async (t) => {
    const { server, ana, lee, threadId } = await aConversation(startServer, t);
    const [hers, theirs] = [await ana.listen(t), await lee.listen(t)];
    await server.portal.delete('/v1/directory/people/ana');
    await hers.ended;
    assert.deepEqual((await theirs.nextOf('thread')).data, { threadId });
    assert.equal((await lee.thread(threadId)).status, 'ended');
  });

  it('is held 32 times by one person at most: the oldest makes room', async (t) => {
    const { ana } = await aConversation(startServer, t);
    const streams: TestStream[] = [];
    for (let count = 0; count < 33; count++) streams.push(await ana.listen(t));
    await streams[0]!.ended;
    const others = streams.slice(1).map((stream) => stream.next());
    assert.ok((await Promise.all(others)).every((frame) => frame?.id === '1'));
  });

  it('ends when the server stops', async (t) => {
    const { server, ana } = await aConversation(startServer, t);
    const stream = await ana.listen(t);
    await server.stop();
    await stream.ended;
  });

  it('tells both when the portal changes how they stand, or how one is called', async (t) => {
    const { server, ana, threadId } = await aConversation(startServer, t);
    const stream = await ana.listen(t);
    const { portal } = server;
    const person = await json<Record<string, unknown>>(
      await portal.put('/v1/directory/people/dr-lee', { ...lee, displayName: 'Dr. Maya Lee-Park' }),
    );
    assert.deepEqual((await stream.nextOf('thread')).data, { threadId });
    assert.equal((await ana.thread(threadId)).with.displayName, 'Dr. Maya Lee-Park');
    await portal.put('/v1/directory/people/dr-lee', { ...person, id: undefined });
    await portal.put('/v1/directory/relationships/ana/dr-lee', { status: 'ended' });
    assert.deepEqual(await stream.nextOf('thread'), { id: '3', event: 'thread', data: { threadId } });
    assert.equal((await ana.thread(threadId)).canSend, false);
  });
});

onEachEngine('two servers on one database', (startServer, engine) => {
  if (engine === 'SQLite') return;

  it('wake each other: what is written through one arrives on a stream of the other', async (t) => {
    const { server, threadId } = await aConversation(startServer, t);
    const beside = await startServer(t, { beside: server });
    const stream = await beside.as('ana').listen(t);
    await stream.next();
    for (let seq = 1; seq <= 20; seq++) {
      await json(await server.as('dr-lee').send(threadId));
      assert.deepEqual(await seqs(stream, 1), [seq]);
    }
  });

  it('end each other’s streams', async (t) => {
    const { server } = await aConversation(startServer, t);
    const beside = await startServer(t, { beside: server });
    const stream = await beside.as('ana').listen(t);
    await server.portal.delete('/v1/directory/people/ana/sessions');
    await stream.ended;
  });
});

const lee = {
  role: 'provider',
  displayName: 'Dr. Maya Lee',
  email: 'lee@clinic.example',
  locale: 'en-US',
  timeZone: 'America/New_York',
  credentials: 'PhD',
  replyPolicy: 'within 2 business days',
} as const;

async function aConversation(startServer: Start, t: Parameters<Start>[0]) {
  const server = await startServer(t);
  await fillClinic(server);
  // A moment ago: a session of the very second in which sessions end counts as one from before.
  const ana = server.as('ana');
  return { server, ana, lee: server.as('dr-lee'), threadId: await ana.open('dr-lee') };
}

/** The seqs of the next messages a stream tells of. */
async function seqs(stream: TestStream, count: number): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  while (found.length < count) found.push((await stream.nextOf('message')).data['seq']);
  return found;
}

function withoutId({ id: _, ...frame }: { readonly id?: string } = {}) {
  return frame;
}
