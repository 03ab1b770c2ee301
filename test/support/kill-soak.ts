import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import type { TestContext } from 'node:test';
import pg from 'pg';
import { type Config, sqliteFile } from '../../demo-server/config.ts';
import { openEngine } from '../../demo-server/server.ts';
import type { Message } from '../../protocol/message.ts';
import { anId } from './builders.ts';
import { serverInOneFile } from './one-file.ts';
import { environmentOf, ServerProcess } from './process.ts';
import { Caller, fillClinic, json, type Start, type TestServer } from './server.ts';

export type KillResult = {
  readonly kills: number;
  readonly messages: number;
  /** Sends whose answer a kill took. */
  readonly cut: number;
  /** How many of those the server had kept all the same. */
  readonly kept: number;
};

const pairs = [
  ['ana', 'dr-lee'],
  ['ben', 'dr-lee'],
] as const;

/** In which way it is aimed. */
const aims = ['answer', 'commit', 'moment', 'commit'] as const;

/**
 * Kills a server process again and again while eight devices write through it, has them repeat what was not
 * answered, and then holds what was acknowledged against the database. Throws where the two differ.
 */
export async function soakKills(
  t: Pick<TestContext, 'after'>,
  startServer: Start,
  kills: number,
): Promise<KillResult> {
  const server = await startServer(t);
  await fillClinic(server);
  const devices: Device[] = [];
  for (const [clientId, providerId] of pairs) {
    const threadId = await server.as(clientId).open(providerId);
    for (const personId of [clientId, providerId, clientId, providerId]) {
      const sign = () => server.sign({ sub: personId });
      devices.push(new Device(`device-${devices.length}`, personId, threadId, sign));
    }
  }
  await server.stop();

  const program = await serverInOneFile();
  const start = () => new ServerProcess(t, program.path, { ...environmentOf(server.config), ...program.env });
  const first = start();
  await first.listening();
  first.kill('SIGTERM');
  assert.equal(await first.ended, 0, first.output);

  const commits = await hearCommits(t, server.config);
  for (let killed = 0; killed < kills; killed++) {
    const child = start();
    // Also while it starts, and brings in order what the one before it left.
    if (oneOf(20) === 1) {
      setTimeout(() => child.kill('SIGKILL'), oneOf(500));
      assert.equal(await child.ended, 'SIGKILL', child.output);
      killed -= 1;
      continue;
    }
    const url = await child.listening();
    await devices[oneOf(devices.length) - 1]!.repeat(url);
    const kill = () => child.kill('SIGKILL');
    const aim = aims[killed % aims.length]!;
    let left = oneOf(30);
    const next = () => void (--left === 0 && (aim === 'moment' ? setTimeout(kill, oneOf(20)) : kill()));
    const hear = aim === 'commit' ? commits(next) : undefined;
    await Promise.all(devices.map((device) => device.writeUntilCut(url, hear ? () => undefined : next)));
    hear?.();
    assert.equal(await child.ended, 'SIGKILL', child.output);
  }

  const after = await startServer(t, { beside: server });
  for (const device of devices) await device.finish(after.url);
  const acknowledged = devices.flatMap((device) => device.acknowledged);
  await compare(after, devices, acknowledged);
  const sum = (count: (device: Device) => number) =>
    devices.reduce((total, device) => total + count(device), 0);
  return { kills, messages: acknowledged.length, cut: sum(({ cut }) => cut), kept: sum(({ kept }) => kept) };
}

/** From 1 to `most`. */
function oneOf(most: number): number {
  return 1 + Math.floor(Math.random() * most);
}

type Written = Pick<Message, 'id' | 'threadId' | 'seq' | 'text'>;

/** Sends one message after the other, each as often as it takes. */
class Device {
  readonly name: string;
  readonly personId: string;
  readonly threadId: string;
  readonly #sign: () => Promise<string>;
  readonly acknowledged: Written[] = [];
  #waiting: { readonly id: string; readonly text: string } | undefined;
  cut = 0;
  kept = 0;

  constructor(name: string, personId: string, threadId: string, sign: () => Promise<string>) {
    this.name = name;
    this.personId = personId;
    this.threadId = threadId;
    this.#sign = sign;
  }

  async writeUntilCut(url: string, onAnswer: () => void): Promise<void> {
    for (;;) {
      try {
        await this.#send(url);
      } catch (error) {
        // What fetch says where a connection breaks, be it before the answer or in the middle of it.
        if (!(error instanceof TypeError)) throw error;
        this.cut += 1;
        return;
      }
      onAnswer();
    }
  }

