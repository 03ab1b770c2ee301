/**
 * Wraps a task that may be asked for at any time: never two runs at once, and a request that comes
 * while one runs has another follow it, so none is forgotten.
 */
export function coalesce(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isAskedAgain = false;

  const run = async () => {
    do {
      isAskedAgain = false;
      await task();
    } while (isAskedAgain);
  };

  return () => {
    isAskedAgain = true;
    running ??= run().finally(() => (running = undefined));
    return running;
  };
}
