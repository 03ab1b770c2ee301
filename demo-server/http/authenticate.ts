import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { Refusal } from '../services/refusal.ts';
import type { Session, Sessions } from '../services/sessions.ts';

/** Lets a signed-in person through, and remembers who it is. */
export function requirePerson(sessions: Sessions): RequestHandler {
  return async (req, res, next) => {
    res.locals.session = await sessions.open(bearerOf(req));
    next();
  };
}

/** Lets the portal's own server through. */
export function requirePortal(serviceKey: string): RequestHandler {
  const expected = digest(serviceKey);
  return (req, _res, next) => {
    // Digests are of one length and compared in the same time, however much of a guess was right.
    const isPortal = timingSafeEqual(digest(bearerOf(req)), expected);
    next(isPortal ? undefined : new Refusal('unauthenticated'));
  };
}

/** Who it is that was let through. */
export function callerOf(res: Response): Session {
  return res.locals.session as Session;
}

function bearerOf(req: Request): string {
  const [, token] = /^Bearer +([^\s]+)$/i.exec(req.headers.authorization ?? '') ?? [];
  if (token === undefined) throw new Refusal('unauthenticated');
  return token;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
