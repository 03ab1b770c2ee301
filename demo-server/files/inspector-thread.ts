import { parentPort } from 'node:worker_threads';
import { inspect } from './inspect.ts';
import type { Answer, Question } from './inspector.ts';

parentPort?.on('message', ({ name, bytes }: Question) => {
  answer({ kind: 'begun', worked: process.threadCpuUsage() });
  const verdict = inspect(name, bytes);
  if (verdict.kind === 'refused') return answer(verdict);
  // A copy of its own, handed over: what the bytes are a part of stays here.
  const own = new Uint8Array(verdict.bytes);
  answer({ ...verdict, bytes: own }, [own.buffer]);
});

const answer = (said: Answer, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(said, transfer);
