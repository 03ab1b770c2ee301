import { expect } from '@open-wc/testing';
import { Cache } from '../../../widget/cache/cache.ts';
import { filesOf } from '../../../widget/cache/attached-file.ts';
import { IdbRecords } from '../../../widget/cache/idb-records.ts';
import { shareDrafts, takeOver } from '../../../widget/sync/shared-drafts.ts';
import { anEntry, threadId } from '../../support/message-builders.ts';
import { until } from '../../support/until.ts';

/** A tab of one person: it shares the device with the others. */
class Tab {
  readonly cache: Cache;
  readonly #taken = new Map<string, string>();

  constructor(cache: Cache) {
    this.cache = cache;
  }

  get draft(): string {
    return this.cache.drafts.get(threadId) ?? '';
  }

  /** Somebody comes to it. */
  look(): Promise<void> {
    return takeOver(this.cache, this.#taken);
  }

  type(text: string): Promise<void> {
    return this.cache.storeDraft(threadId, text);
  }

  async send(): Promise<void> {
    const { draft } = this;
    await Promise.all([this.cache.keepInOutbox(anEntry({ text: draft })), this.type('')]);
  }
}

describe('The drafts of several tabs', () => {
  let device: string;
  let tabs: Tab[];
  const key = { keyId: crypto.randomUUID(), key: btoa('0123456789abcdef'.repeat(2)), expiresAt: '' };

  beforeEach(() => {
    device = crypto.randomUUID();
    tabs = [];
  });

  afterEach(async () => {
    await Promise.all(tabs.map(({ cache }) => cache.close()));
    indexedDB.deleteDatabase(device);
  });

  async function aTab(): Promise<Tab> {
    const tab = new Tab(await Cache.over(await IdbRecords.open(device, () => Promise.resolve(key))));
    tabs.push(tab);
    return tab;
  }

  /** What a tab that is opened now would begin with. */
  async function stored(): Promise<string> {
    return (await aTab()).draft;
  }

  for (const [told, target] of [
    ['focus', window],
    ['visibilitychange', document],
  ] as const) {
    it(`are there in one that was open before they were begun, told of by ${told}`, async () => {
      const [first, second] = [await aTab(), await aTab()];
      const unshare = shareDrafts(second.cache);
      await first.type('Half a sen');
      await first.cache.close();
      target.dispatchEvent(new Event(told, { bubbles: true }));
      await until(() => second.draft === 'Half a sen');
      await second.type('Half a sentence');
      expect(await stored()).to.equal('Half a sentence');
      unshare();
    });
  }

  it('follow what is typed in the other, as long as nobody types here', async () => {
    const [first, second] = [await aTab(), await aTab()];
    for (const text of ['Half', 'Half a sen', 'A whole one.']) {
      await first.type(text);
      await second.look();
      expect(second.draft).to.equal(text);
    }
    await first.send();
    await second.look();
    expect(second.draft).to.equal('');
  });

  it('are left on the device as they are: whoever stored them may have gone on', async () => {
    const [first, second] = [await aTab(), await aTab()];
    await first.type('Half a sen');
    const { records } = second.cache;
    records.write = () => Promise.reject(new Error('nothing is to be written'));
    await second.look();
    expect([second.draft, second.cache.isDurable]).to.deep.equal(['Half a sen', true]);
  });

  it('stay both where both were typed, and are not joined twice', async () => {
    const [first, second] = [await aTab(), await aTab()];
    await first.type('An evening’s work');
    await second.type('A question');
    // What the second typed took the place of the first's, which is in that tab alone.
    await first.look();
    expect(first.draft).to.equal('A question\nAn evening’s work');
    await second.look();
    expect(second.draft).to.equal('A question\nAn evening’s work');
    await first.look();
    expect(first.draft).to.equal('A question\nAn evening’s work');
    expect(await stored()).to.equal('A question\nAn evening’s work');
  });

  for (const [when, both] of [
    ['somebody looks, then sends', (tab: Tab) => [tab.look(), tab.send()]],
    ['somebody sends, then looks', (tab: Tab) => [tab.send(), tab.look()]],
  ] as const) {
    it(`do not come back in the tab that sends them, where ${when}`, async () => {
      const [first, second] = [await aTab(), await aTab()];
      await first.type('Hello');
      await second.look();
      await Promise.all(both(second));
      expect(second.draft).to.equal('');
      expect(await stored()).to.equal('');
    });
  }

  it('do not take along files, of which each tab knows for itself', async () => {
    const [first, second] = [await aTab(), await aTab()];
    await first.cache.storeDraft(filesOf(threadId), '[]');
    await second.look();
    expect(second.cache.drafts.has(filesOf(threadId))).to.equal(false);
  });

  it('belong to nobody who came after', async () => {
    const first = await aTab();
    const other = { ...key, keyId: crypto.randomUUID() };
    const theirs = new Tab(await Cache.over(await IdbRecords.open(device, () => Promise.resolve(other))));
    tabs.push(theirs);
    await theirs.type('Nobody else’s');
    expect(await first.look().catch(({ message }: Error) => message)).to.equal('another key');
    expect(first.draft).to.equal('');
  });
});
