import { expect } from '@open-wc/testing';
import { Cache } from '../../../widget/cache/cache.ts';
import { MemoryRecords } from '../../../widget/cache/memory-records.ts';
import { Outbox } from '../../../widget/sync/outbox.ts';
import { takeBack } from '../../../widget/sync/take-back.ts';
import { MessagesApi } from '../../../widget/transport/messages-api.ts';
import { Requester } from '../../../widget/transport/request.ts';
import { TokenSource } from '../../../widget/transport/token-source.ts';
import {
  FakeServer,
  gatewayPage,
  lostAnswer,
  networkError,
  refusal,
  type Answer,
} from '../../support/fake-server.ts';
import { HeldTimers } from '../../support/held-timers.ts';
import { aProvider, anEntry, threadId, uuid } from '../../support/message-builders.ts';
import { until } from '../../support/until.ts';

const otherThread = uuid(2, 'c');

describe('Outbox', () => {
  let timers: HeldTimers;
  let server: FakeServer;
  let cache: Cache;
  let api: MessagesApi;
  let outbox: Outbox;
  let sent: string[];

  beforeEach(async () => {
    timers = new HeldTimers();
    server = new FakeServer();
    server.addThread({ messages: 0 });
    server.addThread({ id: otherThread, other: aProvider({ id: 'dr-okafor' }), messages: 0 });
    cache = await Cache.over(new MemoryRecords());
    outbox = anOutbox();
  });

  afterEach(() => {
    outbox.stop();
    timers.restore();
  });

  function anOutbox(): Outbox {
    const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
    tokens.offer(server.token);
    api = new MessagesApi(new Requester(server.apiUrl, tokens, server.fetch));
    sent = [];
    return new Outbox(cache, api, (_, messageId) => sent.push(messageId));
  }

  const textsIn = (id = threadId) => server.messages(id).map(({ text }) => text);
  const isEmpty = () => cache.outbox.length === 0;
  const stateOf = (text: string) => cache.outbox.find((entry) => entry.text === text)?.state;
  const sentIds = () => server.askedFor('sendMessage').map(({ params }) => params['messageId']);

  it('keeps the words before it sends them', async () => {
    const goOn = server.hold('sendMessage');
    await outbox.add(threadId, 'Hello');
    expect(cache.outbox[0]).to.include({ threadId, text: 'Hello', state: 'waiting' });
    goOn();
    await until(isEmpty);
    expect(textsIn()).to.deep.equal(['Hello']);
  });

  it('sends in the order of writing, one at a time', async () => {
    let under = 0;
    const stop = server.always('sendMessage', async (_, proceed) => {
      expect(++under).to.equal(1);
      await Promise.resolve();
      under -= 1;
      return proceed();
    });
    for (const text of ['1', '2', '3', '4', '5']) await outbox.add(threadId, text);
    await until(isEmpty);
    stop();
    expect(textsIn()).to.deep.equal(['1', '2', '3', '4', '5']);
  });

  it('asks once for each message, however often it is woken, also where the browser has no locks', async () => {
    const locks = Object.getOwnPropertyDescriptor(Navigator.prototype, 'locks');
    Reflect.deleteProperty(Navigator.prototype, 'locks');
    try {
      expect('locks' in navigator).to.equal(false);
      const goOn = server.hold('sendMessage');
      await outbox.add(threadId, 'Hello');
      for (let times = 0; times < 5; times++) outbox.wake();
      await until(() => server.askedFor('sendMessage').length > 0);
      goOn();
      await until(isEmpty);
      await outbox.drain();
      expect(server.askedFor('sendMessage').length).to.equal(1);
    } finally {
      Object.defineProperty(Navigator.prototype, 'locks', locks ?? {});
    }
  });

  it('keeps the order of what was written in the same breath, also over a reload', async () => {
    server.setOffline(true);
    await Promise.all(['1', '2', '3'].map((text) => outbox.add(threadId, text)));
    expect((await cache.readOutbox()).map(({ text }) => text)).to.deep.equal(['1', '2', '3']);
    expect(new Set(cache.outbox.map(({ order }) => order)).size).to.equal(3);
  });

  it('asks for a decision about what did not get through for a day, and sends it when told to', async () => {
    const day = 24 * 3_600_000;
    const writtenAt = new Date(Date.now() - day - 60_000).toISOString();
    await cache.keepInOutbox(anEntry({ text: 'Old', writtenAt }));
    await cache.keepInOutbox(anEntry({ text: 'New', order: 2, writtenAt, threadId: otherThread }));
    const stop = server.always('sendMessage', networkError);
    void outbox.drain();
    await until(() => stateOf('Old') === 'refused' && stateOf('New') === 'refused');
    expect(cache.outbox[0]).to.include({ text: 'Old', code: 'unavailable' });
    expect(timers.delays, 'nothing is tried again by itself').to.deep.equal([]);

    stop();
    await outbox.retry(cache.outbox[0]!.id);
    await until(() => textsIn().length === 1);
    expect(stateOf('New')).to.equal('refused');
  });

  it('says which message the server has', async () => {
    await outbox.add(threadId, 'Hello');
    await until(() => sent.length === 1);
    expect(sent).to.deep.equal(server.messages().map(({ id }) => id));
    expect((await cache.messages(threadId, 1, 1))[0]?.text).to.equal('Hello');
  });

  it('forgets nothing that is written just as it finishes', async () => {
    let more = 20;
    cache.subscribe(() => {
      if (isEmpty() && more-- > 0) void outbox.add(threadId, `more ${more}`);
    });
    await outbox.add(threadId, 'first');
    await until(() => server.messages().length === 21);
    await until(isEmpty);
  });

  describe('where the server says no', () => {
    it('keeps the words, with the reason', async () => {
      server.next('sendMessage', refusal('too-large'));
      await outbox.add(threadId, 'Hello');
      await until(() => stateOf('Hello') === 'refused');
      expect(cache.outbox[0]).to.include({ text: 'Hello', code: 'too-large' });
      expect(sent).to.deep.equal([]);
    });

    it('lets nothing in that thread pass, and other threads go on', async () => {
      server.next('sendMessage', refusal('invalid'));
      await outbox.add(threadId, 'no');
      await outbox.add(threadId, 'behind it');
      await outbox.add(otherThread, 'elsewhere');
      await until(() => textsIn(otherThread).length === 1);
      expect(textsIn()).to.deep.equal([]);
      expect([stateOf('no'), stateOf('behind it')]).to.deep.equal(['refused', 'waiting']);
    });

    it('does not ask by itself again', async () => {
      server.next('sendMessage', refusal('invalid'));
      await outbox.add(threadId, 'no');
      await until(() => stateOf('no') === 'refused');
      outbox.wake();
      await outbox.add(otherThread, 'elsewhere');
      await until(() => textsIn(otherThread).length === 1);
      expect(server.askedFor('sendMessage').length).to.equal(2);
      expect(timers.count).to.equal(0);
    });

    it('sends it again when asked to, with what stood behind it', async () => {
      server.next('sendMessage', refusal('relationship-ended'));
      await outbox.add(threadId, 'no');
      await outbox.add(threadId, 'behind it');
      await until(() => stateOf('no') === 'refused');
      await outbox.retry(cache.outbox[0]?.id ?? '');
      await until(isEmpty);
      expect(textsIn()).to.deep.equal(['no', 'behind it']);
    });

    it('sends what stood behind it once it was taken back', async () => {
      server.next('sendMessage', refusal('too-large'));
      await outbox.add(threadId, 'no');
      await outbox.add(threadId, 'behind it');
      await until(() => stateOf('no') === 'refused');
      expect(await takeBack({ cache, outbox, api }, cache.outbox[0]?.id ?? '')).to.equal(true);
      expect(cache.drafts.get(threadId)).to.equal('no');
      await until(isEmpty);
      expect(textsIn()).to.deep.equal(['behind it']);
    });
  });

  it('has the words of what is taken back in the draft, also on the device, before they are gone from here', async () => {
    const records = new MemoryRecords();
    const write = records.write.bind(records);
    const written: string[] = [];
    records.write = (changes) => {
      written.push(...changes.map(({ drawer, value }) => `${drawer} ${JSON.stringify(value) ?? 'gone'}`));
      return write(changes);
    };
    cache = await Cache.over(records);
    outbox = anOutbox();
    server.next('sendMessage', refusal('too-large'));
    await outbox.add(threadId, 'no');
    await until(() => stateOf('no') === 'refused');
    await cache.storeDraft(threadId, 'And more');
    written.length = 0;
    await takeBack({ cache, outbox, api }, cache.outbox[0]?.id ?? '');
    expect(written).to.deep.equal([
      `drafts ${JSON.stringify({ threadId, text: 'no\nAnd more' })}`,
      'outbox gone',
    ]);
  });

  describe('taken back after a day in which nobody answered', () => {
    const writtenAt = new Date(Date.now() - 25 * 3_600_000).toISOString();

    async function given(answer: Answer): Promise<string> {
      await cache.keepInOutbox(anEntry({ text: 'Hello', writtenAt }));
      const stop = server.always('sendMessage', answer);
      void outbox.drain();
      await until(() => stateOf('Hello') === 'refused');
      stop();
      return cache.outbox[0]!.id;
    }

    it('gives its words back where the server does not have it', async () => {
      const id = await given(networkError);
      expect(await takeBack({ cache, outbox, api }, id)).to.equal(true);
      expect(cache.drafts.get(threadId)).to.equal('Hello');
      expect(cache.outbox).to.deep.equal([]);
    });

    it('gives no words back where it had arrived: it gives way to its message', async () => {
      const id = await given(lostAnswer);
      expect(await takeBack({ cache, outbox, api }, id)).to.equal(false);
      expect(cache.drafts.size).to.equal(0);
      expect(cache.outbox).to.deep.equal([]);
      expect((await cache.messages(threadId, 1, 1))[0]?.text).to.equal('Hello');
    });

    it('stays where it is while nobody can tell', async () => {
      const id = await given(lostAnswer);
      server.setOffline(true);
      expect(await takeBack({ cache, outbox, api }, id)).to.equal(false);
      expect(cache.drafts.size).to.equal(0);
      expect(stateOf('Hello')).to.equal('refused');
    });
  });

  describe('where nobody answers', () => {
    it('says so, and sends it again by itself under the same id', async () => {
      server.next('sendMessage', networkError);
      await outbox.add(threadId, 'Hello');
      await until(() => stateOf('Hello') === 'unreachable' && timers.count === 1);
      timers.pass();
      await until(isEmpty);
      expect(textsIn()).to.deep.equal(['Hello']);
      expect(new Set(sentIds()).size).to.equal(1);
    });

    it('does not double what the server took before its answer was lost', async () => {
      server.next('sendMessage', lostAnswer);
      await outbox.add(threadId, 'Hello');
      await until(() => timers.count === 1);
      timers.pass();
      await until(isEmpty);
      expect(server.askedFor('sendMessage').length).to.equal(2);
      expect(textsIn()).to.deep.equal(['Hello']);
    });

    it('does not show as unsent what the live stream has brought in the meantime', async () => {
      server.next('sendMessage', async (_, proceed) => {
        const message = (await proceed().json()) as never;
        await cache.receive({ messages: [message] });
        return networkError();
      });
      await outbox.add(threadId, 'Hello');
      await until(() => timers.count === 1);
      expect(cache.outbox).to.deep.equal([]);
    });

    it('waits longer each time, and as long as the server asks', async () => {
      const stop = server.always('sendMessage', gatewayPage(502));
      await outbox.add(threadId, 'Hello');
      for (let times = 1; times <= 4; times++) {
        await until(() => timers.delays.length === times);
        timers.pass();
      }
      await until(() => timers.delays.length === 5);
      stop();
      const ceilings = [1_000, 2_000, 4_000, 8_000, 16_000];
      timers.delays.forEach((delay, at) => {
        const ceiling = ceilings[at] ?? 0;
        expect(delay).to.be.within(ceiling / 2, ceiling);
      });

      server.next('sendMessage', refusal('rate-limited', { 'Retry-After': '77' }));
      timers.pass();
      await until(() => timers.delays.length === 6);
      expect(timers.delays.at(-1)).to.equal(77_000);
    });

    it('waits no longer each time while one message after the other gets through', async () => {
      let asked = 0;
      server.always('sendMessage', (_, proceed) => (++asked % 2 === 1 ? gatewayPage(502)() : proceed()));
      const texts = ['1', '2', '3', '4', '5', '6'];
      for (const text of texts) await outbox.add(threadId, text);
      while (!isEmpty()) {
        await until(() => isEmpty() || timers.count === 1);
        timers.pass();
      }
      expect(textsIn()).to.deep.equal(texts);
      expect(Math.max(...timers.delays)).to.be.at.most(1_000);
    });

    it('asks so seldom that a day of an ill server is two hundred times for each thread', async () => {
      server.always('sendMessage', gatewayPage(502));
      await outbox.add(threadId, 'Hello');
      for (const text of ['1', '2', '3']) await outbox.add(otherThread, text);
      for (let passed = 0; passed < 24 * 3_600_000;) {
        await until(() => timers.count === 1);
        passed += timers.delays.at(-1) ?? 0;
        timers.pass();
      }
      expect(server.askedFor('sendMessage').length).to.be.within(2 * 96, 2 * 210);
      expect(new Set(sentIds()).size).to.equal(2);
    });

    it('goes at once when the network is back', async () => {
      server.setOffline(true);
      await outbox.add(threadId, 'Hello');
      await until(() => timers.count === 1);
      server.setOffline(false);
      outbox.wake();
      await until(isEmpty);
      expect(textsIn()).to.deep.equal(['Hello']);
      expect(timers.count).to.equal(0);
    });

    it('keeps the order of its thread', async () => {
      server.setOffline(true);
      for (const text of ['1', '2', '3']) await outbox.add(threadId, text);
      await until(() => timers.count === 1);
      server.setOffline(false);
      timers.pass();
      await until(isEmpty);
      expect(textsIn()).to.deep.equal(['1', '2', '3']);
    });

    it('does not hold up another thread for the one message that never gets through', async () => {
      const stop = server.always('sendMessage', (asked, proceed) =>
        asked.params['threadId'] === threadId ? gatewayPage(403)() : proceed(),
      );
      await outbox.add(threadId, 'what the firewall takes for an attack');
      await until(() => timers.count === 1);
      await outbox.add(otherThread, 'elsewhere');
      await until(() => textsIn(otherThread).length === 1);
      stop();
    });

    it('goes again when the person asks, without waiting', async () => {
      server.next('sendMessage', gatewayPage(200));
      await outbox.add(threadId, 'Hello');
      await until(() => stateOf('Hello') === 'unreachable' && timers.count === 1);
      await outbox.retry(cache.outbox[0]?.id ?? '');
      await until(isEmpty);
      expect(textsIn()).to.deep.equal(['Hello']);
    });
  });

  it('sends nothing once it is stopped, and has the words for whoever comes next', async () => {
    server.setOffline(true);
    await outbox.add(threadId, 'Hello');
    await until(() => timers.count === 1);
    outbox.stop();
    server.setOffline(false);
    timers.pass();
    outbox.wake();
    await outbox.drain();
    expect(server.messages()).to.deep.equal([]);
    expect(timers.count).to.equal(0);

    outbox = anOutbox();
    await outbox.drain();
    expect(textsIn()).to.deep.equal(['Hello']);
  });

  it('sends each message once where two tabs have the same words', async () => {
    server.setOffline(true);
    for (const text of ['1', '2']) await outbox.add(threadId, text);
    await until(() => timers.count === 1);
    const otherTab = await Cache.over(new MemoryRecords());
    for (const entry of cache.outbox) await otherTab.keepInOutbox(entry);
    const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
    tokens.offer(server.token);
    const api = new MessagesApi(new Requester(server.apiUrl, tokens, server.fetch));
    const other = new Outbox(otherTab, api, () => undefined);
    server.setOffline(false);
    await Promise.all([outbox.drain(), other.drain()]);
    expect(textsIn()).to.deep.equal(['1', '2']);
    expect([cache.outbox.length, otherTab.outbox.length]).to.deep.equal([0, 0]);
    other.stop();
  });
});
