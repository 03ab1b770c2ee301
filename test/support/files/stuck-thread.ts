import { existsSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { Answer, Question } from '../../../demo-server/files/inspector.ts';

/**
 * Stands in for a thread that reads files: what is called `stuck.csv` keeps it at work for ever, `asleep.csv` keeps it waiting
 * for ever, `fall.csv` makes it fall over, `early.csv` before it has begun, and `once.csv` the first time: it
 * says where to leave word of that.
 */
parentPort?.on('message', ({ name, bytes }: Question) => {
  if (name === 'early.csv') throw expected();
  answer({ kind: 'begun', worked: process.threadCpuUsage() });
  if (name === 'fall.csv') throw expected();
  if (name === 'once.csv') fallOnce(Buffer.from(bytes).toString('utf8'));
  while (name === 'stuck.csv');
  if (name === 'asleep.csv') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  answer({ kind: 'sound', mediaType: 'text/csv', name, bytes });
});

function fallOnce(mark: string): void {
  if (existsSync(mark)) return;
  writeFileSync(mark, '');
  throw expected();
}

const answer = (said: Answer) => parentPort?.postMessage(said);
const expected = () => new Error('This was to be expected.');
