import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** What it says next: an answer of clamd's, or nothing at all. */
type Mood = 'well' | 'silent' | 'closing' | 'overloaded';

/** Speaks as much of clamd's language as INSTREAM needs, and finds harm where a file says `EICAR`. */
export type FakeClamd = {
  readonly port: number;
  readonly seen: readonly Buffer[];
  setMood(mood: Mood): void;
};

export async function startClamd(t: Pick<TestContext, 'after'>): Promise<FakeClamd> {
  const seen: Buffer[] = [];
  const sockets = new Set<Socket>();
  let mood: Mood = 'well';
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    if (mood === 'closing') return void socket.destroy();
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const file = fileIn(received);
      if (file === undefined || mood === 'silent') return;
      seen.push(file);
      socket.end(mood === 'overloaded' ? 'INSTREAM size limit exceeded. ERROR\0' : answerTo(file));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    setMood(next) {
      mood = next;
      if (next === 'well') for (const socket of sockets) socket.destroy();
    },
  };
}

function answerTo(file: Buffer): string {
  return file.includes('EICAR') ? 'stream: Win.Test.EICAR_HDB-1 FOUND\0' : 'stream: OK\0';
}

/** The file in a whole request; nothing while more is to come. */
function fileIn(received: Buffer): Buffer | undefined {
  const command = 'zINSTREAM\0';
  if (received.length < command.length) return undefined;
  if (!received.subarray(0, command.length).equals(Buffer.from(command))) return Buffer.alloc(0);
  const parts: Buffer[] = [];
  for (let at = command.length; at + 4 <= received.length;) {
    const length = received.readUInt32BE(at);
    if (length === 0) return Buffer.concat(parts);
    if (at + 4 + length > received.length) return undefined;
    parts.push(received.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}
