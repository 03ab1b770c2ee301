import { expect } from '@open-wc/testing';
import { framesOf, type Frame } from '../../../widget/transport/event-stream.ts';

const minute = 60_000;

/** A body that arrives in these pieces and ends. */
function bodyOf(pieces: readonly (string | Uint8Array<ArrayBuffer>)[]) {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const piece of pieces) {
        controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
      }
      controller.close();
    },
  });
}

async function framesIn(...pieces: readonly (string | Uint8Array<ArrayBuffer>)[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of framesOf(bodyOf(pieces), minute)) frames.push(frame);
  return frames;
}

describe('framesOf', () => {
  const stream = [
    'id: 7\n\n',
    ': a heartbeat\n\n',
    'id: 8\nevent: message\ndata: {"text":"Grüße 👋🏽"}\n\n',
    'id: 9\nevent: thread\ndata: one\ndata: two\n\n',
  ].join('');

  const frames = [
    { id: '7', type: undefined, data: '' },
    { id: '8', type: 'message', data: '{"text":"Grüße 👋🏽"}' },
    { id: '9', type: 'thread', data: 'one\ntwo' },
  ];

  it('reads what comes in one piece', async () => {
    expect(await framesIn(stream)).to.deep.equal(frames);
  });

  for (const [name, end] of [
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ] as const) {
    it(`reads the same wherever it is split, with lines that end in ${name}`, async () => {
      // The last end of line stands alone: CR may be half of a CRLF until the next byte tells.
      const bytes = new TextEncoder().encode(`${stream}: more\n`.replaceAll('\n', end));
      for (let at = 0; at <= bytes.length; at++) {
        const found = await framesIn(bytes.slice(0, at), bytes.slice(at));
        expect(found, `split at ${at}`).to.deep.equal(frames);
      }
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      expect(await framesIn(...single)).to.deep.equal(frames);
    });
  }

  it('takes a colon without a space, a field without a colon, and only the first colon', async () => {
    expect(await framesIn('id:3\nevent:read\ndata\ndata:a:b\n\n')).to.deep.equal([
      { id: '3', type: 'read', data: '\na:b' },
    ]);
  });

  it('makes nothing of comments, of other fields, and of a byte order mark', async () => {
    expect(await framesIn('\u{FEFF}: hello\n\nretry: 10\nfoo: bar\n\nid: 4\n\n')).to.deep.equal([
      { id: '4', type: undefined, data: '' },
    ]);
  });

  it('drops a frame that breaks off before its end', async () => {
    expect(await framesIn('id: 1\n\nid: 2\nevent: message\ndata: {}\n')).to.deep.equal([
      { id: '1', type: undefined, data: '' },
    ]);
  });

  it('ends where nothing is heard for too long, and lets the connection go', async () => {
    const { promise: cancelled, resolve } = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ cancel: () => resolve() });
    let reason: unknown;
    try {
      for await (const frame of framesOf(body, 5)) expect.fail(`heard ${frame.data}`);
    } catch (error) {
      reason = error;
    }
    expect(String(reason)).to.contain('silent');
    await cancelled;
  });

  it('takes a heartbeat for a sign of life', async () => {
    const heard: number[] = [];
    let beats = 0;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      // Each beat comes when the last was taken: together they take longer than the silence that is death.
      pull: (controller) =>
        new Promise((resolve) => {
          setTimeout(() => {
            beats += 1;
            if (beats < 8) controller.enqueue(new TextEncoder().encode(': beat\n\n'));
            else controller.enqueue(new TextEncoder().encode('id: 5\n\n'));
            if (beats === 8) controller.close();
            resolve();
          }, 60);
        }),
    });
    for await (const { id } of framesOf(body, 250)) heard.push(Number(id));
    expect(heard).to.deep.equal([5]);
  });

  it('lets the connection go where the listener leaves', async () => {
    const { promise: cancelled, resolve } = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('id: 1\n\n')),
      cancel: () => resolve(),
    });
    for await (const frame of framesOf(body, minute)) {
      expect(frame.id).to.equal('1');
      break;
    }
    await cancelled;
  });
});
