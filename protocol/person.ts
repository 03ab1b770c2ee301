import { z } from 'zod';
import { personIdSchema } from './ids.ts';
import type { Wire } from './wire.ts';

/** Which side of a thread a person is on. */
export const roleSchema = z.enum(['client', 'provider']);

const line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must be one line of text');

const profile = {
  role: roleSchema,
  displayName: line(200).regex(/\S/u, 'must not be blank'),
  locale: z
    .string()
    .max(64)
    .refine(isLocale, 'must be a BCP 47 language tag')
    .meta({ description: 'BCP 47, such as en-US.', examples: ['en-US'] }),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be an IANA time zone')
    .meta({ description: 'IANA, such as America/New_York.', examples: ['America/New_York'] }),
  credentials: line(200).optional().describe("A provider's letters, such as LMFT."),
  replyPolicy: line(500).optional().describe('When a provider answers, in words: "within 2 business days".'),
};

/** Somebody as the other side of a thread sees them: never their email. */
export const correspondentSchema = z
  .object({ id: personIdSchema, ...profile })
  .meta({ id: 'Correspondent', description: 'A person as others see them.' });

/** Whether a person wants an email when something waits for them. */
export const notificationsSchema = z.enum(['all', 'none']);

/** Somebody as they see themselves, and as the portal does. */
export const personSchema = z
  .object({
    id: personIdSchema,
    ...profile,
    email: z.email().max(254),
    notifications: notificationsSchema
      .default('all')
      .describe('Emails about messages that wait: `all`, or `none`.'),
  })
  .meta({ id: 'Person' });

/** What the portal says of a person: all but their id, which the path has. */
export const personUpdateSchema = personSchema.omit({ id: true }).meta({ id: 'PersonUpdate' });

export type Role = Wire<typeof roleSchema>;
export type Correspondent = Wire<typeof correspondentSchema>;
export type Person = Wire<typeof personSchema>;
export type PersonUpdate = Wire<typeof personUpdateSchema>;

function isLocale(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

function isTimeZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }) !== undefined;
  } catch {
    return false;
  }
}
