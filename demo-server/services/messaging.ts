import { isDeepStrictEqual } from 'node:util';
import { limits } from '../../protocol/limits.ts';
import type { Guidance, Me } from '../../protocol/me.ts';
import type { Message, NewMessage } from '../../protocol/message.ts';
import type { Contact, Thread } from '../../protocol/thread.ts';
import { noteRead } from '../email/owed.ts';
import {
  type MessageRange,
  type MessageRecord,
  otherSide,
  type PersonRecord,
  type SettledRange,
  type Storage,
  type ThreadRecord,
  type Transaction,
} from '../storage/storage.ts';
import type { Acts } from './acts.ts';
import { attach } from './attachments.ts';
import { Refusal } from './refusal.ts';
import { admit, type Session } from './sessions.ts';
import { effectiveStatus, standingIn, type Standing } from './standing.ts';
import { appendMessage, openThreadOf, tell } from './threads.ts';
import {
  correspondentOnWire,
  messageOnWire,
  notificationOnWire,
  personOnWire,
  threadOnWire,
} from './wire.ts';

export type ThreadPage = {
  readonly threads: readonly Thread[];
  readonly unread: number;
  readonly next?: string;
};
export type MessagePage = { readonly messages: readonly Message[]; readonly hasMore: boolean };

/** What a person does with their threads: look, open, write, read. */
export class Messaging {
  readonly #acts: Acts;
  readonly #storage: Pick<Storage, 'findPerson'>;
  readonly #guidance: Guidance;
  readonly #quietTime: number;

  constructor(
    acts: Acts,
    storage: Pick<Storage, 'findPerson'>,
    { guidance, quietTime }: { readonly guidance: Guidance; readonly quietTime: number },
  ) {
    this.#acts = acts;
    this.#storage = storage;
    this.#guidance = guidance;
    this.#quietTime = quietTime;
  }

  async me(session: Session): Promise<Me> {
    const person = admit(session, await this.#storage.findPerson(session.personId));
    return { person: personOnWire(person), limits, guidance: this.#guidance };
  }

  contacts(session: Session): Promise<readonly Contact[]> {
    return this.#acts.perform(session, { action: 'contacts.list' }, async ({ people, relationships }) => {
      const me = admit(session, await people.find(session.personId));
      const contacts = (await relationships.of(me)).flatMap(({ person, status: agreed, threadId }) => {
        const status = effectiveStatus(agreed, person);
        if (status === 'ended') return [];
        return { person: correspondentOnWire(person), status, ...(threadId !== null && { threadId }) };
      });
      const { compare } = new Intl.Collator(me.locale);
      return contacts.toSorted((one, other) => compare(one.person.displayName, other.person.displayName));
    });
  }

