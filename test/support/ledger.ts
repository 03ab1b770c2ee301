import assert from 'node:assert/strict';
import { openEngine } from '../../demo-server/server.ts';
import type { Message } from '../../protocol/message.ts';
import { anId } from './builders.ts';
import { Caller, json, type TestServer } from './server.ts';

/** Who writes with whom. */
export const pairs = [
  ['ana', 'dr-lee'],
  ['ben', 'dr-lee'],
] as const;

export type Written = Pick<Message, 'id' | 'threadId' | 'seq' | 'text'>;

type Draft = Pick<Message, 'id' | 'text'> & Load;

/** What a message says besides whose it is and which, and the uploads it carries. */
export type Load = { readonly words: string; readonly attachments: readonly string[] };

/** Sends one message after the other, each as often as it takes. */
export class Device {
  readonly name: string;
  readonly personId: string;
  readonly threadId: string;
  readonly #sign: () => Promise<string>;
  readonly #load: (caller: Caller) => Promise<Load>;
  /** All that it ever tried to send. */
  readonly drafts: Draft[] = [];
  readonly acknowledged: Written[] = [];
  #waiting: Draft | undefined;
  cut = 0;
  kept = 0;

  constructor(
    name: string,
    personId: string,
    threadId: string,
    sign: () => Promise<string>,
    load: (caller: Caller) => Promise<Load> = () => Promise.resolve(unladen),
  ) {
    this.name = name;
    this.personId = personId;
    this.threadId = threadId;
    this.#sign = sign;
    this.#load = load;
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
    const { attachments } = this.drafts.find(({ id }) => id === written.id)!;
    const caller = new Caller(url, this.#sign);
    const response = await caller.sendFiles(this.threadId, attachments, written.text, written.id);
    assert.equal(response.status, 200);
    assert.equal((await json<Message>(response)).seq, written.seq);
  }

  async #send(url: string): Promise<void> {
    const caller = new Caller(url, this.#sign);
    const isRepeat = this.#waiting !== undefined;
    this.#waiting ??= await this.#compose(caller);
    const { id, text, attachments } = this.#waiting;
    const response = await caller.sendFiles(this.threadId, attachments, text, id);
    const { seq } = await json<Message>(response);
    if (isRepeat && response.status === 200) this.kept += 1;
    this.acknowledged.push({ id, threadId: this.threadId, seq, text });
    this.#waiting = undefined;
  }

  async #compose(caller: Caller): Promise<Draft> {
    const load = await this.#load(caller);
    const text = `${this.name} ${this.acknowledged.length} ${load.words}`.trimEnd();
    const draft = { id: anId(), text, ...load };
    this.drafts.push(draft);
    return draft;
  }
}

const unladen: Load = { words: '', attachments: [] };

/** What the server tells, what lies in its tables, and what was acknowledged, are the same. */
export async function compare(
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
      assert.deepEqual(
        [thread.client_look_at !== null, thread.provider_look_at !== null],
        [from(providerId) > 0, from(clientId) > 0],
        'whoever was written to is owed an email',
      );
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

export async function messagesOf(caller: Caller, threadId: string): Promise<readonly Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const page = await caller.messages(threadId, `?after=${messages.length}&limit=200`);
    if (page.length === 0) return messages;
    messages.push(...page);
  }
}

/** From 1 to `most`. */
export function oneOf(most: number): number {
  return 1 + Math.floor(Math.random() * most);
}
