import { expect } from '@open-wc/testing';
import { deviceIn, openDatabase } from '../../../widget/cache/database.ts';

/** A connection that stays open whatever it is asked. */
async function aStubbornConnection(name: string): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    for (const store of ['device', 'records', 'outbox']) opening.result.createObjectStore(store);
  };
  return new Promise((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('not opened'));
  });
}

describe('openDatabase', () => {
  it('gives up where the browser keeps it waiting', async () => {
    const name = crypto.randomUUID();
    const holder = await aStubbornConnection(name);
    indexedDB.deleteDatabase(name); // waits for the holder, and whoever opens waits behind it
    expect(await openDatabase(name).catch((error: Error) => error.message)).to.contain('did not open');

    holder.close();
    const opened = await openDatabase(name);
    expect([...opened.objectStoreNames]).to.deep.equal(['device', 'drafts', 'outbox', 'records']);
    opened.close();
  });

  it('fails where the browser refuses', async () => {
    const name = crypto.randomUUID();
    const newer = indexedDB.open(name, 99);
    await new Promise((resolve) => (newer.onsuccess = resolve));
    newer.result.close();
    expect(await openDatabase(name).catch((error: Error) => error.name)).to.equal('VersionError');
  });

  it('steps aside for whoever wants the database gone', async () => {
    const name = crypto.randomUUID();
    await openDatabase(name);
    const deleting = indexedDB.deleteDatabase(name);
    await new Promise((resolve, reject) => {
      deleting.onsuccess = resolve;
      deleting.onblocked = () => reject(new Error('somebody holds the database'));
    });
  });

  it('gives a device one name, also where two tabs ask at once', async () => {
    const name = crypto.randomUUID();
    const [one, other] = [await openDatabase(name), await openDatabase(name)];
    const [first, second] = await Promise.all([deviceIn(one), deviceIn(other)]);
    expect(first.deviceId).to.equal(second.deviceId);
    one.close();
    other.close();
  });
});
