import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Person, PersonUpdate } from '../../protocol/person.ts';
import type { Relationship, RelationshipUpdate } from '../../protocol/relationship.ts';
import type { PersonRecord, Transaction } from '../storage/storage.ts';
import type { Acts } from './acts.ts';
import { Refusal } from './refusal.ts';
import { appendMessage, openThreadOf, type Pair, tell } from './threads.ts';
import { correspondentOnWire, personOnWire } from './wire.ts';

/** What the portal's own server says of people, and of who works with whom. */
export class Directory {
  readonly #acts: Acts;
  readonly #quietTime: number;

  constructor(acts: Acts, quietTime: number) {
    this.#acts = acts;
    this.#quietTime = quietTime;
  }

  /** Asked twice, the second time changes nothing. Somebody whose account was closed is back. */
  putPerson(id: string, update: PersonUpdate): Promise<{ readonly person: Person; readonly isNew: boolean }> {
    const name = { action: 'person.update', subject: id };
    return this.#acts.perform('portal', name, async (transaction, note) => {
      const known = await transaction.people.find(id);
      if (known !== undefined && known.role !== update.role) {
        throw new Refusal('invalid', 'body role: must stay what it was');
      }
      const person: PersonRecord = {
        id,
        ...update,
        closedAt: null,
        sessionsEndedAt: known?.sessionsEndedAt ?? null,
      };
      if (known === undefined || !isDeepStrictEqual(person, known)) await transaction.people.put(person);
      if (known !== undefined && !looksTheSame(person, known))
        await this.#tellCorrespondents(transaction, id);
      if (known === undefined) note({ action: 'person.create' });
      return { person: personOnWire(person), isNew: known === undefined };
    });
  }

  /** Ends sessions and streams; nobody can write to them any more, and the record stays. */
  closePerson(id: string): Promise<void> {
    return this.#acts.perform('portal', { action: 'person.close', subject: id }, async (transaction) => {
      const person = await this.#find(transaction, id);
      if (person.closedAt === null) {
        const now = this.#acts.now();
        await transaction.people.put({ ...person, closedAt: now, sessionsEndedAt: now });
        await transaction.people.announceRevocation(id);
        await this.#tellCorrespondents(transaction, id);
      }
    });
  }

  /** Signs out everywhere: tokens that were issued before now no longer count. */
  endSessions(id: string): Promise<void> {
    return this.#acts.perform('portal', { action: 'sessions.end', subject: id }, async (transaction) => {
      const person = await this.#find(transaction, id);
      await transaction.people.put({ ...person, sessionsEndedAt: this.#acts.now() });
      await transaction.people.announceRevocation(id);
    });
  }

  /** The welcome becomes the provider's first message where the thread has none yet, else it adds nothing. */
  putRelationship(
    pair: Pair,
    { status, welcome }: RelationshipUpdate,
  ): Promise<{ readonly relationship: Relationship; readonly isNew: boolean }> {
    const name = {
      action: `relationship.${status}`,
      subject: JSON.stringify([pair.clientId, pair.providerId]),
    };
    return this.#acts.perform('portal', name, async (transaction, note) => {
      const { relationships, threads } = transaction;
      const client = await this.#find(transaction, pair.clientId);
      const provider = await this.#find(transaction, pair.providerId);
      if (client.role !== 'client' || provider.role !== 'provider') {
        throw new Refusal('invalid', 'path: must name a client, then a provider');
      }
      const known = await relationships.find(client.id, provider.id);
      if (known !== status) await relationships.put({ ...pair, status });

      const now = this.#acts.now();
      let thread = await threads.findBetween(client.id, provider.id);
      if (thread !== undefined && known !== status) {
        await tell(transaction, pair, now, { type: 'thread', threadId: thread.id });
      }
      const bothAreThere = client.closedAt === null && provider.closedAt === null;
      if (welcome !== undefined && status !== 'ended' && bothAreThere && (thread?.lastSeq ?? 0) === 0) {
        thread ??= await openThreadOf(transaction, pair, now);
        const draft = { id: randomUUID(), senderId: provider.id, text: welcome };
        await appendMessage(transaction, thread, draft, now, {
          quietTime: this.#quietTime,
          isWanted: client.notifications === 'all',
        });
      }
      note({ threadId: thread?.id });
      return { relationship: { ...pair, status }, isNew: known === undefined };
    });
  }

  async #find({ people }: Transaction, id: string): Promise<PersonRecord> {
    const person = await people.find(id);
    if (person === undefined) throw new Refusal('not-found');
    return person;
  }

  /** Has everybody with a thread with this person look at it again. */
  async #tellCorrespondents(transaction: Transaction, id: string): Promise<void> {
    for (const thread of await transaction.threads.pairsOf(id)) {
      await tell(transaction, thread, this.#acts.now(), { type: 'thread', threadId: thread.id });
    }
  }
}

/** To others, that is: an email is nobody else's business. */
function looksTheSame(one: PersonRecord, other: PersonRecord): boolean {
  return (
    (one.closedAt === null) === (other.closedAt === null) &&
    isDeepStrictEqual(correspondentOnWire(one), correspondentOnWire(other))
  );
}
