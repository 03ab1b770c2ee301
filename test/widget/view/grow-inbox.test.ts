import { expect, fixture, html } from '@open-wc/testing';
import type { Thread } from '../../../protocol/thread.ts';
import '../../../widget/define.ts';
import type { ThreadChosenEvent } from '../../../widget/view/events.ts';
import type { GrowInbox } from '../../../widget/view/grow-inbox.ts';
import { Language } from '../../../widget/view/language.ts';
import { hostileTexts, shapeOf } from '../../support/hostile.ts';
import { aMessage, aProvider, aThread, threadId, uuid } from '../../support/message-builders.ts';
import { find, findAll, has, wordsOf } from '../../support/shadow.ts';
import { until } from '../../support/until.ts';

const language = new Language('en-US');

describe('<grow-inbox>', () => {
  const render = (threads: readonly Thread[] | undefined, more: Partial<GrowInbox> = {}) =>
    fixture<GrowInbox>(html`
      <grow-inbox
        style="block-size: 300px"
        .threads=${threads}
        .selfId=${'ana'}
        .current=${more.current ?? ''}
        .hasMore=${more.hasMore ?? false}
        .rows=${more.rows ?? {}}
        .discreet=${more.discreet ?? false}
        .language=${language}
      ></grow-inbox>
    `);

  const said = (text: string, senderId = 'dr-lee') =>
    aThread({ lastMessage: aMessage({ text, senderId, sentAt: new Date().toISOString() }) });

  it('shows who, when, and the last line', async () => {
    const inbox = await render([said('See you\n  on Thursday')]);
    expect(wordsOf(find(inbox, '.thread'))).to.match(/^ML Maya Lee \d.*[AP]M See you on Thursday$/);
  });

  it('says whose the last line is where it is one’s own', async () => {
    const inbox = await render([said('Thank you', 'ana')]);
    expect(wordsOf(find(inbox, '.line'))).to.equal('You: Thank you');
  });

  it('has words for a message that is a file alone, and none for a thread without a message', async () => {
    const file = { id: uuid(1, 'f'), name: 'intake.pdf', mediaType: 'application/pdf', size: 9 };
    const inbox = await render([
      aThread({ lastMessage: aMessage({ text: '', attachments: [file] }) }),
      aThread({ id: uuid(2, 'c'), lastSeq: 0 }),
    ]);
    expect(findAll(inbox, '.line').map((line) => wordsOf(line))).to.deep.equal(['Sent a file', '']);
  });

  it('marks what is unread, for those who see it and those who hear it', async () => {
    const inbox = await render([aThread({ unread: 1 }), aThread({ id: uuid(2, 'c'), unread: 1_200 })]);
    expect(findAll(inbox, '.mark').map((mark) => wordsOf(mark))).to.deep.equal([
      '1 1 unread message',
      '1,200 1,200 unread messages',
    ]);
  });

  it('has names in the middle where no last lines are shown, unread or not', async () => {
    const threads = [
      { ...said('Hello'), unread: 1 },
      { ...said('Hello'), id: uuid(2, 'c') },
    ];
    const inbox = await render(threads, { discreet: true });
    const middleOf = (row: Element, selector: string) => {
      const { top, height } = find(row, selector).getBoundingClientRect();
      return top + height / 2;
    };
    for (const row of findAll(inbox, '.thread')) {
      expect(middleOf(row, '.name')).to.be.closeTo(middleOf(row, '.face'), 3);
    }
  });

  it('says of a thread what else is to be said', async () => {
    const inbox = await render([said('Hello'), aThread({ id: uuid(2, 'c') })], {
      rows: { note: ({ id }) => (id === threadId ? 'Waiting' : undefined) },
    });
    expect(wordsOf(find(inbox, '.thread'))).to.match(/Waiting Hello$/);
    expect(wordsOf(findAll(inbox, '.thread')[1]!)).not.to.contain('Waiting');
  });

  it('tells which thread was chosen, and which is open', async () => {
    const inbox = await render([aThread(), aThread({ id: uuid(2, 'c') })], { current: threadId });
    const chosen: string[] = [];
    inbox.addEventListener('thread-chosen', (event) =>
      chosen.push((event as ThreadChosenEvent).detail.threadId),
    );
    const [first, second] = findAll(inbox, '.thread');
    expect([first?.ariaCurrent, second?.ariaCurrent]).to.deep.equal(['true', 'false']);
    second?.click();
    expect(chosen).to.deep.equal([uuid(2, 'c')]);
  });

  it('keeps each row the same element when the order changes', async () => {
    const threads = [aThread(), aThread({ id: uuid(2, 'c') })];
    const inbox = await render(threads);
    const [first] = findAll(inbox, '.thread');
    inbox.threads = threads.toReversed();
    await inbox.updateComplete;
    expect(findAll(inbox, '.thread')[1]).to.equal(first);
  });

  it('asks for more when its end comes near, and not before', async () => {
    const threads = Array.from({ length: 50 }, (_, at) => aThread({ id: uuid(at, 'c') }));
    const inbox = await render(threads, { hasMore: true });
    let asked = 0;
    inbox.addEventListener('page-wanted', () => (asked += 1));
    inbox.scrollTop = 100;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    expect(asked).to.equal(0);
    inbox.scrollTop = inbox.scrollHeight;
    await until(() => asked > 0);
  });

  it('asks for more where nothing of what there is so far is to be shown', async () => {
    const inbox = await render([], { hasMore: true });
    let asked = 0;
    inbox.addEventListener('page-wanted', () => (asked += 1));
    inbox.threads = [];
    await until(() => asked > 0);
    expect(has(inbox, 'slot')).to.equal(false);
  });

  it('says that it loads, and that there is nothing', async () => {
    expect(wordsOf(await render(undefined))).to.equal('Loading…');
    const inbox = await render([]);
    inbox.append(Object.assign(document.createElement('p'), { slot: 'empty', textContent: 'Quiet here' }));
    expect(find<HTMLSlotElement>(inbox, 'slot[name=empty]').assignedElements()).to.have.length(1);
    expect(has(await render([]), 'ul')).to.equal(false);
  });

  it('makes nothing of hostile names and words but words', async () => {
    const shape = async (text: string) => {
      const other = aProvider({ displayName: text, credentials: text, replyPolicy: text });
      return shapeOf(await render([{ ...said(text), with: other }]));
    };
    const harmless = await shape('Hello');
    for (const text of hostileTexts) expect(await shape(text), text).to.equal(harmless);
    expect(globalThis).not.to.have.property('wasRun');
  });

  it('does not break a character in two where it cuts a line short', async () => {
    const inbox = await render([said('👋🏽'.repeat(100))]);
    expect(find(inbox, '.line').textContent?.isWellFormed()).to.equal(true);
    const odd = await render([said(`x${'👋🏽'.repeat(100)}`)]);
    expect(find(odd, '.line').textContent?.isWellFormed()).to.equal(true);
  });

  it('is accessible', async () => {
    const inbox = await render([said('Hello'), aThread({ id: uuid(2, 'c'), unread: 3 })], {
      current: threadId,
    });
    await expect(inbox).to.be.accessible();
  });
});
