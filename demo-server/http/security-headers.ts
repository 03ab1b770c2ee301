import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Answers are data: nothing in them may run, be framed, or be kept. */
export function securityHeaders(): readonly RequestHandler[] {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
  });
  const keepNothing: RequestHandler = (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  };
  return [headers, keepNothing];
}
