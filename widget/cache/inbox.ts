import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';

/** The threads that this device knows of, and the place in the live stream that they are true for. */
export type Inbox = {
  /** Newest activity first. */
  readonly threads: readonly Thread[];
  /** Unread messages in all threads, also those not listed here. */
  readonly unread: number;
  /** Where the server goes on with the list: undefined at its end, empty where only the top tells. */
  readonly next: string | undefined;
  /** Of threads that something was said in since this moment, none is missing here. */
  readonly floor: string;
  /** Undefined where the live connection was not there yet: it begins with the list as it is then. */
  readonly cursor?: number | undefined;
};

/** What came of the server's list after `after`, and where it goes on. */
export type Page = { readonly after: string; readonly next: string | undefined };

/** How many threads the device keeps. The server has them all, and is asked as one scrolls on. */
const kept = 100;

/** The inbox with threads as the server has them now. Answers that were overtaken on the way change nothing. */
export function withThreads(inbox: Inbox, incoming: readonly Thread[], page?: Page): Inbox {
  let { unread, next, floor } = inbox;
  const known = new Map(inbox.threads.map((thread) => [thread.id, thread]));
  for (const thread of incoming) {
    const before = known.get(thread.id) ?? thread;
    // Marks only rise, so one with a lower mark was read before what we know.
    const isOlder = thread.lastSeq < before.lastSeq || thread.readSeq < before.readSeq;
    const newest = isOlder ? before : thread;
    unread += newest.unread - before.unread;
    // How far the other has read is told by itself, whatever else of the thread is on its way.
    const theirReadSeq = Math.max(thread.theirReadSeq, before.theirReadSeq);
    known.set(thread.id, { ...newest, theirReadSeq });
  }
  const threads = [...known.values()].sort(byActivity);
  if (page) {
    next = page.next;
    const below = floorOf(incoming, next);
    if (below < floor) floor = below;
  }
  // Of a list that is whole nobody has to tell us the sum.
  if (next === undefined) unread = threads.reduce((sum, thread) => sum + thread.unread, 0);
  return { ...inbox, threads, unread, next, floor };
}

/** The inbox with messages that came before their thread's news did, such as the answer to a send. */
export function withMessages(inbox: Inbox, incoming: readonly Message[]): Inbox {
  const newest = new Map<string, Message>();
  for (const message of incoming) {
    if (message.seq > (newest.get(message.threadId)?.seq ?? 0)) newest.set(message.threadId, message);
  }
  let isSame = true;
  const threads = inbox.threads.map((thread) => {
    const message = newest.get(thread.id);
    if (!message || message.seq <= thread.lastSeq) return thread;
    isSame = false;
    return {
      ...thread,
      lastSeq: message.seq,
      lastMessage: message,
      awaitingReplySince: isAnswer(message, thread) ? null : (thread.awaitingReplySince ?? message.sentAt),
    };
  });
  return isSame ? inbox : { ...inbox, threads: threads.sort(byActivity) };
}

/** Whether it is the provider's, whichever of the two we are. */
function isAnswer({ senderId }: Message, { with: other }: Thread): boolean {
  return (senderId === other.id) === (other.role === 'provider');
}

/** What of the inbox this device keeps: its top, however far down one has been. */
export function topOf(inbox: Inbox): Inbox {
  if (inbox.threads.length <= kept) return inbox;
  const threads = inbox.threads.slice(0, kept);
  const floor = floorOf(threads, '');
  return { ...inbox, threads, next: '', floor: floor > inbox.floor ? floor : inbox.floor };
}

/** Down to where a page of the server's list leaves nothing out. */
export function floorOf(page: readonly Thread[], next: string | undefined): string {
  if (next === undefined) return '';
  return page.findLast(({ lastMessage }) => lastMessage)?.lastMessage?.sentAt ?? nowhere;
}

/** After every moment there is. */
const nowhere = '~';

function byActivity(a: Thread, b: Thread): number {
  // Thousands are put in order with each message, and a comparison by language takes a thousand times as long.
  return activity(a) < activity(b) ? 1 : activity(a) > activity(b) ? -1 : 0;
}

function activity({ lastMessage }: Thread): string {
  return lastMessage?.sentAt ?? '';
}
