import type { Express, Request } from 'express';
import PostalMime from 'postal-mime';
import type { KeptMail, MemoryMailer } from '../email/memory-mailer.ts';
import { letterFor } from '../email/templates.ts';
import { Refusal } from '../services/refusal.ts';
import { people } from './clinic.ts';

/** What mails say of the portal, where the configuration says it. */
export type Letterhead = { readonly emailFrom: string | undefined; readonly portalUrl: URL | undefined };

/**
 * A mail is shown as mail programs show it: nothing in it runs, nothing is fetched, and its links open elsewhere.
 * Its own style sheet is all that it may have.
 */
const mailPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/** The mails that would have gone out, for the page at `/mail`. */
export function serveMailbox(app: Express, mailbox: MemoryMailer, letterhead: Letterhead): void {
  app.get('/mail/mails', (_req, res) => {
    res.json({ mails: mailbox.mails.map(entryOf) });
  });

  app.get('/mail/mails/:id', async (req, res) => {
    const kept = find(req);
    const { headers, text } = await PostalMime.parse(await bytesOf(req, kept));
    res.json({
      ...entryOf(kept),
      headers: headers.map(({ originalKey, value }) => [originalKey, value]),
      text,
    });
  });

  app.get('/mail/mails/:id/html', async (req, res) => {
    const { html } = await PostalMime.parse(await bytesOf(req, find(req)));
    res.set('Content-Security-Policy', mailPolicy).removeHeader('X-Frame-Options');
    res.type('html').send(html);
  });

  app.get('/mail/mails/:id/source', async (req, res) => {
    const bytes = await bytesOf(req, find(req));
    res.type('text/plain').attachment('mail.eml').send(bytes);
  });

  function find(req: Request<{ readonly id: string }>): KeptMail {
    const kept = mailbox.find(req.params.id);
    if (!kept) throw new Refusal('not-found');
    return kept;
  }

  async function bytesOf(req: Request, kept: KeptMail): Promise<Buffer> {
    const bytes = await mailbox.bytesOf(kept, {
      from: letterhead.emailFrom ?? 'no-reply@portal.example',
      portalUrl: letterhead.portalUrl ?? new URL(`http://${req.headers.host}/`),
    });
    if (!bytes) throw new Refusal('not-found');
    return bytes;
  }
}

function entryOf({ mail: { id, to, role, locale }, at }: KeptMail) {
  const { subject } = letterFor(role, locale, '');
  const person = people.find(({ email }) => email === to);
  return { id, to, name: person?.displayName ?? '', subject, at: new Date(at).toISOString() };
}
