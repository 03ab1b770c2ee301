import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { Message } from '../../../protocol/message.ts';
import type { Person } from '../../../protocol/person.ts';
import type { Thread } from '../../../protocol/thread.ts';
import { aClient } from '../../support/builders.ts';
import { FakeMailer } from '../../support/fake-mailer.ts';
import { fillClinic, json, onEachEngine, type Start, type TestServer } from '../../support/server.ts';

const minutes = 60_000;

onEachEngine('what a writer hears of the email about their message', (startServer) => {
  it('is that it is due, then that it was emailed, wherever the message is shown', async (t) => {
    const { server, mailer, ana, lee, threadId } = await aConversation(startServer, t);
    mailer.answer = () => 'deferred';
    const { notification, sentAt } = await json<Message>(await ana.send(threadId, 'Hello'));
    assert.deepEqual(notification, { state: 'due', at: sentAt });
    await server.sendEmails();
    assert.equal((await ana.messages(threadId))[0]?.notification?.state, 'due', 'it is asked again later');

    mailer.answer = () => 'accepted';
    server.clock.putForward(minutes);
    const before = server.clock.now();
    await server.sendEmails();
    const shown = [
      ...(await ana.messages(threadId)),
      (await ana.thread(threadId)).lastMessage,
      (await json<{ threads: readonly Thread[] }>(await ana.get('/v1/threads'))).threads[0]?.lastMessage,
      await json<Message>(await ana.send(threadId, 'Hello', (await ana.messages(threadId))[0]!.id)),
    ];
    for (const message of shown) {
      assert.equal(message?.notification?.state, 'emailed');
      assert.ok(Date.parse(message.notification.at) >= before);
    }
    assert.deepEqual(
      mailer.sent.map(({ to, role, locale, threadId: about }) => ({ to, role, locale, about })),
      Array.from({ length: 2 }, () => ({
        to: 'lee@clinic.example',
        role: 'provider',
        locale: 'en-US',
        about: threadId,
      })),
    );
    assert.equal(new Set(mailer.sent.map(({ id }) => id)).size, 1, 'one mail, tried twice');
    for (const message of [...(await lee.messages(threadId)), (await lee.thread(threadId)).lastMessage]) {
      assert.equal(message?.notification, undefined, 'nobody else’s business');
    }
  });

  it('comes as an event, to them alone', async (t) => {
    const { server, ana, lee, threadId } = await aConversation(startServer, t);
    const [hers, theirs] = [await ana.listen(t), await lee.listen(t)];
    await ana.send(threadId);
    assert.equal((await hers.nextOf('message')).data.threadId, threadId);
    await server.sendEmails();
    assert.deepEqual((await hers.nextOf('thread')).data, { threadId });
    await ana.send(threadId);
    const kinds = [await theirs.nextOf('message'), await theirs.nextOf('message')].map(({ id }) =>
      Number(id),
    );
    assert.equal(kinds[1], kinds[0]! + 1, 'with nothing in between');
  });

  it('is that it was read where no email was needed', async (t) => {
    const { server, mailer, ana, lee, threadId } = await aConversation(startServer, t);
    const hello = await json<Message>(await lee.send(threadId, 'I am here'));
    await ana.put(`/v1/threads/${threadId}/read`, { seq: 1 });
    await server.sendEmails();
    mailer.sent.length = 0;
    await ana.send(threadId, 'So am I');
    assert.deepEqual(await lastNotification(ana, threadId), {
      state: 'due',
      at: new Date(Date.parse(hello.sentAt) + 5 * minutes).toISOString(),
    });
    await lee.put(`/v1/threads/${threadId}/read`, { seq: 2 });
    const told = await lastNotification(ana, threadId);
    assert.equal(told?.state, 'read');
    server.clock.putForward(60 * minutes);
    await server.sendEmails();
    assert.deepEqual(await lastNotification(ana, threadId), told);
    assert.deepEqual(mailer.sent, []);
  });

  it('is that it could not be emailed, where the mail server refuses the address', async (t) => {
    const { server, mailer, ana, threadId } = await aConversation(startServer, t);
    mailer.answer = () => 'refused';
    await ana.send(threadId);
    await server.sendEmails();
    assert.equal((await lastNotification(ana, threadId))?.state, 'failed');
    server.clock.putForward(60 * minutes);
    await server.sendEmails();
    assert.equal(mailer.sent.length, 1);
  });

  it('is nothing where they want no email, and there is none', async (t) => {
    const { server, mailer, ana, lee, threadId } = await aConversation(startServer, t);
    const put = async (notifications?: string) =>
      json<Person>(await server.portal.put('/v1/directory/people/ana', { ...aClient(), notifications }));
    assert.equal((await put('none')).notifications, 'none');
    const sent = await json<Message>(await lee.send(threadId));
    assert.equal(sent.notification, undefined);
    assert.equal('notifications' in (await lee.thread(threadId)).with, false, 'their choice is theirs');
    assert.equal((await put()).notifications, 'all', 'unless said otherwise');
    server.clock.putForward(10 * minutes);
    await server.sendEmails();
    assert.equal(mailer.sent.length, 0, 'what was written before stays as it was');

    await ana.send(threadId, 'I am here just now.');
    await lee.send(threadId);
    await put('none');
    server.clock.putForward(10 * minutes);
    mailer.sent.length = 0;
    await server.sendEmails();
    assert.equal(await lastNotification(lee, threadId), undefined, 'they have changed their mind in time');
    assert.ok(!mailer.recipients.includes('ana@clinic.example'));

    await put('all');
    await lee.send(threadId);
    await server.sendEmails();
    assert.equal((await lastNotification(lee, threadId))?.state, 'emailed');
    assert.equal((await json<{ person: Person }>(await ana.get('/v1/me'))).person.notifications, 'all');
  });

  for (const [what, end] of [
    ['the relationship ends', '/v1/directory/relationships/ana/dr-lee'],
    ['their account is closed', '/v1/directory/people/dr-lee'],
  ] as const) {
    it(`is nothing where ${what} before an email is due`, async (t) => {
      const { server, mailer, ana, threadId } = await aConversation(startServer, t);
      await server.as('dr-lee').send(threadId);
      await ana.send(threadId);
      await server.sendEmails();
      assert.equal((await lastNotification(ana, threadId))?.state, 'due');
      mailer.sent.length = 0;
      const ended = end.includes('people')
        ? await server.portal.delete(end)
        : await server.portal.put(end, { status: 'ended' });
      assert.ok(ended.ok);
      server.clock.putForward(10 * minutes);
      await server.sendEmails();
      assert.deepEqual(mailer.sent, []);
      assert.equal(await lastNotification(ana, threadId), undefined);
    });
  }
});

