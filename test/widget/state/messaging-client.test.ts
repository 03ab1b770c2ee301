import { expect } from '@open-wc/testing';
import type { MessagingClient } from '../../../widget/state/messaging-client.ts';
import type { TimelineItem } from '../../../widget/state/timeline.ts';
import { FakeServer, gatewayPage, refusal } from '../../support/fake-server.ts';
import { ClientHome, isLive, openThread, unsent } from '../../support/client-home.ts';
import { HeldTimers } from '../../support/held-timers.ts';
import { aMessage, aProvider, threadId, uuid } from '../../support/message-builders.ts';
import { PageClock } from '../../support/page-clock.ts';
import { until } from '../../support/until.ts';

describe('MessagingClient', () => {
  const home = new ClientHome();
  let server: FakeServer;
  let timers: HeldTimers | undefined;
  let clock: PageClock | undefined;

  beforeEach(() => {
    server = home.server;
  });

  afterEach(() => {
    timers?.restore();
    clock?.restore();
    timers = clock = undefined;
  });

  const isStuck = (item: TimelineItem) => item.kind === 'echo' && item.entry.state === 'unreachable';

  it('is ready once it knows who is there, and has the inbox', async () => {
    const client = await home.started();
    expect(client.session.value).to.equal('ready');
    expect(client.me.value).to.deep.equal(server.me);
    expect(client.inbox.value?.threads.map(({ id }) => id)).to.deep.equal([threadId]);
  });

  it('starts once, however often it is told to', async () => {
    const client = home.client();
    await Promise.all([client.start(), client.start(), client.start()]);
    expect(server.askedFor('readMe').length).to.equal(1);
  });

  it('goes on trying while nobody answers, and begins when somebody does', async () => {
    timers = new HeldTimers();
    clock = new PageClock();
    server.setOffline(true);
    const client = home.client();
    const starting = client.start();
    await until(() => client.session.value === 'unreachable' && (timers?.count ?? 0) > 0);
    clock.pass(1_000);
    timers.pass();
    await until(() => server.askedFor('token').length === 2);
    server.setOffline(false);
    await until(() => {
      clock?.pass(1_000);
      timers?.pass();
      return client.session.value === 'ready';
    }, 'it is ready');
    await starting;
  });

  for (const [what, happen] of [
    ['the network is back', () => window.dispatchEvent(new Event('online'))],
    ['a person asks for another try', (client: MessagingClient) => client.wake()],
  ] as const) {
    it(`does not wait any longer for a page that could not be reached when ${what}`, async () => {
      timers = new HeldTimers();
      server.setOffline(true);
      const client = home.client();
      void client.start();
      await until(() => client.session.value === 'unreachable' && timers?.count === 1);
      server.setOffline(false);
      happen(client);
      await until(() => client.session.value === 'ready');
    });
  }

  it('asks an ill page for a token once for all that want one, and again when a person presses something', async () => {
    timers = new HeldTimers();
    const client = await home.started();
    const thread = await openThread(client);
    const stop = server.always('token', gatewayPage(502));
    const before = server.askedFor('token').length;
    server.expireToken();
    await until(() => {
      timers?.pass(1_000);
      return client.connection.value === 'offline';
    }, 'it knows that nobody answers');
    await thread.send('Hello');
    await until(() => client.thread(threadId).value.items.some((item) => isStuck(item)));
    expect(await client.contacts().catch(() => 'failed')).to.equal('failed');
    expect(server.askedFor('token').length).to.equal(before + 1);

    stop();
    document.body.click();
    await client.contacts();
    expect(server.askedFor('token').length).to.equal(before + 2);
  });

  it('waits as long as the server asks before it tries again', async () => {
    timers = new HeldTimers();
    server.next('readMe', refusal('unavailable', { 'Retry-After': '33' }));
    const client = home.client();
    void client.start();
    await until(() => timers?.delays.includes(33_000) ?? false, 'it waits 33 seconds');
    client.wake();
    await until(() => client.session.value === 'ready');
  });

  it('says that there is no session, and that the server will have nobody', async () => {
    server.isSignedIn = false;
    const client = home.client();
    await client.start();
    expect(client.session.value).to.equal('signed-out');
    server.isSignedIn = true;
    server.next('readMe', refusal('forbidden'));
    await client.start();
    expect(client.session.value).to.equal('failed');
  });

  it('holds no database open where it could not begin', async () => {
    server.always('readMe', gatewayPage(500));
    timers = new HeldTimers();
    const client = home.client();
    const starting = client.start();
    await until(() => client.session.value === 'unreachable');
    await client.stop();
    await starting;
    timers.restore();
    // Whoever keeps the database open without listening would keep this waiting.
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const before = countingConnections();
    const again = home.client();
    server.always('readMe', refusal('forbidden'));
    await again.start();
    await until(() => before.open() === 0, 'every connection is closed').then(resolve, reject);
    before.restore();
    await promise;
  });

  /** Connections to databases that were opened from now on and not closed. */
  function countingConnections() {
    const open = new Set<IDBDatabase>();
    const { open: opened } = IDBFactory.prototype;
    const { close } = IDBDatabase.prototype;
    IDBFactory.prototype.open = function (this: IDBFactory, ...of: Parameters<IDBFactory['open']>) {
      const request = opened.apply(this, of);
      request.addEventListener('success', () => open.add(request.result));
      return request;
    };
    IDBDatabase.prototype.close = function (this: IDBDatabase) {
      open.delete(this);
      close.call(this);
    };
    return {
      open: () => open.size,
      restore: () => {
        IDBFactory.prototype.open = opened;
        IDBDatabase.prototype.close = close;
      },
    };
  }

  it('leaves nothing running when it is stopped, whenever that is', async () => {
    for (const route of ['token', 'readMe', 'issueCacheKey', 'followEvents', 'listThreads'] as const) {
      server = home.server = new FakeServer();
      server.addThread();
      const client = home.client();
      const goOn = server.hold(route);
      void client.start();
      await until(() => server.askedFor(route).length > 0);
      const stopping = client.stop();
      goOn();
      await stopping;
      await until(() => server.openStreams === 0);
      const asked = server.asked.length;
      window.dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange'));
      await Promise.resolve();
      expect(server.asked.length - asked, `stopped at ${route}`).to.equal(0);
    }
  });

  it('tells who listens that a message was sent, until they leave', async () => {
    const client = await home.started();
    const thread = await openThread(client);
    const heard: string[] = [];
    const leave = client.listen({ onSent: (id) => heard.push(id) });
    await thread.send('One');
    await until(() => heard.length === 1);
    leave();
    await thread.send('Two');
    await until(() => server.messages().length === 7);
    expect(heard).to.deep.equal([threadId]);
  });

  it('has the following page of the inbox', async () => {
    for (let number = 10; number < 80; number++) {
      server.addThread({ id: uuid(number, 'c'), other: aProvider({ id: `dr-${number}` }), messages: 1 });
    }
    const client = await home.started();
    const before = server.askedFor('listThreads').length;
    expect(client.inbox.value?.threads.length).to.equal(50);
    await client.loadMoreThreads();
    expect(client.inbox.value).to.deep.include({ next: undefined });
    expect(client.inbox.value?.threads.length).to.equal(71);
    await client.loadMoreThreads();
    expect(server.askedFor('listThreads').length).to.equal(before + 1);
  });

  describe('with thousands of threads', () => {
    beforeEach(() => {
      for (let number = 10; number < 610; number++) {
        const sentAt = new Date(Date.UTC(2026, 1, 1) - number * 60_000).toISOString();
        server.addThread({
          id: uuid(number, 'c'),
          other: aProvider({ id: `dr-${number}` }),
          messages: [aMessage({ sentAt })],
        });
      }
    });

    it('asks for the top of the list when it opens and when it is live, and for none of it when it opens again', async () => {
      const routes = () => server.asked.map(({ route }) => route).filter((route) => route !== 'token');
      const client = await home.started();
      expect(routes()).to.have.members([
        'readMe',
        'issueCacheKey',
        'listThreads',
        'followEvents',
        'listThreads',
      ]);
      await client.loadMoreThreads();
      await client.loadMoreThreads();
      await client.stop();
      const before = routes().length;

      const again = await home.started();
      expect(routes().slice(before)).to.have.members(['readMe', 'issueCacheKey', 'followEvents']);
      expect(again.inbox.value?.threads.length).to.equal(100);
      await again.loadMoreThreads();
      expect(again.inbox.value?.threads.map(({ id }) => id)).to.deep.equal(
        server.threads.slice(0, 200).map(({ id }) => id),
      );
    });

    it('asks once for a page that is wanted twice', async () => {
      const client = await home.started();
      const before = server.askedFor('listThreads').length;
      await Promise.all([client.loadMoreThreads(), client.loadMoreThreads()]);
      expect(server.askedFor('listThreads').length).to.equal(before + 1);
      expect(client.inbox.value?.threads.length).to.equal(250);
    });

    it('drops a page of a list that was started over while it was on its way', async () => {
      const client = await home.started();
      await client.loadMoreThreads();
      const before = server.askedFor('listThreads').length;
      const goOn = server.hold('listThreads');
      const loading = client.loadMoreThreads();
      await until(() => server.askedFor('listThreads').length > before);
      server.cutStreams();
      server.forgetPast();
      window.dispatchEvent(new Event('online'));
      await until(() => client.inbox.value?.threads.length === 50, 'the list is started over');
      goOn();
      await loading;
      expect(client.inbox.value?.threads.length).to.equal(50);
      await client.loadMoreThreads();
      expect(client.inbox.value?.threads.map(({ id }) => id)).to.deep.equal(
        server.threads.slice(0, 250).map(({ id }) => id),
      );
    });
  });

  it('opens the thread with somebody, and lists it', async () => {
    const client = await home.started();
    server.addContact(aProvider({ id: 'dr-new' }));
    const { id } = await client.openThreadWith('dr-new');
    expect(client.inbox.value?.threads.map((thread) => thread.id)).to.contain(id);
  });

  describe('when the session ends', () => {
    it('shows nothing any more, and goes on with the unsent words of the same person', async () => {
      const client = await home.started();
      const stop = await home.signOutUnsent(client, 'Do not lose me');
      expect([client.me.value, client.inbox.value]).to.deep.equal([undefined, undefined]);

      stop();
      server.isSignedIn = true;
      await client.start();
      await until(() => server.messages().at(-1)?.text === 'Do not lose me');
    });

    it('gives one person’s unsent words to nobody else', async () => {
      const client = await home.started();
      const stop = await home.signOutUnsent(client, 'For my provider alone');

      stop();
      home.signInAsBen();
      await client.start();
      await until(() => isLive(client));
      await openThread(client);
      expect(unsent(client)).to.deep.equal([]);
      expect(server.messages().map(({ text }) => text)).not.to.contain('For my provider alone');
    });
  });

  describe('without IndexedDB', () => {
    const { open } = IDBFactory.prototype;

    afterEach(() => {
      IDBFactory.prototype.open = open;
    });

    const ways: readonly (readonly [string, () => void])[] = [
      [
        'refused',
        () =>
          (IDBFactory.prototype.open = () => {
            throw new DOMException('denied', 'SecurityError');
          }),
      ],
      [
        'hanging',
        () => {
          const silent = document.createElement('i') as unknown as IDBOpenDBRequest;
          IDBFactory.prototype.open = () =>
            Object.setPrototypeOf(silent, IDBOpenDBRequest.prototype) as IDBOpenDBRequest;
        },
      ],
    ];
    for (const [how, arrange] of ways) {
      it(`works from memory where it is ${how}`, async () => {
        arrange();
        const client = await home.started();
        const thread = await openThread(client);
        await thread.send('Hello');
        await until(() => server.messages().at(-1)?.text === 'Hello');
      });
    }

    it('keeps unsent words over the end of a session, and sends them for the same person', async () => {
      ways[0]?.[1]();
      const client = await home.started();
      const stop = await home.signOutUnsent(client, 'Do not lose me');
      stop();
      server.isSignedIn = true;
      await client.start();
      await until(() => server.messages().at(-1)?.text === 'Do not lose me');
    });

    it('keeps them from anybody else', async () => {
      ways[0]?.[1]();
      const client = await home.started();
      const stop = await home.signOutUnsent(client, 'For my provider alone');
      stop();
      home.signInAsBen();
      await client.start();
      await until(() => isLive(client));
      await openThread(client);
      expect(unsent(client)).to.deep.equal([]);
      expect(server.messages().map(({ text }) => text)).not.to.contain('For my provider alone');
    });

    it('keeps a draft over the end of a session', async () => {
      ways[0]?.[1]();
      const client = await home.started();
      await (await openThread(client)).storeDraft('Half a sen');
      server.signOut();
      await until(() => client.session.value === 'signed-out');
      server.isSignedIn = true;
      await client.start();
      await until(() => isLive(client));
      expect(client.thread(threadId).draft).to.equal('Half a sen');
    });
  });

  it('has what was typed in one that was stopped just before, however slow the device is', async () => {
    const first = await home.started();
    const { encrypt } = SubtleCrypto.prototype;
    const { promise: sealing, resolve: goOn } = Promise.withResolvers<void>();
    SubtleCrypto.prototype.encrypt = async function (...given) {
      await sealing;
      return encrypt.apply(this, given);
    };
    try {
      void first.thread(threadId).storeDraft('Half a sen');
      void first.stop();
      const next = home.client();
      const started = next.start();
      // As soon as it could be there, were it not for what it waits for.
      for (let turns = 0; turns < 100 && next.session.value !== 'ready'; turns++)
        await new Promise((resolve) => setTimeout(resolve));
      goOn();
      await started;
      expect(next.thread(threadId).draft).to.equal('Half a sen');
    } finally {
      goOn();
      SubtleCrypto.prototype.encrypt = encrypt;
    }
  });

  it('works from memory where the key that it is given is none', async () => {
    server.always('issueCacheKey', () =>
      Response.json({
        keyId: crypto.randomUUID(),
        key: 'not base64!',
        expiresAt: '2027-01-01T00:00:00.000Z',
      }),
    );
    const client = await home.started();
    expect(client.session.value).to.equal('ready');
  });

  it('says at once that the network is gone, and starts anew when it is back', async () => {
    const client = await home.started();
    window.dispatchEvent(new Event('offline'));
    expect(client.connection.value).to.equal('offline');
    window.dispatchEvent(new Event('online'));
    await until(() => isLive(client) && server.askedFor('followEvents').length === 2);
  });

  it('begins at once when the network is back, where nobody answered before', async () => {
    timers = new HeldTimers();
    server.setOffline(true);
    const client = home.client();
    void client.start();
    await until(() => client.session.value === 'unreachable' && (timers?.count ?? 0) > 0);
    server.setOffline(false);
    window.dispatchEvent(new Event('online'));
    await until(() => client.session.value === 'ready', 'it is ready');
  });

  it('has what nobody gave it as soon as somebody answers, unasked', async () => {
    server.addThread({ id: uuid(2), messages: 90 });
    const client = await home.started();
    const [short, long, unknown] = [threadId, uuid(2), uuid(9)].map((id) => client.thread(id));
    await long?.open();
    server.setOffline(true);
    await Promise.all([short?.open(), long?.loadOlder(), unknown?.open()]);
    expect(short?.value.older).to.equal('failed');
    expect(long?.value.older).to.equal('failed');
    expect(unknown?.value.status).to.equal('failed');
    server.setOffline(false);
    window.dispatchEvent(new Event('online'));
    await until(() => short?.value.older === 'none', 'it is there from its beginning');
    await until(() => long?.value.older === 'more', 'its messages are there');
    await until(() => unknown?.value.status === 'missing', 'it is nobody’s of ours');
  });
});
