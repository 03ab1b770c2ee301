import { expect } from '@open-wc/testing';
import type { Thread } from '../../../protocol/thread.ts';
import { MessagingClient } from '../../../widget/state/messaging-client.ts';
import { FakeServer } from '../../support/fake-server.ts';
import { aClient, aMe, aMessage, uuid } from '../../support/message-builders.ts';
import { pick, randomFrom } from '../../support/random.ts';
import { until } from '../../support/until.ts';

const threads = 430;
const steps = 45;

/** Before the first thing that a test has said. */
const beginning = Date.UTC(2026, 1, 1);

describe('an inbox', () => {
  let server: FakeServer;
  let client: MessagingClient;

  beforeEach(() => {
    server = new FakeServer();
    server.me = aMe({ id: 'dr-lee', role: 'provider' });
    for (let number = 0; number < threads; number++) addThread(number);
  });

  afterEach(async () => {
    await client.stop();
    await new Promise((resolve) => (indexedDB.deleteDatabase('grow-messages').onsuccess = resolve));
  });

  function addThread(number: number): string {
    const id = uuid(number, 'c');
    const sentAt = new Date(beginning + number * 60_000).toISOString();
    server.addThread({
      id,
      other: aClient({ id: `client-${number}` }),
      messages: [aMessage({ senderId: 'client', sentAt })],
      unread: number % 3 === 0 ? 1 : 0,
    });
    return id;
  }

  async function start(): Promise<void> {
    client = new MessagingClient({ apiUrl: server.apiUrl, tokenUrl: server.tokenUrl }, server.fetch);
    await client.start();
  }

  /** Down to its floor: below that the list is not there yet. */
  function listed(): readonly Thread[] {
    const inbox = client.inbox.value;
    return inbox?.threads.filter(({ lastMessage }) => (lastMessage?.sentAt ?? '') >= inbox.floor) ?? [];
  }

  const summary = ({ id, unread, lastSeq, theirReadSeq, status }: Thread) =>
    [id.slice(-4), unread, lastSeq, theirReadSeq, status].join(' ');

  /** What is listed and counted here, and what the server would say of as much of it. */
  function both() {
    const ours = listed();
    const theirs = server.threads;
    const length = client.inbox.value?.next === undefined ? theirs.length : ours.length;
    return [
      { unread: client.inbox.value?.unread, threads: ours.map(summary) },
      {
        unread: theirs.reduce((sum, thread) => sum + thread.unread, 0),
        threads: theirs.slice(0, length).map(summary),
      },
    ] as const;
  }

  /** Waits until what has happened has come here, and fails with the difference where it never does. */
  async function compare(when: string): Promise<void> {
    const isSame = () => {
      const [ours, theirs] = both();
      return client.connection.value === 'live' && JSON.stringify(ours) === JSON.stringify(theirs);
    };
    await until(isSame, when).catch(() => undefined);
    const [ours, theirs] = both();
    expect(ours, when).to.deep.equal(theirs);
  }

  for (let seed = 1; seed <= 8; seed++) {
    it(`is the top of the server’s, and counts what is unread, whatever happens (${seed})`, async () => {
      const random = randomFrom(seed * 7_919);
      const anyThread = () => pick(random, server.threads).id;
      const manyTimes = (act: () => void) => {
        for (let times = Math.floor(random() * 4); times >= 0; times--) act();
      };
      let added = threads;
      const acts: Readonly<Record<string, () => unknown>> = {
        say: () => manyTimes(() => server.say('Something', anyThread())),
        readElsewhere: () => manyTimes(() => server.readElsewhere(anyThread())),
        readByOther: () => manyTimes(() => server.readByOther(anyThread())),
        relate: () => server.relate(pick(random, ['current', 'former', 'ended']), anyThread()),
        welcome: () => server.say('New here', addThread(added++)),
        scroll: () => client.loadMoreThreads(),
        scrollWhileMuchIsSaid: () => {
          const loading = client.loadMoreThreads();
          acts['say']?.();
          return loading;
        },
        open: () => client.thread(anyThread()).open(),
        openAndRead: async () => {
          const thread = client.thread(anyThread());
          await thread.open();
          await thread.markRead();
        },
        answer: async () => {
          const thread = client.thread(anyThread());
          await thread.open();
          if (thread.value.thread?.canSend) await thread.send('An answer');
        },
        loseConnection: () => {
          server.setOffline(true);
          for (let times = Math.floor(random() * 90); times >= 0; times--) server.say('Away', anyThread());
          server.setOffline(false);
          window.dispatchEvent(new Event('online'));
        },
        forgetPast: () => {
          server.cutStreams();
          server.say('Long ago', anyThread());
          server.forgetPast();
          window.dispatchEvent(new Event('online'));
        },
        comeBack: async () => {
          await client.stop();
          acts['say']?.();
          acts['readElsewhere']?.();
          await start();
        },
      };
      await start();
      const done: string[] = [];
      for (let step = 0; step < steps; step++) {
        const name = pick(random, Object.keys(acts));
        done.push(name);
        await acts[name]?.();
        await compare(`after ${done.join(', ')}`);
      }
      while (client.inbox.value?.next !== undefined) await client.loadMoreThreads();
      await compare(`whole, after ${done.join(', ')}`);
    });
  }
});
