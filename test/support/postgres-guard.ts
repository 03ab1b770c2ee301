import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

// Ends a PostgreSQL and removes its folder as soon as whoever started both is gone, in whatever way:
// a test process that is killed can't do it any more, but its end of this pipe closes with it.
const [pidFile, home] = process.argv.slice(2);
process.stdin.resume().once('close', () => void clear());

async function clear(): Promise<void> {
  for (let tries = 0; tries < 500 && end(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await rm(home!, { recursive: true, force: true, maxRetries: 3 });
}

/** Whether there was something to end. PostgreSQL takes its pid file away when it goes. */
function end(): boolean {
  try {
    // "Immediate": nothing in there is wanted afterwards.
    return process.kill(Number.parseInt(readFileSync(pidFile!, 'utf8'), 10), 'SIGQUIT');
  } catch {
    return false;
  }
}
