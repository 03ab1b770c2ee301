import { z } from 'zod';
import { auditEntrySchema } from './audit-entry.ts';
import { cacheKeySchema } from './cache-key.ts';
import { personIdSchema, placeSchema, uuidSchema } from './ids.ts';
import { pageSize } from './limits.ts';
import { liveEventSchema } from './live-event.ts';
import { meSchema } from './me.ts';
import { messageSchema, newMessageSchema } from './message.ts';
import { personSchema, personUpdateSchema } from './person.ts';
import { type ProblemCode, problemSchema } from './problem.ts';
import { relationshipSchema, relationshipUpdateSchema } from './relationship.ts';
import { contactSchema, threadSchema } from './thread.ts';

/**
 * One route of the contract: what it is asked with and what it answers. The server checks requests
 * against it and prints `/v1/openapi.json` from it, so check and print can't differ.
 */
export type Endpoint = {
  readonly method: 'get' | 'head' | 'put' | 'post' | 'patch' | 'delete';
  /** OpenAPI's way of writing a path: `/v1/threads/{threadId}`. */
  readonly path: string;
  readonly summary: string;
  /** Who calls: a signed-in person, the portal's own server, or anyone. */
  readonly caller: 'person' | 'portal' | 'anyone';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** By HTTP status; null where the answer has no body. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** Where the answer is not JSON. */
  readonly mediaType?: string;
  /** Problems beyond those that every route of this caller can have. */
  readonly problems?: readonly ProblemCode[];
};

const threadParams = z.object({ threadId: uuidSchema });
const personParams = z.object({ personId: personIdSchema });
const deviceParams = z.object({ deviceId: uuidSchema });

const uploadParams = z.object({ uploadId: uuidSchema });
const tusHeaders = z.object({ 'tus-resumable': z.literal('1.0.0') });
const fileProblems = ['too-large', 'unsupported-file', 'unsafe-file'] as const;
const fileSchema = z.string().meta({ format: 'binary' });

/** A number in a query string. */
const numberIn = <Schema extends z.ZodType<number, number>>(schema: Schema) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'must be a whole number')
    .transform(Number)
    .pipe(schema);

const pageLimit = numberIn(z.int().min(1).max(pageSize.max)).default(pageSize.default);

