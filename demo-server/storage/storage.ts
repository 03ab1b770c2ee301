import type { KeyObject } from 'node:crypto';
import type { LiveEvent } from '../../protocol/live-event.ts';
import type { Attachment } from '../../protocol/message.ts';
import type { Person, Role } from '../../protocol/person.ts';
import type { ProblemCode } from '../../protocol/problem.ts';
import type { Relationship, RelationshipStatus } from '../../protocol/relationship.ts';

/** Times are milliseconds since 1970; the wire's words for them are made further up. */
export type Moment = number;

export type PersonRecord = Person & {
  readonly closedAt: Moment | null;
  /** Tokens issued up to then no longer count. */
  readonly sessionsEndedAt: Moment | null;
};

/** What each of a thread's two sides has for itself. */
export type Sides<Value> = Readonly<Record<Role, Value>>;

export function otherSide(side: Role): Role {
  return side === 'client' ? 'provider' : 'client';
}

/** What a thread knows of the emails to one of its sides. */
export type MailState = {
  /** When they last sent or read there. */
  readonly activeAt: Moment | null;
  /** When an email about it last went to them. */
  readonly emailedAt: Moment | null;
  /** Up to where it is settled what becomes of the messages to them. */
  readonly settledSeq: number;
  /** When to look whether something is due: too early perhaps, never too late. Null where all is settled. */
  readonly lookAt: Moment | null;
};

export type ThreadRecord = {
  readonly id: string;
  readonly clientId: string;
  readonly providerId: string;
  readonly lastSeq: number;
  readonly readSeq: Sides<number>;
  readonly unread: Sides<number>;
  /** The number of each person's event that last moved the thread up: what their list is ordered by. */
  readonly activity: Sides<number>;
  readonly awaitingSince: Moment | null;
  readonly mail: Sides<MailState>;
};

/** An email that went out or is about to, of which it is not known yet what becomes of it. */
export type EmailUnderWay = {
  readonly threadId: string;
  readonly to: Role;
  /** The mail's one name, the same with every attempt. */
  readonly id: string;
  /** The last message that it stands for. */
  readonly throughSeq: number;
  readonly attempts: number;
  readonly firstAttemptAt: Moment;
};

/** What became of the messages to one side, from one seq through another. */
export type SettledRange = {
  readonly threadId: string;
  readonly to: Role;
  readonly from: number;
  readonly through: number;
  readonly state: 'emailed' | 'read' | 'failed';
  readonly at: Moment;
};

/** Where to look whether an email is due, and when. */
export type Alarm = { readonly threadId: string; readonly to: Role; readonly at: Moment };

export type MessageRecord = {
  readonly id: string;
  readonly threadId: string;
  readonly seq: number;
  readonly senderId: string;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly sentAt: Moment;
};

export type UploadRecord = {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  /** What whoever sends it says of it. */
  readonly claimedType: string | null;
  readonly claimedSha256: string | null;
  readonly size: number;
  /** How much of it is on disk. */
  readonly received: number;
  /** `gone` is what nobody reaches any more, while it is cleared away. */
  readonly state: 'open' | 'checking' | 'sound' | 'refused' | 'gone';
  readonly refusal: { readonly code: ProblemCode; readonly reason: string } | null;
  /** Of what is stored, which may be less than what came: photos lose what they tell of people. */
  readonly mediaType: string | null;
  readonly storedSize: number | null;
  readonly sha256: string | null;
  readonly createdAt: Moment;
  /** Null once a message carries it. */
  readonly expiresAt: Moment | null;
  /** When a scanner is to look at it, and how often one was asked. */
  readonly checkAt: Moment | null;
  readonly checks: number;
  readonly place: {
    readonly threadId: string;
    readonly messageId: string;
    readonly position: number;
  } | null;
  /** What its bytes are sealed with. */
  readonly key: KeyObject;
};

/** A stretch of an upload, and where it lies. */
export type UploadPart = { readonly start: number; readonly length: number; readonly blob: string };

/** A thread as a list shows it, to the person whose list it is. */
export type ListedThread = {
  readonly thread: ThreadRecord;
  readonly other: PersonRecord;
  readonly status: RelationshipStatus;
  readonly lastMessage: MessageRecord | null;
  /** What became of the last message, where it is to the other and that is settled. */
  readonly lastSettled: SettledRange | null;
};

