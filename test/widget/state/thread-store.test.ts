import { expect } from '@open-wc/testing';
import { Cache } from '../../../widget/cache/cache.ts';
import { MemoryRecords } from '../../../widget/cache/memory-records.ts';
import { ThreadStore } from '../../../widget/state/thread-store.ts';
import { History } from '../../../widget/sync/history.ts';
import { Outbox } from '../../../widget/sync/outbox.ts';
import { MessagesApi } from '../../../widget/transport/messages-api.ts';
import { Requester } from '../../../widget/transport/request.ts';
import { TokenSource } from '../../../widget/transport/token-source.ts';
import { FakeServer, gatewayPage, networkError, refusal } from '../../support/fake-server.ts';
import { threadId } from '../../support/message-builders.ts';
import { until } from '../../support/until.ts';

describe('ThreadStore', () => {
  let server: FakeServer;
  let cache: Cache;
  let outbox: Outbox;
  let store: ThreadStore;
  let history: History;

  /** A store over a thread of so many messages, which the inbox lists as the server does. */
  async function start({ messages = 3, unread = 0, isListed = true } = {}): Promise<void> {
    server = new FakeServer();
    if (messages > 0) server.addThread({ messages, unread });
    cache = await Cache.over(new MemoryRecords());
    await cache.storeMe(server.me);
    const threads = isListed && messages > 0 ? [server.thread()] : [];
    await cache.startOver({ threads, unread: threads[0]?.unread ?? 0, next: undefined, cursor: 100 });
    const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
    tokens.offer(server.token);
    const api = new MessagesApi(new Requester(server.apiUrl, tokens, server.fetch));
    outbox = new Outbox(cache, api, () => undefined);
    const dayOf = (moment: string) => moment.slice(0, 10);
    history = new History(cache, api, new Map());
    store = new ThreadStore(threadId, { cache, history, outbox, api, dayOf });
  }

  afterEach(() => outbox.stop());

  /** What the live stream brings: the thread as it is now, and its last message. */
  const hear = () => {
    const thread = server.thread();
    return cache.receive({ threads: [thread], messages: thread.lastMessage ? [thread.lastMessage] : [] });
  };

  const shown = () =>
    store.value.items.flatMap((item) => (item.kind === 'message' ? [item.message.seq] : []));
  /** The first and the last message in view, and how many there are. */
  const range = () => [shown()[0], shown().at(-1), shown().length];
  const unsent = () => store.value.items.flatMap((item) => (item.kind === 'echo' ? [item.entry.text] : []));
  const requests = () => server.asked.filter(({ route }) => route !== 'token');

  describe('opens', () => {
    it('a thread of ten thousand with two requests at most, at its newest twenty', async () => {
      await start({ messages: 10_000 });
      await store.open();
      expect(range()).to.deep.equal([9_981, 10_000, 20]);
      expect(store.value).to.include({ status: 'ready', older: 'more', newer: 'none' });
      expect(requests().length).to.be.within(1, 2);
    });

    it('one that the inbox does not list with two requests', async () => {
      await start({ messages: 10_000, isListed: false });
      await store.open();
      expect(range()).to.deep.equal([9_981, 10_000, 20]);
      expect(requests().map(({ route }) => route)).to.have.members(['readThread', 'listMessages']);
    });

    it('a short one whole', async () => {
      await start({ messages: 3 });
      await store.open();
      expect(range()).to.deep.equal([1, 3, 3]);
      expect(store.value).to.include({ older: 'none', newer: 'none' });
    });

    it('one that was read before without asking anybody', async () => {
      await start({ messages: 80 });
      await cache.receive({ messages: server.messages() });
      server.setOffline(true);
      await store.open();
      expect(range()).to.deep.equal([61, 80, 20]);
      expect(store.value.status).to.equal('ready');
      expect(requests()).to.deep.equal([]);
    });

    it('one without a message', async () => {
      await start({ messages: 0 });
      server.addThread({ messages: [] });
      await hear();
      await store.open();
      expect(store.value).to.include({ status: 'ready', older: 'none', newer: 'none' });
      expect(store.value.items).to.deep.equal([]);
    });

    it('nothing where the thread is not this person’s, and says so', async () => {
      await start({ messages: 0 });
      await store.open();
      expect(store.value.status).to.equal('missing');
    });

    it('one that could not be reached, once it is asked again', async () => {
      await start({ isListed: false });
      server.setOffline(true);
      await store.open();
      expect(store.value.status).to.equal('failed');
      server.setOffline(false);
      await store.open();
      expect(range()).to.deep.equal([1, 3, 3]);
    });

    it('one of which only the end could be had, once more is asked for', async () => {
      await start({ messages: 20 });
      await hear(); // the list came with the last message
      server.next('listMessages', gatewayPage());
      await store.open();
      expect(range()).to.deep.equal([20, 20, 1]);
      expect(store.value).to.include({ status: 'ready', older: 'failed' });

      await store.loadOlder();
      expect(range()).to.deep.equal([1, 20, 20]);
      expect(store.value.older).to.equal('none');
    });

    it('one of which nothing could be had, once it is asked again', async () => {
      await start({ messages: 20 });
      server.next('listMessages', networkError);
      await store.open();
      expect(store.value.status).to.equal('failed');
      await store.open();
      expect(range()).to.deep.equal([1, 20, 20]);
      expect(store.value.status).to.equal('ready');
    });

    it('one with much unread at the first of it, and shows nothing of it before', async () => {
      await start({ messages: 80, unread: 42 });
      await cache.receive({ messages: server.messages().slice(70) });
      const goOn = server.hold('listMessages');
      const opening = store.open();
      await until(() => requests().length === 1);
      server.say('And this');
      await hear();
      await until(() => store.value.thread?.lastSeq === 81);
      expect(store.value.status).to.equal('loading');
      goOn();
      await opening;
      expect(store.value.status).to.equal('ready');
      expect(shown()[0]).to.equal(28);
      const at = store.value.items.findIndex(({ kind }) => kind === 'unread');
      expect(store.value.items[at + 1]).to.have.nested.property('message.seq', 39);
    });

    it('with a mark above the first that is unread, which stays when all is read', async () => {
      await start({ messages: 9, unread: 3 });
      await store.open();
      const kinds = () => store.value.items.map(({ kind }) => kind);
      expect(kinds().indexOf('unread')).to.equal(7);
      await store.markRead();
      await until(() => cache.inbox?.unread === 0);
      await until(() => store.value.thread?.unread === 0);
      expect(kinds().indexOf('unread')).to.equal(7);
    });
  });

  describe('moves its window', () => {
    it('up to 150 messages, then leaves those at the other end', async () => {
      await start({ messages: 1_000 });
      await store.open();
      store.setAtEnd(false);
      const windows = [];
      for (let times = 0; times < 4; times++) {
        await store.loadOlder();
        windows.push(range());
      }
      expect(windows).to.deep.equal([
        [931, 1_000, 70],
        [881, 1_000, 120],
        [831, 980, 150],
        [781, 930, 150],
      ]);
      expect(store.value).to.include({ older: 'more', newer: 'more' });
    });

    it('down again, to the end and no further', async () => {
      await start({ messages: 300 });
      await store.open();
      store.setAtEnd(false);
      for (let times = 0; times < 6; times++) await store.loadOlder();
      expect(range()).to.deep.equal([1, 150, 150]);
      expect(store.value.older).to.equal('none');
      for (let times = 0; times < 5; times++) await store.loadNewer();
      expect(range()).to.deep.equal([151, 300, 150]);
      expect(store.value.newer).to.equal('none');
    });

    it('without asking for what it had before', async () => {
      await start({ messages: 300 });
      await store.open();
      store.setAtEnd(false);
      for (let times = 0; times < 5; times++) await store.loadOlder();
      const asked = requests().length;
      for (let times = 0; times < 5; times++) await store.loadNewer();
      expect(requests().length).to.equal(asked);
    });

    it('back to the newest when it is opened again', async () => {
      await start({ messages: 1_000 });
      await store.open();
      store.setAtEnd(false);
      for (let times = 0; times < 4; times++) await store.loadOlder();
      await store.open();
      expect(range()).to.deep.equal([981, 1_000, 20]);
      expect(store.value.newer).to.equal('none');
    });

    it('back to the newest at once', async () => {
      await start({ messages: 1_000 });
      await store.open();
      for (let times = 0; times < 6; times++) await store.loadOlder();
      await store.jumpToNewest();
      expect(range()).to.deep.equal([981, 1_000, 20]);
    });

    it('one step at a time, however impatient the reader is', async () => {
      await start({ messages: 1_000 });
      await store.open();
      store.setAtEnd(false);
      await Promise.all([store.loadOlder(), store.loadOlder(), store.loadOlder()]);
      expect(range()).to.deep.equal([831, 980, 150]);
    });

    it('and stays where it is when older messages can’t be had, until they can', async () => {
      await start({ messages: 200 });
      await store.open();
      const stop = server.always('listMessages', gatewayPage());
      for (let times = 0; times < 3; times++) await store.loadOlder();
      expect(range()).to.deep.equal([181, 200, 20]);
      expect(store.value.older).to.equal('failed');
      expect(server.askedFor('listMessages').length).to.equal(4);
      stop();
      await store.loadOlder();
      expect(range()).to.deep.equal([131, 200, 70]);
      expect(store.value.older).to.equal('more');
    });

    it('and stays where it is when newer messages can’t be had, until they can', async () => {
      await start({ messages: 100 });
      await store.open();
      store.setAtEnd(false);
      for (let times = 0; times < 2; times++) await store.loadOlder();
      for (let times = 0; times < 120; times++) server.say(`More ${times}`);
      await hear();
      server.next('listMessages', networkError);
      await store.loadNewer();
      expect(range()).to.deep.equal([1, 100, 100]);
      expect(store.value.newer).to.equal('failed');
      await store.loadNewer();
      expect(shown().at(-1)).to.equal(150);
      expect(store.value.newer).to.equal('more');
    });
  });

  describe('with a new message', () => {
    it('slides along while the reader is at the end', async () => {
      await start({ messages: 1_000 });
      await store.open();
      for (let times = 0; times < 2; times++) await store.loadOlder();
      await store.jumpToNewest();
      for (let times = 0; times < 130; times++) {
        server.say(`More ${times}`);
        await hear();
      }
      await until(() => shown().at(-1) === 1_130);
      expect(range()).to.deep.equal([981, 1_130, 150]);
    });

    it('stays where the reader is, and says that there is more below', async () => {
      await start({ messages: 1_000 });
      await store.open();
      store.setAtEnd(false);
      for (let times = 0; times < 4; times++) await store.loadOlder();
      server.say('New');
      await hear();
      await until(() => store.value.thread?.lastSeq === 1_001);
      expect(range()).to.deep.equal([781, 930, 150]);
      expect(store.value.newer).to.equal('more');
    });

    it('asks for those between where several came at once', async () => {
      await start({ messages: 10 });
      await store.open();
      for (const text of ['one', 'two', 'three']) server.say(text);
      await hear();
      await until(() => shown().at(-1) === 13);
      expect(range()).to.deep.equal([1, 13, 13]);
    });

    it('goes on showing what it has where those between can’t be had', async () => {
      await start({ messages: 10 });
      await store.open();
      for (const text of ['one', 'two', 'three']) server.say(text);
      server.next('listMessages', networkError);
      await hear();
      await until(() => store.value.newer === 'failed');
      expect(range()).to.deep.equal([1, 10, 10]);
      await store.loadNewer();
      expect(range()).to.deep.equal([1, 13, 13]);
      expect(store.value.newer).to.equal('none');
    });

    it('finds it also where the list has dropped the thread', async () => {
      await start({ messages: 10 });
      await store.open();
      server.say('New');
      await cache.startOver({ threads: [], unread: 1, next: '50', cursor: 101 });
      await until(() => shown().at(-1) === 11);
    });
  });

  describe('with what is written here', () => {
    it('shows it also while messages before it are on their way', async () => {
      await start({ messages: 10 });
      await store.open();
      server.always('sendMessage', networkError);
      await store.send('Hello');
      await until(() => unsent().length === 1);
      const goOn = server.hold('listMessages');
      for (const text of ['one', 'two', 'three']) server.say(text);
      await hear();
      await until(() => server.askedFor('listMessages').length === 2);
      await store.send('And more');
      await until(() => unsent().length === 2);
      goOn();
      await until(() => shown().at(-1) === 13);
    });

    it('shows it last at once, and under the same key when it is delivered', async () => {
      await start({ messages: 3 });
      await store.open();
      const goOn = server.hold('sendMessage');
      await store.send('Hello');
      await until(() => unsent().length === 1);
      const echo = store.value.items.at(-1);
      expect(echo?.kind).to.equal('echo');
      const isThere = () => store.value.items.some(({ key }) => key === echo?.key);
      const wasThere: boolean[] = [];
      store.subscribe(() => wasThere.push(isThere()));
      goOn();
      await until(() => shown().at(-1) === 4);
      expect(unsent()).to.deep.equal([]);
      expect(store.value.items.at(-1)?.key).to.equal(echo?.key);
      await hear();
      expect(wasThere, 'never gone in between').not.to.include(false);
    });

    it('shows it also where nobody can be reached', async () => {
      await start({ messages: 3 });
      await store.open();
      server.setOffline(true);
      await store.send('Hello');
      await until(() => unsent().length === 1);
      expect(range()).to.deep.equal([1, 3, 3]);
    });

    it('goes to the end for it, from far up', async () => {
      await start({ messages: 1_000 });
      await store.open();
      store.setAtEnd(false);
      for (let times = 0; times < 6; times++) await store.loadOlder();
      const goOn = server.hold('sendMessage');
      await store.send('Hello');
      await until(() => unsent().length === 1);
      expect(shown().at(-1)).to.equal(1_000);
      goOn();
    });

    it('gives a refused one back, and shows it no more', async () => {
      await start({ messages: 3 });
      await store.open();
      server.next('sendMessage', refusal('too-large'));
      await store.send('Hello');
      await until(() => cache.outbox[0]?.state === 'refused');
      await store.storeDraft('And');
      expect(await store.takeBack(cache.outbox[0]?.id ?? '')).to.equal(true);
      expect(store.draft).to.equal('Hello\nAnd');
      await until(() => unsent().length === 0);
    });

    it('keeps a draft for the next time', async () => {
      await start();
      await store.storeDraft('Half a sen');
      expect(store.draft).to.equal('Half a sen');
    });
  });

  describe('says that it was read', () => {
    it('as far as there is something', async () => {
      await start({ messages: 9, unread: 3 });
      await store.open();
      await store.markRead();
      expect(server.askedFor('markRead').map(({ body }) => body)).to.deep.equal([{ seq: 9 }]);
      expect(cache.inbox?.unread).to.equal(0);
    });

    it('to nobody where nothing is unread', async () => {
      await start({ messages: 9 });
      await store.open();
      await store.markRead();
      expect(server.askedFor('markRead')).to.deep.equal([]);
    });

    it('once, however often the reader looks', async () => {
      await start({ messages: 9, unread: 3 });
      await store.open();
      await Promise.all([store.markRead(), store.markRead(), store.markRead()]);
      expect(server.askedFor('markRead').length).to.equal(1);
    });

    it('again at the next look where nobody could be told', async () => {
      await start({ messages: 9, unread: 3 });
      await store.open();
      server.next('markRead', networkError);
      await store.markRead();
      expect(cache.inbox?.unread).to.be.greaterThan(0);
      await store.markRead();
      expect(cache.inbox?.unread).to.equal(0);
    });
  });

  it('says nothing of what it read from the device before something newer', async () => {
    await start({ messages: 3 });
    await store.open();
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = await history.known(threadId, 1, 3);
    const known = history.known.bind(history);
    let reads = 0;
    history.known = async (...of) => {
      if (++reads > 1) return known(...of);
      await promise;
      return late;
    };
    server.readByOther();
    await hear(); // the first read of this is slow
    server.say('Newer');
    await hear();
    await until(() => shown().at(-1) === 4);
    const heard: unknown[] = [];
    store.subscribe(() => heard.push(shown()));
    resolve();
    await known(threadId, 1, 3);
    await cache.readOutbox();
    expect(heard).to.deep.equal([]);
    expect(shown().at(-1)).to.equal(4);
  });

  it('lets no late answer overwrite what came after it', async () => {
    await start({ messages: 10 });
    await store.open();
    const goOn = server.hold('listMessages');
    for (const text of ['one', 'two', 'three']) server.say(text);
    await hear();
    await until(() => server.askedFor('listMessages').length === 2);
    server.readByOther();
    await hear();
    await store.send('Mine');
    await until(() => cache.outbox.length === 0);
    await hear();
    goOn();
    await until(() => shown().at(-1) === 14);
    expect(range()).to.deep.equal([1, 14, 14]);
    expect(store.value.thread?.theirReadSeq).to.equal(13);
    expect(unsent()).to.deep.equal([]);
  });
});
