import type { ProblemCode } from '../../protocol/problem.ts';

/** A request we understood and will not do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ProblemCode;
  /** What is wrong with the request, in words that repeat nothing of it. */
  readonly detail: string | undefined;

  /** Where a protocol above ours demands another status than the code has. */
  readonly otherStatus: number | undefined;

  constructor(code: ProblemCode, detail?: string, otherStatus?: number) {
    super(code);
    this.code = code;
    this.detail = detail;
    this.otherStatus = otherStatus;
  }
}
