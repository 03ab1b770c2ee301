/** How long an answer may take. */
const answerWithin = 30_000;

/**
 * Asks with a signal that aborts after so many milliseconds, or when whoever asks leaves. With the answer the wait
 * is over: one by `AbortSignal.timeout` would go on, with all that hangs on it, for as long as it was to be.
 */
export function inTime<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  leave?: AbortSignal,
  milliseconds = answerWithin,
): Promise<Answer> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), milliseconds);
  return ask(AbortSignal.any([late.signal, leave ?? late.signal])).finally(() => clearTimeout(timer));
}
