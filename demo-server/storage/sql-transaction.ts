import type { Kysely } from 'kysely';
import type { AuditChain } from '../audit/chain.ts';
import type { Schema } from './schema.ts';
import { SqlAudit } from './sql-audit.ts';
import { SqlCacheKeys } from './sql-cache-keys.ts';
import { SqlEmails } from './sql-emails.ts';
import { SqlEvents } from './sql-events.ts';
import { SqlMessages } from './sql-messages.ts';
import { SqlPeople } from './sql-people.ts';
import { SqlRelationships } from './sql-relationships.ts';
import { SqlThreads } from './sql-threads.ts';
import { SqlUploads } from './sql-uploads.ts';
import type { AuditRecord, News, Transaction } from './storage.ts';
import type { ThreadKeys } from './thread-keys.ts';
import type { Vault } from './vault.ts';

export type Sealing = { readonly vault: Vault; readonly keys: ThreadKeys; readonly chain: AuditChain };

/**
 * One transaction and what it has in memory: rows that were read are not read again, rows that were
 * added are written together. Whoever asks for more than a row by its name has them written first.
 */
export class SqlTransaction implements Transaction {
  readonly people: SqlPeople;
  readonly relationships: SqlRelationships;
  readonly threads: SqlThreads;
  readonly messages: SqlMessages;
  readonly emails: SqlEmails;
  readonly events: SqlEvents;
  readonly cacheKeys: SqlCacheKeys;
  readonly uploads: SqlUploads;
  readonly #audit: SqlAudit;
  #revoked = false;

  constructor(db: Kysely<Schema>, { vault, keys, chain }: Sealing) {
    const settle = () => this.#writeMessages();
    this.people = new SqlPeople(db, () => (this.#revoked = true));
    this.relationships = new SqlRelationships(db);
    this.threads = new SqlThreads(db, keys, settle);
    this.messages = new SqlMessages(db, (threadId) => this.threads.keyOf(threadId), keys, settle);
    this.emails = new SqlEmails(db, settle);
    this.events = new SqlEvents(db);
    this.cacheKeys = new SqlCacheKeys(db, vault);
    this.uploads = new SqlUploads(db, vault);
    this.#audit = new SqlAudit(db, chain);
  }

  /** Who is to hear of it. */
  get news(): News {
    return {
      personIds: [...this.events.told.keys()],
      revoked: this.#revoked,
      alarmAt: this.threads.soonestAlarm,
    };
  }

  audit(record: AuditRecord): void {
    this.#audit.add(record);
  }

  /** Writes all that is left to write. */
  async flush(): Promise<void> {
    await this.#writeMessages();
    await this.events.flush();
    await this.#audit.flush();
  }

  async #writeMessages(): Promise<void> {
    await this.threads.flush();
    await this.messages.flush();
    await this.emails.flush();
  }
}
