import type { ProblemCode } from '../../protocol/problem.ts';
import { isRefused } from '../transport/api-error.ts';

/** Why the server said no; undefined where it did not say so and the same may work in a moment. */
export function reasonOf(error: unknown): ProblemCode | undefined {
  return isRefused(error) ? error.code : undefined;
}
