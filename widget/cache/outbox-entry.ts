import type { ProblemCode } from '../../protocol/problem.ts';
import type { AttachedFile } from './attached-file.ts';

/** A message that was written here and that no server has yet. */
export type OutboxEntry = {
  readonly id: string;
  readonly threadId: string;
  readonly text: string;
  /** What goes with it, in this order; it waits until the server has all of them. */
  readonly files?: readonly AttachedFile[];
  readonly writtenAt: string;
  /** Place among what waits here: rises with each that is written, whatever the clock does. */
  readonly order: number;
  /** `waiting` for its turn, `unreachable` since the last attempt, or `refused` by the server. */
  readonly state: 'waiting' | 'unreachable' | 'refused';
  /** Why it was refused. */
  readonly code?: ProblemCode;
};
