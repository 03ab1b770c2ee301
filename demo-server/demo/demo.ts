import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import express, { type Express, type RequestHandler } from 'express';
import { SignJWT } from 'jose';
import type { MemoryMailer } from '../email/memory-mailer.ts';
import { Refusal } from '../services/refusal.ts';
import type { SessionSigner } from '../services/sessions.ts';
import { fillClinic, people, type ServicesAt } from './clinic.ts';
import { type Letterhead, serveMailbox } from './mailbox.ts';

const root = join(import.meta.dirname, '..', '..');
const portal = join(import.meta.dirname, 'portal');

export type DemoParts = {
  readonly signer: SessionSigner;
  readonly issuer: string | undefined;
  readonly servicesAt: ServicesAt;
  /** Where mails are kept that would have gone out; undefined where they do go out. */
  readonly mailbox: MemoryMailer | undefined;
} & Letterhead;

/** What `--demo` adds: a small clinic, two portals to look at it, its mail, and a way in without a login. */
export async function makeDemo({
  servicesAt,
  mailbox,
  emailFrom,
  portalUrl,
  ...signing
}: DemoParts): Promise<(app: Express) => void> {
  await fillClinic(servicesAt, Date.now());
  return (app) => {
    app.post('/demo/session', onlyHere, express.json({ limit: '1kb' }), async (req, res) => {
      const { personId } = (req.body ?? {}) as { readonly personId?: unknown };
      if (!people.some(({ id }) => id === personId)) throw new Refusal('not-found');
      res.json({ token: await sign(signing, personId as string) });
    });
    // Who may be asked for where nobody is signed in: whoever had a mail about the thread, else everybody.
    app.get('/demo/people', onlyHere, (req, res) => {
      const { thread } = req.query;
      const written = new Set(
        mailbox?.mails.filter(({ mail }) => mail.threadId === thread).map(({ mail }) => mail.to),
      );
      const known = people.filter(({ email }) => written.has(email));
      const choice = known.length > 0 ? known : people;
      res.json({ people: choice.map(({ id, displayName, role }) => ({ id, displayName, role })) });
    });
    app.use('/mail', onlyHere);
    if (mailbox) serveMailbox(app, mailbox, { emailFrom, portalUrl });
    app.use(portalPolicy);
    app.get('/mail', (_req, res) => res.sendFile('mail.html', { cacheControl: false, root: portal }));
    app.use('/grow-messages', express.static(join(root, 'dist', 'esm'), files));
    app.use('/', express.static(portal, files));
  };
}

const files = { cacheControl: false, fallthrough: true } as const;

/** A page elsewhere could have its own name lead to this machine and ask for a token. */
const onlyHere: RequestHandler = (req, _res, next) => {
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(req.hostname);
  next(isHere ? undefined : new Refusal('forbidden'));
};

/** The strictest policy a portal could have, and the two portals in frames of their own. */
const portalPolicy: RequestHandler = (req, res, next) => {
  const { localPort } = req.socket;
  const here = `'self' http://localhost:${localPort} http://127.0.0.1:${localPort}`;
  res.set(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "img-src 'self' blob:",
      `frame-src ${here}`,
      `frame-ancestors ${here}`,
      "require-trusted-types-for 'script'",
      'trusted-types lit-html grow-messages',
    ].join('; '),
  );
  res.removeHeader('X-Frame-Options');
  next();
};

async function sign(
  { signer, issuer }: Pick<DemoParts, 'signer' | 'issuer'>,
  personId: string,
): Promise<string> {
  if (!('secret' in signer)) throw new Refusal('unavailable');
  const token = new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(personId)
    .setAudience('grow-messages')
    .setIssuedAt()
    .setExpirationTime('10 minutes');
  if (issuer !== undefined) token.setIssuer(issuer);
  return token.sign(createSecretKey(signer.secret, 'utf8'));
}