/** Every route there is, by the name of what it does. */
export const endpoints = {
  readMe: {
    method: 'get',
    path: '/v1/me',
    summary: 'Who I am, what a message may weigh, and what the clinic says around the messages',
    caller: 'person',
    answers: { 200: meSchema },
  },
  listContacts: {
    method: 'get',
    path: '/v1/contacts',
    summary: 'Whom I may write to',
    caller: 'person',
    answers: { 200: z.object({ contacts: z.array(contactSchema) }) },
  },
  listThreads: {
    method: 'get',
    path: '/v1/threads',
    summary: 'My threads, newest activity first',
    caller: 'person',
    query: z.object({
      limit: pageLimit,
      cursor: z
        .string()
        .regex(/^\d{1,16}$/, 'must be the `next` of an earlier answer')
        .optional(),
    }),
    answers: {
      200: z.object({
        threads: z.array(threadSchema),
        unread: z.int().nonnegative().describe('Unread messages in all my threads.'),
        next: z.string().optional().describe('Cursor of the following page, where there is one.'),
      }),
    },
  },
  openThread: {
    method: 'post',
    path: '/v1/threads',
    summary: 'Opens the thread with a person, or finds it',
    caller: 'person',
    body: z.object({ personId: personIdSchema }),
    answers: { 200: threadSchema, 201: threadSchema },
    problems: ['relationship-ended', 'not-found'],
  },
  readThread: {
    method: 'get',
    path: '/v1/threads/{threadId}',
    summary: 'One thread',
    caller: 'person',
    params: threadParams,
    answers: { 200: threadSchema },
    problems: ['not-found'],
  },
  listMessages: {
    method: 'get',
    path: '/v1/threads/{threadId}/messages',
    summary: 'Messages in rising seq: the newest below `before`, or the oldest above `after`',
    caller: 'person',
    params: threadParams,
    query: z
      .object({
        before: numberIn(placeSchema).optional(),
        after: numberIn(placeSchema).optional(),
        limit: pageLimit,
      })
      .refine(({ before, after }) => before === undefined || after === undefined, {
        path: ['after'],
        message: 'must not stand together with before',
      }),
    answers: { 200: z.object({ messages: z.array(messageSchema), hasMore: z.boolean() }) },
    problems: ['not-found'],
  },
  sendMessage: {
    method: 'put',
    path: '/v1/threads/{threadId}/messages/{messageId}',
    summary: 'Sends a message; the same again finds the first',
    caller: 'person',
    params: threadParams.extend({ messageId: uuidSchema }),
    body: newMessageSchema,
    answers: { 200: messageSchema, 201: messageSchema },
    problems: ['relationship-ended', 'not-found', 'id-reused', 'too-large', 'unsafe-file'],
  },
  createUpload: {
    method: 'post',
    path: '/v1/uploads',
    summary:
      'Begins an upload (tus 1.0: creation, creation-with-upload, expiration); `Location` is where it goes on',
    caller: 'person',
    headers: tusHeaders.extend({
      'upload-length': z.string().describe('Bytes in the file.'),
      'upload-metadata': z
        .string()
        .describe(
          'By tus: `filename`, `filetype` and, if it is known, `sha256` of the file in hexadecimal digits.',
        ),
    }),
    answers: { 201: null, 412: problemSchema },
    problems: ['invalid', ...fileProblems],
  },
  lookAtUpload: {
    method: 'head',
    path: '/v1/uploads/{uploadId}',
    summary: 'How far an upload of mine has come: `Upload-Offset` (tus 1.0)',
    caller: 'person',
    params: uploadParams,
    headers: tusHeaders,
    answers: { 200: null, 412: problemSchema },
    problems: ['not-found', ...fileProblems],
  },
  appendToUpload: {
    method: 'patch',
    path: '/v1/uploads/{uploadId}',
    summary: 'Sends what follows (tus 1.0); with the last of it, the file is looked at',
    caller: 'person',
    params: uploadParams,
    headers: tusHeaders.extend({ 'upload-offset': z.string().describe('Where it goes on.') }),
    answers: { 204: null, 409: problemSchema, 412: problemSchema },
    problems: ['not-found', ...fileProblems],
  },
  removeUpload: {
    method: 'delete',
    path: '/v1/uploads/{uploadId}',
    summary: 'Takes back an upload that no message carries (tus 1.0: termination)',
    caller: 'person',
    params: uploadParams,
    headers: tusHeaders,
    answers: { 204: null, 412: problemSchema },
    problems: ['not-found'],
  },
  readAttachment: {
    method: 'get',
    path: '/v1/attachments/{attachmentId}',
    summary:
      'A file, to save: for the two people of its thread, or for whoever uploaded it and did not send it yet',
    caller: 'person',
    params: z.object({ attachmentId: uuidSchema }),
    headers: z.object({
      range: z.string().optional().describe('One stretch of bytes, such as `bytes=0-1023`.'),
    }),
    answers: { 200: fileSchema, 206: fileSchema, 416: problemSchema },
    mediaType: 'application/octet-stream',
    problems: ['not-found', 'unsafe-file'],
  },
  markRead: {
    method: 'put',
    path: '/v1/threads/{threadId}/read',
    summary: 'I have read up to here; never moves back',
    caller: 'person',
    params: threadParams,
    body: z.object({ seq: placeSchema }),
    answers: { 200: threadSchema },
    problems: ['not-found'],
  },
  issueCacheKey: {
    method: 'put',
    path: '/v1/devices/{deviceId}/cache-key',
    summary: "This person's cache key for this device, made on first asking",
    caller: 'person',
    params: deviceParams,
    answers: { 200: cacheKeySchema },
  },
  shredCacheKey: {
    method: 'delete',
    path: '/v1/devices/{deviceId}/cache-key',
    summary: 'Shreds the key: what that device still holds can never be read again',
    caller: 'person',
    params: deviceParams,
    answers: { 204: null },
  },
  followEvents: {
    method: 'get',
    path: '/v1/events',
    summary: 'What happens to my threads, as it happens',
    caller: 'person',
    headers: z.object({
      'last-event-id': z.string().optional().describe('Resumes after this number.'),
    }),
    answers: { 200: liveEventSchema },
    mediaType: 'text/event-stream',
  },
  putPerson: {
    method: 'put',
    path: '/v1/directory/people/{personId}',
    summary: 'Creates or updates a person',
    caller: 'portal',
    params: personParams,
    body: personUpdateSchema,
    answers: { 200: personSchema, 201: personSchema },
  },
  closePerson: {
    method: 'delete',
    path: '/v1/directory/people/{personId}',
    summary: 'Closes the account: sessions and streams end, nobody can write to them, the record stays',
    caller: 'portal',
    params: personParams,
    answers: { 204: null },
    problems: ['not-found'],
  },
  endSessions: {
    method: 'delete',
    path: '/v1/directory/people/{personId}/sessions',
    summary: 'Signs out everywhere: tokens issued before now no longer count',
    caller: 'portal',
    params: personParams,
    answers: { 204: null },
    problems: ['not-found'],
  },
  putRelationship: {
    method: 'put',
    path: '/v1/directory/relationships/{clientId}/{providerId}',
    summary: 'Says how a client and a provider stand',
    caller: 'portal',
    params: z.object({ clientId: personIdSchema, providerId: personIdSchema }),
    body: relationshipUpdateSchema,
    answers: { 200: relationshipSchema, 201: relationshipSchema },
    problems: ['not-found'],
  },
  listAudit: {
    method: 'get',
    path: '/v1/audit',
    summary: 'Who did what, when; never the words',
    caller: 'portal',
    query: z.object({
      person: personIdSchema.optional(),
      thread: uuidSchema.optional(),
      after: numberIn(placeSchema).default(0),
    }),
    answers: { 200: z.object({ entries: z.array(auditEntrySchema), hasMore: z.boolean() }) },
  },
  readOpenApi: {
    method: 'get',
    path: '/v1/openapi.json',
    summary: 'This document',
    caller: 'anyone',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
  },
  isAlive: {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process lives',
    caller: 'anyone',
    answers: { 200: z.object({ status: z.literal('ok') }) },
  },
  isReady: {
    method: 'get',
    path: '/readyz',
    summary: 'Whether requests can be served',
    caller: 'anyone',
    answers: { 200: z.object({ status: z.literal('ok') }) },
    problems: ['unavailable'],
  },
} as const satisfies Record<string, Endpoint>;
