import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import PostalMime from 'postal-mime';
import { isAddress } from '../../../demo-server/email/address.ts';
import type { Mail } from '../../../demo-server/email/mailer.ts';
import { MemoryMailer } from '../../../demo-server/email/memory-mailer.ts';

const portalUrl = new URL('https://portal.example/');
const from = 'no-reply@portal.example';

/** A mail as it goes out, and as a mail program reads it. */
async function written(changes: Partial<Mail> = {}, sender: { readonly portalUrl: URL } = { portalUrl }) {
  const mail: Mail = {
    id: randomUUID(),
    to: 'lee@clinic.example',
    role: 'provider',
    locale: 'en-US',
    threadId: randomUUID(),
    ...changes,
  };
  const mailer = new MemoryMailer();
  assert.equal(await mailer.send(mail), 'accepted');
  const bytes = await mailer.bytesOf(mailer.mails[0]!, { from, ...sender });
  const source = String(bytes);
  return { mail, source, email: await PostalMime.parse(source) };
}

/** What is read in HTML, with the address of each link that is not a number after its words. */
function wordsOf(html: string): string {
  return html
    .replace(/^[^]*<body[^>]*>/, '')
    .replaceAll(/<a [^>]*href="(https?:[^"]*)"[^>]*>([^<]*)<\/a>/g, '$2:\n$1')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&amp;', '&')
    .trim()
    .replaceAll(/\n+/g, '\n');
}

