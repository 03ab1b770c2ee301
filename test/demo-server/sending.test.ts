import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';
import { anId } from '../support/builders.ts';
import { fillClinic, json, onEachEngine, refusal, type Start, type TestServer } from '../support/server.ts';

onEachEngine('sending', (startServer) => {
  it('answers a first send with 201 and its repeat with 200 and the same', async (t) => {
    const { ana, threadId } = await aConversation(startServer, t);
    const id = anId();
    const first = await ana.send(threadId, 'Hello', id);
    const again = await ana.send(threadId, 'Hello', id);
    assert.deepEqual([first.status, again.status], [201, 200]);
    assert.deepEqual(await again.json(), await first.json());
  });

  it('makes one row of fifty equal sends at once', async (t) => {
    const { ana, lee, threadId } = await aConversation(startServer, t);
    const id = anId();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ana.send(threadId, 'Hello', id)));
    const statuses = answers.map(({ status }) => status).toSorted((one, other) => other - one);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    assert.deepEqual(statuses, [201, ...Array.from({ length: 49 }, () => 200)]);
    assert.equal(new Set(bodies).size, 1);
    assert.deepEqual(
      (await lee.messages(threadId)).map(({ seq, text }) => [seq, text]),
      [[1, 'Hello']],
    );
  });

  it('gives the first answer also a month later, and to a server that was started anew', async (t) => {
    const { server, ana, threadId } = await aConversation(startServer, t);
    const id = anId();
    const first = await json<Message>(await ana.send(threadId, 'Hello', id));
    await ana.send(threadId, 'And one more');
    await server.stop();
    server.clock.putForward(31 * 24 * 3_600_000);
    const after = await startServer(t, { beside: server, clock: server.clock });
    const again = await after.as('ana').send(threadId, 'Hello', id);
    assert.equal(again.status, 200);
    assert.deepEqual(await again.json(), first);
    assert.equal(await refusal(await after.as('ana').send(threadId, 'Other words', id)), '409 id-reused');
    assert.equal((await after.as('dr-lee').messages(threadId)).length, 2);
  });

  it('refuses the id of a message for other words, and for the other person', async (t) => {
    const { ana, lee, threadId } = await aConversation(startServer, t);
    const id = anId();
    await ana.send(threadId, 'Hello', id);
    assert.equal(await refusal(await ana.send(threadId, 'Hello!', id)), '409 id-reused');
    assert.equal(await refusal(await lee.send(threadId, 'Hello', id)), '409 id-reused');
    assert.equal((await lee.messages(threadId)).length, 1);
  });

  it('knows an id in upper case for the same', async (t) => {
    const { ana, threadId } = await aConversation(startServer, t);
    const id = anId();
    await ana.send(threadId, 'Hello', id);
    assert.equal((await ana.send(threadId.toUpperCase(), 'Hello', id.toUpperCase())).status, 200);
  });

  it('finds the first answer also after the relationship ended, and takes nothing new', async (t) => {
    const { server, ana, threadId } = await aConversation(startServer, t);
    const id = anId();
    const first = await json<Message>(await ana.send(threadId, 'Hello', id));
    await server.portal.put('/v1/directory/relationships/ana/dr-lee', { status: 'ended' });
    assert.deepEqual(await json(await ana.send(threadId, 'Hello', id)), first);
    assert.equal(await refusal(await ana.send(threadId, 'One more')), '403 relationship-ended');
    assert.equal(await refusal(await ana.send(threadId, 'Other words', id)), '409 id-reused');
  });

  it('numbers the messages of eight writers from 1 without a gap', async (t) => {
    const { server, ana, lee, threadId } = await aConversation(startServer, t);
    const beside = await startServer(t, { beside: server });
    const writers = [ana, lee, beside.as('ana'), beside.as('dr-lee'), ana, lee, beside.as('ana'), lee];
    await Promise.all(
      writers.map(async (writer, index) => {
        for (let count = 0; count < 12; count++) await json(await writer.send(threadId, `${index}:${count}`));
      }),
    );
    const messages = await lee.messages(threadId, '?limit=200');
    assert.deepEqual(
      messages.map(({ seq }) => seq),
      Array.from({ length: 96 }, (_, index) => index + 1),
    );
    for (const index of writers.keys()) {
      const own = messages.filter(({ text }) => text.startsWith(`${index}:`)).map(({ text }) => text);
      assert.deepEqual(
        own,
        Array.from({ length: 12 }, (_, count) => `${index}:${count}`),
      );
    }
  });

  it('keeps words exactly as they were written', async (t) => {
    const { ana, lee, threadId } = await aConversation(startServer, t);
    const texts = [
      '  two lines\n\n\tand a tab  ',
      'a\u0000b',
      '🧑‍⚕️ e\u0301 is not \u00e9; \u202eabc\u202c \ufeff \ufffd',
      '日本語, עברית, العربية',
      `"quotes" 'and' \\backslash {"json":1} <b>&amp;</b> '; drop table messages; --`,
      'x'.repeat(8_000),
      '😀'.repeat(4_000),
      '\u0001'.repeat(8_000),
    ];
    for (const text of texts) assert.equal((await json<Message>(await ana.send(threadId, text))).text, text);
    assert.deepEqual(
      (await lee.messages(threadId)).map(({ text }) => text),
      texts,
    );
  });

  it('refuses what is too long, blank, or no Unicode, and changes nothing by it', async (t) => {
    const { ana, threadId } = await aConversation(startServer, t);
    const before = await ana.thread(threadId);
    assert.equal(await refusal(await ana.send(threadId, 'x'.repeat(8_001))), '413 too-large');
    for (const text of ['', ' \n\t\u00a0', '\ud800', 'a\udc00b']) {
      assert.equal(await refusal(await ana.send(threadId, text)), '400 invalid');
    }
    const path = `/v1/threads/${threadId}/messages/${anId()}`;
    assert.equal(await refusal(await ana.put(path, { text: 'Hi', attachments: [anId()] })), '404 not-found');
    assert.equal(
      await refusal(await ana.put(path, { text: 'Hi', attachments: Array.from({ length: 11 }, anId) })),
      '400 invalid',
    );
    assert.deepEqual(await ana.thread(threadId), before);
  });
});

