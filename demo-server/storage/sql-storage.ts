import { type Kysely, sql } from 'kysely';
import type { AuditFinding } from '../audit/chain.ts';
import { AuditChain } from '../audit/chain.ts';
import type { Engine } from './engine.ts';
import { migrate } from './migrations/migrate.ts';
import { auditPage, beginAudit, checkAudit } from './sql-audit.ts';
import { RecentEvents } from './recent-events.ts';
import { latestAlarms, soonestAlarms } from './sql-emails.ts';
import { eventsAfter, presentEvent } from './sql-events.ts';
import { findPerson } from './sql-people.ts';
import type { Schema } from './schema.ts';
import { type Sealing, SqlTransaction } from './sql-transaction.ts';
import {
  type AuditFilter,
  type Moment,
  type News,
  type Storage,
  StorageTrouble,
  type Transaction,
} from './storage.ts';
import { ThreadKeys } from './thread-keys.ts';
import { makeDataKey, type Vault } from './vault.ts';
import { WriteQueue } from './write-queue.ts';

/** Takes the migrations that are due, and opens. */
export async function openStorage(engine: Engine, vault: Vault): Promise<SqlStorage> {
  const open = engine.transaction(async (db) => {
    await migrate(db, engine.dialect);
    const known = await db.selectFrom('secrets').selectAll().where('name', '=', auditKey).executeTakeFirst();
    if (known !== undefined) {
      return new AuditChain(vault.unwrap({ keyId: known.key_id, wrapped: known.wrapped }, auditKey));
    }
    // A key of its own, so that the log still proves itself when ENCRYPTION_KEY has changed.
    const key = makeDataKey();
    const { keyId, wrapped } = vault.wrap(key, auditKey);
    await db.insertInto('secrets').values({ name: auditKey, key_id: keyId, wrapped }).execute();
    const made = new AuditChain(key);
    await beginAudit(db, made);
    return made;
  });
  const chain = await open.catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  return new SqlStorage(engine, { vault, keys: new ThreadKeys(vault), chain });
}

/** The name of the audit log's secret, and what it is bound to. */
export const auditKey = 'audit-key';

export class SqlStorage implements Storage {
  readonly #engine: Engine;
  readonly #sealing: Sealing;
  readonly #writes: WriteQueue<Transaction>;
  readonly #recentEvents = new RecentEvents();
  readonly #listeners: ((news: News) => void)[] = [];
  /** Since a write failed, until one is known to succeed. */
  #canNotWrite = false;
  #trying: Promise<void> | undefined;

  constructor(engine: Engine, sealing: Sealing) {
    this.#engine = engine;
    this.#sealing = sealing;
    this.#writes = new WriteQueue({ runTogether: (acts) => this.#runTogether(acts) });
    engine.onNews((news) => this.#tell(news));
  }

  write<Result>(act: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.#writes.ask(act);
  }

  findPerson(id: string) {
    return this.#read(() => findPerson(this.#engine.reader, id));
  }

  presentEvent(personId: string) {
    return this.#read(() => presentEvent(this.#engine.reader, personId));
  }

  eventsAfter(personId: string, no: number, limit: number) {
    const recent = this.#recentEvents.after(personId, no, limit);
    if (recent !== undefined) return Promise.resolve(recent);
    return this.#read(() => eventsAfter(this.#engine.reader, personId, no, limit));
  }

  revocationsAfter(no: number) {
    return this.#read(async () => {
      const rows = await this.#engine.reader
        .selectFrom('revocations')
        .selectAll()
        .where('no', '>', no)
        .orderBy('no')
        .execute();
      return { personIds: rows.map((row) => row.person_id), present: rows.at(-1)?.no ?? no };
    });
  }

  soonestAlarms(limit: number) {
    return this.#read(() => soonestAlarms(this.#engine.reader, limit));
  }

  latestAlarms(after: { idle: Moment; underWay: Moment }, limit: number) {
    return this.#read(() => latestAlarms(this.#engine.reader, after, limit));
  }

  auditPage(filter: AuditFilter) {
    return this.#read(() => auditPage(this.#engine.reader, filter));
  }

  checkAudit(): Promise<AuditFinding> {
    return this.#read(() => checkAudit(this.#engine.reader, this.#sealing.chain));
  }

  onNews(listener: (news: News) => void): void {
    this.#listeners.push(listener);
  }

  async check(): Promise<void> {
    await this.#read(() => sql`select 1`.execute(this.#engine.reader));
    if (!this.#canNotWrite) return;
    // Where the disk is full, reading goes on. Whoever asks meanwhile waits for the same answer.
    this.#trying ??= this.#read(() => this.#engine.transaction(takeRoom)).finally(() => {
      this.#trying = undefined;
    });
    await this.#trying;
    this.#canNotWrite = false;
  }

  async close(): Promise<void> {
    await this.#writes.drain();
    await this.#engine.close();
  }

  async #runTogether(acts: readonly ((transaction: Transaction) => Promise<unknown>)[]) {
    const writing = this.#read(() =>
      this.#engine.transaction(async (db) => {
        const transaction = new SqlTransaction(db, this.#sealing);
        const results: unknown[] = [];
        for (const act of acts) results.push(await act(transaction));
        await transaction.flush();
        const { events, news } = transaction;
        if (concernsOthers(news)) await this.#engine.announce(db, news);
        return { results, events, news };
      }),
    );
    const { results, events, news } = await writing.catch((error: unknown) => {
      if (error instanceof StorageTrouble) this.#canNotWrite = true;
      throw error;
    });
    if (events.hasForgotten) this.#recentEvents.forget();
    for (const [personId, told] of events.told) this.#recentEvents.add(personId, told);
    if (concernsOthers(news) || news.alarmAt !== undefined) this.#tell(news);
    return results;
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }

  /** Whatever the database calls its trouble, above it has one name. */
  async #read<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await ask();
    } catch (error) {
      if (!this.#engine.isTrouble(error)) throw error;
      throw new StorageTrouble('The database does not answer.', { cause: error });
    }
  }
}

/** More than any message needs. */
const roomy = 64 * 1_024;

/** Writes something large, and takes it away again. */
async function takeRoom(db: Kysely<Schema>): Promise<void> {
  await db
    .insertInto('secrets')
    .values({ name: 'room', key_id: '', wrapped: Buffer.alloc(roomy) })
    .execute();
  await db.deleteFrom('secrets').where('name', '=', 'room').execute();
}

/** Whoever set an alarm rings it; where they can't any more, the others come to look by themselves. */
function concernsOthers({ personIds, revoked }: News): boolean {
  return personIds.length > 0 || revoked;
}
