import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import type { CacheKeyRecord, CacheKeys } from './storage.ts';
import type { Vault } from './vault.ts';

export class SqlCacheKeys implements CacheKeys {
  readonly #db: Kysely<Schema>;
  readonly #vault: Vault;

  constructor(db: Kysely<Schema>, vault: Vault) {
    this.#db = db;
    this.#vault = vault;
  }

  async find(personId: string, deviceId: string): Promise<CacheKeyRecord | undefined> {
    const row = await this.#db
      .selectFrom('cache_keys')
      .selectAll()
      .where('person_id', '=', personId)
      .where('device_id', '=', deviceId)
      .executeTakeFirst();
    return (
      row && {
        keyId: row.id,
        key: this.#vault.unwrap({ keyId: row.key_id, wrapped: row.wrapped }, cacheKeyContext(row.id)),
        issuedAt: row.issued_at,
        expiresAt: row.expires_at,
      }
    );
  }

  async put(personId: string, deviceId: string, record: CacheKeyRecord, limit: number): Promise<void> {
    await this.remove(personId, deviceId);
    const kept = await this.#db
      .selectFrom('cache_keys')
      .select('device_id')
      .where('person_id', '=', personId)
      .orderBy('issued_at')
      .orderBy('device_id')
      .execute();
    for (const { device_id } of kept.slice(0, Math.max(0, kept.length + 1 - limit))) {
      await this.remove(personId, device_id);
    }
    const { keyId, wrapped } = this.#vault.wrap(record.key, cacheKeyContext(record.keyId));
    await this.#db
      .insertInto('cache_keys')
      .values({
        person_id: personId,
        device_id: deviceId,
        id: record.keyId,
        issued_at: record.issuedAt,
        expires_at: record.expiresAt,
        key_id: keyId,
        wrapped,
      })
      .execute();
  }

  async remove(personId: string, deviceId: string): Promise<void> {
    await this.#db
      .deleteFrom('cache_keys')
      .where('person_id', '=', personId)
      .where('device_id', '=', deviceId)
      .execute();
  }

  async removeExpired(now: number): Promise<void> {
    await this.#db.deleteFrom('cache_keys').where('expires_at', '<=', now).execute();
  }
}

export function cacheKeyContext(keyId: string): string {
  return `cache-key ${keyId}`;
}
