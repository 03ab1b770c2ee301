import { deviceIn, openDatabase, sealedStores, type Device } from './database.ts';

/** How long another tab may keep the database from going: it is empty by then. */
const goneWithin = 2_000;

/** Whether words lie here that no server has; read without the key, from how many there are. */
export async function holdsUnsent(name: string): Promise<boolean> {
  const db = await openDatabase(name, () => undefined);
  try {
    const tx = db.transaction(['outbox', 'drafts']);
    const counts = await Promise.all([tx.objectStore('outbox').count(), tx.objectStore('drafts').count()]);
    return counts.some((count) => count > 0);
  } finally {
    db.close();
  }
}

/** What this browser's records are known by. */
export async function deviceOf(name: string): Promise<Device> {
  const db = await openDatabase(name, () => undefined);
  return deviceIn(db).finally(() => db.close());
}

/** Takes out all that was sealed, whatever is being written; notes a key that is yet to be destroyed. */
export async function empty(name: string, owed: string | undefined): Promise<void> {
  const db = await openDatabase(name, () => undefined);
  try {
    const { deviceId, owed: before = [] } = await deviceIn(db);
    const tx = db.transaction(['device', ...sealedStores], 'readwrite', { durability: 'strict' });
    await Promise.all([
      ...sealedStores.map((store) => tx.objectStore(store).clear()),
      tx
        .objectStore('device')
        .put({ deviceId, keyId: undefined, owed: owed ? [...before, owed] : before }, 'this'),
      tx.done,
    ]);
  } finally {
    db.close();
  }
}

/** Has the database go. A tab that keeps it is not waited for long. */
export function remove(name: string): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, goneWithin);
    const going = indexedDB.deleteDatabase(name);
    going.onsuccess = going.onerror = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
