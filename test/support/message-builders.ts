import { limits } from '../../protocol/limits.ts';
import type { Me } from '../../protocol/me.ts';
import type { Message } from '../../protocol/message.ts';
import type { Correspondent } from '../../protocol/person.ts';
import type { Thread } from '../../protocol/thread.ts';
import type { OutboxEntry } from '../../widget/cache/outbox-entry.ts';

/** A UUID that is the same in every run: the first, the second, … of its kind. */
export function uuid(number: number, kind = 'a'): string {
  return `${kind.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** The thread that a test is about. */
export const threadId = uuid(1, 'c');

/** When the first message of a thread was sent; each further one came a minute later. */
const beginning = Date.UTC(2026, 2, 2, 15, 0);

export function aMessage(changes: Partial<Message> = {}): Message {
  const seq = changes.seq ?? 1;
  return {
    id: uuid(seq),
    threadId,
    seq,
    senderId: 'dr-lee',
    text: `Message ${seq}`,
    attachments: [],
    sentAt: new Date(beginning + seq * 60_000).toISOString(),
    ...changes,
  };
}

/** Messages from one seq to another, of them and me in turn. */
export function messagesFrom(first: number, last: number, changes: Partial<Message> = {}): Message[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    aMessage({ seq: first + at, senderId: (first + at) % 2 === 0 ? 'ana' : 'dr-lee', ...changes }),
  );
}

export function aProvider(changes: Partial<Correspondent> = {}): Correspondent {
  return {
    id: 'dr-lee',
    role: 'provider',
    displayName: 'Maya Lee',
    credentials: 'PhD',
    replyPolicy: 'within 2 business days',
    locale: 'en-US',
    timeZone: 'America/New_York',
    ...changes,
  };
}

export function aClient(changes: Partial<Correspondent> = {}): Correspondent {
  return {
    id: 'ana',
    role: 'client',
    displayName: 'Ana Reyes',
    locale: 'en-US',
    timeZone: 'America/New_York',
    ...changes,
  };
}

/** A thread with `lastSeq` messages, all of them read. */
export function aThread(changes: Partial<Thread> = {}): Thread {
  const lastSeq = changes.lastSeq ?? changes.lastMessage?.seq ?? 1;
  const id = changes.id ?? threadId;
  return {
    id,
    with: aProvider(),
    status: 'current',
    canSend: true,
    lastSeq,
    readSeq: lastSeq,
    theirReadSeq: 0,
    unread: 0,
    lastMessage: lastSeq === 0 ? null : aMessage({ seq: lastSeq, threadId: id }),
    awaitingReplySince: null,
    ...changes,
  };
}

export function anEntry(changes: Partial<OutboxEntry> = {}): OutboxEntry {
  const order = changes.order ?? 1;
  return {
    id: uuid(order, 'e'),
    threadId,
    text: `Written ${order}`,
    writtenAt: '2026-03-02T16:00:00.000Z',
    order,
    state: 'waiting',
    ...changes,
  };
}

export function aMe(changes: Partial<Me['person']> = {}): Me {
  return {
    person: {
      id: 'ana',
      role: 'client',
      displayName: 'Ana Reyes',
      email: 'ana@clinic.example',
      locale: 'en-US',
      timeZone: 'America/New_York',
      notifications: 'all',
      ...changes,
    },
    limits,
    guidance: {
      crisisLines: [{ label: 'Suicide & Crisis Lifeline', phone: '988', takesTexts: true }],
      replyExpectation: 'within 2 business days',
      askProvider: ['Treatment'],
      askSupport: ['Billing'],
    },
  };
}
