import type { Express, Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Endpoint } from '../../protocol/endpoints.ts';
import type { Wire } from '../../protocol/wire.ts';
import type { Session } from '../services/sessions.ts';
import { callerOf } from './authenticate.ts';
import { readJson } from './json-body.ts';
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
    this.stream(endpoint, async (asked, req, res) => {
      const { status, body, headers = {} } = await handle(asked);
      res.status(status).set(headers);
      if (headers['ETag'] !== undefined && req.fresh) res.status(304).end();
      else if (body === null) res.end();
      else endWithJson(res, body);
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
      ...(body === undefined ? [] : [readJson]),
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

/** Express would look for a type, a charset and an ETag in each answer, all of which are settled here. */
function endWithJson(res: Response, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', bytes.length);
  res.end(bytes);
}
