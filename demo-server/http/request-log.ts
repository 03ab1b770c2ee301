import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/**
 * One line for each request, made of the fields named here and of no others: the route's pattern, not
 * the path, for a path has ids in it.
 */
export function logRequests(log: Logger): RequestHandler {
  return (req, res, next) => {
    const begun = performance.now();
    res.once('close', () => {
      const { route, problem } = res.locals as { readonly route?: string; readonly problem?: string };
      log.info({
        request: randomUUID(),
        method: req.method,
        route: route ?? 'none',
        status: res.statusCode,
        ms: Math.round(performance.now() - begun),
        ...(problem !== undefined && { problem }),
      });
    });
    next();
  };
}
