import assert from 'node:assert/strict';
import type { Delivery } from '../../demo-server/email/mailer.ts';
import { claim, type Claim, record } from '../../demo-server/email/owed.ts';
import { Acts } from '../../demo-server/services/acts.ts';
import { Directory } from '../../demo-server/services/directory.ts';
import { guidance } from '../../demo-server/services/guidance.ts';
import { Messaging } from '../../demo-server/services/messaging.ts';
import type { Storage } from '../../demo-server/storage/storage.ts';
import type { Message } from '../../protocol/message.ts';
import type { Role } from '../../protocol/person.ts';
import { aClient, anId, aProvider } from './builders.ts';

export const minutes = 60_000;
export const quietTime = 5 * minutes;
export const lease = 60_000;

/**
 * What becomes of one claimed mail:
 * - `yes`, `slow-yes`, `not-now`, `never`: what the mail server says, and it is written down
 * - `lost-yes`: it says yes, and the answer is lost on the way
 * - `dies-before`, `dies-after`: the process dies, before the mail server has it or after
 * - `unwritten-yes`: it says yes, and writing that down fails the first time
 */
export const endings = [
  'yes',
  'slow-yes',
  'not-now',
  'never',
  'lost-yes',
  'dies-before',
  'dies-after',
  'unwritten-yes',
] as const;
export type Ending = (typeof endings)[number];

/** A mail that the mail server has taken. */
export type TakenMail = {
  readonly at: number;
  readonly id: string;
  readonly thread: number;
  readonly to: Role;
};

/** A mail that was claimed, when, and how often that time. */
type Claimed = TakenMail & { readonly attempt: number; readonly from: number; readonly through: number };

const worldStart = Date.UTC(2026, 0, 5);
let worldsMade = 0;

/**
 * A client with two providers, a clock that only we move, and senders that look whenever an alarm rings. With it,
 * what really happened: what was sent and read when, and which mails the mail server took.
 */
export class EmailWorld {
  readonly #storages: readonly Storage[];
  readonly #acts: Acts;
  readonly #messaging: Messaging;
  readonly #endings: readonly Ending[];
  readonly #clientId: string;
  readonly #providerIds: readonly string[];
  readonly #held: { readonly claim: Claim; readonly until: number }[] = [];
  #threadIds: readonly string[] = [];
  #claims = 0;
  now: number;

  readonly taken: TakenMail[] = [];
  readonly claimed: Claimed[] = [];
  /** How often the answer of the mail server was lost, in whatever way, by the mail's id. */
  readonly lostAnswers = new Map<string, number>();

  /** Several storages are several processes on one database. */
  static async make(storages: readonly Storage[], endings: readonly Ending[] = ['yes']): Promise<EmailWorld> {
    const world = new EmailWorld(storages, endings);
    await world.#fill();
    return world;
  }

  private constructor(storages: readonly Storage[], endings: readonly Ending[]) {
    this.#storages = storages;
    this.#endings = endings;
    const number = ++worldsMade;
    // Each later than all before, so that none has alarms that ring in another.
    this.now = worldStart + number * 10 * 24 * 60 * minutes;
    this.#acts = new Acts(storages[0]!, () => this.now);
    this.#messaging = new Messaging(this.#acts, storages[0]!, { guidance, quietTime });
    this.#clientId = `client-${number}`;
    this.#providerIds = [`provider-${number}-0`, `provider-${number}-1`];
  }

