import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { pino } from 'pino';
import { openMailer } from '../../../demo-server/open-mailer.ts';
import { aClient } from '../../support/builders.ts';
import { fillClinic, makeConfig, onEachEngine, type Start } from '../../support/server.ts';
import { TestSmtpServer } from '../../support/smtp.ts';
import { until } from '../../support/until.ts';

const minutes = 60_000;

onEachEngine('an email on its way through a mail server', (startServer) => {
  it('that says “not now” goes out later, once', async (t) => {
    const { server, smtp, ana, threadId, state } = await aConversation(startServer, t);
    smtp.moodAt = (step) => (step === 'recipient' ? { code: 451, says: '4.3.2 Not now' } : undefined);
    await ana.send(threadId);
    await server.sendEmails();
    assert.equal(await state(), 'due');
    smtp.moodAt = () => undefined;
    server.clock.putForward(minutes);
    await server.sendEmails();
    assert.equal(await state(), 'emailed');
    assert.equal(smtp.received.length, 1);
  });

  it('that hangs up in the middle of it goes out later', async (t) => {
    const { server, smtp, ana, threadId, state } = await aConversation(startServer, t);
    smtp.moodAt = (step) => (step === 'mail' ? 'drop' : undefined);
    await ana.send(threadId);
    await server.sendEmails();
    assert.deepEqual([await state(), smtp.received.length], ['due', 0]);
    smtp.moodAt = () => undefined;
    server.clock.putForward(minutes);
    await server.sendEmails();
    assert.deepEqual([await state(), smtp.received.length], ['emailed', 1]);
  });

  it('that refuses the address for good fails, and the next message is tried anew', async (t) => {
    const { server, smtp, ana, threadId, state } = await aConversation(startServer, t);
    smtp.moodAt = (step) => (step === 'recipient' ? { code: 550, says: '5.1.1 Nobody here' } : undefined);
    await ana.send(threadId);
    await server.sendEmails();
    assert.equal(await state(), 'failed');
    smtp.moodAt = () => undefined;
    server.clock.putForward(60 * minutes);
    await ana.send(threadId, 'And now?');
    await server.sendEmails();
    assert.deepEqual([await state(), smtp.received.length], ['emailed', 1]);
  });

  it('that is away for an hour goes out when it is back, with all that was written meanwhile', async (t) => {
    const { server, smtp, ana, threadId, state } = await aConversation(startServer, t);
    const { port } = smtp;
    await smtp.stop();
    await ana.send(threadId, 'One');
    for (let passed = 0; passed < 60; passed += 10) {
      await server.sendEmails();
      assert.equal(await state(), 'due');
      server.clock.putForward(10 * minutes);
    }
    await ana.send(threadId, 'Two');
    const back = await TestSmtpServer.start(t, { port });
    server.clock.putForward(15 * minutes);
    await server.sendEmails();
    await until(() => back.received.length === 1);
    server.clock.putForward(6 * minutes);
    await server.sendEmails();
    assert.equal(await state(), 'emailed');
    assert.deepEqual(
      (await ana.messages(threadId)).map(({ notification }) => notification?.state),
      ['emailed', 'emailed'],
    );
    assert.equal(back.received.length, 2);
    const names = (await back.read()).map(({ messageId }) => messageId);
    assert.equal(new Set(names).size, 2, 'two mails, each once');
  });

  it('is given up after a day', async (t) => {
    const { server, smtp, ana, threadId, state } = await aConversation(startServer, t);
    await smtp.stop();
    await ana.send(threadId);
    for (let hours = 0; hours <= 25 && (await state()) === 'due'; hours++) {
      await server.sendEmails();
      server.clock.putForward(60 * minutes);
    }
    assert.equal(await state(), 'failed');
  });
});

/** Ana writes to Dr. Lee, who is away; mails go through a mail server of their own. */
async function aConversation(startServer: Start, t: TestContext) {
  const smtp = await TestSmtpServer.start(t);
  const email = {
    smtpUrl: smtp.url,
    emailFrom: 'no-reply@portal.example',
    portalUrl: new URL('https://portal.example/'),
  };
  const mailer = openMailer({ ...(await makeConfig(t, undefined)), ...email }, pino({ level: 'silent' }))!;
  const server = await startServer(t, { mailer });
  await fillClinic(server);
  await server.portal.put('/v1/directory/people/ana', aClient());
  const ana = server.as('ana');
  const threadId = await ana.open('dr-lee');
  const state = async () => (await ana.messages(threadId)).at(-1)?.notification?.state;
  return { server, smtp, ana, threadId, state };
}
