import { z } from 'zod';
import { personIdSchema, placeSchema, uuidSchema } from './ids.ts';
import type { Wire } from './wire.ts';

/**
 * What happened to somebody's threads. On the wire `type` is the `event:` field of a server-sent
 * event and the rest its `data:`; its `id:` is the person's own cursor, which only rises.
 */
export const liveEventSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('message'),
      threadId: uuidSchema,
      seq: z.int().positive(),
      messageId: uuidSchema,
    }),
    z.object({ type: z.literal('read'), threadId: uuidSchema, seq: placeSchema, personId: personIdSchema }),
    z.object({ type: z.literal('thread'), threadId: uuidSchema }),
    z.object({ type: z.literal('reset') }).describe('Start over from GET /v1/threads.'),
  ])
  .meta({ id: 'LiveEvent' });

export type LiveEvent = Wire<typeof liveEventSchema>;
