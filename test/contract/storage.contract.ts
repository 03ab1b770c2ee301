import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { PersonRecord, Storage } from '../../demo-server/storage/storage.ts';
import { aClient, anId, aProvider } from '../support/builders.ts';

const ana: PersonRecord = { id: 'ana', ...aClient(), closedAt: null, sessionsEndedAt: null };
const lee: PersonRecord = { id: 'lee', ...aProvider(), closedAt: null, sessionsEndedAt: null };

type MakeStorage = (t: { after: (done: () => void | Promise<void>) => void }) => Promise<Storage>;

/** What every storage must do, whatever it is made of. */
export function itBehavesLikeAStorage(makeStorage: MakeStorage): void {
  it('takes back all that a failing act wrote, and nothing of those beside it', async (t) => {
    const storage = await makeStorage(t);
    const outcomes = await Promise.allSettled([
      storage.write(({ people }) => people.put(ana)),
      storage.write(async ({ people, events }) => {
        await people.put({ ...ana, id: 'never' });
        await events.add('ana', 1, { type: 'thread', threadId: anId() });
        throw new Error('in the middle');
      }),
      storage.write(({ people }) => people.put(lee)),
      storage.write(({ events }) => events.add('ana', 1, { type: 'thread', threadId: anId() })),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    );
    assert.deepEqual(await storage.findPerson('ana'), ana);
    assert.deepEqual(await storage.findPerson('lee'), lee);
    assert.equal(await storage.findPerson('never'), undefined);
    assert.equal(await storage.presentEvent('ana'), 1);
  });

  it('lets the others through when one of them has the database itself refuse', async (t) => {
    const storage = await makeStorage(t);
    const outcomes = await Promise.allSettled([
      storage.write(({ people }) => people.put(ana)),
      // Nobody of that name: the database refuses the row.
      storage.write(({ relationships }) =>
        relationships.put({ clientId: 'nobody', providerId: 'nobody', status: 'current' }),
      ),
      storage.write(({ people }) => people.put(lee)),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await storage.findPerson('lee'), lee);
  });

  it('runs acts in the order they are asked, and each sees what those before it did', async (t) => {
    const storage = await makeStorage(t);
    const seen = await Promise.all(
      Array.from({ length: 600 }, (_, index) =>
        storage.write(async ({ people, events }) => {
          const known = await people.find('ana');
          await people.put({ ...ana, displayName: String(index) });
          await events.add('ana', 1, { type: 'thread', threadId: anId() });
          return known?.displayName;
        }),
      ),
    );
    assert.deepEqual(
      seen,
      Array.from({ length: 600 }, (_, index) => (index === 0 ? undefined : String(index - 1))),
    );
    const events = await storage.eventsAfter('ana', 0, 1_000);
    assert.deepEqual(
      events.map(({ no }) => no),
      Array.from({ length: 600 }, (_, index) => index + 1),
    );
  });

  it('shows nobody what is not committed yet', async (t) => {
    const storage = await makeStorage(t);
    const seen = await storage.write(async ({ people, events }) => {
      await people.put(ana);
      await events.add('ana', 1, { type: 'thread', threadId: anId() });
      await people.announceRevocation('ana');
      return [await storage.findPerson('ana'), (await storage.revocationsAfter(0)).personIds];
    });
    assert.deepEqual(seen, [undefined, []]);
    assert.deepEqual(await storage.findPerson('ana'), ana);
  });

  it('tells of news after they can be read, and never of what was taken back', async (t) => {
    const storage = await makeStorage(t);
    const heard: [string, number][] = [];
    const reading: Promise<unknown>[] = [];
    storage.onNews(({ personIds }) => {
      if (personIds === 'everyone') return;
      for (const id of personIds) {
        reading.push(storage.presentEvent(id).then((present) => heard.push([id, present])));
      }
    });
    const tell = (personId: string, fails = false) =>
      storage.write(async ({ events }) => {
        await events.add(personId, 1, { type: 'thread', threadId: anId() });
        if (fails) throw new Error('after all not');
      });
    await tell('ana');
    await assert.rejects(tell('lee', true));
    await Promise.all(reading);
    assert.deepEqual(heard, [['ana', 1]]);
  });

  it('gives back what it was given, byte for byte', async (t) => {
    const storage = await makeStorage(t);
    const threadId = anId();
    const texts = ['', 'a\u0000b', '🧑‍⚕️', 'x'.repeat(8_000), '\ufeff\ufffd'];
    await storage.write(async ({ people, relationships, threads, messages }) => {
      await people.put(ana);
      await people.put(lee);
      await relationships.put({ clientId: 'ana', providerId: 'lee', status: 'current' });
      const thread = {
        id: threadId,
        clientId: 'ana',
        providerId: 'lee',
        lastSeq: texts.length,
        readSeq: { client: 0, provider: 0 },
        unread: { client: 0, provider: 0 },
        activity: { client: 2 ** 40, provider: 1 },
        awaitingSince: 2 ** 42,
        mail: {
          client: { activeAt: 2 ** 42, emailedAt: null, settledSeq: 1, lookAt: 2 ** 42 + 1 },
          provider: { activeAt: null, emailedAt: 2 ** 42, settledSeq: 0, lookAt: null },
        },
      };
      await threads.add(thread);
      for (const [index, text] of texts.entries()) {
        const message = {
          id: anId(),
          threadId,
          seq: index + 1,
          senderId: 'ana',
          text,
          attachments: [],
          sentAt: 2 ** 42,
        };
        await messages.add(message);
        assert.deepEqual(await messages.find(threadId, message.id), message);
      }
      assert.deepEqual(await threads.find(threadId), thread);
    });
    const found = await storage.write(({ messages }) => messages.page(threadId, { limit: 10 }));
    assert.deepEqual(
      found.map(({ text, sentAt }) => [text, sentAt]),
      texts.map((text) => [text, 2 ** 42]),
    );
    const thread = await storage.write(({ threads }) => threads.find(threadId));
    assert.deepEqual([thread?.activity.client, thread?.awaitingSince], [2 ** 40, 2 ** 42]);
  });

  it('lets what was asked finish before it closes', async (t) => {
    const storage = await makeStorage(t);
    const writes = Array.from({ length: 300 }, (_, index) =>
      storage.write(({ people }) => people.put({ ...ana, id: `p${index}` })),
    );
    const closed = storage.close();
    assert.equal((await Promise.allSettled(writes)).filter(({ status }) => status === 'rejected').length, 0);
    await closed;
  });
}
