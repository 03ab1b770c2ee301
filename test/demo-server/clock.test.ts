import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { Message } from '../../protocol/message.ts';
import { anId } from '../support/builders.ts';
import { FakeMailer } from '../support/fake-mailer.ts';
import { fillClinic, json, onEachEngine, type Start } from '../support/server.ts';

const minutes = 60_000;
const days = 24 * 60 * minutes;

onEachEngine('when the clock jumps', (startServer) => {
  it('messages keep their order, and each is there once', async (t) => {
    const { server, ana, lee, threadId } = await aConversation(startServer, t);
    const sent: string[] = [];
    for (const jump of [0, 2 * days, -3 * days, 400 * days, -401 * days, minutes]) {
      server.clock.putForward(jump);
      for (const writer of [ana, lee]) {
        const id = anId();
        // What becomes of its email goes on meanwhile.
        const send = async () => {
          const { notification: _, ...message } = await json<Message>(
            await writer.send(threadId, 'Words', id),
          );
          return message;
        };
        const first = await send();
        sent.push(id);
        server.clock.putBack(days);
        assert.deepEqual(await send(), first);
        server.clock.putForward(days);
      }
    }
    const stored = await ana.messages(threadId);
    assert.deepEqual(
      stored.map(({ seq, id }) => [seq, id]),
      sent.map((id, index) => [index + 1, id]),
    );
    const stream = await lee.listen(t, '1');
    for (const id of sent) assert.equal((await stream.nextOf('message')).data['messageId'], id);
    assert.equal((await server.storage.checkAudit()).sound, true);
  });

  it('an email waits no longer than usual after it was put back', async (t) => {
    const { server, mailer, ana, lee, threadId } = await aConversation(startServer, t);
    server.clock.putForward(2 * days);
    await json(await lee.send(threadId, 'I am here'));
    // Ana's goes at once: from here on it is only Dr. Lee who is to get one.
    await server.sendEmails();
    await json(await ana.send(threadId, 'So am I'));
    server.clock.putBack(2 * days);
    await server.sendEmails();
    mailer.sent.length = 0;
    server.clock.putForward(4 * minutes);
    await server.sendEmails();
    assert.deepEqual(mailer.recipients, [], 'they were there a moment ago');
    server.clock.putForward(2 * minutes);
    await server.sendEmails();
    assert.deepEqual(mailer.recipients, ['lee@clinic.example']);
  });

  it('an email is tried again soon that was to be later', async (t) => {
    const { server, mailer, ana, threadId } = await aConversation(startServer, t);
    mailer.answer = () => 'deferred';
    server.clock.putForward(2 * days);
    await ana.send(threadId, 'Hello');
    await server.sendEmails();
    server.clock.putBack(2 * days);
    await server.sendEmails();
    assert.equal(mailer.sent.length, 1, 'somebody may be sending it just now');
    mailer.answer = () => 'accepted';
    server.clock.putForward(2 * minutes);
    await server.sendEmails();
    await server.sendEmails();
    assert.equal(mailer.sent.length, 2);
    assert.equal(mailer.sent[0]?.id, mailer.sent[1]?.id);
    assert.deepEqual(await server.storage.soonestAlarms(1), []);
  });

  it('a mail that is waited for is not sent twice', async (t) => {
    const { server, mailer, ana, threadId } = await aConversation(startServer, t);
    mailer.answer = () => 'deferred';
    await ana.send(threadId, 'Hello');
    for (let look = 0; look < 5; look++) await server.sendEmails();
    assert.equal(mailer.sent.length, 1);
  });
});

async function aConversation(startServer: Start, t: TestContext) {
  const mailer = new FakeMailer();
  const server = await startServer(t, { mailer });
  await fillClinic(server);
  const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
  return { server, mailer, ana, lee, threadId: await ana.open('dr-lee') };
}
