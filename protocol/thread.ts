import { z } from 'zod';
import { momentSchema, placeSchema, uuidSchema } from './ids.ts';
import { messageSchema } from './message.ts';
import { correspondentSchema } from './person.ts';
import { statusSchema } from './relationship.ts';
import type { Wire } from './wire.ts';

/** One conversation of a client and a provider, as one of the two sees it. */
export const threadSchema = z
  .object({
    id: uuidSchema,
    with: correspondentSchema.describe('The other of the two.'),
    status: statusSchema,
    canSend: z.boolean(),
    lastSeq: placeSchema.describe('Seq of the newest message; 0 where there is none.'),
    readSeq: placeSchema.describe('How far I have read.'),
    theirReadSeq: placeSchema.describe('How far the other has read.'),
    unread: z.int().nonnegative().describe('Messages of theirs that I have not read.'),
    lastMessage: messageSchema.nullable(),
    awaitingReplySince: momentSchema
      .nullable()
      .describe("When the client's first message after the provider's last one was sent."),
  })
  .meta({ id: 'Thread' });

/** Somebody I may write to. */
export const contactSchema = z
  .object({
    person: correspondentSchema,
    status: statusSchema.exclude(['ended']),
    threadId: uuidSchema.optional(),
  })
  .meta({ id: 'Contact' });

export type Thread = Wire<typeof threadSchema>;
export type Contact = Wire<typeof contactSchema>;