  list(session: Session, page: { limit: number; below: number | undefined }): Promise<ThreadPage> {
    return this.#acts.perform(session, { action: 'threads.list' }, async ({ people, threads }) => {
      const me = admit(session, await people.find(session.personId));
      const listed = await threads.list(me, { below: page.below, limit: page.limit + 1 });
      const shown = listed.slice(0, page.limit);
      const last = shown.at(-1);
      return {
        threads: shown.map((listed) => {
          const { thread, other, status: agreed, lastMessage, lastSettled } = listed;
          const status = effectiveStatus(agreed, other);
          const standing = { me, other, status, canSend: status !== 'ended' };
          const settled = lastSettled === null ? [] : [lastSettled];
          return threadOnWire(standing, thread, lastMessage && this.#seen(lastMessage, me, thread, settled));
        }),
        unread: await threads.unreadOf(me),
        ...(last && listed.length > shown.length && { next: String(last.thread.activity[me.role]) }),
      };
    });
  }

  /** Asked twice, it finds the first. */
  open(session: Session, personId: string): Promise<{ readonly thread: Thread; readonly isNew: boolean }> {
    return this.#acts.perform(session, { action: 'thread.open' }, async (transaction, note) => {
      const standing = await standingIn(transaction, session, { personId });
      if (!standing.canSend) throw new Refusal('relationship-ended');
      const thread = standing.thread ?? (await openThreadOf(transaction, pairOf(standing), this.#acts.now()));
      note({ threadId: thread.id });
      return {
        thread: await this.#seenThread(transaction, standing, thread),
        isNew: standing.thread === undefined,
      };
    });
  }

  read(session: Session, threadId: string): Promise<Thread> {
    return this.#acts.perform(session, { action: 'thread.read', threadId }, async (transaction) => {
      const standing = await standingIn(transaction, session, { threadId });
      return this.#seenThread(transaction, standing, standing.thread);
    });
  }

  messages(session: Session, threadId: string, { limit, ...range }: MessageRange): Promise<MessagePage> {
    return this.#acts.perform(session, { action: 'messages.list', threadId }, async (transaction) => {
      const { me, thread } = await standingIn(transaction, session, { threadId });
      const found = await transaction.messages.page(threadId, { ...range, limit: limit + 1 });
      const hasMore = found.length > limit;
      const page = range.after === undefined ? found.slice(-limit) : found.slice(0, limit);
      return { messages: await this.#seenMessages(transaction, me, thread, page), hasMore };
    });
  }

  /** The same again finds the first answer, for ever: also after the relationship ended. */
  send(
    session: Session,
    threadId: string,
    id: string,
    { text, attachments }: NewMessage,
  ): Promise<{ readonly message: Message; readonly isNew: boolean }> {
    return this.#acts.perform(session, { action: 'message.send', threadId }, async (transaction, note) => {
      const { me, other, thread, canSend } = await standingIn(transaction, session, { threadId });
      const senderId = session.personId;
      const first = await transaction.messages.find(threadId, id);
      if (first !== undefined) {
        const isSame =
          first.senderId === senderId &&
          first.text === text &&
          isDeepStrictEqual(
            first.attachments.map((attachment) => attachment.id),
            attachments,
          );
        if (!isSame) throw new Refusal('id-reused');
        note({ action: 'message.repeat' });
        const [message] = await this.#seenMessages(transaction, me, thread, [first]);
        return { message: message!, isNew: false };
      }
      if (!canSend) throw new Refusal('relationship-ended');
      const now = this.#acts.now();
      const attached = await attach(transaction, attachments, { threadId, id, senderId }, now);
      const draft = { id, senderId, text, attachments: attached };
      const added = await appendMessage(transaction, thread, draft, now, {
        quietTime: this.#quietTime,
        isWanted: other.notifications === 'all',
      });
      return { message: this.#seen(added.message, me, added.thread, []), isNew: true };
    });
  }

  /** Never moves back; where it would not move on, nothing happens. */
  markRead(session: Session, threadId: string, asked: number): Promise<Thread> {
    return this.#acts.perform(session, { action: 'thread.mark-read', threadId }, async (transaction) => {
      const standing = await standingIn(transaction, session, { threadId });
      const { me, thread } = standing;
      const seq = Math.min(asked, thread.lastSeq);
      if (seq <= thread.readSeq[me.role]) return this.#seenThread(transaction, standing, thread);
      const unread =
        seq === thread.lastSeq ? 0 : await transaction.messages.countFromOthers(threadId, me.id, seq);
      const moved: ThreadRecord = {
        ...thread,
        readSeq: { ...thread.readSeq, [me.role]: seq },
        unread: { ...thread.unread, [me.role]: unread },
      };
      const now = this.#acts.now();
      const read = await noteRead(transaction, moved, me.role, now);
      transaction.threads.update(read);
      await tell(transaction, thread, now, { type: 'read', threadId, seq, personId: me.id });
      return this.#seenThread(transaction, standing, read);
    });
  }

  async #seenThread(transaction: Transaction, standing: Standing, thread: ThreadRecord): Promise<Thread> {
    const { id, lastSeq } = thread;
    const last = lastSeq === 0 ? undefined : await transaction.messages.findAt(id, lastSeq);
    const [message = null] = await this.#seenMessages(transaction, standing.me, thread, last ? [last] : []);
    return threadOnWire(standing, thread, message);
  }

  /** Messages of one thread, in rising seq, as one of its two sees them. */
  async #seenMessages(
    { emails }: Transaction,
    me: PersonRecord,
    thread: ThreadRecord,
    messages: readonly MessageRecord[],
  ): Promise<readonly Message[]> {
    const to = otherSide(me.role);
    const own = messages.filter(({ senderId }) => senderId === me.id);
    const [first, last] = [own.at(0), own.at(-1)];
    const isSettled = first !== undefined && first.seq <= thread.mail[to].settledSeq;
    const settled = isSettled ? await emails.settledIn(thread.id, to, first.seq, last!.seq) : [];
    return messages.map((message) => this.#seen(message, me, thread, settled));
  }

  #seen(
    message: MessageRecord,
    me: PersonRecord,
    thread: ThreadRecord,
    settled: readonly SettledRange[],
  ): Message {
    const isOwn = message.senderId === me.id;
    const to = otherSide(me.role);
    return messageOnWire(
      message,
      isOwn ? notificationOnWire(message, thread, to, settled, this.#quietTime) : undefined,
    );
  }
}

function pairOf({ me, other }: Standing) {
  return me.role === 'client'
    ? { clientId: me.id, providerId: other.id }
    : { clientId: other.id, providerId: me.id };
}
