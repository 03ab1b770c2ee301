import { expect } from '@open-wc/testing';
import { Cache } from '../../../widget/cache/cache.ts';
import { readBytes } from '../../../widget/cache/file-bytes.ts';
import { IdbRecords } from '../../../widget/cache/idb-records.ts';
import { followLive, type LiveFollower } from '../../../widget/sync/follow-live.ts';
import { Outbox } from '../../../widget/sync/outbox.ts';
import { takeBack } from '../../../widget/sync/take-back.ts';
import { Uploads } from '../../../widget/sync/uploads.ts';
import { MessagesApi } from '../../../widget/transport/messages-api.ts';
import { Requester } from '../../../widget/transport/request.ts';
import { TokenSource } from '../../../widget/transport/token-source.ts';
import { UploadClient } from '../../../widget/transport/upload-client.ts';
import { openDevice } from '../../support/device.ts';
import { FakeServer, networkError, refusal } from '../../support/fake-server.ts';
import { frozenTab } from '../../support/frozen-tab.ts';
import { HeldTimers } from '../../support/held-timers.ts';
import { threadId } from '../../support/message-builders.ts';
import { until, untilAsked } from '../../support/until.ts';

/** How long a tab is waited for that has the turn and says nothing. */
const untilAnswered = 5_000;

/** Longer than the first waits between attempts to send. */
const firstWaits = 4_000;

/** A tab of the portal: it shares the device with the others. */
class Tab {
  readonly cache: Cache;
  readonly outbox: Outbox;
  readonly sent: string[] = [];
  /** The addresses that this tab has asked. */
  readonly asked: string[] = [];
  isLive = false;
  /** Begun with the first file that it comes upon. */
  uploads: Uploads | undefined;
  readonly api: MessagesApi;
  readonly #loop: LiveFollower;
  readonly #run: Promise<void>;

  constructor(server: FakeServer, cache: Cache) {
    this.cache = cache;
    const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
    const fetch: typeof globalThis.fetch = (asked, init) => {
      this.asked.push(new Request(asked, init).url);
      return server.fetch(asked, init);
    };
    const api = new MessagesApi(new Requester(server.apiUrl, tokens, fetch));
    this.api = api;
    this.outbox = new Outbox(
      cache,
      api,
      (_, messageId) => this.sent.push(messageId),
      async () => this.attaching(),
    );
    this.#loop = followLive({ cache, outbox: this.outbox }, api, {
      onConnection: (connection) => (this.isLive = connection === 'live'),
    });
    this.#run = this.#loop.run();
  }

  attaching(): Uploads {
    const client = new UploadClient(this.api.requester);
    return (this.uploads ??= new Uploads(this.cache, client, () => void this.outbox.drain()));
  }

  get unsent(): readonly string[] {
    return this.cache.outbox.map(({ text }) => text);
  }

  stateOf(text: string): string | undefined {
    return this.cache.outbox.find((entry) => entry.text === text)?.state;
  }

  idOf(text: string): string {
    return this.cache.outbox.find((entry) => entry.text === text)?.id ?? '';
  }

  async close(): Promise<void> {
    this.#loop.stop();
    this.outbox.stop();
    this.uploads?.stop();
    await this.#run;
    await this.cache.close();
  }
}

/** After so many turns of the event loop. */
async function later(turns: number, act: () => Promise<void>): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve));
  await act();
}

