import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import express, { type Express, type RequestHandler } from 'express';
import { SignJWT } from 'jose';
import { Refusal } from '../services/refusal.ts';
import type { SessionSigner } from '../services/sessions.ts';
import { fillClinic, people, type ServicesAt } from './clinic.ts';

const root = join(import.meta.dirname, '..', '..');

export type DemoParts = {
  readonly signer: SessionSigner;
  readonly issuer: string | undefined;
  readonly servicesAt: ServicesAt;
};

/** What `--demo` adds: a small clinic, two portals to look at it, and a way in without a login. */
export async function makeDemo({ servicesAt, ...signing }: DemoParts): Promise<(app: Express) => void> {
  await fillClinic(servicesAt, Date.now());
  return (app) => {
    app.post('/demo/session', onlyHere, express.json({ limit: '1kb' }), async (req, res) => {
      const { personId } = (req.body ?? {}) as { readonly personId?: unknown };
      if (!people.some(({ id }) => id === personId)) throw new Refusal('not-found');
      res.json({ token: await sign(signing, personId as string) });
    });
    app.use(portalPolicy);
    app.use('/grow-messages', express.static(join(root, 'dist', 'esm'), files));
    app.use('/', express.static(join(import.meta.dirname, 'portal'), files));
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

async function sign({ signer, issuer }: Omit<DemoParts, 'servicesAt'>, personId: string): Promise<string> {
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
