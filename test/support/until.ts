// Also where a test holds the clock, or puts it forward.
const { setTimeout } = globalThis;
const { now } = Date;

/** Resolves once the condition holds. Fails, saying what was waited for, where it does not for 8 seconds. */
export async function until(condition: () => boolean, what = String(condition)): Promise<void> {
  for (const end = now() + 8_000; !condition();) {
    if (now() > end) throw new Error(`It never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}

/** The same for what has to be asked for. */
export async function untilAsked(condition: () => Promise<boolean>, what = String(condition)): Promise<void> {
  for (const end = now() + 8_000; !(await condition());) {
    if (now() > end) throw new Error(`It never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}
