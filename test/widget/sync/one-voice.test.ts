import { expect } from '@open-wc/testing';
import { Cache } from '../../../widget/cache/cache.ts';
import { MemoryRecords } from '../../../widget/cache/memory-records.ts';
import { followLive, type LiveFollower } from '../../../widget/sync/follow-live.ts';
import type { Connection } from '../../../widget/sync/sync-loop.ts';
import { MessagesApi } from '../../../widget/transport/messages-api.ts';
import { Requester } from '../../../widget/transport/request.ts';
import { TokenSource } from '../../../widget/transport/token-source.ts';
import { FakeServer } from '../../support/fake-server.ts';
import { frozenTab } from '../../support/frozen-tab.ts';
import { HeldTimers } from '../../support/held-timers.ts';
import { aProvider, threadId, uuid } from '../../support/message-builders.ts';
import { until } from '../../support/until.ts';

const otherThread = uuid(2, 'c');

/** How long a tab waits before it asks whether the one that leads is there, and how long for the answer. */
const quiet = 45_000;
const untilAnswered = 5_000;

/** A tab of the portal: it shares the browser's locks and channels with the others, and nothing else. */
class Tab {
  readonly cache: Cache;
  readonly connections: Connection[] = [];
  readonly run: Promise<void>;
  signedOut = 0;
  readonly #loop: LiveFollower;

  constructor(server: FakeServer, cache: Cache) {
    this.cache = cache;
    const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
    const requester = new Requester(server.apiUrl, tokens, server.fetch, () => (this.signedOut += 1));
    this.#loop = followLive({ cache }, new MessagesApi(requester), {
      onConnection: (connection) => this.connections.push(connection),
    });
    this.run = this.#loop.run();
  }

  get isLive(): boolean {
    return this.connections.at(-1) === 'live';
  }

  get isOffline(): boolean {
    return this.connections.at(-1) === 'offline';
  }

  get unread(): number | undefined {
    return this.cache.inbox?.unread;
  }

  lastSeq(id = threadId): number | undefined {
    return this.cache.thread(id)?.lastSeq;
  }

  look(): void {
    this.#loop.wake();
  }

  async close(): Promise<void> {
    this.#loop.stop();
    await this.run;
  }
}

