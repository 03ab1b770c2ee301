import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { openPostgres } from '../../../demo-server/storage/postgres.ts';
import { openStorage } from '../../../demo-server/storage/sql-storage.ts';
import { openSqlite } from '../../../demo-server/storage/sqlite.ts';
import type { Storage } from '../../../demo-server/storage/storage.ts';
import { Vault } from '../../../demo-server/storage/vault.ts';
import type { Role } from '../../../protocol/person.ts';
import { type Ending, endings, EmailWorld, lease, minutes, quietTime } from '../../support/email-world.ts';
import { type Postgres, usePostgres } from '../../support/postgres.ts';

/** `EMAIL_RUNS=5000 node --test …` for a night of them. */
const asked = Number(process.env.EMAIL_RUNS ?? 0);
const runs = { SQLite: asked || 30, PostgreSQL: asked || 12 };

const vault = new Vault([randomBytes(32)]);
const roles: readonly Role[] = ['client', 'provider'];
const sides = [0, 1].flatMap((thread) => roles.map((to) => ({ thread, to })));

describe('the emails of a thread (SQLite)', () => {
  let folder: string;
  let storages: readonly Storage[];
  before(async () => {
    // In memory where that can be had: it is the rule that is tried here, not the disk.
    folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'grow-test-'));
    storages = [await openStorage(openSqlite(join(folder, 'test.sqlite')), vault)];
  });
  after(async () => {
    await storages[0]?.close();
    await rm(folder, { recursive: true, force: true });
  });
  keepTheRule(() => storages, runs.SQLite);
});

describe('the emails of a thread (PostgreSQL, two processes)', () => {
  let postgres: Postgres;
  let storages: readonly Storage[] = [];
  before(async () => {
    postgres = await usePostgres();
    const url = await postgres.makeDatabase();
    storages = [await openStorage(openPostgres(url), vault), await openStorage(openPostgres(url), vault)];
  });
  after(async () => {
    for (const storage of storages) await storage.close();
    await postgres.stop();
  });
  keepTheRule(() => storages, runs.PostgreSQL);
});

function keepTheRule(storages: () => readonly Storage[], numRuns: number): void {
  it('are the ones that the rule gives, at its time, whoever writes and reads when', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const world = await EmailWorld.make(storages());
        const expected = new ByTheRule(world.now);
        for (const event of story) {
          await happen(event, world);
          expected.hear(event);
        }
        assert.deepEqual(
          world.taken.map(({ at, thread, to }) => ({ at, thread, to })).toSorted(byTime),
          expected.mails.toSorted(byTime),
        );
        for (const { thread, to } of sides) {
          const told = (await world.messagesTo(thread, to)).map(({ seq, notification }) => ({
            seq,
            state: notification?.state,
            at: notification && Date.parse(notification.at),
          }));
          assert.deepEqual(told, expected.fatesOf(thread, to));
        }
        await readAll(world);
      }),
      { numRuns },
    );
  });

  it('miss nobody and come once, whatever the mail server says and whoever dies on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        stories,
        fc.array(fc.constantFrom(...endings), { minLength: 1, maxLength: 8 }),
        async (story, fates) => {
          // A mail server that never says yes would have the story go on for a day.
          const world = await EmailWorld.make(storages(), [...fates, 'yes']);
          const facts = new Facts(world.now);
          for (const event of story) {
            await happen(event, world);
            facts.hear(event, world);
          }
          await world.wait(26 * 60 * minutes);
          facts.hear({ kind: 'wait', for: 26 * 60 * minutes }, world);
          await facts.check(world, fates);
          await readAll(world);
        },
      ),
      { numRuns },
    );
  });

  it('are tried for a day, at growing waits, and then given up', async () => {
    const world = await EmailWorld.make(storages(), ['not-now']);
    await world.send(0, 'client');
    const start = world.now;
    const stateAfter = async (passed: number) => {
      await world.wait(passed);
      return (await world.messagesTo(0, 'provider'))[0]?.notification;
    };
    assert.equal((await stateAfter(24 * 60 * minutes - 1))?.state, 'due');
    assert.equal((await stateAfter(1))?.state, 'failed');
    const times = world.claimed.map(({ at }) => at - start);
    const waits = times.slice(1).map((at, index) => at - times[index]!);
    assert.ok(waits[0]! <= 30_000);
    for (const [index, wait] of waits.slice(0, -1).entries()) {
      const longest = Math.min(30_000 * 2 ** index, 15 * minutes);
      assert.ok(wait <= longest && wait >= longest / 2, `${wait} after ${index}`);
    }
    assert.equal(times.at(-1), 24 * 60 * minutes, 'one last time');
    assert.equal(new Set(world.claimed.map(({ id }) => id)).size, 1);
    assert.deepEqual(await stateAfter(24 * 60 * minutes), await stateAfter(0));
    assert.equal(world.claimed.length, times.length);
    await readAll(world);
  });
}

