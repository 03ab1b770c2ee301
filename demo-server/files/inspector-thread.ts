import { parentPort } from 'node:worker_threads';
import { inspect } from './inspect.ts';
import type { Question } from './inspector.ts';

parentPort?.on('message', ({ name, bytes }: Question) => parentPort?.postMessage(inspect(name, bytes)));
