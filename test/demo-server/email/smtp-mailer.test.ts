import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { Mail } from '../../../demo-server/email/mailer.ts';
import { SmtpMailer, type SmtpOptions, type Trouble } from '../../../demo-server/email/smtp-mailer.ts';
import { certificate } from '../../support/certificate.ts';
import { type Mood, type SmtpServerOptions, type Step, TestSmtpServer } from '../../support/smtp.ts';
import { until } from '../../support/until.ts';

const aMail = (changes: Partial<Mail> = {}): Mail => ({
  id: randomUUID(),
  to: 'planted-lee@clinic.example',
  role: 'provider',
  locale: 'en-US',
  threadId: randomUUID(),
  ...changes,
});

/** A mailer for a mail server, and what it says of mails that did not go out. */
function mailerFor(t: TestContext, url: URL, options: Partial<SmtpOptions> = {}) {
  const troubles: Trouble[] = [];
  const mailer = new SmtpMailer({
    url,
    from: 'no-reply@portal.example',
    portalUrl: new URL('https://portal.example/'),
    isEncrypted: false,
    report: (trouble) => troubles.push(trouble),
    patience: 5_000,
    ...options,
  });
  t.after(() => mailer.close());
  return { mailer, troubles };
}

async function start(t: TestContext, server: SmtpServerOptions = {}, options: Partial<SmtpOptions> = {}) {
  const smtp = await TestSmtpServer.start(t, server);
  return { smtp, ...mailerFor(t, smtp.url, options) };
}

