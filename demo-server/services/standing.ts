import type { Role } from '../../protocol/person.ts';
import type { RelationshipStatus } from '../../protocol/relationship.ts';
import { otherSide, type PersonRecord, type ThreadRecord, type Transaction } from '../storage/storage.ts';
import { Refusal } from './refusal.ts';
import { admit, type Session } from './sessions.ts';

/** How a person stands to another, and so to the thread of the two. */
export type Standing = {
  readonly me: PersonRecord;
  readonly other: PersonRecord;
  readonly status: RelationshipStatus;
  readonly canSend: boolean;
};

export type StandingInThread = Standing & { readonly thread: ThreadRecord };

/** Which thread is meant: by its id, or by the person at its other end. */
export type Meant = { readonly threadId: string } | { readonly personId: string };

/**
 * The one place that decides who reaches what. It is asked in the transaction of the act itself, and
 * whatever is not there and whatever is not theirs is `not-found` alike.
 */
export async function standingIn(
  transaction: Transaction,
  session: Session,
  meant: { readonly threadId: string },
): Promise<StandingInThread>;
export async function standingIn(
  transaction: Transaction,
  session: Session,
  meant: Meant,
): Promise<Standing & { readonly thread: ThreadRecord | undefined }>;
export async function standingIn(
  { people, relationships, threads }: Transaction,
  session: Session,
  meant: Meant,
): Promise<Standing & { readonly thread: ThreadRecord | undefined }> {
  const me = admit(session, await people.find(session.personId));
  const named = 'threadId' in meant ? await threads.find(meant.threadId) : undefined;
  if ('threadId' in meant && (named === undefined || personOn(me.role, named) !== me.id)) {
    throw new Refusal('not-found');
  }
  const otherId =
    named === undefined ? (meant as { personId: string }).personId : personOn(otherSide(me.role), named);
  const other = await people.find(otherId);
  if (other === undefined || other.role === me.role) throw new Refusal('not-found');
  const pair = me.role === 'client' ? ([me.id, other.id] as const) : ([other.id, me.id] as const);
  const agreed = await relationships.find(...pair);
  if (agreed === undefined) throw new Refusal('not-found');

  const status = effectiveStatus(agreed, other);
  const thread = named ?? (await threads.findBetween(...pair));
  return { me, other, status, canSend: status !== 'ended', thread };
}

/** With somebody whose account is closed, nothing can go on. */
export function effectiveStatus(agreed: RelationshipStatus, other: PersonRecord): RelationshipStatus {
  return other.closedAt === null ? agreed : 'ended';
}

function personOn(side: Role, thread: ThreadRecord): string {
  return side === 'client' ? thread.clientId : thread.providerId;
}