onEachEngine('an email', (startServer) => {
  it('that is owed survives a restart, and goes out once', async (t) => {
    const { server, threadId } = await aConversation(startServer, t);
    await server.stop();
    const without = await startServer(t, { beside: server });
    await without.as('ana').send(threadId);
    await without.stop();
    const mailers = [new FakeMailer(), new FakeMailer()];
    const both = await Promise.all(
      mailers
        .map((mailer) => startServer(t, { beside: server, mailer }))
        .slice(0, server.config.databaseUrl ? 2 : 1),
    );
    await Promise.all(both.map((one) => one.sendEmails()));
    assert.deepEqual(
      mailers.flatMap(({ recipients }) => recipients),
      ['lee@clinic.example'],
    );
    for (const one of both) await one.stop();
    assert.ok(mailers[0]!.isClosed);
  });

  it('is an act of the server in the audit log, without an address', async (t) => {
    const { server, mailer, ana, lee, threadId } = await aConversation(startServer, t);
    await ana.send(threadId);
    await server.sendEmails();
    mailer.answer = () => 'refused';
    server.clock.putForward(10 * minutes);
    await lee.send(threadId);
    await server.sendEmails();
    const { entries } = await json<{
      entries: readonly { actor: string; action: string; thread?: string }[];
    }>(await server.portal.get(`/v1/audit?person=server`));
    assert.deepEqual(
      entries.map(({ actor, action, thread }) => [actor, action, thread]),
      [
        ['server', 'email.send', threadId],
        ['server', 'email.fail', threadId],
      ],
    );
    const log = await json(await server.portal.get(`/v1/audit`));
    assert.ok(!JSON.stringify(log).includes('@'));
    assert.equal((await server.storage.checkAudit()).sound, true);
    assert.ok(!server.logged.join('').includes('@'));
  });

  it('is sent as soon as it is due, also where nobody asks', async (t) => {
    const { mailer, ana, threadId } = await aConversation(startServer, t);
    const came = new Promise<void>((resolve) => {
      mailer.answer = () => {
        resolve();
        return 'accepted';
      };
    });
    await ana.send(threadId);
    await came;
  });

  it('has its choice and its states in the printed contract', async (t) => {
    const { server } = await aConversation(startServer, t);
    type Schema = { properties: Record<string, unknown>; required: readonly string[] };
    const { components } = await json<{ components: { schemas: Record<string, Schema> } }>(
      await server.nobody().get('/v1/openapi.json'),
    );
    const {
      Person: person,
      PersonUpdate: update,
      Correspondent: other,
      Message: message,
    } = components.schemas;
    assert.deepEqual((update!.properties.notifications as { enum: unknown }).enum, ['all', 'none']);
    assert.ok(!update!.required.includes('notifications'));
    assert.ok(person!.required.includes('notifications'));
    assert.ok(!('notifications' in other!.properties));
    assert.ok('notification' in message!.properties && !message!.required.includes('notification'));
  });
});

type Asker = ReturnType<TestServer['as']>;

async function lastNotification(who: Asker, threadId: string) {
  return (await who.thread(threadId)).lastMessage?.notification;
}

async function aConversation(startServer: Start, t: TestContext) {
  const mailer = new FakeMailer();
  const server = await startServer(t, { mailer });
  await fillClinic(server);
  const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
  return { server, mailer, ana, lee, threadId: await ana.open('dr-lee') };
}
