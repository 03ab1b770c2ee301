import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { type Problem, type ProblemCode, problemStatus } from '../../protocol/problem.ts';
import { Refusal } from '../services/refusal.ts';

const titles: Readonly<Record<ProblemCode, string>> = {
  invalid: 'The request is not well formed',
  unauthenticated: 'Nobody is signed in',
  'session-expired': 'The session has ended',
  forbidden: 'This may not be asked from here',
  'relationship-ended': 'Nothing can be sent in this conversation any more',
  'not-found': 'There is nothing here for you',
  'method-not-allowed': 'This can not be done here',
  'id-reused': 'Another message has this id',
  'too-large': 'This is too long',
  'unsupported-file': 'Files of this kind are not taken',
  'unsupported-media-type': 'The body must be JSON in UTF-8',
  'unsafe-file': 'This file could do harm',
  'rate-limited': 'Too many requests',
  internal: 'Something went wrong on our side',
  unavailable: 'Not available at the moment',
};

export type ProblemsOptions = {
  readonly log: Logger;
  /** Whether an error says that what we stand on does not answer. */
  readonly isTrouble: (error: unknown) => boolean;
};

/** Answers everything that is thrown, and is the only one that knows which status a refusal has. */
export function answerProblems({ log, isTrouble }: ProblemsOptions): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    const { code, detail, otherStatus } = refusalOf(error, isTrouble);
    if (code === 'internal') log.error(traceOf(error), 'A request failed');
    if (res.headersSent) {
      res.destroy();
      return next();
    }
    sendProblem(res, code, detail, otherStatus);
  };
}

/** `status` is for where a protocol above ours demands another than the code has. */
export function sendProblem(
  res: Response,
  code: ProblemCode,
  detail?: string,
  status: number = problemStatus[code],
): void {
  const problem: Problem = {
    type: `urn:grow-messages:problem:${code}`,
    title: titles[code],
    status,
    code,
    ...(detail !== undefined && { detail }),
  };
  res.locals.problem = code;
  if (status === 401) res.set('WWW-Authenticate', 'Bearer');
  if (status === 503) res.set('Retry-After', '5');
  if (status === 429 && !res.hasHeader('Retry-After')) res.set('Retry-After', '60');
  res.status(status).type('application/problem+json').send(JSON.stringify(problem));
}

function refusalOf(error: unknown, isTrouble: ProblemsOptions['isTrouble']): Refusal {
  if (error instanceof Refusal) return error;
  if (isTrouble(error)) return new Refusal('unavailable');
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  // What Express and its body parser throw has the status they would answer.
  if (status === 413) return new Refusal('too-large', 'body: must be 64 KiB at most');
  if (status === 415) return new Refusal('unsupported-media-type');
  if (error instanceof URIError) return new Refusal('invalid', 'path: must be well-formed');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Refusal('invalid', 'body: must be well-formed JSON in UTF-8');
  }
  return new Refusal('internal');
}

/** Where it happened, and nothing of what an error says: a database repeats values in its words. */
export function traceOf(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    ...('code' in error && { errorCode: error.code }),
    frames: frames?.map((line) => line.trim()),
  };
}
