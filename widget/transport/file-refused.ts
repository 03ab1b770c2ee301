import type { ProblemCode } from '../../protocol/problem.ts';
import { ApiError } from './api-error.ts';

/** The server will not have a file, and says why in words that are meant for whoever sent it. */
export class FileRefused extends ApiError {
  readonly detail: string | undefined;

  constructor(code: ProblemCode, detail: string | undefined) {
    super('refused', code);
    this.detail = detail;
  }
}
