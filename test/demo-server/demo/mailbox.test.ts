import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import PostalMime from 'postal-mime';
import { aMail, startMailboxDemo } from '../../support/mailbox.ts';
import { Caller, json, refusal } from '../../support/server.ts';

type Entry = { readonly id: string; readonly to: string; readonly name: string; readonly subject: string };

describe('the demo’s mailbox', () => {
  it('lists what would have gone out, newest first, and to whom', async (t) => {
    const { url, mailbox } = await startMailboxDemo(t);
    const nobody = new Caller(url);
    await mailbox.send(aMail());
    await mailbox.send(aMail({ to: 'stranger@clinic.example', role: 'client', locale: 'es' }));
    const { mails } = await json<{ mails: readonly Entry[] }>(await nobody.get('/mail/mails'));
    assert.deepEqual(
      mails.map(({ to, name, subject }) => [to, name, subject]),
      [
        ['stranger@clinic.example', '', 'Tiene un mensaje nuevo en su portal del cliente'],
        ['lee@clinic.example', 'Dr. Maya Lee', 'You have a new message in your provider portal'],
      ],
    );
  });

  it('shows a mail as it would be sent: its parts are those of the bytes', async (t) => {
    const { url, mailbox } = await startMailboxDemo(t);
    const nobody = new Caller(url);
    const mail = aMail();
    await mailbox.send(mail);
    const path = `/mail/mails/${mail.id}`;
    const source = await nobody.get(`${path}/source`);
    assert.match(source.headers.get('content-disposition') ?? '', /^attachment/);
    const email = await PostalMime.parse(await source.text());
    const shown = await json<{ text: string; headers: readonly [string, string][] }>(await nobody.get(path));
    assert.equal(shown.text, email.text);
    assert.equal(new Map(shown.headers).get('Message-ID'), email.messageId);
    const html = await nobody.get(`${path}/html`);
    assert.equal(await html.text(), email.html);
    assert.ok(
      email.text?.includes(`${url}/?thread=${mail.threadId}`),
      'the link leads to where one looks from',
    );
  });

  it('lets nothing in a mail run, and nobody else frame it', async (t) => {
    const { url, mailbox } = await startMailboxDemo(t);
    const mail = aMail();
    await mailbox.send(mail);
    const { headers } = await new Caller(url).get(`/mail/mails/${mail.id}/html`);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'self'/);
    assert.match(policy, /sandbox allow-popups allow-popups-to-escape-sandbox$/);
    assert.doesNotMatch(policy, /script-src|allow-scripts|allow-same-origin/);
  });

  it('knows no mail but its own', async (t) => {
    const { url } = await startMailboxDemo(t);
    for (const path of [aMail().id, `${aMail().id}/html`, `${aMail().id}/source`, '__proto__', '..%2f..']) {
      assert.equal(await refusal(await new Caller(url).get(`/mail/mails/${path}`)), '404 not-found', path);
    }
  });

  it('opens to this machine’s own names alone', async (t) => {
    const { url } = await startMailboxDemo(t);
    for (const path of ['/mail', '/mail/mails', '/demo/people?thread=x']) {
      const status = await new Promise((resolve) => {
        request(url + path, { headers: { Host: 'evil.example' } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        }).end();
      });
      assert.equal(status, 403, path);
    }
  });

  it('asks whoever follows a link for the person who was written to', async (t) => {
    const { url, mailbox } = await startMailboxDemo(t);
    const mail = aMail();
    await mailbox.send(mail);
    const namesFor = async (thread: string) => {
      const answer = await new Caller(url).get(`/demo/people?thread=${thread}`);
      return (await json<{ people: readonly { id: string }[] }>(answer)).people.map(({ id }) => id);
    };
    assert.deepEqual(await namesFor(mail.threadId), ['dr-lee']);
    assert.ok((await namesFor(aMail().threadId)).length > 3);
  });
});
