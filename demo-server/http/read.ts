import type { z } from 'zod';
import { limits } from '../../protocol/limits.ts';
import type { Wire } from '../../protocol/wire.ts';
import { Refusal } from '../services/refusal.ts';

/** Checks one part of a request, and refuses it in words that name the place and repeat nothing of it. */
export function read<Schema extends z.ZodType>(
  part: 'path' | 'query' | 'body',
  schema: Schema,
  value: unknown,
): Wire<Schema> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data as Wire<Schema>;
  const { issues } = checked.error;
  const tooLong = issues.find(isTextTooLong);
  if (tooLong !== undefined) throw new Refusal('too-large', wordsOf(part, tooLong));
  throw new Refusal('invalid', issues.map((issue) => wordsOf(part, issue)).join('; '));
}

/** Of all limits there are, the one on a message's words has a name of its own. */
function isTextTooLong(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'too_big' && issue.origin === 'string' && issue.maximum === limits.maxTextLength;
}

function wordsOf(part: string, { path, message }: z.core.$ZodIssue): string {
  return `${[part, ...path].join(' ')}: ${message}`;
}
