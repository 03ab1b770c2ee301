import { parentPort } from 'node:worker_threads';
import { inspect } from './inspect.ts';
import type { Question } from './inspector.ts';

parentPort?.on('message', ({ name, bytes }: Question) => {
  const verdict = inspect(name, bytes);
  if (verdict.kind === 'refused') return parentPort?.postMessage(verdict);
  // A copy of its own, handed over: what the bytes are a part of stays here.
  const own = new Uint8Array(verdict.bytes);
  parentPort?.postMessage({ ...verdict, bytes: own }, [own.buffer]);
});
