import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Thread } from '../../protocol/thread.ts';
import { aClient, aProvider } from '../support/builders.ts';
import { fillClinic, json, onEachEngine, refusal } from '../support/server.ts';

onEachEngine('the directory', (startServer) => {
  it('creates a person once, and answers them as they are', async (t) => {
    const { portal } = await startServer(t);
    const first = await portal.put('/v1/directory/people/p%201%2Fé', aProvider());
    const again = await portal.put('/v1/directory/people/p%201%2Fé', aProvider());
    assert.deepEqual([first.status, again.status], [201, 200]);
    assert.deepEqual(await first.json(), { id: 'p 1/é', ...aProvider() });
    assert.deepEqual(await again.json(), { id: 'p 1/é', ...aProvider() });
  });

  it('forgets what an update leaves out', async (t) => {
    const { portal } = await startServer(t);
    await portal.put('/v1/directory/people/lee', aProvider());
    const { credentials: _, ...without } = aProvider();
    assert.deepEqual(await json(await portal.put('/v1/directory/people/lee', without)), {
      id: 'lee',
      ...without,
    });
  });

  it('refuses what no person is', async (t) => {
    const { portal } = await startServer(t);
    await portal.put('/v1/directory/people/ana', aClient());
    const wrong = [
      { ...aClient(), role: 'admin' },
      { ...aClient(), email: 'ana' },
      { ...aClient(), displayName: ' ' },
      { ...aClient(), displayName: 'a\u0000b' },
      { ...aClient(), locale: 'not a locale' },
      { ...aClient(), timeZone: 'Mars/Olympus' },
      { ...aClient(), displayName: 'x'.repeat(201) },
      aProvider(),
    ];
    for (const body of wrong) {
      assert.equal(await refusal(await portal.put('/v1/directory/people/ana', body)), '400 invalid');
    }
    assert.equal(
      await refusal(await portal.put(`/v1/directory/people/${'x'.repeat(129)}`, aClient())),
      '400 invalid',
    );
  });

  it('knows nobody who was never created', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const { portal } = server;
    assert.equal(await refusal(await portal.delete('/v1/directory/people/x')), '404 not-found');
    assert.equal(await refusal(await portal.delete('/v1/directory/people/x/sessions')), '404 not-found');
    const relate = (pair: string) => portal.put(`/v1/directory/relationships/${pair}`, { status: 'current' });
    assert.equal(await refusal(await relate('x/dr-lee')), '404 not-found');
    assert.equal(await refusal(await relate('ana/x')), '404 not-found');
    assert.equal(await refusal(await relate('dr-lee/ana')), '400 invalid');
    assert.equal(await refusal(await relate('ana/ben')), '400 invalid');
    assert.equal(await refusal(await relate('ana/ana')), '400 invalid');
  });

  it('creates a relationship once, and changes it after', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const put = async (status: string) => {
      const response = await server.portal.put('/v1/directory/relationships/ben/dr-okafor', { status });
      return [response.status, (await response.json()) as unknown];
    };
    const pair = { clientId: 'ben', providerId: 'dr-okafor' };
    assert.deepEqual(await put('current'), [201, { ...pair, status: 'current' }]);
    assert.deepEqual(await put('current'), [200, { ...pair, status: 'current' }]);
    assert.deepEqual(await put('former'), [200, { ...pair, status: 'former' }]);
  });

  it('makes the welcome the first message, once', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const [ben, okafor] = [server.as('ben'), server.as('dr-okafor')];
    const stream = await ben.listen(t);
    const put = (status: string, welcome: string) =>
      server.portal.put('/v1/directory/relationships/ben/dr-okafor', { status, welcome });
    await json(await put('current', 'Welcome, Ben!'));
    await json(await put('current', 'Welcome again!'));
    const { threads, unread } = await json<{ threads: readonly Thread[]; unread: number }>(
      await ben.get('/v1/threads'),
    );
    assert.deepEqual(
      threads.map(({ lastSeq, lastMessage }) => [lastSeq, lastMessage?.senderId, lastMessage?.text]),
      [[1, 'dr-okafor', 'Welcome, Ben!']],
    );
    assert.equal(unread, 1);
    assert.equal((await stream.nextOf('message')).data['seq'], 1);
    assert.equal(await okafor.open('ben'), threads[0]?.id);
  });

  it('adds no welcome where something was written, or where it is over', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const ana = server.as('ana');
    const threadId = await ana.open('dr-lee');
    await ana.send(threadId, 'I was first');
    const put = (pair: string, status: string) =>
      server.portal.put(`/v1/directory/relationships/${pair}`, { status, welcome: 'Welcome!' });
    await json(await put('ana/dr-lee', 'current'));
    await json(await put('ben/dr-haddad', 'ended'));
    assert.equal((await ana.thread(threadId)).lastSeq, 1);
    const { threads } = await json<{ threads: readonly Thread[] }>(await server.as('ben').get('/v1/threads'));
    assert.deepEqual(threads, []);
    assert.equal(await refusal(await put('ana/dr-lee', 'friends')), '400 invalid');
  });

  it('opens one thread however often and from whichever side it is asked', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? ana.post('/v1/threads', { personId: 'dr-lee' })
          : lee.post('/v1/threads', { personId: 'ana' }),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [
      ...Array.from({ length: 19 }, () => 200),
      201,
    ]);
    const ids = await Promise.all(answers.map(async (answer) => (await json<Thread>(answer)).id));
    assert.equal(new Set(ids).size, 1);
  });
});
