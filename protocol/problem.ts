import { z } from 'zod';
import type { Wire } from './wire.ts';

/** Every way a request can be answered with no, and the HTTP status it has. */
export const problemStatus = {
  invalid: 400,
  unauthenticated: 401,
  'session-expired': 401,
  forbidden: 403,
  'relationship-ended': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'id-reused': 409,
  'too-large': 413,
  'unsupported-file': 415,
  'unsupported-media-type': 415,
  'unsafe-file': 422,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof problemStatus;

/** RFC 9457, `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problemStatus) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string().optional().describe('What is wrong with the request, in words.'),
  })
  .meta({ id: 'Problem' });

export type Problem = Wire<typeof problemSchema>;
