import { isUtf8 } from 'node:buffer';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import type { Endpoint } from '../../protocol/endpoints.ts';
import type { Wire } from '../../protocol/wire.ts';
import { Refusal } from '../services/refusal.ts';
import type { Session } from '../services/sessions.ts';
import { callerOf } from './authenticate.ts';
import { sendProblem } from './problems.ts';
import { read } from './read.ts';

/** What an endpoint was asked with, checked. */
export type Asked<E extends Endpoint> = {
  readonly session: E['caller'] extends 'person' ? Session : undefined;
  readonly params: Checked<E, 'params'>;
  readonly query: Checked<E, 'query'>;
  readonly body: Checked<E, 'body'>;
};

/** What an endpoint may answer with. */
export type Answer<E extends Endpoint> = {
  [Status in keyof E['answers'] & number]: {
    readonly status: Status;
    readonly body: E['answers'][Status] extends z.ZodType ? Wire<E['answers'][Status]> : null;
    readonly headers?: Readonly<Record<string, string>>;
  };
}[keyof E['answers'] & number];

/** An answer whose status stays the number it is, so that it can be held against the endpoint's. */
export function answer<const Status extends number, const Body>(
  status: Status,
  body: Body,
  headers: Readonly<Record<string, string>> = {},
) {
  return { status, body, headers };
}

export type Gates = Readonly<Record<Endpoint['caller'], readonly RequestHandler[]>>;

/** The contract's endpoints on an Express app: who may call, what they may ask, and what is answered. */
export class Api {
  readonly #app: Express;
  readonly #gates: Gates;
  readonly #methods = new Map<string, string[]>();

  constructor(app: Express, gates: Gates) {
    this.#app = app;
    this.#gates = gates;
  }

  serve<E extends Endpoint>(endpoint: E, handle: (asked: Asked<E>) => Promise<Answer<E>> | Answer<E>): void {
    this.stream(endpoint, async (asked, _req, res) => {
      const { status, body, headers = {} } = await handle(asked);
      res.status(status).set(headers);
      if (body === null) res.end();
      else res.json(body);
    });
  }

  /** For an endpoint whose handler answers by itself. */
  stream<E extends Endpoint>(
    endpoint: E,
    handle: (asked: Asked<E>, req: Request, res: Response) => Promise<void>,
  ): void {
    const { method, caller, body } = endpoint;
    const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const known = this.#methods.get(path) ?? [];
    this.#methods.set(path, [...known, ...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])]);
    const steps: RequestHandler[] = [
      (_req, res, next) => {
        res.locals.route = endpoint.path;
        next();
      },
      ...this.#gates[caller],
      ...(body === undefined ? [] : [requireJson, parseJson]),
      async (req, res) => handle(askedOf(endpoint, req, res), req, res),
    ];
    this.#app[method](path, ...steps);
  }

  /** Once all endpoints are there: everything else is refused. */
  refuseTheRest(): void {
    for (const [path, methods] of this.#methods) {
      this.#app.all(path, (_req, res) => {
        res.set('Allow', methods.join(', '));
        sendProblem(res, 'method-not-allowed');
      });
    }
    this.#app.use((_req, res) => sendProblem(res, 'not-found'));
  }
}

type Checked<E extends Endpoint, Part extends keyof Endpoint> =
  E extends Readonly<Record<Part, infer Schema extends z.ZodType>> ? Wire<Schema> : undefined;

function askedOf<E extends Endpoint>(endpoint: E, req: Request, res: Response): Asked<E> {
  const { params, query, body } = endpoint;
  return {
    session: endpoint.caller === 'person' ? callerOf(res) : undefined,
    params: params && read('path', params, req.params),
    query: query && read('query', query, req.query),
    body: body && read('body', body, req.body),
  } as Asked<E>;
}

const requireJson: RequestHandler = (req, _res, next) => {
  // A body of another kind may have been sent by a page's form, which asks nobody's leave.
  const isJson = /^application\/json *(; *charset *= *"?utf-8"? *)?$/i.test(
    req.headers['content-type'] ?? '',
  );
  next(isJson ? undefined : new Refusal('unsupported-media-type'));
};

const parseJson = express.json({
  limit: '64kb',
  inflate: false,
  strict: false,
  // Decoding would put U+FFFD where bytes are not UTF-8, and so change what was written.
  verify(_req, _res, bytes) {
    if (!isUtf8(bytes)) throw new Refusal('invalid', 'body: must be UTF-8');
  },
});
