import { randomUUID } from 'node:crypto';
import type { Role } from '../../protocol/person.ts';
import {
  type MailState,
  type Moment,
  otherSide,
  type PersonRecord,
  type SettledRange,
  type ThreadRecord,
  type Transaction,
} from '../storage/storage.ts';
import { dueAt } from './due.ts';
import type { Delivery, Mail } from './mailer.ts';
import { longestRetry, retriedFor, retryWait } from './retry-wait.ts';

/** A mail that may be handed to the mail server now, by whoever got this, and by nobody else until then. */
export type Claim = { readonly mail: Mail; readonly attempt: number };

/** A thread that has a new message from one side: it says when to look whether the other is owed an email. */
export function noteMessage(
  thread: ThreadRecord,
  from: Role,
  message: { readonly seq: number; readonly sentAt: Moment },
  { quietTime, isWanted }: { readonly quietTime: number; readonly isWanted: boolean },
): ThreadRecord {
  const to = otherSide(from);
  const noted = withMail(thread, from, { activeAt: message.sentAt });
  const mail = thread.mail[to];
  // Whatever they were written before is due no later, and takes this one along.
  if (mail.lookAt !== null) return noted;
  return withMail(
    noted,
    to,
    isWanted ? { lookAt: dueAt(message.sentAt, mail, quietTime) } : { settledSeq: message.seq },
  );
}

/** A thread whose mark one side has moved on: what they have read needs no email any more. */
export async function noteRead(
  { emails }: Pick<Transaction, 'emails'>,
  thread: ThreadRecord,
  by: Role,
  at: Moment,
): Promise<ThreadRecord> {
  const noted = withMail(thread, by, { activeAt: at });
  if (thread.mail[by].lookAt === null) return noted;
  // An email that is on its way may be read of here before we hear that it was accepted.
  if ((await emails.underWay(thread.id, by)) !== undefined) return noted;
  const settled = settleRead({ emails }, noted, by, at);
  return thread.unread[by] === 0 ? withMail(settled, by, { lookAt: null }) : settled;
}

/** An alarm that is later than this was set before the clock was put back: nothing waits as long. */
export function latestLooks({
  now,
  quietTime,
  lease,
}: {
  readonly now: Moment;
  readonly quietTime: number;
  readonly lease: number;
}): { readonly idle: Moment; readonly underWay: Moment } {
  const latest = now + clocksDiffer;
  return { idle: latest + quietTime, underWay: latest + Math.max(lease, longestRetry) };
}

/** Processes that share a database need not agree on the second. */
const clocksDiffer = 5_000;

/**
 * Looks whether an email is due to one side of a thread, and if so, claims it. Whoever has claimed it must send it
 * and `record` what came of it, or `renew` the claim, within `lease`; else it is anybody's again, under the same id.
 */
export async function claim(
  transaction: Transaction,
  { threadId, to }: { readonly threadId: string; readonly to: Role },
  { now, quietTime, lease }: { readonly now: Moment; readonly quietTime: number; readonly lease: number },
): Promise<Claim | undefined> {
  const { threads, messages, emails } = transaction;
  const found = await threads.find(threadId);
  const lookAt = found?.mail[to].lookAt ?? null;
  if (found === undefined || lookAt === null) return undefined;
  let email = await emails.underWay(threadId, to);
  if (lookAt > now) {
    const latest = latestLooks({ now, quietTime, lease });
    if (lookAt <= (email ? latest.underWay : latest.idle)) return undefined;
    if (email !== undefined) {
      // Somebody may be sending it just now.
      threads.update(withMail(found, to, { lookAt: now + lease }));
      return undefined;
    }
  }
  const thread = settleRead(transaction, withoutFuture(found, to, now), to, now);
  const oldest = await messages.firstFrom(
    threadId,
    personOn(otherSide(to), thread),
    thread.mail[to].settledSeq,
  );
  if (email !== undefined && (oldest === undefined || oldest.seq > email.throughSeq)) {
    await emails.remove(threadId, to);
    email = undefined;
  }

  const recipient = oldest === undefined ? undefined : await recipientOf(transaction, thread, to);
  if (oldest === undefined || recipient === undefined) {
    await emails.remove(threadId, to);
    threads.update(withMail(thread, to, { settledSeq: thread.lastSeq, lookAt: null }));
    // It was due, and now it never will be.
    if (oldest !== undefined) await tellSender(transaction, thread, to, now);
    return undefined;
  }

  if (email === undefined) {
    const due = dueAt(Math.min(oldest.sentAt, now), thread.mail[to], quietTime);
    if (due > now) {
      threads.update(withMail(thread, to, { lookAt: due }));
      return undefined;
    }
    email = { threadId, to, id: randomUUID(), throughSeq: thread.lastSeq, attempts: 0, firstAttemptAt: now };
  }
  const attempt = email.attempts + 1;
  await emails.put({ ...email, attempts: attempt });
  threads.update(withMail(thread, to, { lookAt: now + lease }));
  const { email: address, locale } = recipient;
  return { mail: { id: email.id, to: address, role: to, locale, threadId }, attempt };
}