describe('a mail', () => {
  const subjects = {
    'client en-US': 'You have a new message in your client portal',
    'provider en-US': 'You have a new message in your provider portal',
    'client es-US': 'Tiene un mensaje nuevo en su portal del cliente',
    'provider es-MX': 'Tiene un mensaje nuevo en su portal del proveedor',
    'client es': 'Tiene un mensaje nuevo en su portal del cliente',
    'client fr-CA': 'You have a new message in your client portal',
    'client est': 'You have a new message in your client portal',
    'client not a locale': 'You have a new message in your client portal',
  };
  for (const [whose, subject] of Object.entries(subjects)) {
    it(`says what there is in the portal and the language of its recipient: ${whose}`, async () => {
      const [role, ...locale] = whose.split(' ');
      const { email } = await written({ role: role as Mail['role'], locale: locale.join(' ') });
      assert.equal(email.subject, subject);
      assert.ok(email.text?.startsWith(subject));
      const language = subject.startsWith('You') ? 'en' : 'es';
      assert.match(email.html ?? '', new RegExp(`^<!doctype html>\\n<html lang="${language}"`));
      assert.equal(email.headers.find(({ key }) => key === 'content-language')?.value, language);
    });
  }

  for (const locale of ['en-US', 'es-US']) {
    for (const role of ['client', 'provider'] as const) {
      it(`says the same as text and as HTML (${role}, ${locale})`, async () => {
        const { email } = await written({ role, locale });
        assert.equal(wordsOf(email.html ?? ''), email.text?.trim().replaceAll(/\n+/g, '\n'));
      });
    }
  }

  it('has the crisis line of the help article, whose numbers dial', async () => {
    const { email } = await written();
    const line =
      'is not an emergency service. If you or someone you know is in crisis or needs immediate help, please call emergency services such as 911 or +1 800-273-8255 to speak with a crisis counselor.';
    assert.ok(email.text?.includes(line));
    const dialled = [...(email.html ?? '').matchAll(/href="(tel:[^"]*)"[^>]*>([^<]*)</g)];
    assert.deepEqual(
      dialled.map(([, href, text]) => [href, text]),
      [
        ['tel:911', '911'],
        ['tel:+18002738255', '+1 800-273-8255'],
      ],
    );
    const spanish = await written({ locale: 'es-US' });
    assert.match(spanish.email.text ?? '', /no es un servicio de emergencia.*911.*\+1 800-273-8255/);
  });

  it('says how to change these emails, and that nobody reads an answer', async () => {
    const { email } = await written();
    assert.match(email.text ?? '', /notification settings of your provider portal/);
    assert.match(email.text ?? '', /don’t reply to this email/);
  });

  const portals: Readonly<Record<string, string>> = {
    'https://portal.example/': 'https://portal.example/?thread=ID',
    'https://portal.example': 'https://portal.example/?thread=ID',
    'https://portal.example/app/messages': 'https://portal.example/app/messages?thread=ID',
    'https://portal.example/?page=messages&lang=es':
      'https://portal.example/?page=messages&lang=es&thread=ID',
    'https://portal.example/#/messages': 'https://portal.example/?thread=ID#/messages',
    'https://portal.example/a?b=%26&c#d?e=f': 'https://portal.example/a?b=%26&c=&thread=ID#d?e=f',
    'http://localhost:3000/?thread=other': 'http://localhost:3000/?thread=ID',
  };
  for (const [portal, expected] of Object.entries(portals)) {
    it(`leads to the thread at ${portal}`, async () => {
      const { mail, email } = await written({}, { portalUrl: new URL(portal) });
      const link = expected.replace('ID', mail.threadId);
      assert.deepEqual(email.text?.match(/https?:\S+/g), [link]);
      const hrefs = [...(email.html ?? '').matchAll(/href="(https?:[^"]*)"/g)];
      assert.deepEqual(
        hrefs.map(([, href]) => href?.replaceAll('&amp;', '&')),
        [link],
      );
    });
  }

  it('has one name, however often it is sent', async () => {
    const { mail, email } = await written();
    const again = await written(mail);
    assert.equal(email.messageId, `<${mail.id}@portal.example>`);
    assert.equal(again.email.messageId, email.messageId);
    assert.notEqual((await written()).email.messageId, email.messageId);
  });

  it('is from the portal, to an address and nobody besides', async () => {
    const { email } = await written({ role: 'client' });
    assert.deepEqual([email.from?.name, email.from?.address], ['Client portal', from]);
    assert.deepEqual(
      [email.to?.length, email.to?.[0]?.name, email.to?.[0]?.address],
      [1, '', 'lee@clinic.example'],
    );
    assert.deepEqual([email.cc, email.bcc, email.replyTo], [undefined, undefined, undefined]);
  });

  it('asks machines not to answer, and does not say what made it', async () => {
    const { email } = await written();
    const headers = new Map(email.headers.map(({ key, value }) => [key, value]));
    assert.equal(headers.get('auto-submitted'), 'auto-generated');
    assert.equal(headers.get('x-auto-response-suppress'), 'All');
    assert.deepEqual([...headers.keys()].sort(), [
      'auto-submitted',
      'content-language',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
      'x-auto-response-suppress',
    ]);
  });

  it('is one document that fetches nothing and has no pictures', async () => {
    const { email } = await written();
    assert.deepEqual(email.attachments, []);
    const html = email.html ?? '';
    assert.doesNotMatch(
      html,
      /<(img|script|link|iframe|object|form|input|svg)\b|url\(|@import|src=|\son\w+=/i,
    );
    assert.match(html, /color-scheme: light dark/);
    assert.match(html, /prefers-color-scheme: dark/);
  });

  it('differs from any other in nothing but its name, its link, its recipient and its hour', async () => {
    const [one, other] = await Promise.all([written(), written({ to: 'okafor@clinic.example' })]);
    const bare = ({ mail, email }: typeof one) =>
      JSON.stringify([
        email.subject,
        email.text,
        email.html,
        email.headers.filter(({ key }) => key !== 'date'),
      ])
        .replaceAll(mail.threadId, '')
        .replaceAll(mail.id, '')
        .replaceAll(mail.to, '')
        .replaceAll(/--_NmP[\w-]+/g, '');
    assert.equal(bare(one), bare(other));
  });
});

describe('an address', () => {
  it('is one, whatever the directory takes for one', () => {
    for (const address of ["o'neil+portal@clinic.example", 'a.b-c_d@x.co', 'A@B.example']) {
      assert.ok(isAddress(address), address);
    }
    for (const address of [
      'a@b\n.example',
      'a@b.example\n',
      'a@-b',
      'ä@b.example',
      'a@b@c',
      `${'a'.repeat(65)}@b.example`,
    ]) {
      assert.ok(!isAddress(address), address);
    }
  });
});

describe('the mailbox', () => {
  it('keeps the newest mails, and one that comes twice once', async () => {
    const mailer = new MemoryMailer(3);
    const mails = Array.from({ length: 5 }, (_, at): Mail => ({
      id: randomUUID(),
      to: `p${at}@clinic.example`,
      role: 'client',
      locale: 'en',
      threadId: randomUUID(),
    }));
    for (const mail of mails) await mailer.send(mail);
    await mailer.send(mails[3]!);
    assert.deepEqual(
      mailer.mails.map(({ mail }) => mail.to),
      ['p3', 'p4', 'p2'].map((name) => `${name}@clinic.example`),
    );
    assert.equal(await mailer.send({ ...mails[0]!, to: 'nobody' }), 'refused');
  });
});
