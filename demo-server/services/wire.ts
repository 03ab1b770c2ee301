import type { Message } from '../../protocol/message.ts';
import type { Correspondent, Person } from '../../protocol/person.ts';
import type { Thread } from '../../protocol/thread.ts';
import type { MessageRecord, PersonRecord, ThreadRecord } from '../storage/storage.ts';
import { otherSide, type Standing } from './standing.ts';

/** A person as they and their portal see them. */
export function personOnWire({ closedAt: _, sessionsEndedAt: __, ...person }: PersonRecord): Person {
  return person;
}

/** A person as others see them. */
export function correspondentOnWire(person: PersonRecord): Correspondent {
  const { email: _, ...seen } = personOnWire(person);
  return seen;
}

export function messageOnWire(message: MessageRecord): Message {
  const { id, threadId, seq, senderId, text, attachments, sentAt } = message;
  return { id, threadId, seq, senderId, text, attachments, sentAt: momentOnWire(sentAt) };
}

/** A thread as the one of its two who asks sees it. */
export function threadOnWire(
  { me, other, status, canSend }: Standing,
  thread: ThreadRecord,
  lastMessage: MessageRecord | null,
): Thread {
  return {
    id: thread.id,
    with: correspondentOnWire(other),
    status,
    canSend,
    lastSeq: thread.lastSeq,
    readSeq: thread.readSeq[me.role],
    theirReadSeq: thread.readSeq[otherSide(me.role)],
    unread: thread.unread[me.role],
    lastMessage: lastMessage && messageOnWire(lastMessage),
    awaitingReplySince: thread.awaitingSince === null ? null : momentOnWire(thread.awaitingSince),
  };
}

export function momentOnWire(at: number): string {
  return new Date(at).toISOString();
}
