import type { Kysely } from 'kysely';
import type { Role } from '../../protocol/person.ts';
import type { Relationship, RelationshipStatus } from '../../protocol/relationship.ts';
import { Prepared } from './prepared.ts';
import type { Schema } from './schema.ts';
import { personColumns, personOf } from './sql-people.ts';
import type { Acquaintance, Relationships } from './storage.ts';

type Pair = { clientId: string; providerId: string };

export class SqlRelationships implements Relationships {
  readonly #db: Kysely<Schema>;
  readonly #known = new Map<string, RelationshipStatus | undefined>();

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  async find(clientId: string, providerId: string): Promise<RelationshipStatus | undefined> {
    const name = nameOf(clientId, providerId);
    if (!this.#known.has(name)) {
      this.#known.set(name, (await byPair.first(this.#db, { clientId, providerId }))?.status);
    }
    return this.#known.get(name);
  }

  async put({ clientId, providerId, status }: Relationship): Promise<void> {
    await this.#db
      .insertInto('relationships')
      .values({ client_id: clientId, provider_id: providerId, status })
      .onConflict((conflict) => conflict.columns(['client_id', 'provider_id']).doUpdateSet({ status }))
      .execute();
    this.#known.set(nameOf(clientId, providerId), status);
  }

  async of({ id, role }: { readonly id: string; readonly role: Role }): Promise<readonly Acquaintance[]> {
    const other = role === 'client' ? 'provider' : 'client';
    const rows = await this.#db
      .selectFrom('relationships')
      .innerJoin('people', 'people.id', `relationships.${other}_id`)
      .leftJoin('threads', (join) =>
        join
          .onRef('threads.client_id', '=', 'relationships.client_id')
          .onRef('threads.provider_id', '=', 'relationships.provider_id'),
      )
      .select([...personColumns, 'relationships.status', 'threads.id as thread_id'])
      .where(`relationships.${role}_id`, '=', id)
      .execute();
    return rows.map((row) => ({ person: personOf(row), status: row.status, threadId: row.thread_id }));
  }
}

const byPair = new Prepared<Pair, { status: RelationshipStatus }>((db, value) =>
  db
    .selectFrom('relationships')
    .select('status')
    .where('client_id', '=', value('clientId'))
    .where('provider_id', '=', value('providerId')),
);

function nameOf(clientId: string, providerId: string): string {
  return JSON.stringify([clientId, providerId]);
}
