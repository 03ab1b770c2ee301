import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import express, { type ErrorRequestHandler } from 'express';
import { requireProxy } from '../../../demo-server/http/trusted-proxy.ts';
import type { Refusal } from '../../../demo-server/services/refusal.ts';

describe('a server behind a proxy', () => {
  const cases: readonly [proxy: string, from: string | undefined, answer: 'welcome' | 'forbidden'][] = [
    ['10.0.0.1', '10.0.0.1', 'welcome'],
    ['10.0.0.1', '::ffff:10.0.0.1', 'welcome'],
    ['10.0.0.1', '10.0.0.2', 'forbidden'],
    ['10.0.0.1', '::ffff:10.0.0.2', 'forbidden'],
    ['10.0.0.1', 'fd00::1', 'forbidden'],
    ['fd00::1', 'fd00::1', 'welcome'],
    ['fd00::1', 'fd00::2', 'forbidden'],
    ['fd00::1', '10.0.0.1', 'forbidden'],
    ['10.0.0.1', '127.0.0.1', 'welcome'],
    ['10.0.0.1', '::ffff:127.0.0.1', 'welcome'],
    ['10.0.0.1', '::1', 'welcome'],
    ['10.0.0.1', undefined, 'forbidden'],
  ];
  for (const [proxy, from, expected] of cases) {
    it(`has ${from ?? 'whoever hung up'} ${expected} where the proxy is ${proxy}`, async () => {
      assert.equal(await answerTo(from, proxy), expected);
    });
  }
});

/** What somebody is told who asks from an address that this machine need not have. */
async function answerTo(remoteAddress: string | undefined, proxy: string): Promise<string | undefined> {
  const refuse: ErrorRequestHandler = (error: Refusal, _req, res, _next) => void res.send(error.code);
  const app = express();
  app.use(requireProxy(proxy));
  app.use((_req, res) => void res.send('welcome'));
  app.use(refuse);
  const [theirs, ours] = duplexPair();
  createServer(app).emit('connection', Object.assign(ours, { remoteAddress }));
  theirs.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  return (await text(theirs)).split('\r\n').at(-1);
}
