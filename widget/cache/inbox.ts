import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';

/** The threads that this device knows of, and the place in the live stream that they are true for. */
export type Inbox = {
  /** Newest activity first. */
  readonly threads: readonly Thread[];
  /** Unread messages in all threads, also those not listed here. */
  readonly unread: number;
  /** Where the server goes on with the list; undefined at its end. */
  readonly next: string | undefined;
  readonly cursor: number;
};

/** The inbox with threads as the server has them now. Answers that were overtaken on the way change nothing. */
export function withThreads(inbox: Inbox, incoming: readonly Thread[]): Inbox {
  let { unread } = inbox;
  const threads = new Map(inbox.threads.map((thread) => [thread.id, thread]));
  for (const thread of incoming) {
    const known = threads.get(thread.id);
    if (known && isOlder(thread, known)) continue;
    if (known) unread += thread.unread - known.unread;
    threads.set(thread.id, thread);
  }
  return { ...inbox, threads: [...threads.values()].sort(byActivity), unread };
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

/** Marks only rise, so a thread with a lower one was read before what we know. */
function isOlder(thread: Thread, known: Thread): boolean {
  return (
    thread.lastSeq < known.lastSeq ||
    thread.readSeq < known.readSeq ||
    thread.theirReadSeq < known.theirReadSeq
  );
}

function byActivity(a: Thread, b: Thread): number {
  return activity(b).localeCompare(activity(a));
}

function activity({ lastMessage }: Thread): string {
  return lastMessage?.sentAt ?? '';
}
