import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Delivery } from '../../../demo-server/email/mailer.ts';
import { EmailSender } from '../../../demo-server/email/sender.ts';
import { Acts } from '../../../demo-server/services/acts.ts';
import { Directory } from '../../../demo-server/services/directory.ts';
import { openStorage } from '../../../demo-server/storage/sql-storage.ts';
import { openSqlite } from '../../../demo-server/storage/sqlite.ts';
import { type Storage, StorageTrouble } from '../../../demo-server/storage/storage.ts';
import { Vault } from '../../../demo-server/storage/vault.ts';
import { aClient, aProvider } from '../../support/builders.ts';
import { FakeMailer } from '../../support/fake-mailer.ts';
import { until } from '../../support/until.ts';

const minutes = 60_000;
const quietTime = 5 * minutes;

describe('the sender of emails', () => {
  it('has one mail at a time of which nobody knows whether it was taken', async (t) => {
    const practice = await aPractice(t, 10);
    let inDoubt = 0;
    const doubts: number[] = [];
    const mailer = new FakeMailer();
    mailer.answer = async (): Promise<Delivery> => {
      doubts.push(++inDoubt);
      await new Promise((resolve) => setImmediate(resolve));
      return 'accepted';
    };
    // In doubt until it is written down.
    const write: Storage['write'] = (act) =>
      practice.storage.write(act).finally(() => (inDoubt = Math.max(0, inDoubt - 1)));
    const sender = practice.sender(mailer, {
      write,
      ...looks(practice.storage),
    });
    await sender.look();
    await sender.idle();
    assert.deepEqual(
      doubts,
      Array.from({ length: 10 }, () => 1),
    );
  });

  it('sends to others while one mail hangs, and leaves that one to nobody else', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const practice = await aPractice(t, 30);
    const hanging = Promise.withResolvers<Delivery>();
    const mailer = new FakeMailer();
    mailer.answer = ({ to }) => (to === 'client-3@clinic.example' ? hanging.promise : 'accepted');
    const sender = practice.sender(mailer);
    await sender.look();
    await until(() => mailer.sent.length === 30);

    const beside = new FakeMailer();
    for (let passed = 0; passed < 5; passed++) {
      practice.now += minutes / 2;
      t.mock.timers.tick(minutes / 2);
      // Whoever is asked next has what was asked before behind it.
      await practice.storage.write(() => Promise.resolve());
      await practice.sender(beside).look();
    }
    assert.deepEqual(beside.sent, [], 'it is still on its way');
    hanging.resolve('accepted');
    await sender.idle();
    assert.deepEqual(await practice.storage.soonestAlarms(1), []);
    assert.equal(mailer.sent.length, 30);
  });

  it('takes over what another left in the middle, under the same name', async (t) => {
    const practice = await aPractice(t, 1);
    const died = new FakeMailer();
    died.answer = () => new Promise(() => undefined);
    await practice.sender(died).look();
    const mailer = new FakeMailer();
    const sender = practice.sender(mailer);
    await sender.look();
    assert.deepEqual(mailer.sent, [], 'not before its time is up');
    practice.now += minutes;
    await sender.look();
    await sender.idle();
    assert.deepEqual(mailer.sent, died.sent);
    practice.now += 60 * minutes;
    await sender.look();
    assert.equal(mailer.sent.length, 1);
  });

  it('sends each once where several look at the same time', async (t) => {
    const practice = await aPractice(t, 60);
    const mailer = new FakeMailer();
    const senders = Array.from({ length: 3 }, () => practice.sender(mailer));
    await Promise.all(senders.map((sender) => sender.look()));
    await Promise.all(senders.map((sender) => sender.idle()));
    assert.equal(mailer.sent.length, 60);
    assert.equal(new Set(mailer.recipients).size, 60);
  });

  it('does not forget a yes that could not be written down at once', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const practice = await aPractice(t, 1);
    const mailer = new FakeMailer();
    let failures = 0;
    const sender = practice.sender(mailer, {
      ...looks(practice.storage),
      write: (act) =>
        mailer.sent.length > 0 && ++failures <= 3
          ? Promise.reject(new StorageTrouble('The disk is full.'))
          : practice.storage.write(act),
    });
    await sender.look();
    let isIdle = false;
    const idle = sender.idle().then(() => (isIdle = true));
    while (!isIdle) {
      await new Promise((resolve) => setImmediate(resolve));
      t.mock.timers.tick(1_000);
    }
    await idle;
    assert.equal(failures, 4);
    practice.now += 60 * minutes;
    await sender.look();
    assert.equal(mailer.sent.length, 1);
  });

  it('tries again where the mailer throws', async (t) => {
    const practice = await aPractice(t, 1);
    const mailer = new FakeMailer();
    mailer.answer = () => Promise.reject(new Error('It promised not to.'));
    const sender = practice.sender(mailer);
    await sender.look();
    await sender.idle();
    practice.now += 30_000;
    mailer.answer = () => 'accepted';
    await sender.look();
    await sender.idle();
    assert.equal(mailer.sent.length, 2);
    assert.deepEqual(await practice.storage.soonestAlarms(1), []);
  });

  it('looks for others where one thread can not be looked at', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const practice = await aPractice(t, 40);
    const mailer = new FakeMailer();
    const broken = (await practice.storage.soonestAlarms(1))[0]!.threadId;
    const sender = practice.sender(mailer, {
      ...looks(practice.storage),
      write: (act) =>
        practice.storage.write((transaction) =>
          act({
            ...transaction,
            audit: (record) => transaction.audit(record),
            threads: Object.assign(Object.create(transaction.threads) as typeof transaction.threads, {
              find: (id: string) =>
                id === broken ? Promise.reject(new Error('broken')) : transaction.threads.find(id),
              update: transaction.threads.update.bind(transaction.threads),
            }),
          }),
        ),
    });
    void sender.look();
    for (let turns = 0; mailer.sent.length < 39; turns++) {
      assert.ok(turns < 5_000);
      await new Promise((resolve) => setImmediate(resolve));
      t.mock.timers.tick(5_000);
    }
  });

  it('waits for what is on its way when it is stopped, and begins nothing more', async (t) => {
    const practice = await aPractice(t, 40);
    const first = Promise.withResolvers<Delivery>();
    const mailer = new FakeMailer();
    mailer.answer = () => first.promise;
    const sender = practice.sender(mailer);
    await sender.look();
    assert.equal(mailer.sent.length, 20, 'so many at once');
    const stopped = sender.stop();
    first.resolve('accepted');
    await stopped;
    assert.equal(mailer.sent.length, 20);
    assert.equal((await practice.storage.soonestAlarms(100)).length, 20, 'the others are still owed theirs');
  });

  it('wakes when the next one is due', async (t) => {
    const practice = await aPractice(t, 1);
    const mailer = new FakeMailer();
    const sender = practice.sender(mailer);
    const { at } = (await practice.storage.soonestAlarms(1))[0]!;
    practice.now = at - 20;
    sender.expect(at);
    assert.deepEqual(mailer.sent, []);
    practice.now = at;
    await until(() => mailer.sent.length === 1);
  });
});

