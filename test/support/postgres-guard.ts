import { rm } from 'node:fs/promises';

// Ends a PostgreSQL and removes its folder as soon as whoever started both is gone, in whatever way:
// a test process that is killed can't do it any more, but its end of this pipe closes with it.
const [pid, home] = process.argv.slice(2);
process.stdin.resume().once('close', () => void clear());

async function clear(): Promise<void> {
  for (let tries = 0; tries < 500 && isThere(); tries++) {
    // "Immediate": nothing in there is wanted afterwards.
    process.kill(Number(pid), 'SIGQUIT');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await rm(home!, { recursive: true, force: true, maxRetries: 3 });
}

function isThere(): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}
