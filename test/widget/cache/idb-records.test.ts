import { expect } from '@open-wc/testing';
import { openDB, type IDBPDatabase } from 'idb';
import type { CacheKey } from '../../../protocol/cache-key.ts';
import { IdbRecords } from '../../../widget/cache/idb-records.ts';
import { itBehavesLikeRecords } from '../../contract/records.contract.ts';

function aKey(): CacheKey {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return {
    keyId: crypto.randomUUID(),
    key: btoa(String.fromCharCode(...bytes)),
    expiresAt: '2027-01-01T00:00:00.000Z',
  };
}

const open = (name: string, key = aKey()) => IdbRecords.open(name, async () => key);

/** A database of this test's own, as whoever looks at the disk finds it. */
async function onDisk(name: string): Promise<IDBPDatabase> {
  return openDB(name);
}

/** Everything in the database, keys and values, as text: bytes as the characters that they may be. */
async function readableIn(db: IDBPDatabase): Promise<string> {
  const found: string[] = [];
  for (const store of db.objectStoreNames) {
    for (const key of await db.getAllKeys(store)) found.push(textOf(key));
    for (const value of (await db.getAll(store)) as unknown[]) found.push(textOf(value));
  }
  return found.join('\n');
}

function textOf(value: unknown): string {
  if (!(value instanceof Uint8Array)) return typeof value === 'string' ? value : JSON.stringify(value);
  const asUtf16 = new TextDecoder('utf-16le').decode(value);
  return [new TextDecoder().decode(value), asUtf16, btoa(String.fromCharCode(...value))].join('\n');
}

/** The only record of a drawer, where it lies. */
async function onlyRecord(db: IDBPDatabase, drawer: string): Promise<[string, Uint8Array]> {
  const [key = ''] = (await db.getAllKeys(drawer)) as string[];
  return [key, (await db.get(drawer, key)) as Uint8Array];
}

