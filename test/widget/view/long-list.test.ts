import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { Thread } from '../../../protocol/thread.ts';
import '../../../widget/define.ts';
import type { RowsWanted } from '../../../widget/view/events.ts';
import type { GrowInbox } from '../../../widget/view/grow-inbox.ts';
import { Language } from '../../../widget/view/language.ts';
import { LongList } from '../../../widget/view/long-list.ts';
import { aClient, aMessage, aThread, uuid } from '../../support/message-builders.ts';
import { find, findAll } from '../../support/shadow.ts';
import { until } from '../../support/until.ts';

const language = new Language('en-US');
const rows: RowsWanted = { arrange: (host, keyed) => new LongList(host, keyed) };

/** So many threads, each named by its place in the list. */
const threadsFrom = (count: number): readonly Thread[] =>
  Array.from({ length: count }, (_, at) => {
    const id = uuid(at, 'c');
    const lastMessage = aMessage({ threadId: id, text: at % 2 === 0 ? 'Hello' : '' });
    return aThread({ id, with: aClient({ id: `client-${at}`, displayName: `Client ${at}` }), lastMessage });
  });

describe('a list of thousands of threads', () => {
  let inbox: GrowInbox;

  async function render(count = 5_000, hasMore = false): Promise<GrowInbox> {
    inbox = await fixture<GrowInbox>(html`
      <grow-inbox
        style="block-size: 600px"
        .threads=${threadsFrom(count)}
        .hasMore=${hasMore}
        .rows=${rows}
        .language=${language}
      ></grow-inbox>
    `);
    await settled();
    return inbox;
  }

  /** What a scroll or a change has led to is on the page. */
  async function settled(): Promise<void> {
    await nextFrame();
    await nextFrame();
    await inbox.updateComplete;
  }

  async function scrollTo(top: number): Promise<void> {
    inbox.scrollTop = top;
    await settled();
  }

  async function show(threads: readonly Thread[]): Promise<void> {
    inbox.threads = threads;
    await settled();
  }

  const nameOf = (row: Element) => find(row.parentElement!, '.name').textContent;
  const buttons = () => findAll<HTMLButtonElement>(inbox, '.thread');
  const height = () => find(inbox, 'li').getBoundingClientRect().height;

  /** The rows that can be seen, top to bottom, and how far down each stands. */
  function inView(): readonly (readonly [name: string | null, top: number])[] {
    const { top, bottom } = inbox.getBoundingClientRect();
    return buttons()
      .map((row) => [nameOf(row), row.getBoundingClientRect()] as const)
      .filter(([, place]) => place.bottom > top + 1 && place.top < bottom - 1)
      .map(([name, place]) => [name, Math.round(place.top - top)] as const);
  }

  const focused = () => {
    const { activeElement } = inbox.shadowRoot!;
    return activeElement && nameOf(activeElement);
  };

  async function press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await sendKeys({ press: key });
      await settled();
    }
  }

  it('has few of them on the page, and room for all', async () => {
    await render();
    expect(findAll(inbox, '*').length).to.be.below(500);
    expect(inbox.scrollHeight).to.be.within(5_000 * height(), 5_000 * height() + 20);
    await scrollTo(200_000);
    expect(findAll(inbox, '*').length).to.be.below(500);
    expect(inbox.scrollHeight).to.be.within(5_000 * height(), 5_000 * height() + 20);
  });

  it('shows those that one scrolls to, each in its place and nothing blank', async () => {
    await render();
    for (const at of [3, 700, 4_980, 12]) {
      await scrollTo(at * height());
      const seen = inView();
      expect(seen[0]).to.deep.equal([`Client ${at}`, 1]);
      expect(seen.length).to.be.at.least(Math.floor(600 / height()));
      expect(seen.map(([name]) => name)).to.deep.equal(seen.map((_, number) => `Client ${at + number}`));
    }
  });

  it('says of each row which one of how many it is', async () => {
    await render(5_000);
    await scrollTo(1_000 * height());
    const row = buttons().find((button) => nameOf(button) === 'Client 1000')?.parentElement;
    expect([row?.ariaPosInSet, row?.ariaSetSize]).to.deep.equal(['1001', '5000']);
    await render(5_000, true);
    expect(find(inbox, 'li').ariaSetSize, 'nobody knows how many').to.equal('-1');
  });

  it('keeps the reader’s place when a thread moves to the top', async () => {
    await render();
    await scrollTo(1_000.5 * height());
    const before = inView();
    const threads = inbox.threads!;
    await show([threads[3_000]!, ...threads.filter((_, at) => at !== 3_000)]);
    expect(inView()).to.deep.equal(before);
    expect(inbox.scrollTop).to.be.closeTo(1_001.5 * height(), 1);
  });

  it('keeps the place of the others when the row under the reader’s eyes is the one that moves', async () => {
    await render();
    await scrollTo(1_000.5 * height());
    const [, ...others] = inView();
    const threads = inbox.threads!;
    await show([threads[1_000]!, ...threads.filter((_, at) => at !== 1_000)]);
    expect(inView().slice(1)).to.deep.equal(others);
  });

  it('keeps the reader’s place when threads come in between', async () => {
    await render(100);
    await scrollTo(50 * height());
    const before = inView();
    const more = threadsFrom(300);
    await show([...more.slice(200), ...inbox.threads!.slice(0, 10), ...inbox.threads!.slice(10)]);
    expect(inView()).to.deep.equal(before);
  });

  it('shows a reader at the top what is new there', async () => {
    await render();
    const threads = inbox.threads!;
    await show([threads[3_000]!, ...threads.filter((_, at) => at !== 3_000)]);
    expect(inView()[0]).to.deep.equal(['Client 3000', 1]);
  });

  it('begins at the top of another list', async () => {
    await render();
    await scrollTo(1_000 * height());
    inbox.rows = { ...rows, of: 'unread' };
    await show(inbox.threads!.slice(500, 4_000));
    expect(inView()[0]).to.deep.equal(['Client 500', 1]);
    await scrollTo(100 * height());
    expect(inView()[0]).to.deep.equal(['Client 600', 1]);
  });

  it('keeps its place while it is out of sight', async () => {
    await render();
    await scrollTo(1_000 * height());
    const before = inView();
    inbox.style.display = 'none';
    await settled();
    await show(inbox.threads!.with(0, { ...inbox.threads![0]!, unread: 1 }));
    inbox.style.display = '';
    await settled();
    expect(inView()).to.deep.equal(before);
  });

  it('is walked through by arrow keys, far beyond what stood on the page', async () => {
    await render();
    buttons()[0]?.focus();
    await press('ArrowDown', 'ArrowDown', 'ArrowUp');
    expect(focused()).to.equal('Client 1');
    for (let times = 0; times < 60; times++) await sendKeys({ press: 'ArrowDown' });
    await settled();
    expect(focused()).to.equal('Client 61');
    expect(inView().map(([name]) => name)).to.include('Client 61');
    await press('End');
    expect(focused()).to.equal('Client 4999');
    expect(inView().at(-1)?.[0]).to.equal('Client 4999');
    await press('PageUp');
    expect(Number(focused()?.split(' ')[1])).to.be.within(4_980, 4_995);
    await press('Home', 'ArrowUp');
    expect(focused()).to.equal('Client 0');
  });

  it('is one stop for Tab, so that one gets past it', async () => {
    await render();
    expect(
      buttons()
        .filter(({ tabIndex }) => tabIndex === 0)
        .map(nameOf),
    ).to.deep.equal(['Client 0']);
    buttons()[0]?.focus();
    await press('ArrowDown');
    expect(
      buttons()
        .filter(({ tabIndex }) => tabIndex === 0)
        .map(nameOf),
    ).to.deep.equal(['Client 1']);
  });

  it('is a stop for each row where there are few', async () => {
    await render(12);
    expect(buttons().every(({ tabIndex }) => tabIndex === 0)).to.equal(true);
    buttons()[3]?.focus();
    await press('ArrowDown');
    expect(focused()).to.equal('Client 4');
  });

  it('leaves the keys alone that are somebody else’s', async () => {
    await render(12);
    buttons()[3]?.focus();
    const taken: boolean[] = [];
    inbox.addEventListener('keydown', (event) => taken.push(event.defaultPrevented));
    for (const init of [{ key: 'a' }, { key: 'ArrowDown', altKey: true }, { key: 'Home', metaKey: true }]) {
      const event = new KeyboardEvent('keydown', {
        ...init,
        bubbles: true,
        composed: true,
        cancelable: true,
      });
      buttons()[3]?.dispatchEvent(event);
    }
    buttons()[0]?.focus();
    await press('ArrowUp');
    expect(taken).to.deep.equal([false, false, false, false]);
    expect(focused()).to.equal('Client 0');
  });

  it('keeps the row that has the focus however far one scrolls, and goes on from there', async () => {
    await render();
    buttons()[2]?.focus();
    await scrollTo(2_000 * height());
    expect(focused()).to.equal('Client 2');
    expect(inView()[0]?.[0]).to.equal('Client 2000');
    await press('ArrowDown');
    expect(focused()).to.equal('Client 3');
    expect(inView().map(([name]) => name)).to.include('Client 3');
    await press('End');
    await scrollTo(0);
    expect(focused()).to.equal('Client 4999');
    expect(inView()[0]?.[0]).to.equal('Client 0');
  });

  it('gives the focus back to the thread that was chosen last, out of view or not', async () => {
    await render();
    await scrollTo(300 * height());
    buttons()
      .find((row) => nameOf(row) === 'Client 301')
      ?.click();
    await scrollTo(3_000 * height());
    inbox.focus();
    await settled();
    expect(focused()).to.equal('Client 301');
    expect(inView().map(([name]) => name)).to.include('Client 301');
  });

  it('asks for more only near the end', async () => {
    await render(200, true);
    let asked = 0;
    inbox.addEventListener('page-wanted', () => (asked += 1));
    await scrollTo(100 * height());
    expect(asked).to.equal(0);
    await scrollTo(1e6);
    await until(() => asked > 0);
  });

  it('has rows of one height, whatever stands in them', async () => {
    await render(12);
    inbox.threads = [
      ...inbox.threads!,
      aThread({ id: uuid(50, 'd'), lastSeq: 0, with: aClient({ displayName: '' }) }),
      aThread({ id: uuid(51, 'd'), unread: 1_200, with: aClient({ displayName: '李小龙 محمد नमस्ते 👋🏽' }) }),
      aThread({ id: uuid(52, 'd'), lastMessage: aMessage({ text: 'ក្មេង နမူနာ \n\n 👩‍👩‍👧‍👦' }) }),
    ];
    inbox.rows = { ...rows, note: (thread) => (thread.unread > 0 ? 'Waiting since Tue' : undefined) };
    await settled();
    const heights = findAll(inbox, 'li').map((row) => row.getBoundingClientRect().height);
    expect([...new Set(heights)]).to.have.length(1);
  });

  it('is accessible', async () => {
    await render();
    await scrollTo(1_000 * height());
    await expect(inbox).to.be.accessible();
  });
});
