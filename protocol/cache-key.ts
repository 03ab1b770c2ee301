import { z } from 'zod';
import { momentSchema, uuidSchema } from './ids.ts';
import type { Wire } from './wire.ts';

/** What one person's records on one device are sealed with. Held in memory only. */
export const cacheKeySchema = z
  .object({
    keyId: uuidSchema,
    key: z.base64().describe('32 bytes.'),
    expiresAt: momentSchema.describe('Not asked for until then, it is gone, and another is handed out.'),
  })
  .meta({ id: 'CacheKey' });

export type CacheKey = Wire<typeof cacheKeySchema>;