type StoryEvent =
  | { readonly kind: 'send'; readonly thread: number; readonly by: Role }
  | { readonly kind: 'read'; readonly thread: number; readonly by: Role; readonly butLast: number }
  | { readonly kind: 'wait'; readonly for: number };

const thread = fc.constantFrom(0, 1);
const by = fc.constantFrom(...roles);
const waits = [1, 1_000, 20_000, 45_000, 2 * minutes, quietTime - 1, quietTime, quietTime + 1, 11 * minutes];

const stories: fc.Arbitrary<readonly StoryEvent[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), thread, by }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('read' as const),
        thread,
        by,
        butLast: fc.constantFrom(0, 0, 1, 2),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), for: fc.constantFrom(...waits) }),
    },
  ),
  { minLength: 4, maxLength: 28 },
);

async function happen(event: StoryEvent, world: EmailWorld): Promise<void> {
  if (event.kind === 'send') await world.send(event.thread, event.by);
  else if (event.kind === 'read') await world.read(event.thread, event.by, event.butLast);
  else await world.wait(event.for);
}

/** So that no alarm of this story rings in the next. */
async function readAll(world: EmailWorld): Promise<void> {
  for (const { thread, to } of sides) await world.read(thread, to);
  await world.wait(26 * 60 * minutes);
}

type Written = { readonly seq: number; readonly sentAt: number; state: string; at: number };

/** One side of a thread as the contract tells it, message by message, without a trick. */
class Side {
  readonly messages: Written[] = [];
  activeAt = -Infinity;
  emailedAt = -Infinity;
  readSeq = 0;

  dueAt({ sentAt }: Written): number {
    return Math.max(sentAt, this.activeAt + quietTime, this.emailedAt + quietTime);
  }

  get waiting(): readonly Written[] {
    return this.messages.filter(({ state }) => state === 'due');
  }
}

