import type { ProblemCode } from '../../protocol/problem.ts';

/** A message that was written here and that no server has yet. */
export type OutboxEntry = {
  readonly id: string;
  readonly threadId: string;
  readonly text: string;
  readonly writtenAt: string;
  /** Place among what waits here: rises with each that is written, whatever the clock does. */
  readonly order: number;
  /** `waiting` for its turn, `unreachable` since the last attempt, or `refused` by the server. */
  readonly state: 'waiting' | 'unreachable' | 'refused';
  /** Why it was refused. */
  readonly code?: ProblemCode;
};
