import type { ProblemCode } from '../../protocol/problem.ts';

/**
 * What a caller can do about a failed request:
 * - `unreachable`: nobody answered, or the server was ill or busy. Ask again, unchanged.
 * - `signed-out`: the page has no session that counts. Ask the person to sign in.
 * - `refused`: the server understood and said no. Tell the person.
 */
export type FailureKind = 'unreachable' | 'signed-out' | 'refused';

/** A request that did not do what it was meant to. Its message never holds anybody's words. */
export class ApiError extends Error {
  readonly kind: FailureKind;

  /** The server's own name for it, or `unavailable` where nobody answered. */
  readonly code: ProblemCode;

  /** How long the server asked us to wait, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(kind: FailureKind, code: ProblemCode = 'unavailable', retryAfter?: number) {
    super(`${kind}: ${code}`);
    this.name = 'ApiError';
    this.kind = kind;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Whether the server understood and said no. */
export function isRefused(error: unknown): error is ApiError {
  return error instanceof ApiError && error.kind === 'refused';
}

/** A failure of the network is shown where it matters, and the next news asks again: nothing else may be hidden. */
export function onlyApiErrors(error: unknown): void {
  if (!(error instanceof ApiError)) reportError(error);
}

/** How long an answer asks us to wait, in either form of RFC 9110, 10.2.3: seconds or a date. */
export function retryAfterOf(response: Response): number | undefined {
  const value = response.headers.get('Retry-After');
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return wait > 0 ? wait : undefined;
}
