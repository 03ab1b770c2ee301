import { parentPort } from 'node:worker_threads';

/** Stands in for a thread that reads files: what is called `stuck.csv` keeps it for ever, `fall.csv` makes it fall over. */
parentPort?.on('message', ({ name, bytes }: { name: string; bytes: Uint8Array }) => {
  if (name === 'fall.csv') throw new Error('This was to be expected.');
  while (name === 'stuck.csv');
  parentPort?.postMessage({ kind: 'sound', mediaType: 'text/csv', name, bytes });
});
