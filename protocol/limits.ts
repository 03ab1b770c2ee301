import { z } from 'zod';
import type { Wire } from './wire.ts';

/** What a message may weigh. A backend of your own may set other figures: the widget asks for them. */
export const limits = {
  maxTextLength: 8_000,
  maxAttachments: 10,
  maxAttachmentBytes: 26_214_400,
  mediaTypes: [
    'application/pdf',
    'image/jpeg',
    'image/png',
    'application/msword',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'text/csv',
  ],
} as const;

/** How many rows one answer may carry. */
export const pageSize = { default: 50, max: 200 } as const;

export const limitsSchema = z
  .object({
    maxTextLength: z.int().positive().describe('UTF-16 code units in one message.'),
    maxAttachments: z.int().nonnegative().describe('Files in one message.'),
    maxAttachmentBytes: z.int().nonnegative().describe('Bytes in one file.'),
    mediaTypes: z.array(z.string()).describe('Kinds of file that are taken.'),
  })
  .meta({ id: 'Limits' });

export type Limits = Wire<typeof limitsSchema>;