/** Keeps claims from being taken over while their mails are still on the way. */
export async function renew(
  { threads, emails }: Transaction,
  claims: readonly Claim[],
  { now, lease }: { readonly now: Moment; readonly lease: number },
): Promise<void> {
  for (const { mail, attempt } of claims) {
    const thread = await threads.find(mail.threadId);
    const email = await emails.underWay(mail.threadId, mail.role);
    if (thread === undefined || email?.id !== mail.id || email.attempts !== attempt) continue;
    threads.update(withMail(thread, mail.role, { lookAt: now + lease }));
  }
}

/** Writes down what the mail server said of a claimed mail. Of one that is settled already, nothing. */
export async function record(
  transaction: Transaction,
  { mail: { id, role: to, threadId }, attempt }: Claim,
  delivery: Delivery,
  { now, quietTime, random }: { readonly now: Moment; readonly quietTime: number; readonly random: number },
): Promise<void> {
  const { threads, messages, emails } = transaction;
  const found = await threads.find(threadId);
  const email = await emails.underWay(threadId, to);
  if (found === undefined || email?.id !== id) return;
  // Somebody has taken it over, and will hear for themselves. Only a yes is a yes, whoever hears it.
  if (delivery !== 'accepted' && email.attempts !== attempt) return;
  const giveUpAt = email.firstAttemptAt + retriedFor;
  if (delivery === 'deferred' && now < giveUpAt) {
    const lookAt = Math.min(now + retryWait(attempt, random), giveUpAt);
    threads.update(withMail(found, to, { lookAt }));
    return;
  }

  const isEmailed = delivery === 'accepted';
  await emails.remove(threadId, to);
  // An earlier attempt of which nothing was heard may have reached them all the same.
  const emailedAt = isEmailed || attempt > 1 ? now : found.mail[to].emailedAt;
  let thread = withMail(found, to, { emailedAt });
  if (!isEmailed) thread = settleRead(transaction, thread, to, now);
  const { throughSeq } = email;
  thread = settle(transaction, thread, to, throughSeq, { state: isEmailed ? 'emailed' : 'failed', at: now });
  thread = settleRead(transaction, thread, to, now);
  const senderId = personOn(otherSide(to), thread);
  const left = await messages.firstFrom(threadId, senderId, thread.mail[to].settledSeq);
  const lookAt = left === undefined ? null : dueAt(left.sentAt, thread.mail[to], quietTime);
  threads.update(withMail(thread, to, { lookAt }));
  transaction.audit({
    at: now,
    actor: 'server',
    action: isEmailed ? 'email.send' : 'email.fail',
    threadId,
    subject: personOn(to, thread),
  });
  await tellSender(transaction, thread, to, now);
}

function withMail(thread: ThreadRecord, side: Role, changes: Partial<MailState>): ThreadRecord {
  return { ...thread, mail: { ...thread.mail, [side]: { ...thread.mail[side], ...changes } } };
}

/** What they have read by now was read; the last they did there was that, or came after it. */
function settleRead(
  transaction: Pick<Transaction, 'emails'>,
  thread: ThreadRecord,
  to: Role,
  now: Moment,
): ThreadRecord {
  const at = thread.mail[to].activeAt ?? now;
  return settle(transaction, thread, to, thread.readSeq[to], { state: 'read', at });
}

function settle(
  { emails }: Pick<Transaction, 'emails'>,
  thread: ThreadRecord,
  to: Role,
  through: number,
  { state, at }: Pick<SettledRange, 'state' | 'at'>,
): ThreadRecord {
  const from = thread.mail[to].settledSeq + 1;
  if (through < from) return thread;
  emails.settle({ threadId: thread.id, to, from, through, state, at });
  return withMail(thread, to, { settledSeq: through });
}

/** A clock that was put back would have us wait for the hour in which they were last there to come again. */
function withoutFuture(thread: ThreadRecord, to: Role, now: Moment): ThreadRecord {
  const { activeAt, emailedAt } = thread.mail[to];
  const past = (at: Moment | null) => (at === null ? null : Math.min(at, now));
  return withMail(thread, to, { activeAt: past(activeAt), emailedAt: past(emailedAt) });
}

/** Who is to be written to: nobody where the two are done with each other, or where no email is wanted. */
async function recipientOf(
  { people, relationships }: Transaction,
  thread: ThreadRecord,
  to: Role,
): Promise<PersonRecord | undefined> {
  const status = await relationships.find(thread.clientId, thread.providerId);
  const recipient = await people.find(personOn(to, thread));
  const sender = await people.find(personOn(otherSide(to), thread));
  const isOver = status === 'ended' || sender?.closedAt !== null || recipient?.closedAt !== null;
  return isOver || recipient.notifications === 'none' ? undefined : recipient;
}

/** Has the one who wrote look at the thread again: what became of their messages has changed. */
async function tellSender(
  { events }: Transaction,
  thread: ThreadRecord,
  to: Role,
  at: Moment,
): Promise<void> {
  await events.add(personOn(otherSide(to), thread), at, { type: 'thread', threadId: thread.id });
}

function personOn(side: Role, thread: ThreadRecord): string {
  return side === 'client' ? thread.clientId : thread.providerId;
}
