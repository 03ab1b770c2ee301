import type { Kysely } from 'kysely';
import { Prepared } from './prepared.ts';
import type { PersonRow, Schema } from './schema.ts';
import type { People, PersonRecord } from './storage.ts';

export class SqlPeople implements People {
  readonly #db: Kysely<Schema>;
  readonly #onRevoked: () => void;
  readonly #known = new Map<string, PersonRecord | undefined>();

  constructor(db: Kysely<Schema>, onRevoked: () => void) {
    this.#db = db;
    this.#onRevoked = onRevoked;
  }

  async find(id: string): Promise<PersonRecord | undefined> {
    if (!this.#known.has(id)) this.#known.set(id, await findPerson(this.#db, id));
    return this.#known.get(id);
  }

  async put(person: PersonRecord): Promise<void> {
    const row = rowOfPerson(person);
    const { id: _, ...changed } = row;
    await this.#db
      .insertInto('people')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
      .execute();
    this.#known.set(person.id, person);
  }

  async announceRevocation(id: string): Promise<void> {
    const { last } = await this.#db
      .selectFrom('revocations')
      .select(({ fn }) => fn.max('no').as('last'))
      .executeTakeFirstOrThrow();
    await this.#db
      .insertInto('revocations')
      .values({ no: (last ?? 0) + 1, person_id: id })
      .execute();
    this.#onRevoked();
  }
}

export async function findPerson(db: Kysely<Schema>, id: string): Promise<PersonRecord | undefined> {
  const row = await byId.first(db, { id });
  return row && personOf(row);
}

const byId = new Prepared<{ id: string }, PersonRow>((db, value) =>
  db.selectFrom('people').selectAll().where('id', '=', value('id')),
);

export function personOf(row: PersonRow): PersonRecord {
  return {
    id: row.id,
    role: row.role,
    displayName: row.display_name,
    email: row.email,
    locale: row.locale,
    timeZone: row.time_zone,
    ...(row.credentials !== null && { credentials: row.credentials }),
    ...(row.reply_policy !== null && { replyPolicy: row.reply_policy }),
    notifications: row.notifications,
    closedAt: row.closed_at,
    sessionsEndedAt: row.sessions_ended_at,
  };
}

function rowOfPerson(person: PersonRecord): PersonRow {
  return {
    id: person.id,
    role: person.role,
    display_name: person.displayName,
    email: person.email,
    locale: person.locale,
    time_zone: person.timeZone,
    credentials: person.credentials ?? null,
    reply_policy: person.replyPolicy ?? null,
    notifications: person.notifications,
    closed_at: person.closedAt,
    sessions_ended_at: person.sessionsEndedAt,
  };
}

/** A person's columns in a row that holds more than a person. */
export const personColumns = [
  'people.id',
  'people.role',
  'people.display_name',
  'people.email',
  'people.locale',
  'people.time_zone',
  'people.credentials',
  'people.reply_policy',
  'people.notifications',
  'people.closed_at',
  'people.sessions_ended_at',
] as const;
