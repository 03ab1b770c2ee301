import { z } from 'zod';
import { limitsSchema } from './limits.ts';
import { personSchema } from './person.ts';
import type { Wire } from './wire.ts';

/** What a clinic says around the messages: whom to call, when to expect an answer, whom to ask what. */
export const guidanceSchema = z
  .object({
    crisisLines: z.array(
      z.object({
        label: z.string(),
        phone: z.string().describe('What is dialled, such as 988 or +18002738255.'),
        takesTexts: z.boolean(),
      }),
    ),
    replyExpectation: z.string(),
    askProvider: z.array(z.string()).describe('Topics that belong with the provider.'),
    askSupport: z.array(z.string()).describe('Topics that belong with the Support Team.'),
  })
  .meta({ id: 'Guidance' });

export const meSchema = z
  .object({ person: personSchema, limits: limitsSchema, guidance: guidanceSchema })
  .meta({ id: 'Me' });

export type Guidance = Wire<typeof guidanceSchema>;
export type Me = Wire<typeof meSchema>;
