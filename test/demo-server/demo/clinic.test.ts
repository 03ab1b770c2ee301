import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fillClinic, people } from '../../../demo-server/demo/clinic.ts';
import { Acts } from '../../../demo-server/services/acts.ts';
import { Directory } from '../../../demo-server/services/directory.ts';
import { guidance } from '../../../demo-server/services/guidance.ts';
import { Messaging } from '../../../demo-server/services/messaging.ts';
import { openStorage, type SqlStorage } from '../../../demo-server/storage/sql-storage.ts';
import { openSqlite } from '../../../demo-server/storage/sqlite.ts';
import type { Storage } from '../../../demo-server/storage/storage.ts';
import { Vault } from '../../../demo-server/storage/vault.ts';

describe('the demo’s clinic', () => {
  it('is filled whole, wherever an earlier start was cut off', async (t) => {
    const now = Date.now();
    const whole = await makeStorage(t);
    const acts = await fill(whole, now);
    const expected = await storyOf(whole);
    assert.ok(acts > 30 && expected.length > 5);

    // Every start is cut off a few acts later than the one before, and goes on where that was; each time at others.
    const storage = await makeStorage(t);
    const step = 5;
    for (let cut = randomInt(step); cut < acts; cut += step) {
      await assert.rejects(fill(storage, now, cut), CutOff, `cut off at ${cut}`);
    }
    await fill(storage, now);
    assert.deepEqual(await storyOf(storage), expected);
  });

  it('is left alone once it is filled', async (t) => {
    const storage = await makeStorage(t);
    await fill(storage, Date.now());
    assert.equal(await fill(storage, Date.now()), 0);
  });
});

async function makeStorage(t: TestContext): Promise<SqlStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'grow-test-'));
  const storage = await openStorage(openSqlite(join(folder, 'clinic.sqlite')), new Vault([randomBytes(32)]));
  t.after(async () => {
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  });
  return storage;
}

class CutOff extends Error {}

/** Fills it, or as much of it as so many acts do, and says how many it took. */
async function fill(storage: Storage, now: number, atMost = Infinity): Promise<number> {
  let done = 0;
  const write: Storage['write'] = (act) => {
    if (done === atMost) return Promise.reject(new CutOff());
    done += 1;
    return storage.write(act);
  };
  await fillClinic(
    (clock) => servicesOver({ write, findPerson: (id) => storage.findPerson(id) }, clock),
    now,
  );
  return done;
}

function servicesOver(storage: Pick<Storage, 'write' | 'findPerson'>, now: () => number) {
  const acts = new Acts(storage, now);
  const quietTime = 300_000;
  return {
    directory: new Directory(acts, quietTime),
    messaging: new Messaging(acts, storage, { guidance, quietTime }),
  };
}

/** Everybody, whom they may write to, and all that was said, as each of them sees it. */
async function storyOf(storage: Storage): Promise<readonly unknown[]> {
  const now = Date.now();
  const { messaging } = servicesOver(storage, () => now);
  const story: unknown[] = [];
  for (const { id } of people) {
    const session = { personId: id, issuedAt: now, expiresAt: now + 60_000 };
    story.push(await messaging.me(session));
    const contacts = await messaging.contacts(session);
    story.push(contacts.map(({ person, status }) => [person.id, status]));
    const { threads, unread } = await messaging.list(session, { limit: 100, below: undefined });
    story.push(unread);
    for (const thread of threads) {
      const { messages } = await messaging.messages(session, thread.id, { limit: 200 });
      story.push(
        [thread.with.id, thread.status, thread.lastSeq, thread.readSeq, thread.theirReadSeq, thread.unread],
        messages.map(({ seq, senderId, text, sentAt }) => [seq, senderId, text, sentAt]),
      );
    }
  }
  return story;
}
