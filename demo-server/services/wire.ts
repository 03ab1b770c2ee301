import type { Message, Notification } from '../../protocol/message.ts';
import type { Correspondent, Person, Role } from '../../protocol/person.ts';
import type { Thread } from '../../protocol/thread.ts';
import {
  type MessageRecord,
  otherSide,
  type PersonRecord,
  type SettledRange,
  type ThreadRecord,
} from '../storage/storage.ts';
import { dueAt } from '../email/due.ts';
import type { Standing } from './standing.ts';

/** A person as they and their portal see them. */
export function personOnWire({ closedAt: _, sessionsEndedAt: __, ...person }: PersonRecord): Person {
  return person;
}

/** A person as others see them. */
export function correspondentOnWire(person: PersonRecord): Correspondent {
  const { email: _, notifications: __, ...seen } = personOnWire(person);
  return seen;
}

/** `notification` is for the eyes of the one who wrote it. */
export function messageOnWire(
  { id, threadId, seq, senderId, text, attachments, sentAt }: MessageRecord,
  notification: Notification | undefined,
): Message {
  return {
    id,
    threadId,
    seq,
    senderId,
    text,
    attachments,
    sentAt: momentOnWire(sentAt),
    ...(notification && { notification }),
  };
}

/**
 * What became of the email about a message; undefined where there was none to be: they want none, the two were done
 * with each other before it was due, or it is from before there were any. `settled` are the ranges around the message.
 */
export function notificationOnWire(
  { seq, sentAt }: MessageRecord,
  thread: ThreadRecord,
  to: Role,
  settled: readonly SettledRange[],
  quietTime: number,
): Notification | undefined {
  const mail = thread.mail[to];
  if (seq > mail.settledSeq) {
    return seq <= thread.readSeq[to]
      ? { state: 'read', at: momentOnWire(mail.activeAt ?? sentAt) }
      : { state: 'due', at: momentOnWire(dueAt(sentAt, mail, quietTime)) };
  }
  const range = settled.find(({ from, through }) => from <= seq && seq <= through);
  return range && { state: range.state, at: momentOnWire(range.at) };
}

/** A thread as the one of its two who asks sees it. */
export function threadOnWire(
  { me, other, status, canSend }: Standing,
  thread: ThreadRecord,
  lastMessage: Message | null,
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
    lastMessage,
    awaitingReplySince: thread.awaitingSince === null ? null : momentOnWire(thread.awaitingSince),
  };
}

export function momentOnWire(at: number): string {
  return new Date(at).toISOString();
}
