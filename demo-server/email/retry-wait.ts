const first = 30_000;
/** The longest wait there is. */
export const longestRetry = 15 * 60_000;

/** How long a mail server may keep a mail waiting before it counts as undeliverable. */
export const retriedFor = 24 * 3_600_000;

/**
 * How long to wait after so many attempts: 30 seconds at most, then twice as long each time, up to 15 minutes.
 * `random`, from 0 up to 1, takes up to half of it away, so that what failed together does not come back together.
 */
export function retryWait(attempts: number, random: number): number {
  return Math.round(Math.min(first * 2 ** (attempts - 1), longestRetry) * (1 - random / 2));
}
