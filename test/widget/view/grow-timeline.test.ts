import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import '../../../widget/define.ts';
import { timeline, type TimelineItem } from '../../../widget/state/timeline.ts';
import type { PageWantedEvent, PlaceChangeEvent } from '../../../widget/view/events.ts';
import type { GrowTimeline } from '../../../widget/view/grow-timeline.ts';
import { Language } from '../../../widget/view/language.ts';
import type { OutboxEntry } from '../../../widget/cache/outbox-entry.ts';
import { anEntry, messagesFrom, uuid } from '../../support/message-builders.ts';
import { button, find, findAll, has, wordsOf } from '../../support/shadow.ts';
import { until } from '../../support/until.ts';

const language = new Language('en-US');

/** The rows of these messages; every seventh has many lines. */
function rowsOf(first: number, last: number, outbox: readonly OutboxEntry[] = []): readonly TimelineItem[] {
  const messages = messagesFrom(first, last).map((message) =>
    message.seq % 7 === 0 ? { ...message, text: `Message ${message.seq}\n`.repeat(6) } : message,
  );
  const dayOf = (moment: string) => moment.slice(0, 10);
  return timeline(messages, outbox, { selfId: 'ana', readWhenOpened: 1e9, theirReadSeq: 0, dayOf });
}

/** The same rows, of which the one with this seq and those after it are new. */
function newIn(items: readonly TimelineItem[], seq: number): readonly TimelineItem[] {
  const at = items.findIndex((item) => item.kind === 'message' && item.message.seq === seq);
  return items.toSpliced(at, 0, { kind: 'unread', key: 'unread' });
}

