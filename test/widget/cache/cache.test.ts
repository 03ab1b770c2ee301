import { expect } from '@open-wc/testing';
import { Cache, type CacheChange } from '../../../widget/cache/cache.ts';
import type { Inbox } from '../../../widget/cache/inbox.ts';
import { MemoryRecords } from '../../../widget/cache/memory-records.ts';
import type { Change, Drawer, Records } from '../../../widget/cache/records.ts';
import {
  aMe,
  aMessage,
  anEntry,
  aProvider,
  aThread,
  messagesFrom,
  threadId,
  uuid,
} from '../../support/message-builders.ts';

/** Records of a disk that outlives a cache, and that can be made to fail or to take its time. */
class DiskRecords implements Records {
  readonly #inner = new MemoryRecords();
  isBroken = false;
  written: Change[] = [];
  #slow: Promise<void> = Promise.resolve();

  get wasEmpty(): boolean {
    return this.written.length === 0;
  }

  /** Writes wait until the function that this returns is called. */
  holdWrites(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#slow = promise;
    return resolve;
  }

  read(...place: Parameters<Records['read']>): Promise<unknown> {
    return this.isBroken ? Promise.reject(new Error('the disk is gone')) : this.#inner.read(...place);
  }

  readAll(...place: Parameters<Records['readAll']>): Promise<readonly unknown[]> {
    return this.isBroken ? Promise.reject(new Error('the disk is gone')) : this.#inner.readAll(...place);
  }

  async write(changes: readonly Change[]): Promise<void> {
    await this.#slow;
    if (this.isBroken) throw new DOMException('full', 'QuotaExceededError');
    this.written.push(...changes);
    await this.#inner.write(changes);
  }

  clear(drawer: Drawer): Promise<void> {
    return this.isBroken ? Promise.reject(new Error('the disk is gone')) : this.#inner.clear(drawer);
  }

  close(): void {
    // What is on the disk stays there.
  }
}

const anInbox = (changes: Partial<Inbox> = {}): Inbox => ({
  threads: [aThread()],
  unread: 0,
  next: undefined,
  floor: '',
  cursor: 1,
  ...changes,
});

async function aCache(records: Records = new DiskRecords()): Promise<Cache> {
  const cache = await Cache.over(records);
  await cache.storeMe(aMe());
  return cache;
}

/** What a cache tells from now on. */
function changesOf(cache: Cache): CacheChange[] {
  const heard: CacheChange[] = [];
  cache.subscribe((change) => heard.push(change));
  return heard;
}

const seqs = (messages: readonly { readonly seq: number }[]) => messages.map(({ seq }) => seq);