/** The contract's own words, played through: what a mail server that always says yes at once must have got. */
class ByTheRule {
  readonly mails: { readonly at: number; readonly thread: number; readonly to: Role }[] = [];
  readonly #sides = [0, 1].map(() => ({ client: new Side(), provider: new Side() }));
  readonly #lastSeq = [0, 0];
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  hear(event: StoryEvent): void {
    if (event.kind === 'wait') return this.#pass(this.#now + event.for);
    const mine = this.#sides[event.thread]![event.by];
    if (event.kind === 'send') {
      mine.activeAt = this.#now;
      const seq = ++this.#lastSeq[event.thread]!;
      const theirs = this.#sides[event.thread]![event.by === 'client' ? 'provider' : 'client'];
      theirs.messages.push({ seq, sentAt: this.#now, state: 'due', at: 0 });
      return;
    }
    const seq = this.#lastSeq[event.thread]! - event.butLast;
    if (seq <= mine.readSeq) return;
    mine.readSeq = seq;
    mine.activeAt = this.#now;
    for (const message of mine.waiting) {
      if (message.seq <= seq) Object.assign(message, { state: 'read', at: this.#now });
    }
  }

  fatesOf(thread: number, to: Role) {
    const side = this.#sides[thread]![to];
    return side.messages.map((message) => ({
      seq: message.seq,
      state: message.state,
      at: message.state === 'due' ? side.dueAt(message) : message.at,
    }));
  }

  #pass(end: number): void {
    for (const { thread, to } of sides) {
      const side = this.#sides[thread]![to];
      for (;;) {
        const due = Math.max(this.#now, Math.min(...side.waiting.map((message) => side.dueAt(message))));
        if (!(due <= end)) break;
        this.mails.push({ at: due, thread, to });
        for (const message of side.waiting) Object.assign(message, { state: 'emailed', at: due });
        side.emailedAt = due;
      }
    }
    this.#now = end;
  }
}

/** What happened, kept apart from what the server remembers of it. */
class Facts {
  readonly #start: number;
  readonly #messages: { thread: number; to: Role; seq: number; sentAt: number; readAt: number }[] = [];
  readonly #activity: { readonly thread: number; readonly by: Role; readonly at: number }[] = [];
  readonly #lastSeq = [0, 0];
  readonly #readSeq = new Map<string, number>();

  constructor(start: number) {
    this.#start = start;
  }

  hear(event: StoryEvent, { now }: EmailWorld): void {
    if (event.kind === 'wait') return;
    const { thread, by } = event;
    if (event.kind === 'send') {
      const to = by === 'client' ? 'provider' : 'client';
      const seq = ++this.#lastSeq[thread]!;
      this.#messages.push({ thread, to, seq, sentAt: now, readAt: Infinity });
    } else {
      const seq = this.#lastSeq[thread]! - event.butLast;
      if (seq <= (this.#readSeq.get(`${thread} ${by}`) ?? 0)) return;
      this.#readSeq.set(`${thread} ${by}`, seq);
      for (const message of this.#messages) {
        const isTheirs = message.thread === thread && message.to === by;
        if (isTheirs && message.seq <= seq) message.readAt = Math.min(message.readAt, now);
      }
    }
    this.#activity.push({ thread, by, at: now });
  }

  async check(world: EmailWorld, fates: readonly Ending[]): Promise<void> {
    for (const { thread, to } of sides) {
      const isHere = (one: { thread: number; to: Role }) => one.thread === thread && one.to === to;
      const messages = this.#messages.filter(isHere);
      const claimed = world.claimed.filter(isHere);
      const taken = world.taken.filter(isHere);
      const activity = this.#activity.filter(({ thread: where, by }) => where === thread && by === to);
      const firstClaims = claimed.filter(({ attempt }) => attempt === 1);

      // None is sent more often than answers were lost, and one.
      for (const { id } of taken) {
        const copies = taken.filter((mail) => mail.id === id).length;
        assert.ok(copies <= 1 + (world.lostAnswers.get(id) ?? 0), 'a mail was sent again without need');
      }
      // No message is in two.
      for (const { seq } of messages) {
        const ids = new Set(
          claimed.filter(({ from, through }) => from <= seq && seq <= through).map(({ id }) => id),
        );
        assert.ok(ids.size <= 1, 'a message is in two mails');
      }
      for (const [index, mail] of claimed.entries()) {
        // What is mailed has something in it that nobody has read.
        const inIt = messages.filter(({ seq }) => mail.from <= seq && seq <= mail.through);
        assert.ok(
          inIt.some(({ readAt }) => readAt >= mail.at),
          'a mail about what was read',
        );
        if (mail.attempt > 1) {
          const first = claimed.slice(0, index).find(({ id }) => id === mail.id);
          assert.ok(first, 'another name at another attempt');
          assert.equal(
            mail.through,
            first.through,
            'what came later was counted into a mail that may have gone',
          );
          continue;
        }
        // They were not there for five minutes, and had none for five.
        // What happened in the same moment may have come after.
        const lastActive = Math.max(...activity.map(({ at }) => at).filter((at) => at < mail.at));
        assert.ok(
          mail.at >= lastActive + quietTime || lastActive === -Infinity,
          'a mail in the middle of a chat',
        );
        const earlier = new Set(claimed.slice(0, index).map(({ id }) => id));
        const before = taken.filter(({ id, at }) => earlier.has(id) && at <= mail.at).at(-1);
        assert.ok(before === undefined || mail.at >= before.at + quietTime, 'two mails within five minutes');
      }
      // Who was never away too long was told in time; a mail under way, or a process that died, has its own time.
      for (const message of messages) {
        const mail = firstClaims.find(({ from, through }) => from <= message.seq && message.seq <= through);
        if (mail === undefined) continue;
        const active = activity.map(({ at }) => at).filter((at) => at <= mail.at);
        const earlier = claimed.filter(({ id, at }) => id !== mail.id && at <= mail.at).at(-1);
        const latest = Math.max(
          message.sentAt,
          Math.max(-Infinity, ...active) + quietTime,
          (earlier?.at ?? -Infinity) + lease + quietTime,
        );
        const isPlain = !fates.some((fate) => fate === 'not-now' || fate === 'lost-yes');
        if (isPlain) assert.ok(mail.at <= latest, 'a mail that came too late');
      }
      const told = await world.messagesTo(thread, to);
      assert.equal(told.length, messages.length);
      for (const [index, { seq, notification }] of told.entries()) {
        const { readAt } = messages[index]!;
        assert.notEqual(notification?.state, 'due', 'a message that is forgotten');
        if (notification?.state === 'emailed') {
          const mail = taken.find(({ id }) =>
            claimed.some((one) => one.id === id && one.from <= seq && seq <= one.through),
          );
          assert.ok(mail, 'said to be mailed, and is not');
        }
        if (notification?.state === 'read') assert.ok(readAt < Infinity, 'said to be read, and is not');
        if (notification?.state === 'failed') assert.ok(fates.includes('never'), 'given up too early');
      }
      assert.ok(this.#start <= world.now);
    }
  }
}

function byTime(
  one: { readonly at: number; readonly thread: number; readonly to: Role },
  other: { readonly at: number; readonly thread: number; readonly to: Role },
): number {
  return one.at - other.at || one.thread - other.thread || one.to.localeCompare(other.to);
}