onEachEngine('reading', (startServer) => {
  it('counts what is unread, and marks it read as far as is said, never back', async (t) => {
    const { ana, lee, threadId } = await aConversation(startServer, t);
    for (const text of ['one', 'two', 'three']) await lee.send(threadId, text);
    await ana.send(threadId, 'four');
    const read = (seq: number) => ana.put(`/v1/threads/${threadId}/read`, { seq });
    const marks = async (response: Response) => {
      const { readSeq, unread } = await json<Thread>(response);
      return [readSeq, unread];
    };
    assert.deepEqual(await marks(await ana.get(`/v1/threads/${threadId}`)), [0, 3]);
    assert.deepEqual(await marks(await read(2)), [2, 1]);
    assert.deepEqual(await marks(await read(1)), [2, 1]);
    assert.deepEqual(await marks(await read(1_000)), [4, 0]);
    assert.equal((await lee.thread(threadId)).theirReadSeq, 4);
    assert.equal((await lee.thread(threadId)).unread, 1);
  });

  it('says since when a client waits for an answer', async (t) => {
    const { ana, lee, threadId } = await aConversation(startServer, t);
    assert.equal((await ana.thread(threadId)).awaitingReplySince, null);
    const first = await json<Message>(await ana.send(threadId, 'A question'));
    await ana.send(threadId, 'And another');
    assert.equal((await lee.thread(threadId)).awaitingReplySince, first.sentAt);
    await lee.send(threadId, 'An answer');
    assert.equal((await ana.thread(threadId)).awaitingReplySince, null);
  });

  it('pages by seq, from the newest back and from any place on', async (t) => {
    const { ana, threadId } = await aConversation(startServer, t);
    for (let count = 1; count <= 7; count++) await ana.send(threadId, String(count));
    const page = async (query: string) => {
      const found = await json<{ messages: readonly Message[]; hasMore: boolean }>(
        await ana.get(`/v1/threads/${threadId}/messages?${query}`),
      );
      return [found.messages.map(({ seq }) => seq).join(' '), found.hasMore];
    };
    assert.deepEqual(await page('limit=3'), ['5 6 7', true]);
    assert.deepEqual(await page('limit=3&before=5'), ['2 3 4', true]);
    assert.deepEqual(await page('limit=3&before=2'), ['1', false]);
    assert.deepEqual(await page('limit=3&after=0'), ['1 2 3', true]);
    assert.deepEqual(await page('limit=3&after=4'), ['5 6 7', false]);
    assert.deepEqual(await page('after=7'), ['', false]);
    for (const query of [
      'limit=0',
      'limit=201',
      'before=-1',
      'before=x',
      'before=3&after=1',
      'limit=1&limit=2',
    ]) {
      const response = await ana.get(`/v1/threads/${threadId}/messages?${query}`);
      assert.equal(await refusal(response), '400 invalid', query);
    }
  });

  it('lists threads by newest activity, page by page, and counts unread in all of them', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const ana = server.as('ana');
    const threads: Record<string, string> = {};
    for (const id of ['dr-lee', 'dr-okafor', 'dr-haddad']) {
      threads[id] = await ana.open(id);
      await server.as(id).send(threads[id], `Hello from ${id}`);
    }
    await ana.send(threads['dr-lee']!, 'Back on top');
    const page = async (query: string) =>
      json<{ threads: readonly Thread[]; unread: number; next?: string }>(
        await ana.get(`/v1/threads${query}`),
      );
    const all = await page('');
    assert.deepEqual(
      all.threads.map((thread) => [thread.with.id, thread.lastMessage?.text]),
      [
        ['dr-lee', 'Back on top'],
        ['dr-haddad', 'Hello from dr-haddad'],
        ['dr-okafor', 'Hello from dr-okafor'],
      ],
    );
    assert.equal(all.unread, 3);
    const first = await page('?limit=2');
    const second = await page(`?limit=2&cursor=${first.next}`);
    assert.deepEqual([...first.threads, ...second.threads], all.threads);
    assert.equal(second.next, undefined);
    assert.ok(all.threads.every((thread) => !('email' in thread.with)));
  });

  it('answers a list that has not changed with 304', async (t) => {
    const { ana, threadId } = await aConversation(startServer, t);
    const etag = (await ana.get('/v1/threads')).headers.get('etag') ?? '';
    // Without it, fetch says that it wants no answer from a cache.
    const again = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' };
    assert.equal((await ana.get('/v1/threads', again)).status, 304);
    await ana.send(threadId);
    assert.equal((await ana.get('/v1/threads', again)).status, 200);
  });
});

async function aConversation(startServer: Start, t: Parameters<Start>[0]) {
  const server: TestServer = await startServer(t);
  await fillClinic(server);
  const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
  return { server, ana, lee, threadId: await ana.open('dr-lee') };
}
