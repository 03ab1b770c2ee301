import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { openMailer } from '../../../demo-server/open-mailer.ts';
import { aClient, anId, aProvider } from '../../support/builders.ts';
import { json, makeConfig, onEachEngine } from '../../support/server.ts';
import { TestSmtpServer } from '../../support/smtp.ts';
import { until } from '../../support/until.ts';

const planted = /zebra|quagga/i;

onEachEngine('what people wrote, and who they are', (startServer) => {
  it('is in no part of any mail, nor in the log when one goes wrong', async (t) => {
    const smtp = await TestSmtpServer.start(t);
    const lines: string[] = [];
    const email = {
      ...(await makeConfig(t, undefined)),
      smtpUrl: smtp.url,
      emailFrom: 'no-reply@portal.example',
      portalUrl: new URL('https://portal.example/messages'),
    };
    const mailer = openMailer(email, pino({ base: null }, { write: (line) => void lines.push(line) }))!;
    const server = await startServer(t, { mailer });
    const { portal } = server;
    const put = async (path: string, body: unknown) => json(await portal.put(`/v1/directory/${path}`, body));
    // Fields that a mail can't do without stand apart: an address, and nothing else.
    await put('people/zebra-ana', aClient({ displayName: 'Zebra Ana', email: 'a@clinic.example' }));
    await put('people/quagga-lee', {
      ...aProvider({ displayName: 'Dr. Quagga', email: 'l@clinic.example' }),
      credentials: 'Quagga PhD',
      replyPolicy: 'as soon as a zebra',
    });
    await put('relationships/zebra-ana/quagga-lee', { status: 'current', welcome: 'A zebra’s welcome' });
    await until(() => smtp.received.length === 1, 'the welcome has a mail');
    // A welcome is something its writer did there.
    server.clock.putForward(3_600_000);
    const ana = server.as('zebra-ana');
    const threadId = await ana.open('quagga-lee');
    await ana.send(threadId, 'Zebra, quagga <b>zebra</b>', anId());
    await until(() => smtp.received.length === 2, 'and so has what was written');

    for (const [at, { headers, text, html, subject }] of (await smtp.read()).entries()) {
      assert.doesNotMatch(JSON.stringify([headers, text, html, subject]), planted);
      assert.doesNotMatch(String(smtp.received[at]?.bytes), planted);
      assert.ok(text?.includes(`https://portal.example/messages?thread=${threadId}`));
    }

    smtp.moodAt = (_step, to) => ({ code: 550, says: `5.1.1 zebra ${to}` });
    server.clock.putForward(3_600_000);
    await server.as('quagga-lee').send(threadId, 'A quagga', anId());
    await until(() => lines.length > 0, 'the log tells of it');
    for (const line of [...lines, ...server.logged])
      assert.doesNotMatch(line, /zebra|quagga|clinic\.example/i);
  });
});
