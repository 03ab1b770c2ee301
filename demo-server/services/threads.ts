import { randomUUID } from 'node:crypto';
import type { Attachment } from '../../protocol/message.ts';
import { noteMessage } from '../email/owed.ts';
import type { MailState, MessageRecord, StoredEvent, ThreadRecord, Transaction } from '../storage/storage.ts';

/** The two people of a thread, whichever of them asks. */
export type Pair = { readonly clientId: string; readonly providerId: string };

/** Makes the thread of two people and tells both. */
export async function openThreadOf(transaction: Transaction, pair: Pair, at: number): Promise<ThreadRecord> {
  const id = randomUUID();
  const [client, provider] = await tell(transaction, pair, at, { type: 'thread', threadId: id });
  const thread: ThreadRecord = {
    id,
    ...pair,
    lastSeq: 0,
    readSeq: { client: 0, provider: 0 },
    unread: { client: 0, provider: 0 },
    activity: { client, provider },
    awaitingSince: null,
    mail: { client: noMail, provider: noMail },
  };
  await transaction.threads.add(thread);
  return thread;
}

const noMail: MailState = { activeAt: null, emailedAt: null, settledSeq: 0, lookAt: null };

export type Draft = {
  readonly id: string;
  readonly senderId: string;
  readonly text: string;
  readonly attachments?: readonly Attachment[];
};

/** Puts a message at the end of a thread, with all that follows from it. Whether it may is settled by then. */
export async function appendMessage(
  transaction: Transaction,
  thread: ThreadRecord,
  draft: Draft,
  sentAt: number,
  email: { readonly quietTime: number; readonly isWanted: boolean },
): Promise<{ readonly message: MessageRecord; readonly thread: ThreadRecord }> {
  const seq = thread.lastSeq + 1;
  const message = { attachments: [], ...draft, threadId: thread.id, seq, sentAt };
  await transaction.messages.add(message);
  const [client, provider] = await tell(transaction, thread, sentAt, {
    type: 'message',
    threadId: thread.id,
    seq,
    messageId: draft.id,
  });
  const isFromClient = draft.senderId === thread.clientId;
  const grown: ThreadRecord = {
    ...thread,
    lastSeq: seq,
    activity: { client, provider },
    unread: isFromClient
      ? { ...thread.unread, provider: thread.unread.provider + 1 }
      : { ...thread.unread, client: thread.unread.client + 1 },
    awaitingSince: isFromClient ? (thread.awaitingSince ?? sentAt) : null,
  };
  const noted = noteMessage(grown, isFromClient ? 'client' : 'provider', message, email);
  transaction.threads.update(noted);
  return { message, thread: noted };
}

/** Tells both people of a thread; the one who caused it has other devices too. */
export async function tell(
  { events }: Transaction,
  { clientId, providerId }: Pair,
  at: number,
  event: StoredEvent,
): Promise<readonly [client: number, provider: number]> {
  return [await events.add(clientId, at, event), await events.add(providerId, at, event)];
}
