import { expect } from '@open-wc/testing';
import type { Attachment } from '../../../protocol/message.ts';
import { Cache } from '../../../widget/cache/cache.ts';
import { MemoryRecords } from '../../../widget/cache/memory-records.ts';
import { followLive, type LiveFollower } from '../../../widget/sync/follow-live.ts';
import type { Connection } from '../../../widget/sync/sync-loop.ts';
import { MessagesApi } from '../../../widget/transport/messages-api.ts';
import { Requester } from '../../../widget/transport/request.ts';
import { TokenSource } from '../../../widget/transport/token-source.ts';
import { FakeServer, gatewayPage, networkError, refusal, type Route } from '../../support/fake-server.ts';
import { HeldTimers } from '../../support/held-timers.ts';
import { aMessage, aProvider, aThread, threadId, uuid } from '../../support/message-builders.ts';
import { until } from '../../support/until.ts';

const otherThread = uuid(2, 'c');

describe('SyncLoop', () => {
  let timers: HeldTimers;
  let server: FakeServer;
  let cache: Cache;
  let loop: LiveFollower;
  let connections: Connection[];
  let signedOut: number;
  let run: Promise<void>;

  beforeEach(async () => {
    timers = new HeldTimers();
    server = new FakeServer();
    server.addThread();
    server.addThread({ id: otherThread, other: aProvider({ id: 'dr-okafor' }), messages: 2 });
    cache = await Cache.over(new MemoryRecords());
    await cache.storeMe(server.me);
  });

  afterEach(async () => {
    loop.stop();
    await run;
    timers.restore();
  });

  function begin(hasToken = false): void {
    const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
    if (hasToken) tokens.offer(server.token);
    connections = [];
    signedOut = 0;
    const requester = new Requester(server.apiUrl, tokens, server.fetch, () => (signedOut += 1));
    loop = followLive({ cache }, new MessagesApi(requester), {
      onConnection: (connection) => connections.push(connection),
    });
    run = loop.run();
  }

  /** Follows, and is up to date. */
  async function follow(): Promise<void> {
    begin();
    await until(() => connections.at(-1) === 'live');
  }

  /** As often as the loop is let try again, until the condition holds. */
  async function retryUntil(condition: () => boolean): Promise<void> {
    await until(() => {
      if (isWaiting()) timers.pass();
      return condition();
    }, String(condition));
  }

  /** Whether the loop waits for its next attempt; the stream's own silence is a wait of a minute. */
  const isWaiting = () => server.openStreams === 0 && timers.count > 0;

  /** How long it waited between its attempts; how long it waits for an answer is another matter. */
  const waits = () => timers.delays.filter((delay) => delay < 30_000);
  const count = (route: Route) => server.askedFor(route).length;
  const lastSeq = (id = threadId) => cache.thread(id)?.lastSeq;

  it('knows the stream’s place before it asks for the list, so that nothing can happen in between', async () => {
    server.next('listThreads', (_, proceed) => {
      const answer = proceed();
      server.say('Said while the list was on its way');
      return answer;
    });
    await follow();
    await until(() => lastSeq() === 4);
    expect(server.asked.slice(1).map(({ route }) => route)).to.deep.equal([
      'followEvents',
      'listThreads',
      'readThread',
    ]);
    expect(cache.inbox?.cursor).to.equal(101);
  });

  it('keeps the last message of each thread', async () => {
    await follow();
    expect((await cache.messages(threadId, 1, 9)).map(({ seq }) => seq)).to.deep.equal([3]);
  });

  it('resumes from where it was, without asking for the list', async () => {
    await follow();
    loop.stop();
    await run;
    server.say('Said while nobody listened');
    await follow();
    await until(() => lastSeq() === 4);
    expect(count('listThreads')).to.equal(1);
    expect(server.askedFor('followEvents')[1]?.headers.get('Last-Event-ID')).to.equal('100');
    expect(cache.inbox?.cursor).to.equal(101);
  });

  it('starts over where the server does not know its place any more', async () => {
    await follow();
    loop.stop();
    await run;
    await cache.receive({ threads: [aThread({ id: uuid(77, 'c') })] }); // that the server has no longer
    server.say('Said while nobody listened');
    server.forgetPast();
    await follow();
    expect(cache.thread(uuid(77, 'c'))).to.equal(undefined);
    expect(count('listThreads')).to.equal(2);
    expect(lastSeq()).to.equal(4);
    expect(cache.inbox?.cursor).to.equal(151);
  });

  it('hears what is said, and keeps it with its place in the stream', async () => {
    await follow();
    const message = server.say('Hello');
    await until(() => lastSeq() === 4);
    expect(await cache.messages(threadId, 4, 4)).to.deep.equal([message]);
    expect(cache.inbox).to.deep.include({ cursor: 101, unread: 1 });
  });

  it('asks once for a thread in which much is said at once', async () => {
    await follow();
    const goOn = server.hold('readThread');
    for (let times = 0; times < 30; times++) server.say(`Message ${times}`);
    await until(() => count('readThread') === 1);
    goOn();
    await until(() => lastSeq() === 33 && cache.inbox?.cursor === 130);
    expect(count('readThread')).to.be.within(1, 3);
  });

  it('sees what the other has read without asking', async () => {
    await follow();
    server.readByOther();
    await until(() => cache.thread(threadId)?.theirReadSeq === 3);
    await until(() => cache.inbox?.cursor === 101);
    expect(count('readThread')).to.equal(0);
  });

  it('has both, where the other reads while what was said just before is still on its way', async () => {
    await follow();
    const goOn = server.hold('readThread', 'answer');
    server.say('Hello');
    await until(() => count('readThread') === 1);
    server.readByOther();
    await until(() => cache.thread(threadId)?.theirReadSeq === 4);
    goOn();
    await until(() => cache.inbox?.cursor === 102);
    expect(cache.thread(threadId)).to.include({ lastSeq: 4, unread: 1, theirReadSeq: 4 });
    expect(cache.inbox?.unread).to.equal(1);
  });

  it('has both, where the other reads while this device is busy storing what was said', async () => {
    await follow();
    const said = server.say('Hello');
    await until(() => lastSeq() === 4);
    // In the queue of what is stored, one before the other.
    void cache.receive({ messages: [{ ...said, id: uuid(9), seq: 5 }] });
    void cache.receive({ threads: [{ ...cache.thread(threadId)!, theirReadSeq: 4 }] });
    await until(() => cache.thread(threadId)?.theirReadSeq === 4);
    expect(lastSeq()).to.equal(5);
  });

  it('forgets nothing that happens just as it has done with what happened before', async () => {
    await follow();
    for (let breaths = 0; breaths < 60; breaths++) {
      server.readByOther(); // needs no request, so it is soon done with
      for (let breath = 0; breath < breaths; breath++) await Promise.resolve();
      server.say('Hello', otherThread);
      await until(() => lastSeq(otherThread) === 3 + breaths, `message ${breaths} has come`);
    }
  });

  it('learns that a relationship has ended', async () => {
    await follow();
    server.relate('ended');
    await until(() => cache.thread(threadId)?.canSend === false);
  });

  it('lets the server count where news is of a thread that is not listed', async () => {
    await follow();
    server.addThread({ id: uuid(3, 'c'), other: aProvider({ id: 'dr-new' }), messages: 1, unread: 1 });
    server.say('Hello', uuid(3, 'c'));
    await until(() => cache.inbox?.unread === 2);
    expect(cache.inbox?.threads.length).to.equal(3);
  });

  describe('in a list that goes on further down', () => {
    const far = uuid(200, 'c');

    beforeEach(() => {
      for (let number = 10; number < 75; number++) {
        server.addThread({ id: uuid(number, 'c'), other: aProvider({ id: `dr-${number}` }), messages: 9 });
      }
      server.addThread({ id: far, other: aProvider({ id: 'dr-far' }), messages: 1, unread: 1 });
    });

    it('asks for the one thread that something was said in, and lets the server count', async () => {
      await follow();
      expect(cache.thread(far)).to.equal(undefined);
      const before = server.asked.length;
      server.say('From far down', far);
      await until(() => cache.inbox?.unread === 2);
      expect(cache.inbox?.threads[0]?.id).to.equal(far);
      const asked = server.asked.slice(before);
      expect(asked.map(({ route }) => route)).to.have.members(['readThread', 'listThreads']);
      expect(asked.find(({ route }) => route === 'listThreads')?.url.search).to.equal('?limit=1');
    });

    it('asks for the list once instead of for each thread where much was said', async () => {
      await follow();
      const before = server.asked.length;
      const goOn = server.hold('readThread');
      for (let number = 10; number < 75; number++) server.say('Hello', uuid(number, 'c'));
      await until(() => count('readThread') === 1);
      goOn();
      await until(() => cache.inbox?.cursor === 165);
      expect(server.asked.slice(before).map(({ route }) => route)).to.have.members([
        'readThread',
        'listThreads',
        'listThreads',
      ]);
      expect(cache.inbox?.unread).to.equal(66);
      expect(cache.inbox?.threads.map(({ id }) => id)).to.deep.equal(
        server.threads.slice(0, 50).map(({ id }) => id),
      );
    });

    it('asks for nothing where the other has read', async () => {
      await follow();
      const before = server.asked.length;
      server.readByOther(uuid(10, 'c'));
      await until(() => cache.inbox?.cursor === 101);
      expect(server.asked.length).to.equal(before);
    });
  });

  it('brings a listed thread up to date also where news of another comes with it', async () => {
    for (let number = 10; number < 75; number++) {
      server.addThread({ id: uuid(number, 'c'), other: aProvider({ id: `dr-${number}` }), messages: 9 });
    }
    await follow();
    // Far down the list: its first page does not have it.
    const far = otherThread;
    await cache.receive({ threads: [server.thread(far)] });
    const goOn = server.hold('readThread');
    server.say('Hello', uuid(10, 'c'));
    await until(() => count('readThread') === 1);
    server.relate('ended', far);
    server.addThread({ id: uuid(99, 'c'), other: aProvider({ id: 'dr-99' }), messages: 9 });
    server.tell({ type: 'thread', threadId: uuid(99, 'c') });
    goOn();
    await until(() => cache.inbox?.cursor === 103);
    expect(cache.thread(far)?.canSend).to.equal(false);
  });

  it('hears what was found in files of an earlier message', async () => {
    const file = { id: uuid(5, 'f'), name: 'form.pdf', mediaType: 'application/pdf', size: 9 };
    const thread = (attachment: Attachment) =>
      server.addThread({ messages: [aMessage({ attachments: [attachment] }), aMessage({ seq: 2 })] });
    thread({ ...file, state: 'checking' });
    await cache.receive({ messages: server.messages() });
    await follow();

    thread(file);
    server.tell({ type: 'thread', threadId });

    await until(() => cache.inbox?.cursor === 101);
    expect((await cache.messages(threadId, 1, 1))[0]?.attachments).to.deep.equal([file]);
  });

  it('is told again what it could not bring up to date, and does not take it for done', async () => {
    await follow();
    server.next('readThread', networkError);
    server.say('Hello');
    await until(() => connections.at(-1) === 'offline');
    expect(cache.inbox?.cursor).to.equal(100);
    await retryUntil(() => lastSeq() === 4);
    await until(() => cache.inbox?.cursor === 101);
  });

  it('passes over a thread that is no longer there for this person', async () => {
    await follow();
    server.next('readThread', refusal('not-found'));
    server.say('Hello');
    await until(() => cache.inbox?.cursor === 101);
    expect(connections.at(-1)).to.equal('live');
  });

  it('says that it is offline, and is back when it can be', async () => {
    await follow();
    server.setOffline(true);
    await retryUntil(() => connections.at(-1) === 'offline');
    server.setOffline(false);
    server.say('Welcome back');
    await retryUntil(() => lastSeq() === 4);
    expect(connections.at(-1)).to.equal('live');
  });

  it('tries at once when it is woken', async () => {
    server.setOffline(true);
    begin();
    await until(isWaiting);
    server.setOffline(false);
    loop.wake();
    await until(() => connections.at(-1) === 'live');
  });

  it('leaves a connection that may be dead when the network is back', async () => {
    await follow();
    loop.reconnect();
    await until(() => count('followEvents') === 2 && server.openStreams === 1);
    expect(connections).not.to.contain('offline');
  });

  it('waits longer each time that nobody answers', async () => {
    server.setOffline(true);
    begin(true);
    for (let times = 1; times <= 5; times++) {
      await until(() => waits().length === times && isWaiting());
      if (times < 5) timers.pass();
    }
    [500, 1_000, 2_000, 4_000, 8_000].forEach((ceiling, at) => {
      expect(waits()[at]).to.be.within(ceiling / 2, ceiling);
    });
  });

  it('waits longer each time that the list can’t be had, though the stream opens', async () => {
    const stop = server.always('listThreads', gatewayPage(500));
    begin();
    await retryUntil(() => count('listThreads') === 6);
    stop();
    expect(waits()[4]).to.be.within(4_000, 8_000);
  });

  it('waits longer each time that what happened can’t be brought up to date', async () => {
    await follow();
    const stop = server.always('readThread', gatewayPage(500));
    server.say('Hello');
    await retryUntil(() => count('readThread') === 6);
    stop();
    expect(waits()[4]).to.be.within(4_000, 8_000);
  });

  it('waits as long as the server asks', async () => {
    server.next('followEvents', refusal('unavailable', { 'Retry-After': '40' }));
    begin();
    await until(() => timers.delays.includes(40_000));
  });

  it('ends where the session is over, and says so once', async () => {
    await follow();
    server.signOut();
    await retryUntil(() => signedOut === 1);
    await run;
    expect(server.openStreams).to.equal(0);
    expect(signedOut).to.equal(1);
  });

  it('leaves neither stream nor timer behind when it is stopped', async () => {
    await follow();
    loop.stop();
    await run;
    expect([server.openStreams, timers.count]).to.deep.equal([0, 0]);
  });

  it('makes nothing of an event that it does not know', async () => {
    await follow();
    server.tell({ type: 'applause', threadId } as never);
    server.say('Hello');
    await until(() => lastSeq() === 4);
  });
});