/** Somebody in a relationship with the one who asks. */
export type Acquaintance = {
  readonly person: PersonRecord;
  readonly status: RelationshipStatus;
  readonly threadId: string | null;
};

/** An event and its number; numbers are each person's own and rise without gaps. */
export type NumberedEvent = { readonly no: number; readonly event: StoredEvent };
export type StoredEvent = Exclude<LiveEvent, { readonly type: 'reset' }>;

export type AuditRecord = {
  readonly at: Moment;
  readonly actor: string;
  readonly action: string;
  readonly threadId: string | null;
  /** The person it was done to, where that is not told by the thread. */
  readonly subject: string | null;
};

export type AuditFilter = {
  readonly actor?: string | undefined;
  readonly threadId?: string | undefined;
  readonly after: number;
  readonly limit: number;
};

export type CacheKeyRecord = {
  readonly keyId: string;
  readonly key: Uint8Array;
  readonly issuedAt: Moment;
  readonly expiresAt: Moment;
};

export type MessageRange = {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
};

/** Who has events they may not have read, and whether anybody's sessions were ended. */
export type News = {
  readonly personIds: readonly string[] | 'everyone';
  readonly revoked: boolean;
  /** The soonest alarm that was set, by this process itself. */
  readonly alarmAt?: Moment | undefined;
};

/**
 * What is kept. Every act on a person's messages is a function of a transaction, and whatever it does
 * there exists together or not at all.
 */
export interface Storage {
  /**
   * Runs an act and answers once it is on disk. Acts run one at a time, in the order they were asked,
   * and several may share a commit; so an act may be run again, and does nothing but use its transaction.
   */
  write<Result>(act: (transaction: Transaction) => Promise<Result>): Promise<Result>;

  findPerson(id: string): Promise<PersonRecord | undefined>;

  /** The number of this person's newest event; 0 where nothing has happened yet. */
  presentEvent(personId: string): Promise<number>;

  /** Events above a number, oldest first. What was pruned is missing from the front. */
  eventsAfter(personId: string, no: number, limit: number): Promise<readonly NumberedEvent[]>;

  /** Whose sessions were ended after the revocation of that number, and the number it is now. */
  revocationsAfter(no: number): Promise<{ readonly personIds: readonly string[]; readonly present: number }>;

  auditPage(filter: AuditFilter): Promise<readonly (AuditRecord & { readonly seq: number })[]>;

  /** Where to look whether emails are due, soonest first, also what lies in the future. */
  soonestAlarms(limit: number): Promise<readonly Alarm[]>;

  /** Where to look no sooner than after these, latest first: after one while no email is under way, and while one is. */
  latestAlarms(
    after: { readonly idle: Moment; readonly underWay: Moment },
    limit: number,
  ): Promise<readonly Alarm[]>;

  /** Hears of what is committed, whichever process wrote it. */
  onNews(listener: (news: News) => void): void;

  /** Throws where requests can't be served. */
  check(): Promise<void>;

  /** Lets what was asked finish, then lets go. */
  close(): Promise<void>;
}

export interface Transaction {
  readonly people: People;
  readonly relationships: Relationships;
  readonly threads: Threads;
  readonly messages: Messages;
  readonly emails: Emails;
  readonly events: Events;
  readonly cacheKeys: CacheKeys;
  readonly uploads: Uploads;

  audit(record: AuditRecord): void;
}

export interface People {
  find(id: string): Promise<PersonRecord | undefined>;
  /** Adds a person or replaces them. */
  put(person: PersonRecord): Promise<void>;
  /** Has every process look again at whom this person's open streams belong to. */
  announceRevocation(id: string): Promise<void>;
}

export interface Relationships {
  find(clientId: string, providerId: string): Promise<RelationshipStatus | undefined>;
  put(relationship: Relationship): Promise<void>;
  /** Everybody this person stands in a relationship with. */
  of(person: { readonly id: string; readonly role: Role }): Promise<readonly Acquaintance[]>;
}

