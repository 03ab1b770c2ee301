import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pick } from './random.ts';

/** What may happen to a request on its way. */
export const faults = [
  'cut before',
  'cut after',
  'cut inside the answer',
  'half an answer',
  'slow',
  'doubled',
  'late',
  'captive portal',
  'somebody else’s yes',
  'bad gateway',
  'bad gateway after all',
  'overloaded',
  'firewall',
] as const;
export type Fault = (typeof faults)[number];

type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer<ArrayBuffer>;
};
type Answered = { readonly status: number; readonly type: string; readonly body: Buffer };

/** Stands between a caller and a server, and is a network on its bad days. */
export class FaultProxy {
  readonly #target: string;
  readonly #random: () => number;
  readonly #server = createServer((req, res) => void this.#relay(req, res).catch(() => res.destroy()));
  /** What was cut off from its sender and is still on its way. */
  #late: Asked[] = [];
  readonly #arriving = new Set<Promise<unknown>>();

  /** Those whose turn has yet to come. */
  #bag: Fault[] = [];

  /** How much of what is asked suffers: from 0, nothing, to 1, everything. */
  illness = 0;
  isAway = false;
  readonly suffered = new Map<Fault, number>();

  private constructor(target: string, random: () => number) {
    this.#target = target;
    this.#random = random;
  }

  static async start(
    t: Pick<TestContext, 'after'>,
    target: string,
    random: () => number,
  ): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, random);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      proxy.#server.closeAllConnections();
      proxy.#server.close();
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Nothing suffers any more. What is late may come later still. */
  heal(): void {
    this.illness = 0;
    this.isAway = false;
  }

  /** Resolves when all that was late has arrived. */
  async arrived(): Promise<void> {
    this.#letIn();
    await Promise.all(this.#arriving);
  }

  async #relay(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const asked = await askedBy(req);
    if (this.isAway) return void res.destroy();
    if (this.#late.length > 0 && this.#random() < 0.3) this.#letIn();
    if (this.#random() >= this.illness) return send(res, await this.#ask(asked));
    const fault = this.#drawFault();
    this.suffered.set(fault, (this.suffered.get(fault) ?? 0) + 1);
    await this.#suffer(fault, asked, res);
  }

  /** Each once, in any order, before any comes again: a short run meets them all. */
  #drawFault(): Fault {
    if (this.#bag.length === 0) this.#bag = [...faults];
    const fault = pick(this.#random, this.#bag);
    this.#bag.splice(this.#bag.indexOf(fault), 1);
    return fault;
  }

  async #suffer(fault: Fault, asked: Asked, res: ServerResponse): Promise<void> {
    switch (fault) {
      case 'cut before':
        return void res.destroy();
      case 'cut after':
        await this.#ask(asked);
        return void res.destroy();
      case 'cut inside the answer': {
        const { status, type, body } = await this.#ask(asked);
        res.writeHead(status, { 'Content-Type': type, 'Content-Length': body.length });
        return void res.write(half(body), () => res.destroy());
      }
      case 'half an answer': {
        const answered = await this.#ask(asked);
        return send(res, { ...answered, body: half(answered.body) });
      }
      case 'slow':
        await sleep(this.#random() * 20);
        return send(res, await this.#ask(asked));
      case 'doubled': {
        const both = await Promise.all([this.#ask(asked), this.#ask(asked)]);
        return send(res, pick(this.#random, both));
      }
      case 'late':
        this.#late.push(asked);
        return void res.destroy();
      case 'captive portal':
        return send(res, page(200, '<!doctype html><title>Welcome to our Wi-Fi</title>'));
      case 'somebody else’s yes':
        return send(res, { status: 200, type: 'application/json', body: Buffer.from('{"ok":true}') });
      case 'bad gateway':
        return send(res, page(502, '<h1>Bad Gateway</h1>'));
      case 'bad gateway after all':
        await this.#ask(asked);
        return send(res, page(502, '<h1>Bad Gateway</h1>'));
      case 'overloaded':
        res.setHeader('Retry-After', '1');
        return send(res, page(503, '<h1>Service Unavailable</h1>'));
      case 'firewall':
        return send(res, page(403, '<h1>Your request was blocked</h1>'));
    }
  }

  #letIn(): void {
    const late = this.#late;
    this.#late = [];
    for (const asked of late) {
      const arriving = this.#ask(asked).finally(() => this.#arriving.delete(arriving));
      this.#arriving.add(arriving);
    }
  }

  async #ask({ method, path, headers, body }: Asked): Promise<Answered> {
    const response = await fetch(this.#target + path, {
      method,
      headers,
      ...(body.length > 0 && { body }),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: Buffer.from(await response.arrayBuffer()),
    };
  }
}

async function askedBy(req: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const { authorization, 'content-type': type } = req.headers;
  return {
    method: req.method ?? '',
    path: req.url ?? '',
    headers: {
      ...(authorization !== undefined && { Authorization: authorization }),
      ...(type !== undefined && { 'Content-Type': type }),
    },
    body: Buffer.concat(chunks),
  };
}

function page(status: number, html: string): Answered {
  return { status, type: 'text/html', body: Buffer.from(html) };
}

function half(body: Buffer): Buffer {
  return body.subarray(0, body.length / 2);
}

function send(res: ServerResponse, { status, type, body }: Answered): void {
  res.writeHead(status, { 'Content-Type': type, 'Content-Length': body.length }).end(body);
}
