import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import express, { type Response } from 'express';
import { EventStream } from '../../../demo-server/http/event-stream.ts';

const kilobyte = 1_024;
const moreThanTheSystemTakes = Buffer.alloc(64 * kilobyte ** 2);
const aFrame = { id: 1, event: 'message', data: 'x'.repeat(64 * kilobyte) };

describe('an event stream', () => {
  it('holds no more than was last written, and lets go of a reader who takes nothing', async (t) => {
    const { stream, res } = await openTo(t, { patience: 50 });
    const closed = once(res, 'close');
    let most = 0;
    while (stream.isOpen) {
      const written = stream.write([aFrame]);
      most = Math.max(most, res.writableLength);
      stream.beat();
      await written;
    }
    await closed;
    assert.ok(most > 64 * kilobyte, 'the reader took everything');
    assert.ok(most < 256 * kilobyte, `${most} bytes were held`);
  });

  it('does not wait for a reader who takes not even the end', async (t) => {
    const { stream, res } = await openTo(t, { patience: 50 });
    res.write(moreThanTheSystemTakes);
    const closed = once(res, 'close');
    stream.end();
    await closed;
  });

  it('goes on as soon as there is room', async (t) => {
    const { stream, res, reader } = await openTo(t, { patience: 60_000 });
    res.write(moreThanTheSystemTakes);
    const written = stream.write([aFrame]);
    reader.resume();
    await written;
    assert.equal(res.writableLength, 0);
  });
});

/** A stream to somebody who does not read, before they are told to resume. */
async function openTo(t: TestContext, { patience }: { patience: number }) {
  const app = express();
  const opened = new Promise<Response>((resolve) => app.get('/', (_req, res) => resolve(res)));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  reader.on('error', () => undefined);
  t.after(() => {
    reader.destroy();
    server.close();
  });
  reader.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const res = await opened;
  const stream = new EventStream(res, patience);
  stream.open();
  return { stream, res, reader };
}
