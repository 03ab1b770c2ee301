import { expect } from '@open-wc/testing';
import type { MessagingClient } from '../../../widget/state/messaging-client.ts';
import { type FakeServer, networkError, refusal } from '../../support/fake-server.ts';
import { ClientHome, isLive, openThread, unsent } from '../../support/client-home.ts';
import { HeldTimers } from '../../support/held-timers.ts';
import { aProvider, threadId } from '../../support/message-builders.ts';
import { until } from '../../support/until.ts';

describe('a client that is locked', () => {
  const home = new ClientHome();
  let server: FakeServer;
  let timers: HeldTimers | undefined;

  beforeEach(() => {
    server = home.server;
  });

  afterEach(() => {
    timers?.restore();
    timers = undefined;
  });

  async function comeBack(client: MessagingClient): Promise<void> {
    await client.start();
    await until(() => isLive(client), 'the client is live again');
  }

  const entries = (client: MessagingClient) =>
    client.thread(threadId).value.items.flatMap((item) => (item.kind === 'echo' ? [item.entry] : []));
  const isStuck = (client: MessagingClient) => entries(client)[0]?.state === 'unreachable';
  const wordsOf = (messages: readonly { readonly text: string }[]) => messages.map(({ text }) => text);

  it('shows nothing as soon as anybody hears that the session has ended, also where the live stream is away', async () => {
    timers = new HeldTimers();
    const client = await home.started();
    const thread = await openThread(client);
    server.always('followEvents', networkError);
    server.cutStreams();
    await until(() => !isLive(client));
    server.signOut();
    await thread.send('Too late.');
    await until(() => client.session.value === 'signed-out');
    expect(client.isReady).to.equal(false);
  });

  it('takes whoever signs in next, also where the session ended while it began', async () => {
    const token = { get: () => `e30.${btoa(JSON.stringify({ sub: server.me.person.id }))}.` };
    Object.defineProperty(server, 'token', token);
    const client = home.client();
    server.next('readMe', () => {
      server.isSignedIn = false;
      return refusal('session-expired')();
    });
    await client.start();
    expect(client.session.value).to.equal('signed-out');
    home.signInAsBen();
    await client.start();
    expect(client.me.value?.person.id).to.equal('ben');
  });

  it('says so and shows nothing before anything is waited for', async () => {
    const client = await home.started();
    await openThread(client);
    void client.lock();
    expect(client.session.value).to.equal('locked');
    expect([client.inbox.value, client.me.value, client.isReady]).to.deep.equal([
      undefined,
      undefined,
      false,
    ]);
    expect(() => client.thread(threadId)).to.throw('not ready');
  });

  it('asks nobody for anything, whatever happens outside', async () => {
    const client = await home.started();
    await client.lock();
    await until(() => server.openStreams === 0);
    const asked = server.asked.length;
    window.dispatchEvent(new Event('offline'));
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    client.wake();
    client.offer('token-1');
    await client.refresh();
    expect(client.session.value).to.equal('locked');
    expect(server.asked.length).to.equal(asked);
  });

  it('asks who is there before it shows anything again', async () => {
    const client = await home.started();
    await client.lock();
    const before = [server.askedFor('token').length, server.askedFor('readMe').length];
    await comeBack(client);
    expect([server.askedFor('token').length, server.askedFor('readMe').length]).to.deep.equal(
      before.map((times) => times + 1),
    );
    expect(client.inbox.value?.threads.map(({ id }) => id)).to.deep.equal([threadId]);
  });

  it('shows nothing where the session ended meanwhile', async () => {
    const client = await home.started();
    await client.lock();
    server.signOut();
    await client.start();
    expect(client.session.value).to.equal('signed-out');
    expect(client.inbox.value).to.equal(undefined);
  });

  it('fetches everything anew when it is shown, where that was asked for meanwhile', async () => {
    const client = await home.started();
    await client.lock();
    await client.refresh();
    const before = server.askedFor('listThreads').length;
    await comeBack(client);
    expect(server.askedFor('listThreads').length).to.be.above(before);
  });

  for (const cache of ['device', 'memory'] as const) {
    describe(`with its words on the ${cache}`, () => {
      it('keeps what was typed last, however fast one comes back', async () => {
        const client = await home.started({ cache });
        const thread = await openThread(client);
        for (const text of ['H', 'Ha', 'Hal', 'Half a sen']) void thread.storeDraft(text);
        void client.lock();
        await comeBack(client);
        expect(client.thread(threadId).draft).to.equal('Half a sen');
      });

      it('keeps what is unsent, and sends it when the same person is back', async () => {
        const client = await home.started({ cache });
        const stop = server.always('sendMessage', networkError);
        await (await openThread(client)).send('Do not lose me');
        await until(() => isStuck(client));
        await client.lock();
        stop();
        await comeBack(client);
        await until(() => server.messages().at(-1)?.text === 'Do not lose me');
      });

      it('keeps what was written without a connection', async () => {
        const client = await home.started({ cache });
        const thread = await openThread(client);
        server.setOffline(true);
        await thread.send('Do not lose me');
        await thread.storeDraft('Half a sen');
        await client.lock();
        const starting = client.start();
        await until(() => client.session.value === 'unreachable');
        server.setOffline(false);
        client.wake();
        await starting;
        await until(() => server.messages().at(-1)?.text === 'Do not lose me');
        expect(client.thread(threadId).draft).to.equal('Half a sen');
      });

      it('sends once what was on its way, and hears nothing of the answer', async () => {
        const client = await home.started({ cache });
        const thread = await openThread(client);
        const goOn = server.hold('sendMessage', 'request');
        await thread.send('On its way');
        await until(() => server.askedFor('sendMessage').length === 1);
        await client.lock();
        let changes = 0;
        for (const store of [client.inbox, client.me, client.connection])
          store.subscribe(() => (changes += 1));
        const asked = server.asked.length;
        goOn();
        await until(() => server.messages().length === 6);
        await settled();
        expect(server.asked.length).to.equal(asked);
        expect([client.session.value, client.inbox.value, changes]).to.deep.equal(['locked', undefined, 0]);

        await comeBack(client);
        await openThread(client);
        await until(() => unsent(client).length === 0);
        expect(wordsOf(server.messages()).filter((text) => text === 'On its way').length).to.equal(1);
        const shown = client.thread(threadId).value.items;
        expect(
          shown.filter((item) => item.kind === 'message' && item.message.text === 'On its way').length,
        ).to.equal(1);
      });

      it('hears nothing of what it was just asking for', async () => {
        const client = await home.started({ cache });
        const goOn = server.hold('readThread');
        server.say('Just now');
        await until(() => server.askedFor('readThread').length === 1);
        await client.lock();
        goOn();
        await settled();
        expect([client.session.value, client.inbox.value]).to.deep.equal(['locked', undefined]);
      });

      it('gives nothing of one person to another', async () => {
        const client = await home.started({ cache });
        const stop = server.always('sendMessage', networkError);
        const thread = await openThread(client);
        await thread.send('For my provider alone');
        await thread.storeDraft('Half a sen');
        await until(() => isStuck(client));
        await client.lock();
        stop();
        home.signInAsBen();
        await comeBack(client);
        await openThread(client);
        expect(unsent(client)).to.deep.equal([]);
        expect(client.thread(threadId).draft).to.equal('');
        expect(wordsOf(server.messages())).not.to.contain('For my provider alone');
      });

      it('sends nothing of one person as another, whatever was on its way as they changed', async () => {
        const client = await home.started({ cache });
        const goOn = server.hold('sendMessage', 'request');
        await (await openThread(client)).send('For my provider alone');
        await until(() => server.askedFor('sendMessage').length === 1);
        void client.lock();
        home.signInAsBen();
        await comeBack(client);
        goOn();
        await until(() => server.unanswered === 0);
        await settled();
        expect(server.askedFor('sendMessage').length).to.equal(1);
        expect(wordsOf(server.messages())).not.to.contain('For my provider alone');
      });

      it('shows nobody a thread that another opened as they changed', async () => {
        const other = aProvider({ id: 'dr-okafor', displayName: 'Ada Okafor' });
        server.addContact(other);
        const client = await home.started({ cache });
        const goOn = server.hold('openThread');
        const opening = client.openThreadWith(other.id).catch(() => undefined);
        await until(() => server.askedFor('openThread').length === 1);
        void client.lock();
        home.signInAsBen();
        // The server would list it for him too: only what it says from now on is his.
        server.always('listThreads', () => Response.json({ threads: [], unread: 0 }));
        await comeBack(client);
        goOn();
        await opening;
        await settled();
        expect(client.inbox.value?.threads ?? []).to.deep.equal([]);
      });
    });
  }

  it('knows nobody by an answer that was meant for who was there before', async () => {
    const client = home.client();
    const goOn = server.hold('readMe');
    void client.start();
    await until(() => server.askedFor('readMe').length === 1);
    void client.lock();
    home.signInAsBen();
    const starting = client.start();
    goOn();
    await starting;
    expect(client.me.value?.person.id).to.equal('ben');
  });

  describe('while it starts', () => {
    for (const route of ['token', 'readMe', 'issueCacheKey'] as const) {
      it(`stays locked, whatever answer of ${route} comes later, and starts again when it is told to`, async () => {
        const client = home.client();
        const goOn = server.hold(route);
        const starting = client.start();
        await until(() => server.askedFor(route).length === 1);
        void client.lock();
        goOn();
        await starting;
        await settled();
        expect([client.session.value, client.inbox.value]).to.deep.equal(['locked', undefined]);
        await comeBack(client);
        expect(client.inbox.value?.threads.length).to.equal(1);
      });

      it(`and is called back before the answer of ${route}, goes on`, async () => {
        const client = home.client();
        const goOn = server.hold(route);
        void client.start();
        await until(() => server.askedFor(route).length === 1);
        void client.lock();
        void client.start();
        expect(client.session.value).to.equal('starting');
        goOn();
        await until(() => client.session.value === 'ready' && isLive(client));
      });
    }

    it('and is called back just as it gives up, starts', async () => {
      const client = home.client();
      const goOn = server.hold('readMe');
      const starting = client.start();
      await until(() => server.askedFor('readMe').length === 1);
      void client.lock();
      const restore = atFirst(IDBDatabase.prototype, 'close', () => void client.start());
      goOn();
      await starting;
      restore();
      await until(() => client.session.value === 'ready' && isLive(client));
    });

    it('stays locked also where all was there already', async () => {
      const client = await home.started();
      await client.lock();
      await client.refresh();
      const restore = atFirst(IDBObjectStore.prototype, 'clear', () => void client.lock());
      await client.start();
      restore();
      await settled();
      expect([client.session.value, client.inbox.value]).to.deep.equal(['locked', undefined]);
      await until(() => server.openStreams === 0);
    });

    it('stays locked where the server says no, and where nobody answers', async () => {
      timers = new HeldTimers();
      for (const answer of [refusal('forbidden'), refusal('unauthenticated'), networkError]) {
        const client = home.client();
        server.always('readMe', answer);
        const goOn = server.hold('token');
        const starting = client.start();
        await until(() => server.askedFor('token').length > 0);
        void client.lock();
        goOn();
        await starting;
        expect(client.session.value).to.equal('locked');
      }
    });

    it('does not begin by itself when the network comes back', async () => {
      timers = new HeldTimers();
      server.setOffline(true);
      const client = home.client();
      const starting = client.start();
      await until(() => client.session.value === 'unreachable' && (timers?.count ?? 0) > 0);
      void client.lock();
      await starting;
      server.setOffline(false);
      window.dispatchEvent(new Event('online'));
      timers.pass();
      await settled();
      expect(client.session.value).to.equal('locked');
      await client.start();
      expect(client.session.value).to.equal('ready');
    });
  });

  /** Does something in the very moment in which a method is called next. */
  function atFirst<Name extends string>(
    owner: Record<Name, (...given: never[]) => unknown>,
    name: Name,
    act: () => void,
  ) {
    const method = owner[name];
    const restore = () => void (owner[name] = method);
    owner[name] = function (this: unknown, ...given: never[]) {
      restore();
      act();
      return method.apply(this, given);
    };
    return restore;
  }

  /** Whatever was about to happen by itself has happened: two frames are more than any of it needs. */
  const settled = () =>
    new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
});
