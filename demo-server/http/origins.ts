import cors from 'cors';
import type { Request, RequestHandler } from 'express';
import { Refusal } from '../services/refusal.ts';

const tusHeaders = [
  'Tus-Resumable',
  'Tus-Version',
  'Tus-Extension',
  'Tus-Max-Size',
  'Upload-Length',
  'Upload-Metadata',
  'Upload-Offset',
  'Upload-Expires',
];

export type OriginsOptions = {
  readonly allowed: readonly string[];
  /** The demo's portals lie on both of this machine's names, which makes them two origins. */
  readonly allowLoopback: boolean;
};

/** Lets the pages of listed portals, and our own, ask; refuses every other page. */
export function guardOrigins({ allowed, allowLoopback }: OriginsOptions): readonly RequestHandler[] {
  const isListed = (origin: string, req: Request) =>
    allowed.includes(origin) || (allowLoopback && isOurLoopback(origin, req));

  const refuseOthers: RequestHandler = (req, _res, next) => {
    const { origin } = req.headers;
    const isWelcome = origin === undefined || isListed(origin, req) || isOwn(origin, req);
    next(isWelcome ? undefined : new Refusal('forbidden'));
  };

  const share = cors((req, give) =>
    give(null, {
      origin: req.headers.origin !== undefined && isListed(req.headers.origin, req as Request),
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID', ...tusHeaders],
      exposedHeaders: ['Location', 'ETag', 'Retry-After', ...tusHeaders],
      maxAge: 600,
    }),
  );

  return [refuseOthers, share];
}

function isOwn(origin: string, req: Request): boolean {
  return URL.canParse(origin) && new URL(origin).host === req.headers.host;
}

function isOurLoopback(origin: string, req: Request): boolean {
  const { localPort } = req.socket;
  return origin === `http://localhost:${localPort}` || origin === `http://127.0.0.1:${localPort}`;
}