export interface Threads {
  find(id: string): Promise<ThreadRecord | undefined>;
  findBetween(clientId: string, providerId: string): Promise<ThreadRecord | undefined>;
  /** Adds a thread and the key that its words are sealed with. */
  add(thread: ThreadRecord): Promise<void>;
  update(thread: ThreadRecord): void;
  /** Newest activity first, from below that activity. */
  list(
    person: { readonly id: string; readonly role: Role },
    page: { readonly below: number | undefined; readonly limit: number },
  ): Promise<readonly ListedThread[]>;
  unreadOf(person: { readonly id: string; readonly role: Role }): Promise<number>;
  /** The two people of each thread this person has. */
  pairsOf(
    personId: string,
  ): Promise<readonly { readonly id: string; readonly clientId: string; readonly providerId: string }[]>;
}

export interface Messages {
  find(threadId: string, id: string): Promise<MessageRecord | undefined>;
  findAt(threadId: string, seq: number): Promise<MessageRecord | undefined>;
  /** Adds the thread's next message; its `seq` is the thread's `lastSeq` plus one. */
  add(message: MessageRecord): Promise<void>;
  /** In rising `seq`: the newest below `before` (or of all), or the oldest above `after`. */
  page(threadId: string, range: MessageRange): Promise<readonly MessageRecord[]>;
  /** Says anew what is so of a message's files. */
  replaceAttachments(message: MessageRecord, attachments: readonly Attachment[]): Promise<void>;
  /** How many messages above `seq` are not by that person. */
  countFromOthers(threadId: string, personId: string, above: number): Promise<number>;
  /** The first message above `seq` that is by that person, without its words. */
  firstFrom(
    threadId: string,
    personId: string,
    above: number,
  ): Promise<{ readonly seq: number; readonly sentAt: Moment } | undefined>;
}

export interface Emails {
  underWay(threadId: string, to: Role): Promise<EmailUnderWay | undefined>;
  /** Adds the email under way to that side, or replaces it. */
  put(email: EmailUnderWay): Promise<void>;
  /** Removes it; where there is none, nothing happens. */
  remove(threadId: string, to: Role): Promise<void>;
  /** Says what became of messages; of none is it said twice. */
  settle(range: SettledRange): void;
  /** What became of the messages in between, as far as it is settled, in rising seq. */
  settledIn(threadId: string, to: Role, from: number, through: number): Promise<readonly SettledRange[]>;
}

export interface Events {
  /** Tells a person, and returns the number it has for them. */
  add(personId: string, at: Moment, event: StoredEvent): Promise<number>;
  /** Forgets events that are older than that. Their numbers are never given again. */
  prune(before: Moment): Promise<void>;
}

export interface CacheKeys {
  find(personId: string, deviceId: string): Promise<CacheKeyRecord | undefined>;
  /** Adds the device's key, or replaces it; beyond `limit` devices the oldest make room. */
  put(personId: string, deviceId: string, key: CacheKeyRecord, limit: number): Promise<void>;
  /** Removes the key; where there is none, nothing happens. */
  remove(personId: string, deviceId: string): Promise<void>;
  /** Removes every key that has expired by `now`. */
  removeExpired(now: number): Promise<void>;
}

export interface Uploads {
  find(id: string): Promise<UploadRecord | undefined>;
  /** Adds an upload and the key that it is sealed with. */
  add(upload: Omit<UploadRecord, 'key'>): Promise<UploadRecord>;
  update(upload: UploadRecord): Promise<void>;
  remove(id: string): Promise<void>;
  addPart(id: string, part: UploadPart): Promise<void>;
  /** From the first byte on. */
  parts(id: string): Promise<readonly UploadPart[]>;
  countParts(id: string): Promise<number>;
  removeParts(id: string): Promise<void>;
  /** What a person has under way or has not sent yet. */
  unsentOf(personId: string): Promise<{ readonly count: number; readonly bytes: number }>;
  /** Those that no message carries and whose time is over. */
  expired(at: Moment, limit: number): Promise<readonly UploadRecord[]>;
  /** Those that a scanner is to look at by now. */
  toCheck(at: Moment, limit: number): Promise<readonly UploadRecord[]>;
}

/** The storage can't be reached, is full, or has too much waiting. Nothing is wrong with what was asked. */
export class StorageTrouble extends Error {
  override readonly name = 'StorageTrouble';
}
