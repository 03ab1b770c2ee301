import type { ProblemCode } from '../../protocol/problem.ts';

/** A file that was attached here and that no message on the server carries yet. Its bytes are kept apart. */
export type AttachedFile = {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  /** `waiting` until the server has all of it, then `there`; `refused` where it will not have it. */
  readonly state: 'waiting' | 'there' | 'refused';
  /** What the server calls it, once it has begun to take it. */
  readonly uploadId?: string;
  /** Why it was refused; `gone` where its bytes are no longer on this device. */
  readonly code?: ProblemCode | 'gone';
  /** The same in the server's words. */
  readonly detail?: string;
};

/** Under which name the files of a draft are kept, beside its words. */
export function filesOf(place: string): string {
  return `files ${place}`;
}