describe('a mail server', () => {
  it('that takes a mail has it, for the one recipient and from the portal’s address', async (t) => {
    const { smtp, mailer, troubles } = await start(t);
    assert.equal(await mailer.send(aMail()), 'accepted');
    const [received] = smtp.received;
    assert.deepEqual(
      [received?.from, received?.to],
      ['no-reply@portal.example', ['planted-lee@clinic.example']],
    );
    assert.deepEqual(troubles, []);
  });

  it('gets many mails over few connections', async (t) => {
    const { smtp, mailer } = await start(t);
    const answers = await Promise.all(Array.from({ length: 40 }, () => mailer.send(aMail())));
    assert.deepEqual(new Set(answers), new Set(['accepted']));
    assert.equal(smtp.received.length, 40);
    assert.ok(smtp.connections <= 5, `${smtp.connections} connections`);
  });

  type Case = readonly [
    what: string,
    step: Step,
    mood: Mood,
    answer: string,
    trouble: Omit<Trouble, 'delivery'>,
  ];
  const cases: readonly Case[] = [
    [
      'has no such mailbox',
      'recipient',
      { code: 550, says: '5.1.1 No planted-lee@clinic.example here' },
      'refused',
      { code: 'EENVELOPE', step: 'RCPT TO', reply: '550 5.1.1' },
    ],
    [
      'refuses the recipient without saying why',
      'recipient',
      { code: 550, says: 'planted-lee@clinic.example? No' },
      'refused',
      { code: 'EENVELOPE', step: 'RCPT TO', reply: '550' },
    ],
    [
      'refuses the mail for good',
      'mail',
      { code: 554, says: 'Not for planted-lee@clinic.example' },
      'refused',
      { code: 'EMESSAGE', step: 'DATA', reply: '554' },
    ],
    [
      'wants the recipient to be asked for later',
      'recipient',
      { code: 450, says: '4.2.0 planted-lee@clinic.example is greylisted' },
      'deferred',
      { code: 'EENVELOPE', step: 'RCPT TO', reply: '450 4.2.0' },
    ],
    [
      'can’t keep the mail just now',
      'mail',
      { code: 452, says: 'Disk full' },
      'deferred',
      { code: 'EMESSAGE', step: 'DATA', reply: '452' },
    ],
    [
      'does not let us send from this address',
      'sender',
      { code: 550, says: '5.7.1 Not yours' },
      'deferred',
      { code: 'EENVELOPE', step: 'MAIL FROM', reply: '550 5.7.1' },
    ],
    [
      'does not take mails from us for anybody',
      'recipient',
      { code: 554, says: '5.7.1 Relay access denied' },
      'deferred',
      { code: 'EENVELOPE', step: 'RCPT TO', reply: '554 5.7.1' },
    ],
    [
      'wants us to log in',
      'recipient',
      { code: 530, says: 'Who are you?' },
      'deferred',
      { code: 'EENVELOPE', step: 'RCPT TO', reply: '530' },
    ],
    [
      'does not want to talk to us',
      'connection',
      { code: 554, says: 'Go away' },
      'deferred',
      { code: 'EPROTOCOL', step: 'CONN', reply: '554' },
    ],
  ];
  for (const [what, step, mood, answer, trouble] of cases) {
    it(`that ${what}: ${answer}, and only codes are told`, async (t) => {
      const { smtp, mailer, troubles } = await start(t);
      smtp.moodAt = (at) => (at === step ? mood : undefined);
      assert.equal(await mailer.send(aMail()), answer);
      assert.deepEqual(troubles, [{ delivery: answer, ...trouble }]);
      assert.doesNotMatch(JSON.stringify(troubles), /planted|@/);
      assert.equal(smtp.received.length, 0);
    });
  }

  it('that refuses one recipient takes the mails of others', async (t) => {
    const { smtp, mailer } = await start(t);
    smtp.moodAt = (step, to) =>
      step === 'recipient' && to.startsWith('bad') ? { code: 550, says: 'No' } : undefined;
    const answers = await Promise.all(
      ['bad@clinic.example', 'a@clinic.example', 'bad@clinic.example', 'b@clinic.example'].map((to) =>
        mailer.send(aMail({ to })),
      ),
    );
    assert.deepEqual(answers, ['refused', 'accepted', 'refused', 'accepted']);
  });

  for (const step of ['connection', 'sender', 'recipient', 'mail'] as const) {
    it(`that never answers at the ${step} is given up on in time`, async (t) => {
      const { smtp, mailer, troubles } = await start(t, {}, { patience: 500 });
      smtp.moodAt = (at) => (at === step ? 'hang' : undefined);
      assert.equal(await mailer.send(aMail()), 'deferred');
      assert.equal(troubles.length, 1);
      smtp.moodAt = () => undefined;
      assert.equal(await mailer.send(aMail()), 'accepted', 'and asked again');
    });
  }

  it('that says one word after the other for ever is given up on in time', async (t) => {
    const trickler = createServer((socket: Socket) => {
      const saying = setInterval(() => socket.write('220-Wait\r\n'), 10);
      socket.on('error', () => undefined).once('close', () => clearInterval(saying));
    }).listen(0, '127.0.0.1');
    t.after(() => trickler.close());
    await once(trickler, 'listening');
    const { port } = trickler.address() as AddressInfo;
    const { mailer } = mailerFor(t, new URL(`smtp://localhost:${port}`), { patience: 150 });
    assert.equal(await mailer.send(aMail()), 'deferred');
  });

  it('that hangs on one mail does not hold up the others', async (t) => {
    const { smtp, mailer } = await start(t);
    smtp.moodAt = (step, to) => (step === 'mail' && to.startsWith('slow') ? 'hang' : undefined);
    const slow = mailer.send(aMail({ to: 'slow@clinic.example' }));
    const others = await Promise.all(Array.from({ length: 10 }, () => mailer.send(aMail())));
    assert.deepEqual(new Set(others), new Set(['accepted']));
    assert.equal(smtp.received.length, 10);
    smtp.dropAll();
    assert.equal(await slow, 'deferred');
  });

  for (const step of ['connection', 'recipient', 'mail'] as const) {
    it(`that hangs up at the ${step} may be asked again`, async (t) => {
      const { smtp, mailer, troubles } = await start(t);
      smtp.moodAt = (at) => (at === step ? 'drop' : undefined);
      assert.equal(await mailer.send(aMail()), 'deferred');
      assert.equal(troubles[0]?.delivery, 'deferred');
      assert.equal(smtp.received.length, 0);
      smtp.moodAt = () => undefined;
      assert.equal(await mailer.send(aMail()), 'accepted');
    });
  }

  it('that is not there may be asked again, and has the mail once it is', async (t) => {
    const first = await TestSmtpServer.start(t);
    const { port, url } = first;
    await first.stop();
    const { mailer, troubles } = mailerFor(t, url);
    const mail = aMail();
    assert.equal(await mailer.send(mail), 'deferred');
    assert.equal(troubles[0]?.code, 'ESOCKET');
    const second = await TestSmtpServer.start(t, { port });
    assert.equal(await mailer.send(mail), 'accepted');
    assert.equal((await second.read())[0]?.messageId, `<${mail.id}@portal.example>`);
  });

  it('that ended a connection between two mails gets the second over a new one', async (t) => {
    const { smtp, mailer, troubles } = await start(t);
    assert.equal(await mailer.send(aMail()), 'accepted');
    smtp.dropAll();
    assert.equal(await mailer.send(aMail()), 'accepted');
    assert.deepEqual(troubles, []);
  });

  it('is let go of, once it has what is on its way', async (t) => {
    const { smtp, mailer } = await start(t);
    const sending = Array.from({ length: 12 }, () => mailer.send(aMail()));
    await mailer.close();
    assert.deepEqual(new Set(await Promise.all(sending)), new Set(['accepted']));
    await until(() => smtp.open === 0, 'no connection is left open');
    assert.equal(await mailer.send(aMail()), 'deferred', 'and nothing goes out any more');
  });
});

