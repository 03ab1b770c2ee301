import { z } from 'zod';
import { momentSchema, uuidSchema } from './ids.ts';
import type { Wire } from './wire.ts';

/** Who did what, when, and in which thread: never a word of anybody's. */
export const auditEntrySchema = z
  .object({
    seq: z.int().positive(),
    at: momentSchema,
    actor: z.string().describe('A person\'s id, or "portal", or "server" where it acts by itself.'),
    action: z.string(),
    thread: uuidSchema.optional(),
  })
  .meta({ id: 'AuditEntry' });

export type AuditEntry = Wire<typeof auditEntrySchema>;
