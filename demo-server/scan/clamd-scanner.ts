import { connect } from 'node:net';
import type { Scanner, Verdict } from './scanner.ts';

/** Where a clamd listens. */
export type ClamdAddress = { readonly host: string; readonly port: number } | { readonly path: string };

const chunkSize = 65_536;
const patience = 60_000;

/** ClamAV's daemon, asked with INSTREAM: it need not see our disk. */
export function clamdScanner(address: ClamdAddress): Scanner {
  return {
    scan: (bytes, stop) =>
      new Promise((resolve) => {
        const socket = connect({ ...address, signal: stop });
        let answer = '';
        const end = (verdict: Verdict) => {
          resolve(verdict);
          socket.destroy();
        };
        socket.setEncoding('latin1').setTimeout(patience, () => end('unavailable'));
        socket.on('data', (text: string) => {
          answer += text;
          if (answer.includes('\0') || answer.length > 4_096) end(verdictIn(answer));
        });
        // It closes the connection behind its answer, or in the middle of a file that is too long for it.
        socket.on('end', () => end(verdictIn(answer)));
        socket.on('error', () => end(verdictIn(answer)));
        socket.once('connect', () => {
          socket.write('zINSTREAM\0');
          for (let start = 0; start < bytes.length; start += chunkSize) {
            const chunk = bytes.subarray(start, start + chunkSize);
            socket.write(lengthOf(chunk));
            socket.write(chunk);
          }
          socket.write(Buffer.alloc(4));
        });
      }),
  };
}

function lengthOf(chunk: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(chunk.length);
  return length;
}

/** Whatever is neither a yes nor a no, such as that a limit of its own was reached, is no answer. */
function verdictIn(answer: string): Verdict {
  const [said = ''] = answer.split('\0');
  if (said === 'stream: OK') return 'clean';
  return said.startsWith('stream: ') && said.endsWith(' FOUND') ? 'infected' : 'unavailable';
}