  /** Sends what still waits. */
  async finish(url: string): Promise<void> {
    if (this.#waiting) await this.#send(url);
  }

  /** Sends something once more that was answered long ago. */
  async repeat(url: string): Promise<void> {
    const written = this.acknowledged[oneOf(this.acknowledged.length) - 1];
    if (written === undefined) return;
    const response = await new Caller(url, this.#sign).send(this.threadId, written.text, written.id);
    assert.equal(response.status, 200);
    assert.equal((await json<Message>(response)).seq, written.seq);
  }

  async #send(url: string): Promise<void> {
    const isRepeat = this.#waiting !== undefined;
    this.#waiting ??= { id: anId(), text: `${this.name} ${this.acknowledged.length}` };
    const { id, text } = this.#waiting;
    const response = await new Caller(url, this.#sign).send(this.threadId, text, id);
    const { seq } = await json<Message>(response);
    if (isRepeat && response.status === 200) this.kept += 1;
    this.acknowledged.push({ id, threadId: this.threadId, seq, text });
    this.#waiting = undefined;
  }
}

/** Has somebody told of each commit, as soon as it can be seen from outside, until they have heard enough. */
async function hearCommits(
  t: Pick<TestContext, 'after'>,
  config: Config,
): Promise<(hear: () => void) => () => void> {
  if (config.databaseUrl === undefined) {
    // Written to before it is synced: this is as early as it can be.
    return (hear) => {
      const watcher = watch(`${sqliteFile(config)}-wal`, hear);
      return () => watcher.close();
    };
  }
  const client = new pg.Client({ connectionString: config.databaseUrl });
  await client.connect();
  t.after(() => client.end());
  await client.query('listen grow_messages_news');
  return (hear) => {
    client.on('notification', hear);
    return () => client.removeListener('notification', hear);
  };
}

/** What the server tells, what lies in its tables, and what was acknowledged, are the same. */
async function compare(
  server: TestServer,
  devices: readonly Device[],
  acknowledged: readonly Written[],
): Promise<void> {
  const engine = await openEngine(server.config);
  try {
    for (const [clientId, providerId] of pairs) {
      const { threadId } = devices.find(({ personId }) => personId === clientId)!;
      const ledger = acknowledged
        .filter((written) => written.threadId === threadId)
        .toSorted((one, other) => one.seq - other.seq);
      const told = await messagesOf(server.as(providerId), threadId);
      assert.deepEqual(
        told.map(({ id, text }) => ({ id, text })),
        ledger.map(({ id, text }) => ({ id, text })),
        'what was acknowledged is there, once, in its order, and nothing else',
      );
      const rising = ledger.map((_, index) => index + 1);
      assert.deepEqual(
        ledger.map(({ seq }) => seq),
        rising,
        'numbered from 1 without a gap',
      );
      assert.deepEqual(
        told.map(({ seq }) => seq),
        rising,
      );
      for (const { name } of devices.filter((device) => device.threadId === threadId)) {
        const own = told.map(({ text }) => text.split(' ')).filter(([by]) => by === name);
        assert.deepEqual(
          own.map(([, count]) => Number(count)),
          [...own.keys()],
          'in the order they were written',
        );
      }

      const { reader } = engine;
      const rows = await reader
        .selectFrom('messages')
        .select(['id', 'seq', 'sender_id'])
        .where('thread_id', '=', threadId)
        .orderBy('seq')
        .execute();
      assert.deepEqual(
        rows.map(({ id, seq }) => [id, seq]),
        told.map(({ id, seq }) => [id, seq]),
      );
      const thread = await reader
        .selectFrom('threads')
        .selectAll()
        .where('id', '=', threadId)
        .executeTakeFirstOrThrow();
      const from = (personId: string) => rows.filter((row) => row.sender_id === personId).length;
      assert.deepEqual(
        [thread.last_seq, thread.client_unread, thread.provider_unread],
        [rows.length, from(providerId), from(clientId)],
      );
      assert.ok(thread.client_look_at !== null && thread.provider_look_at !== null, 'both are owed an email');
      for (const personId of [clientId, providerId]) {
        const events = await reader
          .selectFrom('events')
          .selectAll()
          .where('person_id', '=', personId)
          .orderBy('no')
          .execute();
        assert.deepEqual(
          events.map(({ no }) => no),
          events.map((_, index) => index + 1),
        );
        assert.deepEqual(
          events
            .filter((event) => event.type === 'message' && event.thread_id === threadId)
            .map((event) => event.message_id),
          rows.map(({ id }) => id),
          'each was told of each, once',
        );
      }
      const audited = await reader
        .selectFrom('audit')
        .select('seq')
        .where('thread_id', '=', threadId)
        .where('action', '=', 'message.send')
        .execute();
      assert.equal(audited.length, rows.length, 'each is in the audit log, once');
    }
  } finally {
    await engine.close();
  }
  assert.equal((await server.storage.checkAudit()).sound, true);
}

async function messagesOf(caller: Caller, threadId: string): Promise<readonly Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const page = await caller.messages(threadId, `?after=${messages.length}&limit=200`);
    if (page.length === 0) return messages;
    messages.push(...page);
  }
}
