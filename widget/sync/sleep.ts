/** How often it is looked whether time has passed that the page knows nothing of. */
const look = 30_000;

/** Longer than a hidden page is made to wait for its timers. */
const asleep = 90_000;

/** Calls back when the computer has slept, until the function that this returns is called. */
export function onAwake(tell: () => void): () => void {
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > asleep) tell();
    last = now;
  }, look);
  return () => clearInterval(timer);
}
