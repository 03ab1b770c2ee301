import type { Message } from '../../protocol/message.ts';
import type { OutboxEntry } from '../cache/outbox-entry.ts';

/** One thing in a thread from top to bottom. `key` is its own for as long as it is on screen. */
export type TimelineItem =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'unread'; readonly key: 'unread' }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message;
      readonly isOwn: boolean;
      readonly isSeen: boolean;
      /** Whether the next one goes on where this one ends: same writer, moments later. */
      readonly isJoined: boolean;
      /** What became of the email about it, on the newest of one's own. */
      readonly notification?: Message['notification'];
    }
  | {
      readonly kind: 'echo';
      readonly key: string;
      readonly entry: OutboxEntry;
      /** Whether one before it is stuck: until that one goes, nobody sends this one. */
      readonly isHeldUp: boolean;
    };

/** Who reads, and what they and the other have read. */
export type Reader = {
  readonly selfId: string;
  /** The last message that was read when the thread was opened. */
  readonly readWhenOpened: number;
  readonly theirReadSeq: number;
  /** The day of a moment where the reader is. */
  readonly dayOf: (moment: string) => string;
};

/** How soon one message has to follow another to be one with it, in milliseconds. */
const joinWithin = 5 * 60_000;

/** A run of messages under its days, then what the server has not heard yet. */
export function timeline(
  messages: readonly Message[],
  outbox: readonly OutboxEntry[],
  { selfId, readWhenOpened, theirReadSeq, dayOf }: Reader,
): readonly TimelineItem[] {
  const items: TimelineItem[] = [];
  const sent = new Set(messages.map(({ id }) => id));
  let lastDay = '';
  let isUnreadMarked = false;
  const lastOwn = messages.findLast(({ senderId }) => senderId === selfId);
  const isNew = ({ senderId, seq }: Message) => senderId !== selfId && seq > readWhenOpened;
  for (const [at, message] of messages.entries()) {
    const next = messages[at + 1];
    const isOwn = message.senderId === selfId;
    const day = dayOf(message.sentAt);
    if (day !== lastDay) items.push({ kind: 'day', key: `day ${day}`, at: message.sentAt });
    lastDay = day;
    if (!isUnreadMarked && isNew(message)) {
      items.push({ kind: 'unread', key: 'unread' });
      isUnreadMarked = true;
    }
    items.push({
      kind: 'message',
      key: message.id,
      message,
      isOwn,
      isSeen: isOwn && message.seq <= theirReadSeq,
      isJoined:
        next?.senderId === message.senderId &&
        Date.parse(next.sentAt) - Date.parse(message.sentAt) < joinWithin &&
        dayOf(next.sentAt) === day &&
        isNew(next) === isNew(message),
      notification: message === lastOwn ? message.notification : undefined,
    });
  }
  let isHeldUp = false;
  for (const entry of outbox) {
    if (sent.has(entry.id)) continue;
    items.push({ kind: 'echo', key: entry.id, entry, isHeldUp });
    if (entry.state !== 'waiting') isHeldUp = true;
  }
  return items;
}
