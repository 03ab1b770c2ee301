import { z } from 'zod';
import { momentSchema, personIdSchema, uuidSchema } from './ids.ts';
import { limits } from './limits.ts';
import type { Wire } from './wire.ts';

/** A file that a message carries. */
export const attachmentSchema = z
  .object({
    id: uuidSchema,
    name: z.string(),
    mediaType: z.string(),
    size: z.int().positive(),
    state: z
      .enum(['checking', 'unsafe'])
      .optional()
      .describe(
        'Only where a scanner looks at files: `checking` until it has, when nobody can fetch the file yet; `unsafe` ' +
          'where it found harm, when nobody ever can. A `thread` event tells both sides when it changes.',
      ),
  })
  .meta({ id: 'Attachment' });

/** What became of the email about a message; told to its sender alone. */
export const notificationSchema = z.object({
  state: z
    .enum(['due', 'emailed', 'read', 'failed'])
    .describe('`due`: at that time, unless it is read before; `read`: before an email was needed.'),
  at: momentSchema,
});

export const messageSchema = z
  .object({
    id: uuidSchema.describe("Made on the writer's device; the message's one name for ever."),
    threadId: uuidSchema,
    seq: z.int().positive().describe('Place in the thread: from 1, without gaps.'),
    senderId: personIdSchema,
    text: z.string().describe('Plain text, exactly as it was written.'),
    attachments: z.array(attachmentSchema),
    sentAt: momentSchema,
    notification: notificationSchema.optional(),
  })
  .meta({ id: 'Message' });

/** The words of a message: well-formed Unicode, within the limit. */
export const textSchema = z
  .string()
  .max(limits.maxTextLength)
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

/** What a writer sends. */
export const newMessageSchema = z
  .object({
    text: textSchema,
    attachments: z
      .array(uuidSchema)
      .max(limits.maxAttachments)
      .default([])
      .describe('Ids of finished uploads, in order.'),
  })
  .refine(({ text, attachments }) => text.trim() !== '' || attachments.length > 0, {
    path: ['text'],
    message: 'must hold more than white space where there is no file',
  })
  .meta({ id: 'NewMessage' });

export type Attachment = Wire<typeof attachmentSchema>;
export type Notification = Wire<typeof notificationSchema>;
export type Message = Wire<typeof messageSchema>;
export type NewMessage = Wire<typeof newMessageSchema>;