describe('One voice', () => {
  let timers: HeldTimers;
  let server: FakeServer;
  let tabs: Tab[];

  beforeEach(() => {
    timers = new HeldTimers();
    tabs = [];
    server = new FakeServer();
    server.addThread();
    server.addThread({ id: otherThread, other: aProvider({ id: 'dr-okafor' }), messages: 2 });
  });

  afterEach(async () => {
    server.letGo();
    await Promise.all(tabs.map((tab) => tab.close()));
    timers.restore();
  });

  async function aTab({
    me = server.me,
    cache,
  }: { me?: typeof server.me; cache?: Cache } = {}): Promise<Tab> {
    const own = cache ?? (await Cache.over(new MemoryRecords()));
    await own.storeMe(me);
    const tab = new Tab(server, own);
    tabs.push(tab);
    return tab;
  }

  /** Tabs that were opened one after the other: the first of them leads. */
  async function liveTabs(count: number): Promise<Tab[]> {
    const opened: Tab[] = [];
    for (let number = 0; number < count; number++) {
      const tab = await aTab();
      await until(() => tab.isLive, 'the tab is live');
      opened.push(tab);
    }
    return opened;
  }

  /** As often as whoever has the stream is let try again, until the condition holds. */
  async function retryUntil(condition: () => boolean): Promise<void> {
    await until(() => {
      if (condition()) return true;
      if (server.openStreams === 0) timers.pass(4_000);
      return false;
    }, String(condition));
  }

  const streamsAsked = () => server.askedFor('followEvents');
  const allHave = (seq: number, of = tabs) => of.every((tab) => tab.lastSeq() === seq);

  it('has one stream for all tabs, and each of them hears what is said', async () => {
    await liveTabs(4);
    server.say('Hello');
    await until(() => allHave(4));
    expect([server.openStreams, streamsAsked().length]).to.deep.equal([1, 1]);
  });

  it('has one stream also where all are opened at once', async () => {
    await Promise.all([aTab(), aTab(), aTab()]);
    await until(() => tabs.every((tab) => tab.isLive));
    server.say('Hello');
    await until(() => allHave(4));
    expect([server.openStreams, streamsAsked().length]).to.deep.equal([1, 1]);
  });

  it('is another for another person', async () => {
    await liveTabs(1);
    const ben = await aTab({ me: { ...server.me, person: { ...server.me.person, id: 'ben' } } });
    await until(() => ben.isLive);
    expect(server.openStreams).to.equal(2);
  });

  it('goes on where the tab that led is closed, from where it was', async () => {
    const [first, second, third] = (await liveTabs(3)) as [Tab, Tab, Tab];
    server.say('Before');
    await until(() => allHave(4));
    await first.close();
    server.say('Meanwhile');
    await until(() => allHave(5, [second, third]));
    expect(server.openStreams).to.equal(1);
    expect(streamsAsked().map(({ headers }) => headers.get('Last-Event-ID'))).to.deep.equal([null, '101']);
    server.say('After');
    await until(() => allHave(6, [second, third]));
    expect(second.connections).not.to.contain('offline');
  });

  it('agrees on what is unread', async () => {
    await liveTabs(3);
    server.say('One');
    server.say('Two', otherThread);
    await until(() => tabs.every((tab) => tab.unread === 2));
    server.readElsewhere();
    await until(() => tabs.every((tab) => tab.unread === 1));
  });

  it('tells who comes later what they missed, and no more', async () => {
    const cache = await Cache.over(new MemoryRecords());
    const first = await aTab();
    await until(() => first.isLive);
    const away = await aTab({ cache });
    await until(() => away.isLive);
    await away.close();
    server.say('One');
    server.say('Two');
    await until(() => first.cache.inbox?.cursor === 102);

    const asked = server.asked.length;
    const back = await aTab({ cache });
    await until(() => back.lastSeq() === 5 && cache.inbox?.cursor === 102);
    const routes = server.asked.slice(asked).map(({ route }) => route);
    expect(routes).not.to.contain('listThreads');
    expect(routes.filter((route) => route === 'readThread').length).to.be.within(1, 2);
    expect(streamsAsked().length).to.equal(1);
  });

  it('has a tab start over that missed more than is remembered', async () => {
    const cache = await Cache.over(new MemoryRecords());
    await cache.storeMe(server.me);
    await cache.startOver({ threads: server.threads, unread: 0, next: undefined, cursor: 40 });
    const first = await aTab();
    await until(() => first.isLive);
    server.say('Hello');
    await until(() => first.lastSeq() === 4);
    const lists = server.askedFor('listThreads').length;
    const back = await aTab({ cache });
    await until(() => back.isLive && cache.inbox?.cursor === 101);
    expect(back.lastSeq()).to.equal(4);
    expect(server.askedFor('listThreads').length).to.equal(lists + 1);
    expect(streamsAsked().length).to.equal(1);
  });

  it('remembers the last two hundred', async () => {
    const caches = await Promise.all([0, 1].map(() => Cache.over(new MemoryRecords())));
    const [near, far] = caches as [Cache, Cache];
    const first = await aTab();
    await until(() => first.isLive);
    const place = { threads: server.threads, unread: 0, next: undefined };
    await far.startOver({ ...place, cursor: 100 });
    await near.startOver({ ...place, cursor: 101 });
    for (let times = 0; times < 201; times++) server.readByOther();
    await until(() => first.cache.inbox?.cursor === 301);
    const lists = server.askedFor('listThreads').length;
    await aTab({ cache: near });
    await until(() => near.inbox?.cursor === 301);
    expect(server.askedFor('listThreads').length).to.equal(lists);
    await aTab({ cache: far });
    await until(() => far.inbox?.cursor === 301);
    expect(server.askedFor('listThreads').length).to.equal(lists + 1);
  });

  it('starts over everywhere where the server does not know the place any more', async () => {
    await liveTabs(2);
    server.forgetPast();
    server.cutStreams();
    await retryUntil(() => tabs.every((tab) => tab.cache.inbox?.cursor === 150));
  });

  it('is calm where nobody answers: one tab asks, and all say that they are offline', async () => {
    const [first] = (await liveTabs(3)) as [Tab];
    const before = streamsAsked().length;
    server.setOffline(true);
    await retryUntil(() => tabs.every((tab) => tab.isOffline));
    await retryUntil(() => streamsAsked().length - before === 4);
    const waits = timers.delays.filter((delay) => delay <= 4_000);
    expect(waits.length).to.be.within(4, 5);
    expect(first.isOffline).to.equal(true);
    const late = await aTab();
    await until(() => late.isOffline, 'a tab that comes later says so as well');

    server.setOffline(false);
    first.look();
    await until(() => tabs.every((tab) => tab.isLive));
    expect(server.openStreams).to.equal(1);
  });

  it('tries at once where any of the tabs is looked at', async () => {
    const [, second] = (await liveTabs(2)) as [Tab, Tab];
    server.setOffline(true);
    await retryUntil(() => tabs.every((tab) => tab.isOffline));
    server.setOffline(false);
    const asked = streamsAsked().length;
    await until(() => {
      second.look();
      return tabs.every((tab) => tab.isLive);
    }, 'all are live again');
    expect(streamsAsked().length).to.equal(asked + 1);
  });

  it('is lost with the session, in every tab', async () => {
    await liveTabs(3);
    server.signOut();
    await retryUntil(() => tabs.every((tab) => tab.signedOut === 1));
    expect(server.openStreams).to.equal(0);
  });

  it('leaves neither stream, lock nor timer behind', async () => {
    await liveTabs(3);
    await Promise.all(tabs.map((tab) => tab.close()));
    const locks = await navigator.locks.query();
    expect([server.openStreams, timers.count]).to.deep.equal([0, 0]);
    expect([...(locks.held ?? []), ...(locks.pending ?? [])].length).to.equal(0);
  });

  it('names nobody in its locks', async () => {
    await liveTabs(2);
    const { held = [], pending = [] } = await navigator.locks.query();
    const names = JSON.stringify([...held, ...pending]);
    expect(names).to.contain('grow-messages');
    expect(names).not.to.contain(server.me.person.id);
    expect(names).not.to.contain('messages.test');
  });

  it('says no words to other tabs', async () => {
    const heard: unknown[] = [];
    await liveTabs(1);
    const name = (await navigator.locks.query()).held?.[0]?.name ?? '';
    const eavesdropper = new BroadcastChannel(name);
    eavesdropper.onmessage = ({ data }) => heard.push(data);
    await liveTabs(1);
    server.say('Something private');
    await until(() => allHave(4));
    await until(() => heard.length >= 3);
    eavesdropper.close();
    expect(JSON.stringify(heard)).not.to.match(/private|Okafor|Lee/);
  });

  it('takes the place of a tab that holds the lock and says nothing', async () => {
    const probe = await aTab();
    await until(() => probe.isLive);
    const name = (await navigator.locks.query()).held?.[0]?.name ?? '';
    await probe.close();
    const frozen = await frozenTab(name);
    const tab = await aTab();
    await until(() => timers.delays.includes(untilAnswered));
    expect(server.openStreams).to.equal(0);
    timers.pass(untilAnswered);
    await until(() => tab.isLive);
    await frozen.stolen;
  });

  it('asks a tab that has said nothing for most of a minute, and lets it lead where it answers', async () => {
    const [first, second] = (await liveTabs(2)) as [Tab, Tab];
    const lives = second.connections.length;
    timers.pass(quiet);
    await until(() => second.connections.length > lives);
    timers.pass(untilAnswered);
    server.say('Hello');
    await until(() => allHave(4));
    expect(first.isLive).to.equal(true);
    expect(streamsAsked().length).to.equal(1);
  });

  it('connects at once when the computer was asleep', async () => {
    const { setInterval } = globalThis;
    const { now } = Date;
    const ticks: (() => void)[] = [];
    globalThis.setInterval = ((tick: () => void) => ticks.push(tick)) as never;
    try {
      await liveTabs(1);
      ticks[0]?.();
      expect(streamsAsked().length).to.equal(1);
      Date.now = () => now() + 3_600_000;
      ticks[0]?.();
      await until(() => streamsAsked().length === 2 && server.openStreams === 1);
      expect(tabs[0]?.connections).not.to.contain('offline');
    } finally {
      Date.now = now;
      globalThis.setInterval = setInterval;
    }
  });

  it('is each tab’s own where the browser has no locks', async () => {
    const locks = Object.getOwnPropertyDescriptor(Navigator.prototype, 'locks');
    Reflect.deleteProperty(Navigator.prototype, 'locks');
    try {
      await liveTabs(2);
      server.say('Hello');
      await until(() => allHave(4));
      expect(server.openStreams).to.equal(2);
    } finally {
      Object.defineProperty(Navigator.prototype, 'locks', locks ?? {});
    }
  });
});
