import { z } from 'zod';
import { textSchema } from './message.ts';
import type { Wire } from './wire.ts';

/**
 * How a client and a provider stand: `current` and `former` may write, `ended` may only read.
 * Without a relationship there is no thread, and nothing says that the other exists.
 */
export const statusSchema = z.enum(['current', 'former', 'ended']);

/** What the portal says of a client and a provider. */
export const relationshipUpdateSchema = z
  .object({
    status: statusSchema,
    welcome: textSchema
      .refine((text) => text.trim() !== '', 'must hold more than white space')
      .optional()
      .describe("The provider's welcome: their first message, where the thread has none yet."),
  })
  .meta({ id: 'RelationshipUpdate' });

export const relationshipSchema = z
  .object({ clientId: z.string(), providerId: z.string(), status: statusSchema })
  .meta({ id: 'Relationship' });

export type RelationshipStatus = Wire<typeof statusSchema>;
export type Relationship = Wire<typeof relationshipSchema>;
export type RelationshipUpdate = Wire<typeof relationshipUpdateSchema>;
