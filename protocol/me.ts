import { z } from 'zod';
import { limitsSchema } from './limits.ts';
import { personSchema } from './person.ts';
import type { Wire } from './wire.ts';

const words = z.string().regex(/\S/u, 'must not be blank').max(2_000);

const phone = z.string().regex(/^(?=.*\d)\+?[\d ().-]{2,30}$/, 'must be a phone number');

const html = 'Plain words, or simple HTML: bold, italics, lists, links.';

/** What a clinic says around the messages: whom to call, when to expect an answer, whom to ask what. */
export const guidanceSchema = z
  .object({
    crisisLines: z.array(
      z.strictObject({
        label: words,
        phone: phone.describe('What is dialled, such as 988 or +18002738255.'),
        takesTexts: z.boolean(),
      }),
    ),
    replyExpectation: words.describe(`When an answer may be expected. ${html}`),
    replyBusinessDays: z
      .int()
      .positive()
      .max(30)
      .optional()
      .describe('Business days within which providers usually answer. Without it, 3.'),
    supportAfterHours: z
      .int()
      .positive()
      .max(720)
      .optional()
      .describe('Hours without an answer after which the Support Team is suggested. Without it, 48.'),
    bookingsPhone: phone
      .optional()
      .describe('Whom to call for help finding a provider, as one reads it: (646) 687-9932.'),
    askProvider: z.array(words).describe(`Topics that belong with the provider. ${html}`),
    askSupport: z.array(words).describe(`Topics that belong with the Support Team. ${html}`),
  })
  .meta({ id: 'Guidance' });

export const meSchema = z
  .object({ person: personSchema, limits: limitsSchema, guidance: guidanceSchema })
  .meta({ id: 'Me' });

export type Guidance = Wire<typeof guidanceSchema>;
export type Me = Wire<typeof meSchema>;