describe('<grow-timeline>', () => {
  async function render(items = rowsOf(1, 30), more: Partial<GrowTimeline> = {}) {
    const wanted: string[] = [];
    const places: boolean[] = [];
    const frame = await fixture<HTMLElement>(html`
      <div style="block-size: 400px; inline-size: 600px; display: flex; flex-direction: column">
        <grow-timeline
          .items=${items}
          .older=${more.older ?? 'none'}
          .newer=${more.newer ?? 'none'}
          .name=${'Maya Lee'}
          .language=${language}
          @page-wanted=${({ detail }: PageWantedEvent) => wanted.push(detail.direction)}
          @place-change=${({ detail }: PlaceChangeEvent) => places.push(detail.isAtEnd)}
        ></grow-timeline>
      </div>
    `);
    const element = frame.firstElementChild as GrowTimeline;
    await settled(element);
    // Where the reader begins is told once; what is told from here on is a change.
    const [begins] = places.splice(0);
    return { begins, frame, element, wanted, places, scroller: find(element, '.scroller') };
  }

  /** Drawn, measured, and scrolled to where it wants to be. */
  async function settled(element: GrowTimeline): Promise<void> {
    await element.updateComplete;
    for (const row of findAll<GrowTimeline>(element, 'grow-message')) await row.updateComplete;
    for (let frames = 0; frames < 3; frames++) await nextFrame();
  }

  async function show(
    element: GrowTimeline,
    items: readonly TimelineItem[],
    more: Partial<GrowTimeline> = {},
  ) {
    Object.assign(element, { items, ...more });
    await settled(element);
  }

  /** As a reader scrolls. */
  async function scrollTo(scroller: HTMLElement, top: number): Promise<void> {
    scroller.scrollTop = top;
    await nextFrame();
    await nextFrame();
  }

  const below = ({ scrollHeight, clientHeight, scrollTop }: Element) =>
    scrollHeight - clientHeight - scrollTop;
  const row = (element: Element, seq: number) => {
    const found = findAll(element, 'grow-message').find((message) =>
      wordsOf(message).includes(`Message ${seq} `),
    );
    if (!found) throw new Error(`Message ${seq} is not there.`);
    return found;
  };
  const topOf = (element: Element, seq: number) => row(element, seq).getBoundingClientRect().top;

  it('begins at the end', async () => {
    const { scroller } = await render();
    expect(scroller.scrollHeight).to.be.greaterThan(800);
    expect(below(scroller)).to.be.lessThan(1);
  });

  it('stays at the end when rows come and when they grow', async () => {
    const { element, scroller, places } = await render();
    await show(element, rowsOf(1, 34));
    expect(below(scroller)).to.be.lessThan(1);
    findAll(element, 'grow-message').forEach((message) => (message.style.minBlockSize = '90px'));
    await until(() => below(scroller) < 1);
    expect(places).to.deep.equal([]);
  });

  it('does not take for the reader what the rows do to its place', async () => {
    const { element, scroller, places } = await render();
    findAll(element, 'grow-message').forEach((message) => (message.style.minBlockSize = '90px'));
    // A move of our own is told of only now, when the rows have grown since.
    scroller.dispatchEvent(new Event('scroll'));
    expect(places).to.deep.equal([]);
    expect(below(scroller)).to.be.lessThan(1);
  });

  it('stays at the end when its window grows smaller, as under a keyboard', async () => {
    const { frame, scroller, places } = await render();
    frame.style.blockSize = '200px';
    await until(() => scroller.clientHeight === 200 && below(scroller) < 1);
    expect(places).to.deep.equal([]);
  });

  it('keeps what the reader reads in its place when older rows come', async () => {
    const { element, scroller } = await render(rowsOf(51, 100), { older: 'more' });
    await scrollTo(scroller, 700);
    const seen = 62;
    const before = topOf(element, seen);
    await show(element, rowsOf(1, 100));
    expect(topOf(element, seen)).to.be.closeTo(before, 1);
  });

  it('keeps what the reader reads in its place when rows above leave and newer come', async () => {
    const { element, scroller } = await render(rowsOf(1, 150), { newer: 'more' });
    await scrollTo(scroller, scroller.scrollHeight - 1_500);
    const before = topOf(element, 130);
    await show(element, rowsOf(51, 200), { newer: 'none' });
    expect(topOf(element, 130)).to.be.closeTo(before, 1);
  });

  it('keeps what the reader reads in its place when a message comes', async () => {
    const { element, scroller } = await render();
    await scrollTo(scroller, 300);
    const before = scroller.scrollTop;
    await show(element, rowsOf(1, 31));
    expect(scroller.scrollTop).to.be.closeTo(before, 1);
  });

  it('leaves the end only with the reader, and says so both ways', async () => {
    const { element, scroller, places } = await render();
    expect(has(element, '.newest')).to.equal(false);
    await scrollTo(scroller, 300);
    expect(places).to.deep.equal([false]);
    await element.updateComplete;
    expect(button(element, 'Jump to newest')).to.be.instanceOf(HTMLButtonElement);
    await scrollTo(scroller, scroller.scrollHeight);
    expect(places).to.deep.equal([false, true]);
    await element.updateComplete;
    expect(has(element, '.newest')).to.equal(false);
  });

  it('is not at the end while there is more below', async () => {
    const { begins, element, scroller, places } = await render(rowsOf(1, 30), { newer: 'more' });
    await scrollTo(scroller, 100);
    await scrollTo(scroller, scroller.scrollHeight);
    expect([begins, ...places]).to.deep.equal([false]);
    expect(has(element, '.newest')).to.equal(true);
  });

  it('goes to the newest by its button, and asks for it', async () => {
    const { element, scroller, places } = await render();
    let asked = 0;
    element.addEventListener('newest-wanted', () => (asked += 1));
    await scrollTo(scroller, 100);
    await element.updateComplete;
    button(element, 'Jump to newest').click();
    expect(below(scroller)).to.be.lessThan(1);
    expect([asked, places.at(-1)]).to.deep.equal([1, true]);
    expect(element.shadowRoot?.activeElement).to.equal(scroller);
  });

  it('asks for older rows near its upper end, and for nothing in the middle', async () => {
    const { scroller, wanted } = await render(rowsOf(51, 150), { older: 'more', newer: 'more' });
    wanted.length = 0;
    await scrollTo(scroller, scroller.scrollHeight / 2);
    expect(wanted).to.deep.equal([]);
    await scrollTo(scroller, 300);
    expect(wanted).to.deep.equal(['older']);
  });

  it('asks for newer rows near its lower end', async () => {
    const { scroller, wanted } = await render(rowsOf(1, 100), { newer: 'more' });
    await scrollTo(scroller, 2_000);
    wanted.length = 0;
    await scrollTo(scroller, scroller.scrollHeight - 600);
    expect(wanted).to.deep.equal(['newer']);
  });

  it('asks for older rows by itself where there are too few to fill it', async () => {
    const { wanted } = await render(rowsOf(99, 100), { older: 'more' });
    await until(() => wanted.includes('older'));
  });

  it('asks for nothing by itself where that has failed, and offers to try again', async () => {
    const { element, scroller, wanted } = await render(rowsOf(51, 80), { older: 'failed', newer: 'failed' });
    await scrollTo(scroller, 0);
    await scrollTo(scroller, scroller.scrollHeight);
    expect(wanted).to.deep.equal([]);
    const [older, newer] = findAll<HTMLElement>(element, '[role="alert"]');
    expect(wordsOf(older as Element)).to.contain('More messages could not be loaded.');
    expect(wordsOf(newer as Element)).to.contain('More messages could not be loaded.');
    button(older as Element, 'Try again').click();
    button(newer as Element, 'Try again').click();
    expect(wanted).to.deep.equal(['older', 'newer']);
  });

  it('says where a conversation begins', async () => {
    const { element } = await render(rowsOf(1, 3));
    expect(wordsOf(find(element, '.edge'))).to.equal('The start of your conversation with Maya Lee');
  });

  it('says its own and the other’s name to those who hear it', async () => {
    const { element } = await render(rowsOf(1, 2));
    const authors = findAll(element, 'grow-message').map((message) => wordsOf(message).split(':')[0]);
    expect(authors).to.deep.equal(['Maya Lee', 'You']);
  });

  it('passes on what a message asks for', async () => {
    const entry = anEntry({ state: 'refused' });
    const { element } = await render(rowsOf(1, 2, [entry]));
    const asked: string[] = [];
    for (const type of ['message-retry', 'message-edit']) {
      element.addEventListener(type, (event) =>
        asked.push(`${type} ${(event as CustomEvent<{ id: string }>).detail.id}`),
      );
    }
    button(element, 'Try again').click();
    button(element, 'Edit').click();
    expect(asked).to.deep.equal([`message-retry ${entry.id}`, `message-edit ${entry.id}`]);
  });

  it('keeps one among the messages when what one pressed to try again goes away', async () => {
    const entry = anEntry({ state: 'unreachable' });
    const { element, scroller } = await render(rowsOf(1, 2, [entry]), { older: 'failed' });
    const tryAgain = async (within: Element, items: readonly TimelineItem[]) => {
      const pressed = button(within, 'Try again');
      pressed.focus();
      pressed.click();
      await show(element, items, { older: 'none' });
      expect(pressed.isConnected).to.equal(false);
      expect(element.shadowRoot?.activeElement === scroller).to.equal(true);
    };
    await tryAgain(find(element, '[role="alert"]'), rowsOf(1, 2, [entry]));
    await tryAgain(element, rowsOf(1, 2, [{ ...entry, state: 'waiting' }]));
  });

  it('keeps the element of an echo for the message that it becomes', async () => {
    const { element } = await render(rowsOf(1, 2, [anEntry({ id: uuid(3) })]));
    const before = findAll(element, 'grow-message').at(-1);
    await show(element, rowsOf(1, 3));
    expect(findAll(element, 'grow-message').at(-1)).to.equal(before);
    expect(wordsOf(before as Element)).to.contain('Message 3');
  });

  it('is made of no more than 1,500 elements for a full window', async () => {
    const { element } = await render(rowsOf(1, 150));
    expect(findAll(element, 'grow-message').length).to.equal(150);
    expect(findAll(element, '*').length).to.be.at.most(1_500);
  });

  it('tells where the reader is in another thread as well, also where that is as short as the one before', async () => {
    const { element, places } = await render(rowsOf(1, 3));
    await show(element, newIn(rowsOf(4, 5), 5), { threadId: uuid(2, 'c') });
    expect(places).to.deep.equal([true]);
    expect(has(element, '.newest')).to.equal(false);
  });

  it('watches nothing any more once it is off the page', async () => {
    const { element, frame } = await render();
    element.remove();
    element.items = rowsOf(1, 40);
    await element.updateComplete;
    frame.append(element);
    await settled(element);
    expect(below(find(element, '.scroller'))).to.be.lessThan(1);
  });

  it('is accessible', async () => {
    const { element } = await render(rowsOf(1, 20, [anEntry({ state: 'refused' })]), { older: 'failed' });
    await expect(element).to.be.accessible();
  });
});
