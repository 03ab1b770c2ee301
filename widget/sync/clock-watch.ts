/** How often the clock is looked at: a page is told neither that time has passed nor that a day has. */
const look = 30_000;

/** Longer than a hidden page is made to wait for its timers. */
const asleep = 90_000;

/**
 * Calls back when the computer has slept, and when it is another day where the reader is, until the function that
 * this returns is called.
 */
export function watchClock(onAwake: () => void, onNewDay: () => void): () => void {
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > asleep) onAwake();
    if (dayOf(now) !== dayOf(last)) onNewDay();
    last = now;
  }, look);
  return () => clearInterval(timer);
}

function dayOf(moment: number): string {
  return new Date(moment).toDateString();
}
