import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** What lies on the disk: sealed bytes under keyed hashes, and whose key they were sealed with. */
export interface Schema extends DBSchema {
  device: { key: 'this'; value: Device };
  records: { key: string; value: Uint8Array };
  outbox: { key: string; value: Uint8Array };
  drafts: { key: string; value: Uint8Array };
  files: { key: string; value: Uint8Array };
}

/** What belongs to a key: another's can't be opened with it. */
export const sealedStores = ['records', 'outbox', 'drafts', 'files'] as const;

/** This browser's own name, and the id of the key that its records are sealed with. Neither names a person. */
export type Device = {
  readonly deviceId: string;
  readonly keyId: string | undefined;
  /** Keys that the server has yet to destroy: their person signed out while it did not answer. */
  readonly owed?: readonly string[];
};

/** What idb gives, without the stores' methods on the database itself: the build leaves those out. */
export type Database = Pick<
  IDBPDatabase<Schema>,
  'transaction' | 'createObjectStore' | 'objectStoreNames' | 'close'
>;

/** One upgrade per version, oldest first. Only ever append. */
const upgrades: readonly ((db: Database) => void)[] = [
  (db) => {
    db.createObjectStore('device');
    db.createObjectStore('records');
    db.createObjectStore('outbox');
  },
  (db) => {
    db.createObjectStore('drafts');
  },
  (db) => {
    db.createObjectStore('files');
  },
];

/** How long opening may take before we do without: some browsers hang instead of refusing. */
const openWithin = 3_000;

/**
 * Opens the database of this origin, and says the device's name as soon as it has one for the first time.
 * Rejects where the browser has no database, keeps it shut or hangs.
 */
export async function openDatabase(name: string, onNew: (deviceId: string) => void): Promise<Database> {
  let isLate = false;
  const opening = openDB<Schema>(name, upgrades.length, {
    upgrade: (db, oldVersion, _newVersion, tx) => {
      for (const upgrade of upgrades.slice(oldVersion)) upgrade(db);
      if (oldVersion > 0) return;
      const deviceId = crypto.randomUUID();
      // Where that is broken off, so is the opening, which says so.
      tx.objectStore('device')
        .put({ deviceId, keyId: undefined }, 'this')
        .catch(() => undefined);
      onNew(deviceId);
    },
    // Another tab has a newer widget, or wants the database gone: it goes first, we go on in memory.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  void opening.then((db) => isLate && db.close()).catch(() => undefined);
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isLate = true;
      reject(new Error('the database did not open'));
    }, openWithin);
  });
  return Promise.race([opening, late]).finally(() => clearTimeout(timer));
}

/** The name this browser goes by, and the key that its records are sealed with, if they are. */
export async function deviceIn(db: Database): Promise<Device> {
  const known = await db.transaction('device').store.get('this');
  return known ?? { deviceId: crypto.randomUUID(), keyId: undefined };
}

/** Makes the database that of this device's key. What another key sealed, nobody here can read: it goes. */
export async function claim(db: Database, { deviceId, keyId }: Device): Promise<void> {
  const tx = db.transaction(['device', ...sealedStores], 'readwrite');
  const device = await tx.objectStore('device').get('this');
  if (device?.keyId !== keyId) {
    await Promise.all([
      ...sealedStores.map((name) => tx.objectStore(name).clear()),
      tx.objectStore('device').put({ ...device, deviceId, keyId }, 'this'),
    ]);
  }
  await tx.done;
}