describe('One outbox', () => {
  let timers: HeldTimers;
  let server: FakeServer;
  let tabs: Tab[];
  let device: string;

  beforeEach(() => {
    timers = new HeldTimers();
    device = crypto.randomUUID();
    tabs = [];
    server = new FakeServer();
    server.addThread({ messages: 0 });
  });

  afterEach(async () => {
    server.letGo();
    await Promise.all(tabs.map((tab) => tab.close()));
    timers.restore();
    indexedDB.deleteDatabase(device);
  });

  async function aTab(): Promise<Tab> {
    const keys = new MessagesApi(
      new Requester(
        server.apiUrl,
        new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch),
        server.fetch,
      ),
    );
    const cache = await Cache.over(await IdbRecords.open(device, (id) => keys.cacheKey(id)));
    await cache.storeMe(server.me);
    const tab = new Tab(server, cache);
    tabs.push(tab);
    await until(() => tab.isLive, 'the tab is live');
    return tab;
  }

  /** The network is back, in every tab: whichever has the turn makes its next attempt. */
  const wake = () => tabs.forEach((tab) => tab.outbox.wake());
  const texts = () => server.messages().map(({ text }) => text);
  const attempts = () => server.askedFor('sendMessage').length;
  const tried = () => new Set(server.askedFor('sendMessage').map(({ params }) => params['messageId']));

  it('sends from a living tab, without a reload, what a dead one left', async () => {
    const [first, second] = [await aTab(), await aTab()];
    const stop = server.always('sendMessage', networkError);
    await first.outbox.add(threadId, 'Do not lose me');
    await until(() => tabs.every((tab) => tab.stateOf('Do not lose me') === 'unreachable'));
    // Whichever of them has the turn.
    const [dead, living] = first.outbox.isSending ? [first, second] : [second, first];
    await dead.close();
    stop();
    await until(() => {
      timers.pass(firstWaits);
      return living.sent.length === 1;
    }, 'it is sent');
    expect(texts()).to.deep.equal(['Do not lose me']);
    expect(living.unsent).to.deep.equal([]);
    expect((await living.cache.readOutbox()).length).to.equal(0);
  });

  it('sends from a living tab what could only just be seen in one that was closed', async () => {
    const [closed, living] = [await aTab(), await aTab()];
    const closing = new Promise<void>((resolve) => {
      closed.cache.subscribe(() => closed.unsent.length > 0 && resolve(closed.close()));
    });
    void closed.outbox.add(threadId, 'Do not lose me');
    await closing;
    await until(() => living.sent.length === 1, 'it is sent');
    expect(texts()).to.deep.equal(['Do not lose me']);
  });

  it('makes one attempt at a time, whichever tab it was written in, and in the order of writing', async () => {
    const [first, second] = [await aTab(), await aTab()];
    const stop = server.always('sendMessage', networkError);
    await first.outbox.add(threadId, 'One');
    await until(() => first.cache.outbox[0]?.state === 'unreachable');
    const before = attempts();
    await second.outbox.add(threadId, 'Two');
    await until(() => attempts() > before);
    expect(tried().size, 'nothing passes what is stuck').to.equal(1);
    stop();
    wake();
    await until(() => texts().length === 2);
    expect(texts()).to.deep.equal(['One', 'Two']);
    await until(() => first.unsent.length === 0 && second.unsent.length === 0);
    expect(tried().size).to.equal(2);
  });

  it('sends once what is written in one tab while others are open', async () => {
    const opened = [await aTab(), await aTab(), await aTab()];
    for (const [number, tab] of opened.entries()) await tab.outbox.add(threadId, `From tab ${number}`);
    await until(() => texts().length === 3);
    await until(() => opened.every(({ unsent }) => unsent.length === 0));
    expect(attempts()).to.equal(3);
  });

  it('does not send what another tab took back', async () => {
    const [first, second] = [await aTab(), await aTab()];
    const stop = server.always('sendMessage', refusal('invalid'));
    await first.outbox.add(threadId, 'Written too soon');
    await until(() => first.cache.outbox[0]?.state === 'refused');
    const third = await aTab();
    expect(third.unsent).to.deep.equal(['Written too soon']);
    expect(await takeBack(third, third.idOf('Written too soon'))).to.equal(true);
    expect(third.cache.drafts.get(threadId)).to.equal('Written too soon');
    await until(() => first.unsent.length === 0);
    stop();
    first.outbox.wake();
    await first.outbox.add(threadId, 'Better');
    await second.outbox.drain();
    await until(() => texts().length === 1);
    expect(texts()).to.deep.equal(['Better']);
  });

  it('gives nobody the words back of what is on its way from another tab', async () => {
    const [first, second] = [await aTab(), await aTab()];
    server.next('sendMessage', refusal('relationship-ended'));
    await first.outbox.add(threadId, 'Written too soon');
    await until(() => second.stateOf('Written too soon') === 'refused');
    const goOn = server.hold('sendMessage', 'request');
    void first.outbox.retry(first.idOf('Written too soon'));
    await until(() => attempts() === 2);
    expect(await takeBack(second, second.idOf('Written too soon'))).to.equal(false);
    expect(second.stateOf('Written too soon')).to.equal('waiting');
    goOn();
    await until(() => first.unsent.length === 0 && second.unsent.length === 0);
    expect(texts()).to.deep.equal(['Written too soon']);
  });

  it('either sends again or gives the words back, when one tab is told the one and another the other', async () => {
    const [first, second] = [await aTab(), await aTab()];
    for (let round = 0; round < 8; round++) {
      const text = `Round ${round}`;
      server.next('sendMessage', refusal('relationship-ended'));
      await first.outbox.add(threadId, text);
      await until(() => second.stateOf(text) === 'refused');
      const id = first.idOf(text);
      // In whatever order their steps come: each round they begin a little further apart.
      const sending = later(round, () => first.outbox.retry(id));
      const isTaken = await takeBack(second, id);
      await sending;
      await until(() => first.unsent.length === 0 && second.unsent.length === 0);
      expect(texts().includes(text), text).to.equal(!isTaken);
    }
  });

  it('gives the words back once, when two tabs ask for them', async () => {
    const [first, second] = [await aTab(), await aTab()];
    server.next('sendMessage', refusal('relationship-ended'));
    await first.outbox.add(threadId, 'Written too soon');
    await until(() => second.stateOf('Written too soon') === 'refused');
    const id = first.idOf('Written too soon');
    const taken = await Promise.all([takeBack(first, id), takeBack(second, id)]);
    expect(taken.filter(Boolean).length).to.equal(1);
    await until(() => first.unsent.length === 0 && second.unsent.length === 0);
    expect(texts()).to.deep.equal([]);
  });

  describe('with a file that is still on its way', () => {
    const bytes = Uint8Array.from({ length: 700_000 }, (_, at) => (at * 31 + (at >> 8)) % 251);
    const creations = () => server.askedFor('createUpload').length;
    const parts = () => server.askedFor('sendPart').length;

    /** Two tabs, of the first of which the server has got a part of a file, and then nothing more. */
    async function sending(): Promise<{ first: Tab; second: Tab; heal: () => void }> {
      const [first, second] = [await aTab(), await aTab()];
      const heal = server.always('sendPart', (_, proceed) => (parts() === 1 ? proceed() : networkError()));
      const file = { name: 'scan.pdf', mediaType: 'application/pdf', bytes: new Blob([bytes]) };
      await first.attaching().attach(threadId, [file]);
      await until(() => parts() >= 1, 'it has begun');
      await first.outbox.add(threadId, 'The scan');
      await until(() => parts() >= 2 && first.stateOf('The scan') === 'unreachable');
      await until(() => isKnownIn(second), 'the other tab has taken it up');
      return { first, second, heal };
    }

    const isKnownIn = (tab: Tab) => {
      const id = tab.cache.outbox[0]?.files?.[0]?.id;
      return id !== undefined && tab.uploads?.upload(id) !== undefined;
    };

    it('sends from a living tab, from where it was, what a dead one left', async () => {
      const { first, second, heal } = await sending();
      heal();
      await first.close();
      await until(() => server.messages().length === 1 && second.unsent.length === 0);
      expect(server.messages()[0]?.attachments.map(({ name }) => name)).to.deep.equal(['scan.pdf']);
      expect(server.files.all.map((file) => file.bytes)).to.deep.equal([bytes]);
      expect(creations()).to.equal(1);
    });

    it('leaves it to the tab that has begun, also between two attempts, and sends it once', async () => {
      const { first, second, heal } = await sending();
      await untilAsked(async () => {
        const { pending = [] } = await navigator.locks.query();
        return pending.some(({ name }) => name?.startsWith('grow-messages file '));
      }, 'the other tab waits for its turn');
      heal();
      const goOn = server.hold('sendMessage', 'request');
      first.uploads?.wake();
      const stateIn = (tab: Tab) => tab.cache.outbox[0]?.files?.[0]?.state;
      await until(() => stateIn(first) === 'there');
      const id = second.cache.outbox[0]?.files?.[0]?.id ?? '';
      await until(() => second.uploads?.upload(id)?.file.state === 'there');
      goOn();
      await until(() => first.unsent.length === 0 && second.unsent.length === 0);
      expect(server.files.all.map((file) => file.bytes)).to.deep.equal([bytes]);
      expect([creations(), texts()]).to.deep.equal([1, ['The scan']]);
      expect(second.asked.filter((url) => url.includes('/uploads'))).to.deep.equal([]);
    });

    it('gives it back, bytes and all, in another tab where the server would not have it', async () => {
      const first = await aTab();
      const second = await aTab();
      server.files.objection = () => ['unsafe-file', 'No.'];
      const file = { name: 'scan.pdf', mediaType: 'application/pdf', bytes: new Blob([bytes]) };
      await first.attaching().attach(threadId, [file]);
      await first.outbox.add(threadId, 'The scan');
      await until(() => second.stateOf('The scan') === 'refused');
      expect(await takeBack(second, second.idOf('The scan'))).to.equal(true);
      expect(second.cache.drafts.get(threadId)).to.equal('The scan');
      await until(() => first.unsent.length === 0);
      const [upload] = second.attaching().attachedTo(threadId);
      expect(upload?.file).to.include({ name: 'scan.pdf', state: 'refused' });
      const kept = await readBytes(second.cache.records, upload!.file);
      expect(kept?.size).to.equal(bytes.length);
    });
  });

  describe('where the server says no to what one tab sends', () => {
    async function refused(): Promise<[Tab, Tab]> {
      const [first, second] = [await aTab(), await aTab()];
      server.next('sendMessage', refusal('relationship-ended'));
      await first.outbox.add(threadId, 'One');
      await first.outbox.add(threadId, 'Two');
      await until(() => first.stateOf('One') === 'refused');
      await until(() => second.stateOf('One') === 'refused', 'the other tab knows');
      return [first, second];
    }

    it('says so in the other tabs too, with what waits behind it, in the order of writing', async () => {
      const [, second] = await refused();
      await until(() => second.unsent.length === 2);
      expect(second.cache.outbox.map(({ text, state, code }) => [text, state, code])).to.deep.equal([
        ['One', 'refused', 'relationship-ended'],
        ['Two', 'waiting', undefined],
      ]);
    });

    it('sends it again from whichever tab it is asked for in, once', async () => {
      const [first, second] = await refused();
      const before = attempts();
      await second.outbox.retry(second.idOf('One'));
      await until(() => first.unsent.length === 0 && second.unsent.length === 0);
      expect(texts()).to.deep.equal(['One', 'Two']);
      expect(attempts() - before).to.equal(2);
    });

    it('gives its words back in whichever tab, and it is gone in the others', async () => {
      const [first, second] = await refused();
      expect(await takeBack(second, second.idOf('One'))).to.equal(true);
      expect(second.cache.drafts.get(threadId)).to.equal('One');
      await until(() => first.unsent.length === 0 && second.unsent.length === 0);
      expect(texts()).to.deep.equal(['Two']);
    });
  });

  describe('of which a record got damaged', () => {
    /** Two tabs with a message that waits, and what lies on the disk of it. */
    async function damaged(): Promise<[Tab, Tab, () => void]> {
      const [first, second] = [await aTab(), await aTab()];
      const stop = server.always('sendMessage', networkError);
      await first.outbox.add(threadId, 'Do not lose me');
      await until(() => second.stateOf('Do not lose me') === 'unreachable');
      await damage();
      return [first, second, stop];
    }

    /** Turns a bit of everything that waits to be sent. */
    async function damage(): Promise<void> {
      const database = await openDevice(device);
      const store = database.transaction('outbox', 'readwrite').objectStore('outbox');
      const cursors = store.openCursor();
      await new Promise<void>((resolve) => {
        cursors.onsuccess = () => {
          const cursor = cursors.result;
          if (!cursor) return resolve();
          cursor.update((cursor.value as Uint8Array).map((byte, at) => (at === 20 ? byte ^ 1 : byte)));
          cursor.continue();
        };
      });
      database.close();
    }

    it('still has the words, and sends them', async () => {
      const [first, second, stop] = await damaged();
      stop();
      wake();
      await until(() => texts().length === 1);
      expect(texts()).to.deep.equal(['Do not lose me']);
      await until(() => first.unsent.length === 0 && second.unsent.length === 0);
    });

    it('has them in every tab, and again on the disk', async () => {
      const [first, second] = await damaged();
      await first.outbox.add(threadId, 'And these');
      await until(() => second.unsent.length === 2);
      expect([first.unsent, second.unsent]).to.deep.equal([second.unsent, ['Do not lose me', 'And these']]);
      const third = await aTab();
      expect(third.unsent).to.deep.equal(['Do not lose me', 'And these']);
    });
  });

  it('takes the draft away that was sent, and none that another tab has written there since', async () => {
    const [first, second] = [await aTab(), await aTab()];
    const draft = async () => (await aTab()).cache.drafts.get(threadId);
    await first.cache.storeDraft(threadId, 'Good morning');
    await second.cache.storeDraft(threadId, 'An evening’s work');
    await Promise.all([first.outbox.add(threadId, 'Good morning'), first.cache.storeDraft(threadId, '')]);
    expect(await draft()).to.equal('An evening’s work');
    await second.outbox.add(threadId, 'An evening’s work');
    expect(await draft()).to.equal(undefined);
  });

  it('goes on where the tab whose turn it is is frozen', async () => {
    const tab = await aTab();
    const frozen = await frozenTab(tab.cache.records.name ?? '');
    await tab.outbox.add(threadId, 'Hello');
    await until(() => timers.delays.includes(untilAnswered));
    expect(attempts()).to.equal(0);
    timers.pass(untilAnswered);
    await until(() => texts().length === 1);
    await frozen.stolen;
  });

  it('gives up the request that is on its way when it is stopped', async () => {
    const tab = await aTab();
    const goOn = server.hold('sendMessage');
    await tab.outbox.add(threadId, 'Hello');
    await until(() => attempts() === 1);
    const asked = tab.outbox.drain();
    tab.outbox.stop();
    goOn();
    await asked;
    expect(tab.sent).to.deep.equal([]);
  });
});
