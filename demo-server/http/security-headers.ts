import type { RequestHandler } from 'express';

/** Answers are data: nothing in them may run, be framed, or be kept. */
const headers = new Map(
  Object.entries({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none';frame-ancestors 'none'",
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Origin-Agent-Cluster': '?1',
    'Referrer-Policy': 'no-referrer',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  }),
);

export const securityHeaders: RequestHandler = (_req, res, next) => {
  res.setHeaders(headers);
  next();
};
