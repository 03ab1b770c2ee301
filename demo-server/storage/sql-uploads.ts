import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema, UploadRow } from './schema.ts';
import type { Moment, UploadPart, UploadRecord, Uploads } from './storage.ts';
import { makeDataKey, open, seal, type Vault } from './vault.ts';

/** What of an upload may not lie in clear. */
type Sealed = Pick<UploadRecord, 'name' | 'claimedType' | 'claimedSha256' | 'sha256' | 'refusal'>;

/** Uploads are few beside messages: they are written as they change. */
export class SqlUploads implements Uploads {
  readonly #db: Kysely<Schema>;
  readonly #vault: Vault;

  constructor(db: Kysely<Schema>, vault: Vault) {
    this.#db = db;
    this.#vault = vault;
  }

  async find(id: string): Promise<UploadRecord | undefined> {
    const row = await this.#db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
    return row && this.#recordOf(row);
  }

  async add(upload: Omit<UploadRecord, 'key'>): Promise<UploadRecord> {
    const bytes = makeDataKey();
    const { keyId, wrapped } = this.#vault.wrap(bytes, uploadKeyContext(upload.id));
    const added = { ...upload, key: createSecretKey(bytes) };
    await this.#db
      .insertInto('uploads')
      .values({ ...columnsOf(added), key_id: keyId, wrapped_key: wrapped })
      .execute();
    return added;
  }

  async update(upload: UploadRecord): Promise<void> {
    await this.#db.updateTable('uploads').set(columnsOf(upload)).where('id', '=', upload.id).execute();
  }

  async remove(id: string): Promise<void> {
    await this.removeParts(id);
    await this.#db.deleteFrom('uploads').where('id', '=', id).execute();
  }

  async addPart(id: string, { start, length, blob }: UploadPart): Promise<void> {
    await this.#db.insertInto('upload_parts').values({ upload_id: id, start, length, blob }).execute();
  }

  async parts(id: string): Promise<readonly UploadPart[]> {
    return this.#db
      .selectFrom('upload_parts')
      .select(['start', 'length', 'blob'])
      .where('upload_id', '=', id)
      .orderBy('start')
      .execute();
  }

  async countParts(id: string): Promise<number> {
    const found = await this.#db
      .selectFrom('upload_parts')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('upload_id', '=', id)
      .executeTakeFirst();
    return Number(found?.count ?? 0);
  }

  async removeParts(id: string): Promise<void> {
    await this.#db.deleteFrom('upload_parts').where('upload_id', '=', id).execute();
  }

  async unsentOf(personId: string): Promise<{ readonly count: number; readonly bytes: number }> {
    const found = await this.#db
      .selectFrom('uploads')
      .select(({ fn }) => [fn.countAll().as('count'), fn.sum('size').as('bytes')])
      .where('person_id', '=', personId)
      .where('expires_at', 'is not', null)
      .where('state', 'in', ['open', 'checking', 'sound'])
      .executeTakeFirst();
    return { count: Number(found?.count ?? 0), bytes: Number(found?.bytes ?? 0) };
  }

  async expired(at: Moment, limit: number): Promise<readonly UploadRecord[]> {
    const rows = await this.#db
      .selectFrom('uploads')
      .selectAll()
      .where('expires_at', '<=', at)
      .orderBy('expires_at')
      .limit(limit)
      .execute();
    return rows.map((row) => this.#recordOf(row));
  }

  async toCheck(at: Moment, limit: number): Promise<readonly UploadRecord[]> {
    const rows = await this.#db
      .selectFrom('uploads')
      .selectAll()
      .where('check_at', '<=', at)
      .orderBy('check_at')
      .limit(limit)
      .execute();
    return rows.map((row) => this.#recordOf(row));
  }

  #recordOf(row: UploadRow): UploadRecord {
    const wrapped = { keyId: row.key_id, wrapped: row.wrapped_key };
    const key = createSecretKey(this.#vault.unwrap(wrapped, uploadKeyContext(row.id)));
    return {
      ...(JSON.parse(open(key, row.sealed, nameOf(row.id)).toString('utf8')) as Sealed),
      id: row.id,
      personId: row.person_id,
      size: row.size,
      received: row.received,
      state: row.state,
      mediaType: row.media_type,
      storedSize: row.stored_size,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      checkAt: row.check_at,
      checks: row.checks,
      place:
        row.thread_id === null
          ? null
          : { threadId: row.thread_id, messageId: row.message_id!, position: row.position! },
      key,
    };
  }
}

/** What an upload's wrapped key is bound to. */
export function uploadKeyContext(id: string): string {
  return `upload-key ${id}`;
}

function columnsOf(upload: UploadRecord): Omit<UploadRow, 'key_id' | 'wrapped_key'> {
  return {
    id: upload.id,
    person_id: upload.personId,
    sealed: sealedOf(upload.key, upload),
    size: upload.size,
    received: upload.received,
    state: upload.state,
    media_type: upload.mediaType,
    stored_size: upload.storedSize,
    created_at: upload.createdAt,
    expires_at: upload.expiresAt,
    check_at: upload.checkAt,
    checks: upload.checks,
    thread_id: upload.place?.threadId ?? null,
    message_id: upload.place?.messageId ?? null,
    position: upload.place?.position ?? null,
  };
}

function sealedOf(key: KeyObject, upload: UploadRecord): Buffer {
  const { name, claimedType, claimedSha256, sha256, refusal } = upload;
  const sealed: Sealed = { name, claimedType, claimedSha256, sha256, refusal };
  return seal(key, JSON.stringify(sealed), nameOf(upload.id));
}

function nameOf(id: string): string {
  return `upload ${id}`;
}
