import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { callerOf } from './authenticate.ts';
import { sendProblem } from './problems.ts';

const minute = 60_000;

/** So many requests a minute for each person; 0 is no limit. */
export function limitRate(perMinute: number): RequestHandler {
  if (perMinute === 0) return (_req, _res, next) => next();
  return rateLimit({
    windowMs: minute,
    limit: perMinute,
    keyGenerator: (_req, res) => callerOf(res).personId,
    standardHeaders: false,
    legacyHeaders: false,
    handler(req, res) {
      const { resetTime } = (req as typeof req & { readonly rateLimit: { readonly resetTime?: Date } })
        .rateLimit;
      const wait = (resetTime?.getTime() ?? Date.now() + minute) - Date.now();
      res.set('Retry-After', String(Math.max(1, Math.ceil(wait / 1_000))));
      sendProblem(res, 'rate-limited');
    },
  });
}