describe('Cache', () => {
  describe('keeps messages', () => {
    it('and gives them back in rising seq, across the borders of its runs', async () => {
      const cache = await aCache();
      await cache.receive({ messages: messagesFrom(40, 160).reverse() });
      expect(seqs(await cache.messages(threadId, 48, 153))).to.deep.equal(
        Array.from({ length: 106 }, (_, at) => 48 + at),
      );
    });

    it('at the very borders', async () => {
      const cache = await aCache();
      for (const seq of [1, 50, 51, 100, 101]) await cache.receive({ messages: [aMessage({ seq })] });
      expect(seqs(await cache.messages(threadId, 1, 101))).to.deep.equal([1, 50, 51, 100, 101]);
      expect(seqs(await cache.messages(threadId, 50, 51))).to.deep.equal([50, 51]);
      expect(seqs(await cache.messages(threadId, 51, 50))).to.deep.equal([]);
    });

    it('and leaves out what it does not have', async () => {
      const cache = await aCache();
      await cache.receive({ messages: [...messagesFrom(1, 3), ...messagesFrom(7, 9)] });
      expect(seqs(await cache.messages(threadId, 1, 10))).to.deep.equal([1, 2, 3, 7, 8, 9]);
      expect(await cache.messages(uuid(9, 'c'), 1, 10)).to.deep.equal([]);
    });

    it('once each, however often they come', async () => {
      const cache = await aCache();
      await Promise.all([
        cache.receive({ messages: messagesFrom(1, 5) }),
        cache.receive({ messages: messagesFrom(3, 8) }),
        cache.receive({ messages: messagesFrom(1, 8) }),
      ]);
      expect(seqs(await cache.messages(threadId, 1, 50))).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    it('also more of them than it holds in memory', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      for (let from = 1; from <= 2_000; from += 200) {
        await cache.receive({ messages: messagesFrom(from, from + 199) });
      }
      const all = Array.from({ length: 2_000 }, (_, at) => at + 1);
      expect(seqs(await cache.messages(threadId, 1, 2_000))).to.deep.equal(all);
      const again = await Cache.over(records);
      expect(seqs(await again.messages(threadId, 1, 2_000))).to.deep.equal(all);
    });

    it('of each thread apart', async () => {
      const cache = await aCache();
      const other = uuid(2, 'c');
      await cache.receive({ messages: [aMessage(), aMessage({ threadId: other, text: 'there' })] });
      expect((await cache.messages(threadId, 1, 9)).map(({ text }) => text)).to.deep.equal(['Message 1']);
      expect((await cache.messages(other, 1, 9)).map(({ text }) => text)).to.deep.equal(['there']);
    });
  });

  describe('keeps the inbox', () => {
    it('for the next page to find', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      await cache.startOver(anInbox({ unread: 3, next: '50', cursor: 7 }));
      const again = await Cache.over(records);
      expect(again.inbox).to.deep.equal(cache.inbox);
      expect(again.me).to.deep.equal(aMe());
    });

    it('newest activity first', async () => {
      const cache = await aCache();
      const older = aThread({ id: uuid(2, 'c'), lastSeq: 2 });
      await cache.startOver(anInbox({ threads: [aThread({ lastSeq: 9 }), older] }));
      await cache.receive({ threads: [{ ...older, lastSeq: 20, lastMessage: aMessage({ seq: 20 }) }] });
      expect(cache.inbox?.threads.map(({ id }) => id)).to.deep.equal([older.id, threadId]);
    });

    for (const mark of ['lastSeq', 'readSeq'] as const) {
      it(`and drops an answer that was overtaken on the way, by its ${mark}`, async () => {
        const cache = await aCache();
        const known = aThread({ lastSeq: 9, readSeq: 8, theirReadSeq: 7, unread: 1 });
        await cache.startOver(anInbox({ threads: [known], unread: 1 }));
        await cache.receive({ threads: [{ ...known, [mark]: 5, unread: 4 }] });
        expect(cache.inbox).to.deep.include({ threads: [known], unread: 1 });
      });
    }

    it('and forgets nothing of how far the other has read, whatever else was overtaken on the way', async () => {
      const cache = await aCache();
      const known = aThread({ lastSeq: 9, theirReadSeq: 7 });
      await cache.startOver(anInbox({ threads: [known] }));
      await cache.receive({ threads: [{ ...known, lastSeq: 8, theirReadSeq: 8 }] });
      expect(cache.thread(threadId)).to.deep.equal({ ...known, theirReadSeq: 8 });
      const newer = { ...known, lastSeq: 10, unread: 1 };
      await cache.receive({ threads: [newer] });
      expect(cache.inbox).to.deep.include({ threads: [{ ...newer, theirReadSeq: 8 }], unread: 1 });
    });

    it('and takes an answer with the same marks, for the rest of it may have changed', async () => {
      const cache = await aCache();
      await cache.startOver(anInbox());
      await cache.receive({ threads: [aThread({ status: 'ended', canSend: false })] });
      expect(cache.thread(threadId)?.status).to.equal('ended');
    });

    it('and moves a thread up with a message that came before the thread’s own news', async () => {
      const cache = await aCache();
      const older = aThread({ id: uuid(2, 'c'), lastSeq: 2 });
      await cache.startOver(anInbox({ threads: [aThread({ lastSeq: 9, unread: 3 }), older], unread: 3 }));
      const mine = aMessage({ seq: 3, threadId: older.id, sentAt: '2026-03-09T10:00:00.000Z' });
      const heard = changesOf(cache);
      await cache.receive({ messages: [mine] });
      expect(cache.inbox?.threads[0]).to.deep.equal({ ...older, lastSeq: 3, lastMessage: mine });
      expect(cache.inbox?.unread).to.equal(3);
      expect(heard).to.deep.equal([{ inbox: true, threadIds: [older.id] }]);
    });

    it('and takes it for answered with the provider’s message, before the thread’s own news', async () => {
      const since = '2026-03-01T09:00:00.000Z';
      const cache = await aCache();
      const waiting = aThread({ lastSeq: 3, awaitingReplySince: since });
      await cache.startOver(anInbox({ threads: [waiting] }));
      const known = () => cache.thread(threadId)?.awaitingReplySince;
      const own = aMessage({ seq: 4, senderId: 'ana' });
      await cache.receive({ messages: [own] });
      expect(known()).to.equal(since);
      await cache.receive({ messages: [aMessage({ seq: 5, senderId: 'dr-lee' })] });
      expect(known()).to.equal(null);
      const next = aMessage({ seq: 6, senderId: 'ana' });
      await cache.receive({ messages: [next] });
      expect(known()).to.equal(next.sentAt);
    });

    it('and takes it for answered where we are the provider and it is ours', async () => {
      const client = { ...aProvider(), id: 'ana', role: 'client' } as const;
      const cache = await aCache();
      const threads = [aThread({ with: client, lastSeq: 3, awaitingReplySince: '2026-03-01T09:00:00.000Z' })];
      await cache.startOver(anInbox({ threads }));
      await cache.receive({ messages: [aMessage({ seq: 4, senderId: 'dr-lee' })] });
      expect(cache.thread(threadId)?.awaitingReplySince).to.equal(null);
      await cache.receive({ messages: [aMessage({ seq: 5, senderId: 'ana' })] });
      expect(cache.thread(threadId)?.awaitingReplySince).to.equal(aMessage({ seq: 5 }).sentAt);
    });

    it('and moves no thread for messages of long ago', async () => {
      const cache = await aCache();
      await cache.startOver(anInbox({ threads: [aThread({ lastSeq: 60 })] }));
      const heard = changesOf(cache);
      await cache.receive({ messages: messagesFrom(1, 60) });
      expect(cache.thread(threadId)).to.deep.equal(aThread({ lastSeq: 60 }));
      expect(heard).to.deep.equal([{ inbox: false, threadIds: [threadId] }]);
    });

    it('and lets the total of unread follow', async () => {
      const cache = await aCache();
      await cache.startOver(
        anInbox({ threads: [aThread({ lastSeq: 5, readSeq: 3, unread: 2 })], unread: 40, next: '50' }),
      );
      await cache.receive({ threads: [aThread({ lastSeq: 6, readSeq: 3, unread: 3 })] });
      expect(cache.inbox?.unread).to.equal(41);
      await cache.receive({ threads: [aThread({ lastSeq: 6, readSeq: 6, unread: 0 })] });
      expect(cache.inbox?.unread).to.equal(38);
    });

    it('and does not count twice what a thread that was not listed brings', async () => {
      const cache = await aCache();
      await cache.startOver(anInbox({ unread: 40, next: '50' }));
      await cache.receive({ threads: [aThread({ id: uuid(2, 'c'), lastSeq: 4, readSeq: 1, unread: 3 })] });
      expect(cache.inbox?.unread).to.equal(40);
      expect(cache.inbox?.threads.length).to.equal(2);
    });

    it('with the thread that was heard of before the list was', async () => {
      const cache = await aCache();
      const early = aThread({ id: uuid(2, 'c') });
      await cache.receive({ threads: [early] });
      expect(cache.thread(early.id)).to.deep.equal(early);
      await cache.startOver(anInbox());
      expect(cache.thread(early.id)).to.deep.equal(early);
    });

    it('and its cursor in one record with what it led to', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      await cache.startOver(anInbox());
      records.written = [];
      const news = aThread({ lastSeq: 2, unread: 1 });
      await cache.receive({ threads: [news], cursor: 8 });
      expect(records.written).to.deep.equal([
        { drawer: 'records', name: 'inbox', value: anInbox({ threads: [news], unread: 1, cursor: 8 }) },
      ]);
    });
  });

  describe('keeps an inbox of thousands', () => {
    const moment = (number: number) => new Date(Date.UTC(2026, 0, 1) - number * 60_000).toISOString();
    /** The threads from one place to another in the server's list. */
    const page = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => {
        const id = uuid(from + at, 'c');
        const lastMessage = aMessage({ threadId: id, sentAt: moment(from + at), text: 'x'.repeat(200) });
        return aThread({ id, lastMessage, unread: 1, readSeq: 0 });
      });

    /** A cache of somebody who has scrolled down so many threads, of more. */
    async function scrolled(to: number, records = new DiskRecords()) {
      const cache = await aCache(records);
      await cache.startOver({ threads: page(0, 50), unread: 6_000, next: '50', cursor: 1 });
      for (let from = 50; from < to; from += 200) {
        const end = Math.min(to, from + 200);
        await cache.receive({
          threads: page(from, end),
          page: { after: String(from), next: String(end) },
        });
      }
      return cache;
    }

    it('on the device its top alone, and asks the top where it goes on', async () => {
      const records = new DiskRecords();
      const cache = await scrolled(5_000, records);
      expect(cache.inbox?.threads.length).to.equal(5_000);
      const again = await Cache.over(records);
      expect(again.inbox?.threads.length).to.equal(100);
      const kept = cache.inbox?.threads.slice(0, 100);
      expect(again.inbox).to.deep.equal({ ...cache.inbox, threads: kept, next: '', floor: moment(99) });
    });

    it('and writes as little of one of 5,000 as of one of 100 when a message comes', async () => {
      const written = async (size: number) => {
        const records = new DiskRecords();
        const cache = await scrolled(size, records);
        records.written = [];
        const message = aMessage({ threadId: uuid(7, 'c'), seq: 2, sentAt: moment(-1) });
        const thread = { ...page(7, 8)[0]!, lastSeq: 2, unread: 2, lastMessage: message };
        await cache.receive({ threads: [thread], messages: [message], cursor: 2 });
        await cache.readOutbox(); // by then it is written
        expect(cache.inbox?.threads[0]).to.deep.equal(thread);
        return [records.written.length, JSON.stringify(records.written).length] as const;
      };
      const [[few, ofFew], [many, ofMany]] = await Promise.all([written(100), written(5_000)]);
      expect([few, many]).to.deep.equal([2, 2]);
      expect(Math.abs(ofMany - ofFew)).to.be.below(100);
    });

    it('and drops a page that does not follow on what is here', async () => {
      const cache = await scrolled(50);
      const before = cache.inbox;
      const heard = changesOf(cache);
      await cache.receive({ threads: page(200, 250), page: { after: '200', next: '250' } });
      expect(cache.inbox).to.equal(before);
      expect(heard).to.deep.equal([]);
    });

    it('and knows down to where no thread is missing', async () => {
      const cache = await scrolled(50);
      expect(cache.inbox?.floor).to.equal(moment(49));
      await cache.receive({ threads: page(300, 301) }); // opened, from far down
      expect(cache.inbox?.floor).to.equal(moment(49));
      await cache.receive({ threads: page(50, 60), page: { after: '50', next: '60' } });
      expect(cache.inbox?.floor).to.equal(moment(59));
      const empty = aThread({ id: uuid(1, 'd'), lastSeq: 0 });
      await cache.receive({ threads: [empty], page: { after: '60', next: '61' } });
      expect(cache.inbox?.floor, 'nothing was said in that one').to.equal(moment(59));
      await cache.receive({ threads: page(61, 62), page: { after: '61', next: undefined } });
      expect(cache.inbox?.floor).to.equal('');
    });

    it('and claims no more for what it kept than for what it had', async () => {
      const records = new DiskRecords();
      const cache = await scrolled(50, records);
      for (let at = 200; at < 300; at++) await cache.receive({ threads: page(at, at + 1) });
      expect((await Cache.over(records)).inbox).to.deep.include({ next: '', floor: moment(49) });
    });

    it('and adds up what is unread once the list is whole', async () => {
      const cache = await scrolled(250);
      expect(cache.inbox?.unread).to.equal(6_000);
      await cache.receive({ threads: page(250, 255), page: { after: '250', next: undefined } });
      expect(cache.inbox?.unread).to.equal(255);
      await cache.receive({ threads: [aThread({ id: uuid(1, 'd'), unread: 3, readSeq: 0, lastSeq: 3 })] });
      expect(cache.inbox?.unread).to.equal(258);
    });
  });

  describe('keeps the outbox', () => {
    it('in the order it was written, whatever the clock did and however it is read back', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      const written = [3, 1, 4, 2, 5].map((order) =>
        anEntry({ order, writtenAt: `2026-03-0${9 - order}T00:00:00.000Z` }),
      );
      for (const entry of written) await cache.keepInOutbox(entry);
      const again = await Cache.over(records);
      expect(again.outbox.map(({ order }) => order)).to.deep.equal([1, 2, 3, 4, 5]);
    });

    it('and drops the echo when the message it stood for arrives', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      await cache.keepInOutbox(anEntry({ id: uuid(1) }));
      await cache.keepInOutbox(anEntry({ id: uuid(2), order: 2 }));
      await cache.receive({ messages: [aMessage()] });
      expect(cache.outbox.map(({ id }) => id)).to.deep.equal([uuid(2)]);
      expect((await Cache.over(records)).outbox.map(({ id }) => id)).to.deep.equal([uuid(2)]);
    });

    it('in one step with taking away the draft that it was; what is begun after it stays', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      await cache.storeDraft(threadId, 'Hello');
      await cache.keepInOutbox(anEntry({ text: 'Hello' }));
      expect((await Cache.over(records)).drafts.get(threadId)).to.equal(undefined);
      await cache.storeDraft(threadId, 'And');
      await cache.keepInOutbox(anEntry({ text: 'Hello', state: 'unreachable' }));
      expect((await Cache.over(records)).drafts.get(threadId)).to.equal('And');
    });

    it('until an entry is taken out', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      await cache.keepInOutbox(anEntry({ state: 'refused', code: 'too-large' }));
      await cache.takeFromOutbox(anEntry().id);
      expect(cache.outbox).to.deep.equal([]);
      expect((await Cache.over(records)).outbox).to.deep.equal([]);
    });
  });

  describe('keeps drafts', () => {
    it('of each thread, the last that was written', async () => {
      const cache = await aCache();
      void cache.storeDraft(threadId, 'H');
      void cache.storeDraft(threadId, 'Hello');
      await cache.storeDraft(uuid(2, 'c'), 'Elsewhere');
      expect(cache.drafts.get(threadId)).to.equal('Hello');
      expect(cache.drafts.get(uuid(2, 'c'))).to.equal('Elsewhere');
      expect(cache.drafts.get(uuid(3, 'c'))).to.equal(undefined);
    });

    it('and does not fall behind letter by letter on a slow device', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      records.written = [];
      const text = 'x'.repeat(100);
      await Promise.all(Array.from(text, (_, at) => cache.storeDraft(threadId, text.slice(0, at + 1))));
      expect(records.written.length).to.be.lessThan(5);
      expect((await Cache.over(records)).drafts.get(threadId)).to.equal(text);
    });

    it('and none that was emptied', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      await cache.storeDraft(threadId, 'Hello');
      await cache.storeDraft(threadId, '');
      expect((await Cache.over(records)).drafts.get(threadId)).to.equal(undefined);
    });
  });

  describe('announces', () => {
    it('nothing that exists only here before it is stored', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      const heard = changesOf(cache);

      const goOn = records.holdWrites();
      const keeping = cache.keepInOutbox(anEntry());
      await cache.messages(threadId, 1, 9); // by now it would have been announced
      expect([heard, cache.outbox]).to.deep.equal([[], []]); // nor is it there for who looks for something else

      goOn();
      await keeping;
      expect(heard.map(({ threadIds }) => threadIds)).to.deep.equal([[threadId]]);
      expect(cache.outbox).to.deep.equal([anEntry()]);
    });

    it('what the server has too at once, and stores it behind that', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      await cache.startOver(anInbox());
      const heard = changesOf(cache);

      const goOn = records.holdWrites();
      await cache.receive({ messages: [aMessage()] });
      expect(heard.map(({ threadIds }) => threadIds)).to.deep.equal([[threadId]]);

      goOn();
      await cache.close();
      expect(await (await Cache.over(records)).messages(threadId, 1, 1)).to.have.length(1);
    });

    it('which threads changed, and whether the inbox did', async () => {
      const cache = await aCache();
      const heard = changesOf(cache);
      await cache.startOver(anInbox());
      await cache.receive({ messages: [aMessage({ threadId: uuid(5, 'c') })] });
      await cache.receive({ threads: [aThread({ lastSeq: 2 })] });
      await cache.storeDraft(threadId, 'Half a sen');
      expect(heard).to.deep.equal([
        { inbox: true, threadIds: [threadId] },
        { inbox: false, threadIds: [uuid(5, 'c')] },
        { inbox: true, threadIds: [threadId] },
        { inbox: false, threadIds: [] },
      ]);
    });

    it('a total that changed without a thread', async () => {
      const cache = await aCache();
      await cache.startOver(anInbox({ unread: 1, next: '50' }));
      const heard = changesOf(cache);
      await cache.receive({ unread: 3 });
      expect(heard.map(({ inbox }) => inbox)).to.deep.equal([true]);
    });
  });

  describe('goes on in memory where the disk fails', () => {
    it('with the words that exist only here, and says that they are not kept', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      await cache.startOver(anInbox());
      await cache.keepInOutbox(anEntry({ order: 1 }));
      expect(cache.isDurable).to.equal(true);

      records.isBroken = true;
      await cache.keepInOutbox(anEntry({ order: 2 }));
      await cache.storeDraft(threadId, 'Half a sen');
      await cache.receive({ messages: [aMessage()] });

      expect(cache.isDurable).to.equal(false);
      expect(cache.outbox.map(({ order }) => order)).to.deep.equal([1, 2]);
      expect(cache.drafts.get(threadId)).to.equal('Half a sen');
      expect(cache.inbox).to.deep.equal(anInbox());
      expect(seqs(await cache.messages(threadId, 1, 5))).to.deep.equal([1]);
    });

    it('with the drafts that were begun before', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      await cache.storeDraft(threadId, 'Half a sen');
      records.isBroken = true;
      await cache.keepInOutbox(anEntry());
      expect(cache.drafts.get(threadId)).to.equal('Half a sen');
    });

    it('and announces all the same', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      const heard = changesOf(cache);
      records.isBroken = true;
      await cache.keepInOutbox(anEntry());
      expect(heard.length).to.equal(1);
    });

    it('and takes a run of messages that can’t be read for one that is not there', async () => {
      const records = new DiskRecords();
      const before = await aCache(records);
      await before.receive({ messages: messagesFrom(1, 60) });
      const cache = await Cache.over(records);
      records.isBroken = true;
      expect(await cache.messages(threadId, 1, 60)).to.deep.equal([]);
    });

    it('and takes a draft that can’t be read for one that is not there', async () => {
      const records = new DiskRecords();
      const cache = await aCache(records);
      records.isBroken = true;
      expect(cache.drafts.get(threadId)).to.equal(undefined);
    });
  });

  it('holds and tells nothing any more once it is closed', async () => {
    const records = new DiskRecords();
    const cache = await aCache(records);
    const heard = changesOf(cache);
    await cache.startOver(anInbox());
    const writing = cache.keepInOutbox(anEntry());
    heard.length = 0;
    await cache.close();
    await writing;
    expect(heard).to.deep.equal([]);
    expect([cache.me, cache.inbox, cache.outbox.length]).to.deep.equal([undefined, undefined, 0]);
    expect((await Cache.over(records)).outbox.length, 'what was being written is written').to.equal(1);
  });
});
