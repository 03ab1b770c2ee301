import type { Kysely } from 'kysely';
import type { Engine } from './engine.ts';
import type { Schema } from './schema.ts';
import { cacheKeyContext } from './sql-cache-keys.ts';
import { uploadKeyContext } from './sql-uploads.ts';
import { contextOf } from './thread-keys.ts';
import type { Vault, Wrapped } from './vault.ts';

const pageSize = 500;

/**
 * Wraps everything with the newest key, so that the older ones can be dropped. Words are not touched.
 * A server may go on meanwhile, and what fails half-way can be run again.
 */
export async function rewrap(engine: Engine, vault: Vault): Promise<number> {
  let total = 0;
  for (const step of [rewrapSecrets, rewrapThreads, rewrapCacheKeys, rewrapUploads]) {
    for (let done = pageSize; done === pageSize; total += done) {
      done = await engine.transaction((db) => step(db, vault));
    }
  }
  return total;
}

async function rewrapSecrets(db: Kysely<Schema>, vault: Vault): Promise<number> {
  const rows = await db.selectFrom('secrets').selectAll().where('key_id', '!=', vault.newestKeyId).execute();
  for (const { name, key_id, wrapped } of rows) {
    const anew = wrapAnew(vault, { keyId: key_id, wrapped }, name);
    await db
      .updateTable('secrets')
      .set({ key_id: anew.keyId, wrapped: anew.wrapped })
      .where('name', '=', name)
      .execute();
  }
  return rows.length;
}

async function rewrapThreads(db: Kysely<Schema>, vault: Vault): Promise<number> {
  const rows = await db
    .selectFrom('threads')
    .select(['id', 'key_id', 'wrapped_key'])
    .where('key_id', '!=', vault.newestKeyId)
    .limit(pageSize)
    .execute();
  for (const { id, key_id, wrapped_key } of rows) {
    const anew = wrapAnew(vault, { keyId: key_id, wrapped: wrapped_key }, contextOf(id));
    await db
      .updateTable('threads')
      .set({ key_id: anew.keyId, wrapped_key: anew.wrapped })
      .where('id', '=', id)
      .execute();
  }
  return rows.length;
}

async function rewrapCacheKeys(db: Kysely<Schema>, vault: Vault): Promise<number> {
  const rows = await db
    .selectFrom('cache_keys')
    .select(['id', 'key_id', 'wrapped'])
    .where('key_id', '!=', vault.newestKeyId)
    .limit(pageSize)
    .execute();
  for (const { id, key_id, wrapped } of rows) {
    const anew = wrapAnew(vault, { keyId: key_id, wrapped }, cacheKeyContext(id));
    await db
      .updateTable('cache_keys')
      .set({ key_id: anew.keyId, wrapped: anew.wrapped })
      .where('id', '=', id)
      .execute();
  }
  return rows.length;
}

async function rewrapUploads(db: Kysely<Schema>, vault: Vault): Promise<number> {
  const rows = await db
    .selectFrom('uploads')
    .select(['id', 'key_id', 'wrapped_key'])
    .where('key_id', '!=', vault.newestKeyId)
    .limit(pageSize)
    .execute();
  for (const { id, key_id, wrapped_key } of rows) {
    const anew = wrapAnew(vault, { keyId: key_id, wrapped: wrapped_key }, uploadKeyContext(id));
    await db
      .updateTable('uploads')
      .set({ key_id: anew.keyId, wrapped_key: anew.wrapped })
      .where('id', '=', id)
      .execute();
  }
  return rows.length;
}

function wrapAnew(vault: Vault, wrapped: Wrapped, context: string): Wrapped {
  return vault.wrap(vault.unwrap(wrapped, context), context);
}
