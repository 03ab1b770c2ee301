/**
 * Wraps a task that may be asked for at any time: never two runs at once, and a request that comes
 * while one runs has another follow it, so none is forgotten.
 */
export function coalesce(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isAskedAgain = false;

  const run = async () => {
    try {
      do {
        isAskedAgain = false;
        await task();
      } while (isAskedAgain);
    } finally {
      // In the same breath as the last look: whoever asks from here on begins a run of their own.
      running = undefined;
    }
  };

  return () => {
    isAskedAgain = true;
    return (running ??= run());
  };
}