describe('an encrypted mail server', () => {
  const trusted = { isEncrypted: true, tls: { ca: certificate.cert } } as const;
  const login = { user: 'us er', password: 'p@ss:w/ord' } as const;

  for (const tls of ['at once', 'when asked'] as const) {
    it(`is logged in to over TLS (${tls})`, async (t) => {
      const smtp = await TestSmtpServer.start(t, { tls, login });
      const { url } = smtp;
      url.username = encodeURIComponent(login.user);
      url.password = encodeURIComponent(login.password);
      const { mailer } = mailerFor(t, url, trusted);
      assert.equal(await mailer.send(aMail()), 'accepted');
      assert.deepEqual([smtp.received[0]?.isEncrypted, smtp.received[0]?.user], [true, login.user]);
    });

    it(`that nobody vouches for gets no mail (${tls})`, async (t) => {
      const { smtp, mailer, troubles } = await start(t, { tls }, { isEncrypted: true });
      assert.equal(await mailer.send(aMail()), 'deferred');
      assert.match(troubles[0]?.code ?? '', /^E(SOCKET|TLS)$/);
      assert.equal(smtp.received.length, 0);
    });
  }

  it('that does not take the password is trouble of ours', async (t) => {
    const smtp = await TestSmtpServer.start(t, { tls: 'when asked', login });
    const { url } = smtp;
    url.username = 'planted-user';
    url.password = 'planted-password';
    const { mailer, troubles } = mailerFor(t, url, trusted);
    assert.equal(await mailer.send(aMail()), 'deferred');
    assert.deepEqual(troubles, [
      { delivery: 'deferred', code: 'EAUTH', step: 'AUTH PLAIN', reply: '535 5.7.8' },
    ]);
  });

  it('that begins TLS and never goes on is given up on in time', async (t) => {
    const answers = new Map([
      ['EHLO', '250-here\r\n250 STARTTLS\r\n'],
      ['STARTTLS', '220 Go ahead\r\n'],
    ]);
    const server = createServer((socket: Socket) => {
      socket.write('220 here\r\n');
      socket.on('error', () => undefined);
      socket.on('data', (line) => socket.write(answers.get(/^\w+/.exec(line.toString())?.[0] ?? '') ?? ''));
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (const scheme of ['smtp', 'smtps']) {
      const { mailer } = mailerFor(t, new URL(`${scheme}://localhost:${port}`), {
        ...trusted,
        patience: 150,
      });
      assert.equal(await mailer.send(aMail()), 'deferred');
    }
  });

  it('that does not offer TLS where it is due gets no mail', async (t) => {
    const { smtp, mailer } = await start(t, { tls: 'never' }, trusted);
    assert.equal(await mailer.send(aMail()), 'deferred');
    assert.equal(smtp.received.length, 0);
  });

  it('on this machine is not asked for a certificate that it can’t have', async (t) => {
    const { smtp, mailer } = await start(t, { tls: 'when asked' });
    assert.equal(await mailer.send(aMail()), 'accepted');
    assert.equal(smtp.received[0]?.isEncrypted, false);
  });
});

describe('an address', () => {
  const hostile = [
    'a@clinic.example\r\nBcc: thief@evil.example',
    'a@clinic.example\nX-Planted: yes',
    'a@clinic.example, thief@evil.example',
    'a@clinic.example;thief@evil.example',
    '<thief@evil.example> a@clinic.example',
    '"Thief" <thief@evil.example>',
    'friends: a@clinic.example, thief@evil.example;',
    'a@clinic.example>\r\nRCPT TO:<thief@evil.example',
    'a b@clinic.example',
    'a@clinic.example ',
    '(thief@evil.example) a@clinic.example',
    '"a\r\nb"@clinic.example',
    'a@clinic.example\u0000',
    'a@',
    '@clinic.example',
    'nobody',
    '',
  ];
  for (const to of hostile) {
    it(`that is none is never written to: ${JSON.stringify(to)}`, async (t) => {
      const { smtp, mailer, troubles } = await start(t);
      assert.equal(await mailer.send(aMail({ to })), 'refused');
      assert.deepEqual(troubles, [{ delivery: 'refused', code: 'ADDRESS' }]);
      assert.equal(smtp.connections, 0);
    });
  }

  it('of any usual shape is written to', async (t) => {
    const { smtp, mailer } = await start(t);
    for (const to of ["o'neil+portal", 'a.b-c_d', 'x=y%z'].map((name) => `${name}@mail.clinic.example`)) {
      assert.equal(await mailer.send(aMail({ to })), 'accepted', to);
      assert.deepEqual(smtp.received.at(-1)?.to, [to]);
    }
  });
});
