import { expect } from '@open-wc/testing';
import { deviceIn, openDatabase } from '../../../widget/cache/database.ts';

const open = (name: string, onNew: (deviceId: string) => void = () => undefined) => openDatabase(name, onNew);

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
    expect(await open(name).catch((error: Error) => error.message)).to.contain('did not open');

    holder.close();
    const opened = await open(name);
    expect([...opened.objectStoreNames]).to.deep.equal(['device', 'drafts', 'files', 'outbox', 'records']);
    opened.close();
  });

  it('fails where the browser refuses', async () => {
    const name = crypto.randomUUID();
    const newer = indexedDB.open(name, 99);
    await new Promise((resolve) => (newer.onsuccess = resolve));
    newer.result.close();
    expect(await open(name).catch((error: Error) => error.name)).to.equal('VersionError');
  });

  it('steps aside for whoever wants the database gone', async () => {
    const name = crypto.randomUUID();
    await open(name);
    const deleting = indexedDB.deleteDatabase(name);
    await new Promise((resolve, reject) => {
      deleting.onsuccess = resolve;
      deleting.onblocked = () => reject(new Error('somebody holds the database'));
    });
  });

  it('gives a device one name, also where two tabs ask at once', async () => {
    const name = crypto.randomUUID();
    const made: string[] = [];
    const tabs = await Promise.all([1, 2].map(() => open(name, (deviceId) => made.push(deviceId))));
    const found = await Promise.all(tabs.map((tab) => deviceIn(tab)));
    expect(made.length).to.equal(1);
    expect(found.map(({ deviceId }) => deviceId)).to.deep.equal([made[0], made[0]]);
    for (const tab of tabs) tab.close();
  });

  it('says the name of a new device before it has opened, and of a known one not at all', async () => {
    const name = crypto.randomUUID();
    const heard: string[] = [];
    const opening = open(name, () => heard.push('name')).then((db) => (heard.push('open'), db));
    (await opening).close();
    (await open(name, () => heard.push('another name'))).close();
    expect(heard).to.deep.equal(['name', 'open']);
  });
});
