/** How the waits of one kind of work grow. Milliseconds. */
export type Waits = { readonly first: number; readonly longest: number };

/** The live connection: back soon, and never more than a minute away. */
export const reconnectWaits: Waits = { first: 500, longest: 60_000 };

/** What waits to be sent. */
export const resendWaits: Waits = { first: 1_000, longest: 900_000 };

/**
 * How long to wait before the next attempt, `attempt` having failed (1 is the first). Doubles up to the
 * longest; half of it is left to chance, so that a crowd that lost its server doesn't return as one.
 */
export function retryDelay(attempt: number, { first, longest }: Waits, random = Math.random): number {
  const ceiling = Math.min(longest, first * 2 ** Math.min(attempt - 1, 30));
  return ceiling / 2 + (ceiling / 2) * random();
}