  async #fill(): Promise<void> {
    const directory = new Directory(this.#acts, quietTime);
    await Promise.all([
      directory.putPerson(this.#clientId, aClient()),
      ...this.#providerIds.map((id) => directory.putPerson(id, aProvider())),
    ]);
    const pairs = this.#providerIds.map((providerId) => ({ clientId: this.#clientId, providerId }));
    await Promise.all(pairs.map((pair) => directory.putRelationship(pair, { status: 'current' })));
    const opened = pairs.map(({ providerId }) =>
      this.#messaging.open(this.#session('client', 0), providerId),
    );
    this.#threadIds = (await Promise.all(opened)).map(({ thread }) => thread.id);
  }

  async send(thread: number, by: Role): Promise<void> {
    const draft = { text: 'Words', attachments: [] };
    await this.#messaging.send(this.#session(by, thread), this.#threadIds[thread]!, anId(), draft);
  }

  /** Reads up to so many messages before the end. */
  async read(thread: number, by: Role, butLast = 0): Promise<void> {
    const { lastSeq } = await this.#messaging.read(this.#session(by, thread), this.#threadIds[thread]!);
    const seq = Math.max(0, lastSeq - butLast);
    await this.#messaging.markRead(this.#session(by, thread), this.#threadIds[thread]!, seq);
  }

  /** Messages as their sender sees them. */
  async messagesTo(thread: number, to: Role): Promise<readonly Message[]> {
    const by = to === 'client' ? 'provider' : 'client';
    const session = this.#session(by, thread);
    const page = await this.#messaging.messages(session, this.#threadIds[thread]!, { limit: 200 });
    return page.messages.filter(({ senderId }) => senderId === session.personId);
  }

  /** Lets time pass. Whenever an alarm rings on the way, whoever looks, looks. */
  async wait(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      const alarms = (await this.#storages[0]!.soonestAlarms(50)).filter(({ threadId }) =>
        this.#threadIds.includes(threadId),
      );
      const held = this.#held.toSorted((one, other) => one.until - other.until)[0];
      const next = Math.min(alarms[0]?.at ?? Infinity, held?.until ?? Infinity);
      if (next > end) break;
      this.now = Math.max(this.now, next);
      if (held !== undefined && held.until <= this.now) {
        this.#held.splice(this.#held.indexOf(held), 1);
        await this.#record(held.claim, 'accepted');
      } else await this.#look(alarms[0]!);
    }
    this.now = end;
  }

  /** Has every process look in the same moment. */
  async #look(alarm: { readonly threadId: string; readonly to: Role }): Promise<void> {
    const looks = [...this.#storages, ...this.#storages].map((storage) =>
      storage.write(async (transaction) => {
        const got = await claim(transaction, alarm, { now: this.now, quietTime, lease });
        const email = got && (await transaction.emails.underWay(alarm.threadId, alarm.to));
        const thread = await transaction.threads.find(alarm.threadId);
        return got && { got, from: thread!.mail[alarm.to].settledSeq + 1, through: email!.throughSeq };
      }),
    );
    const claims = (await Promise.all(looks)).filter((got) => got !== undefined);
    assert.ok(claims.length <= 1, 'two have claimed the same');
    for (const { got, ...range } of claims) {
      const mail = { ...this.#mailOf(got), attempt: got.attempt, ...range };
      this.claimed.push(mail);
      await this.#end(got, this.#endings[this.#claims++ % this.#endings.length]!);
    }
  }

  async #end(got: Claim, ending: Ending): Promise<void> {
    const { id } = got.mail;
    const isTaken = !['not-now', 'never', 'dies-before'].includes(ending);
    if (isTaken) this.taken.push(this.#mailOf(got));
    if (ending === 'lost-yes' || ending === 'dies-after') {
      this.lostAnswers.set(id, (this.lostAnswers.get(id) ?? 0) + 1);
    }
    switch (ending) {
      case 'yes':
        return this.#record(got, 'accepted');
      case 'not-now':
      case 'lost-yes':
        return this.#record(got, 'deferred');
      case 'never':
        return this.#record(got, 'refused');
      case 'slow-yes':
        this.#held.push({ claim: got, until: this.now + lease / 3 });
        return;
      case 'unwritten-yes':
        await assert.rejects(this.#record(got, 'accepted', true));
        this.#held.push({ claim: got, until: this.now + 1_000 });
        return;
      case 'dies-before':
      case 'dies-after':
    }
  }

  async #record(got: Claim, delivery: Delivery, fails = false): Promise<void> {
    const storage = this.#storages[this.#claims % this.#storages.length]!;
    await storage.write(async (transaction) => {
      await record(transaction, got, delivery, { now: this.now, quietTime, random: 0.123 });
      if (fails) throw new Error('It could not be written down.');
    });
  }

  #mailOf({ mail }: Claim): TakenMail {
    return { at: this.now, id: mail.id, thread: this.#threadIds.indexOf(mail.threadId), to: mail.role };
  }

  #session(by: Role, thread: number) {
    const personId = by === 'client' ? this.#clientId : this.#providerIds[thread]!;
    return { personId, issuedAt: this.now, expiresAt: this.now + minutes };
  }
}
