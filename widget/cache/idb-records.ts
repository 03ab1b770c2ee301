import type { CacheKey } from '../../protocol/cache-key.ts';
import { claim, deviceIn, openDatabase, sealedStores, type Database } from './database.ts';
import type { Change, Drawer, Records } from './records.ts';
import { Sealer } from './seal.ts';

/**
 * Gets the key for a device's records; `isNew` where the device holds none yet. Given one whose person had signed
 * out, another: that one is to be destroyed first.
 */
export type KeyFor = (deviceId: string, isNew: boolean, isOwed?: boolean) => Promise<CacheKey>;

/** Records in IndexedDB: each one sealed, under a keyed hash of its name. */
export class IdbRecords implements Records {
  readonly wasEmpty: boolean;
  readonly #db: Database;
  readonly #sealer: Sealer;

  private constructor(db: Database, sealer: Sealer, wasEmpty: boolean) {
    this.wasEmpty = wasEmpty;
    this.#db = db;
    this.#sealer = sealer;
  }

  /**
   * Opens this device's records with the key that `keyFor` gets for it, and which has nothing to open on a
   * device that is new. Rejects with whatever `keyFor` rejects with, and where the browser has no IndexedDB
   * or WebCrypto that works.
   */
  static async open(name: string, keyFor: KeyFor): Promise<IdbRecords> {
    let asking: Promise<CacheKey> | undefined;
    const db = await openDatabase(name, (newId) => {
      asking = keyFor(newId, true);
      // Whoever waits for it below hears of a failure; where nobody does, it is none.
      asking.catch(() => undefined);
    });
    try {
      const { deviceId, keyId, owed } = await deviceIn(db);
      let key = await (asking ?? keyFor(deviceId, keyId === undefined));
      if (owed?.includes(key.keyId)) key = await keyFor(deviceId, true, true);
      // Whatever is read or written from here on waits for its turn behind the claim.
      claim(db, { deviceId, keyId: key.keyId }).catch(() => db.close());
      return new IdbRecords(db, await Sealer.from(key), keyId !== key.keyId);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  async read(drawer: Drawer, name: string): Promise<unknown> {
    const hash = await this.#sealer.hash(drawer, name);
    return this.#sealer.open(drawer, hash, await this.#db.transaction(drawer).store.get(hash));
  }

  async readAll(drawer: Drawer): Promise<readonly unknown[]> {
    const store = (await this.#begin('readonly')).objectStore(drawer);
    const [hashes, sealed] = await Promise.all([store.getAllKeys(), store.getAll()]);
    const values = await Promise.all(hashes.map((hash, at) => this.#sealer.open(drawer, hash, sealed[at])));
    return values.filter((value) => value !== undefined);
  }

  async write(changes: readonly Change[]): Promise<void> {
    // Sealing comes first: an IndexedDB transaction doesn't wait for WebCrypto.
    const sealed = await Promise.all(changes.map((change) => this.#seal(change)));
    const isOnlyHere = changes.some(({ drawer }) => drawer === 'outbox');
    const tx = await this.#begin('readwrite', isOnlyHere ? 'strict' : 'relaxed');
    await Promise.all([
      ...sealed.map(async ({ drawer, hash, bytes, isUpdate, known }) => {
        const store = tx.objectStore(drawer);
        if (!bytes) {
          if (known === undefined || known === String(await store.get(hash))) await store.delete(hash);
        } else if (!isUpdate || (await store.getKey(hash))) await store.put(bytes, hash);
      }),
      tx.done,
    ]);
  }

  async clear(drawer: Drawer): Promise<void> {
    const tx = await this.#begin('readwrite', 'strict');
    await Promise.all([tx.objectStore(drawer).clear(), tx.done]);
  }

  close(): void {
    this.#db.close();
  }

  get name(): string {
    return `grow-messages ${this.#sealer.keyId}`;
  }

  /** What is changed must be ours: another person may have taken the database over since. */
  async #begin<Mode extends IDBTransactionMode>(mode: Mode, durability?: IDBTransactionDurability) {
    const tx = this.#db.transaction(['device', ...sealedStores], mode, durability && { durability });
    const owner = await tx.objectStore('device').get('this');
    if (owner?.keyId === this.#sealer.keyId) return tx;
    tx.abort();
    await tx.done.catch(() => undefined);
    throw new Error('another key');
  }

  async #seal({ drawer, name, value, isUpdate, was }: Change) {
    const hash = await this.#sealer.hash(drawer, name);
    const bytes = value === undefined ? undefined : await this.#sealer.seal(drawer, hash, value);
    const known = was === undefined ? undefined : await this.#bytesOf(drawer, hash, was);
    return { drawer, hash, bytes, isUpdate, known };
  }

  /** What lies there, for comparing, where it says this or can't be read: a transaction would not wait for that. */
  async #bytesOf(drawer: Drawer, hash: string, value: unknown): Promise<string> {
    const stored = await this.#db.transaction(drawer).store.get(hash);
    const said = (await this.#sealer.open(drawer, hash, stored)) ?? value;
    return JSON.stringify(said) === JSON.stringify(value) ? String(stored) : '';
  }
}