describe('IdbRecords', () => {
  itBehavesLikeRecords(() => open(crypto.randomUUID()));

  const planted = ['suicidal', 'Dr. Maya Lee', 'inbox', 'draft', 'drawer of secrets', 'Grüße'];

  it('leaves no word on the disk that can be read, neither as a value nor as a key', async () => {
    const name = crypto.randomUUID();
    const records = await open(name);
    await records.write([
      { drawer: 'records', name: 'inbox', value: { from: 'Dr. Maya Lee', text: 'suicidal, Grüße' } },
      { drawer: 'records', name: 'draft drawer of secrets', value: 'suicidal' },
      { drawer: 'outbox', name: 'drawer of secrets', value: { text: 'Grüße, suicidal' } },
    ]);
    const db = await onDisk(name);
    const all = await readableIn(db);
    expect((await db.count('records')) + (await db.count('outbox'))).to.equal(3);
    for (const word of planted) expect(all, word).not.to.contain(word);

    // The search is one that finds: the same words in the clear are seen at once.
    await db.put('records', { from: 'Dr. Maya Lee' }, 'draft drawer of secrets');
    await db.put('outbox', new TextEncoder().encode('inbox suicidal Grüße'), 'plain');
    const withPlain = await readableIn(db);
    for (const word of planted) expect(withPlain, word).to.contain(word);
  });

  it('leaves no key on the disk', async () => {
    const name = crypto.randomUUID();
    const key = aKey();
    const records = await open(name, key);
    await records.write([{ drawer: 'records', name: 'a', value: 1 }]);
    const all = await readableIn(await onDisk(name));
    expect(all).not.to.contain(key.key);
    expect(all).not.to.contain(atob(key.key));
  });

  it('writes the same words differently each time', async () => {
    const name = crypto.randomUUID();
    const records = await open(name);
    const db = await onDisk(name);
    await records.write([{ drawer: 'records', name: 'a', value: 'the same' }]);
    const [, first] = await onlyRecord(db, 'records');
    await records.write([{ drawer: 'records', name: 'a', value: 'the same' }]);
    const [, second] = await onlyRecord(db, 'records');
    expect(first.slice(0, 12)).not.to.deep.equal(second.slice(0, 12));
    expect(first.slice(12)).not.to.deep.equal(second.slice(12));
  });

  it('does not open a record that was moved to another name', async () => {
    const name = crypto.randomUUID();
    const records = await open(name);
    await records.write([
      { drawer: 'records', name: 'draft one', value: 'mine' },
      { drawer: 'records', name: 'draft two', value: 'theirs' },
    ]);
    const db = await onDisk(name);
    const [first = '', second = ''] = (await db.getAllKeys('records')) as string[];
    const bytes = (await db.get('records', first)) as Uint8Array;
    await db.put('records', await db.get('records', second), first);
    await db.put('records', bytes, second);
    expect(await records.read('records', 'draft one')).to.equal(undefined);
    expect(await records.read('records', 'draft two')).to.equal(undefined);
    expect(await records.readAll('records')).to.deep.equal([]);
  });

  it('does not open a record that was moved to another drawer', async () => {
    const name = crypto.randomUUID();
    const records = await open(name);
    await records.write([{ drawer: 'records', name: 'a', value: 'words' }]);
    const db = await onDisk(name);
    const [key, bytes] = await onlyRecord(db, 'records');
    await db.put('outbox', bytes, key);
    expect(await records.readAll('outbox')).to.deep.equal([]);
    expect(await records.readAll('records')).to.deep.equal(['words']);
  });

  it('does not open a record of which one bit was turned, wherever', async () => {
    const name = crypto.randomUUID();
    const records = await open(name);
    await records.write([{ drawer: 'records', name: 'a', value: 'words' }]);
    const db = await onDisk(name);
    const [key, bytes] = await onlyRecord(db, 'records');
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      await db.put('records', damaged, key);
      expect(await records.read('records', 'a'), `byte ${at}`).to.equal(undefined);
    }
    await db.put('records', bytes, key);
    expect(await records.read('records', 'a')).to.equal('words');
  });

  it('makes nothing of what is no record at all', async () => {
    const name = crypto.randomUUID();
    const records = await open(name);
    await records.write([{ drawer: 'records', name: 'a', value: 'words' }]);
    const db = await onDisk(name);
    const [key] = await onlyRecord(db, 'records');
    for (const strange of ['text', 7, { text: 'plain' }, new Uint8Array(), new ArrayBuffer(40)]) {
      await db.put('records', strange, key);
      expect(await records.read('records', 'a')).to.equal(undefined);
    }
  });

  it('finds again with the same key what it wrote', async () => {
    const name = crypto.randomUUID();
    const key = aKey();
    const before = await open(name, key);
    await before.write([{ drawer: 'outbox', name: 'a', value: 'unsent' }]);
    before.close();
    const after = await open(name, key);
    expect(await after.read('outbox', 'a')).to.equal('unsent');
  });

  it('names its device the same each time, whoever’s key it gets', async () => {
    const name = crypto.randomUUID();
    const devices: string[] = [];
    for (let times = 0; times < 3; times++) {
      const records = await IdbRecords.open(name, async (deviceId) => {
        devices.push(deviceId);
        return aKey();
      });
      records.close();
    }
    expect(new Set(devices).size).to.equal(1);
  });

  it('takes away all that another key sealed, unsent words too', async () => {
    const name = crypto.randomUUID();
    const before = await open(name);
    await before.write([
      { drawer: 'records', name: 'inbox', value: 'theirs' },
      { drawer: 'outbox', name: 'a', value: 'theirs' },
    ]);
    before.close();
    await open(name);
    const db = await onDisk(name);
    expect([await db.count('records'), await db.count('outbox')]).to.deep.equal([0, 0]);
  });

  it('does not write into a database that has become another person’s', async () => {
    const name = crypto.randomUUID();
    const first = await open(name);
    const second = await open(name);
    const writing = first.write([{ drawer: 'outbox', name: 'a', value: 'words of the first' }]);
    expect(await writing.catch((error: Error) => error.message)).to.contain('another key');
    const db = await onDisk(name);
    expect([await db.count('records'), await db.count('outbox')]).to.deep.equal([0, 0]);
    await second.write([{ drawer: 'outbox', name: 'a', value: 'words of the second' }]);
    expect(await second.readAll('outbox')).to.deep.equal(['words of the second']);
  });

  it('writes all changes or none', async () => {
    const name = crypto.randomUUID();
    const records = await open(name);
    await records.write([{ drawer: 'records', name: 'a', value: 'before' }]);
    const writing = records.write([
      { drawer: 'records', name: 'a', value: 'after' },
      { drawer: 'outbox', name: 'b', value: 1n }, // what no JSON can say
    ]);
    expect(await writing.catch(() => 'refused')).to.equal('refused');
    expect(await records.read('records', 'a')).to.equal('before');
  });

  it('lets the database go where there is no key for it', async () => {
    const name = crypto.randomUUID();
    const { close } = IDBDatabase.prototype;
    const closed: string[] = [];
    IDBDatabase.prototype.close = function (this: IDBDatabase) {
      closed.push(this.name);
      close.call(this);
    };
    // Asked to make way it would anyway; nobody asks here.
    const opening = IdbRecords.open(name, () => Promise.reject(new Error('no key')));
    expect(await opening.catch((error: Error) => error.message)).to.equal('no key');
    IDBDatabase.prototype.close = close;
    expect(closed).to.deep.equal([name]);
  });
});
