import type { sealedStores } from '../../widget/cache/database.ts';

/** The database of this origin, as anybody opens it who sits at the computer. */
export function openDevice(name = 'grow-messages'): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(new Error('the database does not open'));
  });
}

/** What lies in each of its stores: sealed, but for the device's own name. */
export type Stored = { readonly device: readonly { readonly owed?: readonly string[] }[] } & {
  readonly [Store in (typeof sealedStores)[number]]: readonly Uint8Array[];
};

export async function stored(): Promise<Stored> {
  const database = await openDevice();
  const all = [...database.objectStoreNames].map(
    (name) =>
      new Promise<[string, readonly unknown[]]>((resolve) => {
        const reading = database.transaction(name).objectStore(name).getAll();
        reading.onsuccess = () => resolve([name, reading.result]);
      }),
  );
  const found = Object.fromEntries(await Promise.all(all));
  database.close();
  return found as Stored;
}
