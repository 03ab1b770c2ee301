import type { ProblemCode } from '../../protocol/problem.ts';

/** A request we understood and will not do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ProblemCode;
  /** What is wrong with the request, in words that repeat nothing of it. */
  readonly detail: string | undefined;

  constructor(code: ProblemCode, detail?: string) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}