/** The two ways in which a sender asks a storage what there is to do. */
function looks(storage: Storage): Pick<Storage, 'soonestAlarms' | 'latestAlarms'> {
  return {
    soonestAlarms: (limit) => storage.soonestAlarms(limit),
    latestAlarms: (after, limit) => storage.latestAlarms(after, limit),
  };
}

/** Clients whom their provider has just welcomed, and a clock that stands still. */
async function aPractice(t: TestContext, clients: number) {
  const folder = await mkdtemp(join(tmpdir(), 'grow-test-'));
  const storage = await openStorage(openSqlite(join(folder, 'test.sqlite')), new Vault([randomBytes(32)]));
  t.after(async () => {
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  });
  const practice = {
    storage,
    now: Date.UTC(2026, 0, 5),
    sender(mailer: FakeMailer, over: Pick<Storage, 'write' | 'soonestAlarms' | 'latestAlarms'> = storage) {
      const sender = new EmailSender({
        storage: over,
        mailer,
        now: () => practice.now,
        quietTime,
        lease: minutes,
        lookEvery: 20_000,
        hangsAfter: 10,
      });
      t.after(() => void sender.stop());
      return sender;
    },
  };
  const directory = new Directory(new Acts(storage, () => practice.now), quietTime);
  await directory.putPerson('provider', aProvider());
  await Promise.all(
    Array.from({ length: clients }, async (_, index) => {
      const clientId = `client-${index}`;
      await directory.putPerson(clientId, aClient({ email: `${clientId}@clinic.example` }));
      const pair = { clientId, providerId: 'provider' };
      await directory.putRelationship(pair, { status: 'current', welcome: 'Welcome' });
    }),
  );
  return practice;
}
