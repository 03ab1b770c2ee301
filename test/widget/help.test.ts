import { expect, nextFrame, oneEvent } from '@open-wc/testing';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import type { GrowReplyClock } from '../../widget/view/grow-reply-clock.ts';
import { refusal } from '../support/fake-server.ts';
import { aMe, aMessage, aProvider, threadId, uuid } from '../support/message-builders.ts';
import { button, find, findAll, has, wordsOf, write } from '../support/shadow.ts';
import { until } from '../support/until.ts';
import { box, newest, rows, say, WidgetPage } from '../support/widget-page.ts';

describe('<grow-messages>, when somebody needs help,', () => {
  const page = new WidgetPage();

  describe('shows the crisis lines', () => {
    const states: readonly (readonly [string, string, () => void])[] = [
      ['while it starts', 'Loading…', () => page.server.next('readMe', () => new Promise(() => undefined))],
      ['where nobody can be reached', 'Your messages can’t be reached', () => page.server.setOffline(true)],
      [
        'where the server will not have us',
        'Messages can’t be shown',
        () => page.server.always('readMe', refusal('forbidden')),
      ],
      ['where the session is over', 'Your session has ended', () => page.server.signOut()],
      ['where all is well', 'Maya Lee', () => undefined],
    ];
    for (const [when, words, arrange] of states) {
      it(when, async () => {
        arrange();
        const element = page.mount();
        await until(() => wordsOf(element).includes(words));
        const section = find(element, 'section[aria-label="Crisis support"]');
        const dials = findAll<HTMLAnchorElement>(section, 'a[href^="tel:"]');
        expect(dials.map(({ href }) => href)).to.deep.equal(['tel:911', 'tel:988', 'tel:+18002738255']);
        for (const dial of dials) {
          const { left, top, width, height } = dial.getBoundingClientRect();
          expect(width * height).to.be.greaterThan(0);
          const hit = deepestAt(left + width / 2, top + height / 2);
          expect(hit?.closest('a') === dial, dial.href).to.equal(true);
        }
        expect(wordsOf(section)).to.contain('is not an emergency service');
      });
    }

    /** What a finger would touch there. */
    function deepestAt(x: number, y: number): Element | null {
      let found = document.elementFromPoint(x, y);
      for (let inner = found; inner; inner = found?.shadowRoot?.elementFromPoint(x, y) ?? null) {
        if (inner === found && inner.shadowRoot === null) break;
        const deeper = found?.shadowRoot?.elementFromPoint(x, y) ?? null;
        if (!deeper || deeper === found) break;
        found = deeper;
      }
      return found;
    }
  });

  describe('asks the page for the Support Team', () => {
    const ended = async (settings: Partial<GrowMessages> = {}) => {
      page.server.addThread({ id: uuid(3, 'c'), other: aProvider({ id: 'dr-x' }), status: 'ended' });
      const element = await page.ready(settings);
      element.openThread(uuid(3, 'c'));
      await until(() => wordsOf(element).includes('This conversation has ended.'));
      return element;
    };

    it('who may take it over', async () => {
      const element = await ended({ supportUrl: 'about:blank#support' });
      page.body.addEventListener('grow-support-request', (event) => event.preventDefault(), { once: true });
      const asked = oneEvent(page.body, 'grow-support-request');
      button(element, 'Contact the Support Team').click();
      expect(((await asked) as CustomEvent<unknown>).detail).to.deep.equal({
        reason: 'relationship-ended',
        threadId: uuid(3, 'c'),
      });
      await nextFrame();
      expect(wordsOf(element)).not.to.contain('help widget');
    });

    it('and says where it is where nobody does', async () => {
      const element = await ended();
      button(element, 'Contact the Support Team').click();
      await until(() => wordsOf(element).includes('through the help widget in your client portal'));
    });

    it('and says so no longer where one has gone elsewhere', async () => {
      const element = await ended();
      const word = () => wordsOf(find(element, '.notices'));
      button(element, 'Contact the Support Team').click();
      await until(() => word().includes('help widget'));
      element.openThread(threadId);
      await until(() => word() === '');
    });
  });

  describe('says who can read a thread', () => {
    const names = (element: Element) => findAll(element, '.people bdi').map(wordsOf);

    it('also where it is further down than the list goes', async () => {
      for (let number = 10; number < 80; number++) {
        page.server.addThread({
          id: uuid(number, 'c'),
          other: aProvider({ id: `dr-${number}` }),
          messages: 4,
        });
      }
      const last = uuid(3, 'c');
      const other = aProvider({ id: 'dr-last', displayName: 'Vera Last' });
      page.server.addThread({ id: last, other, messages: 1 });
      const element = await page.ready();
      expect(has(element, `.thread[data-id="${last}"]`)).to.equal(false);
      element.openThread(last);
      await until(() => has(element, 'textarea'));
      button(element, 'Who can read this').click();
      await until(() => has(element, '.people'));
      expect(names(element)).to.deep.equal(['Ana Reyes', 'Vera Last, PhD']);
    });

    it('also where one composes, and goes back to it', async () => {
      const element = await page.ready();
      element.compose('dr-okafor');
      await until(() => has(element, 'textarea'));
      button(element, 'Who can read this').click();
      await until(() => has(element, '.people'));
      expect(names(element)).to.deep.equal(['Ana Reyes', 'Ada Okafor, PhD']);
      button(element, 'Back to the conversation').click();
      await until(() => !has(element, 'grow-readers'));
      expect(box(element).checkVisibility()).to.equal(true);
    });
  });

  describe('while an answer is awaited', () => {
    const lately = () => new Date().toISOString();
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

    /** A thread long enough to scroll, whose last message is Ana's. */
    function addWaiting(sentAt: string): void {
      const messages = Array.from({ length: 40 }, (_, at) => aMessage({ seq: at + 1, sentAt: ago(9) }));
      messages.push(aMessage({ seq: 41, senderId: 'ana', sentAt }));
      page.server.addThread({ messages });
    }

    const clock = (element: Element) => find<GrowReplyClock>(element, 'grow-reply-clock');
    const isLate = (element: Element) => wordsOf(element).includes('No reply since');

    /** The time comes at which support may be asked. */
    async function passTime(element: Element): Promise<void> {
      const inThreeDays = Date.now() + 3 * 86_400_000;
      clock(element).now = () => inThreeDays;
      await until(() => isLate(element));
    }

    it('says nothing before its time, and then offers the Support Team, naming the thread', async () => {
      addWaiting(lately());
      const element = await page.open();
      await until(() => has(element, 'grow-reply-clock') && has(clock(element), 'p'));
      expect(isLate(element)).to.equal(false);
      await passTime(element);
      const told = oneEvent(page.body, 'grow-support-request');
      button(find(element, 'grow-thread'), 'Contact the Support Team').click();
      const { detail } = (await told) as CustomEvent<unknown>;
      expect(detail).to.deep.equal({ reason: 'no-reply', threadId });
    });

    it('says so of a message that has waited for days', async () => {
      addWaiting(ago(3));
      const element = await page.open();
      await until(() => isLate(element));
    });

    it('leaves the reader at the end, or where else they are', async () => {
      addWaiting(lately());
      const element = await page.open();
      const scroller = find(element, '.scroller');
      const below = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
      await until(() => has(element, 'grow-reply-clock') && below() < 1);
      const { clientHeight } = scroller;
      await passTime(element);
      await until(() => scroller.clientHeight < clientHeight && below() < 1, 'the end stays the end');

      clock(element).now = Date.now;
      await until(() => scroller.clientHeight === clientHeight);
      // The timeline hears of its new height with the next frame; a reader would be no faster.
      for (let frames = 0; frames < 2; frames++) await nextFrame();
      scroller.scrollTop = 300;
      await until(() => has(element, '.newest'));
      const row = rows(element)[10]!;
      const { top } = row.getBoundingClientRect();
      await passTime(element);
      await nextFrame();
      expect(row.getBoundingClientRect().top).to.equal(top);
    });

    it('is quiet with the answer', async () => {
      addWaiting(ago(3));
      const element = await page.open();
      await until(() => isLate(element));
      page.server.say('Here I am');
      await until(() => wordsOf(newest(element)).includes('Here I am'));
      expect(isLate(element)).to.equal(false);
    });

    it('counts nothing that is only here so far', async () => {
      const element = await page.open();
      const goOn = page.server.hold('sendMessage', 'request');
      await say(element, 'Hello?');
      await until(() => rows(element).length === 6);
      expect(has(element, 'grow-reply-clock')).to.equal(false);
      goOn();
      await until(() => has(element, 'grow-reply-clock'));
    });

    it('says nothing of it to the provider', async () => {
      page.server.me = aMe({ id: 'dr-lee', role: 'provider', displayName: 'Maya Lee' });
      const other = aProvider({ id: 'ana', role: 'client', displayName: 'Ana Reyes' });
      page.server.addThread({
        other,
        messages: [1, 2].map((seq) => aMessage({ seq, senderId: 'a client', sentAt: ago(3) })),
      });
      expect(page.server.thread().awaitingReplySince).not.to.equal(null);
      const element = await page.ready();
      element.openThread(threadId);
      await until(() => rows(element).length === 2 && has(element, 'textarea'));
      expect(has(element, 'grow-reply-clock')).to.equal(false);
    });
  });

  describe('refreshes this device’s copy', () => {
    it('where a thread can’t be found, and finds it when the server has it', async () => {
      const element = await page.ready();
      element.openThread(uuid(9, 'c'));
      await until(() => wordsOf(element).includes('This conversation can’t be found.'));
      page.server.addThread({ id: uuid(9, 'c'), other: aProvider({ id: 'dr-late' }), messages: 4 });
      button(element, 'Refresh this device’s copy').click();
      await until(() => rows(element).length === 4);
    });

    it('with everything asked for again, and no word of a draft lost', async () => {
      const element = await page.open();
      write(box(element), 'Half a sentence');
      await nextFrame();
      const before = page.server.askedFor('listThreads').length;
      await element.refresh();
      await until(() => has(element, 'textarea') && box(element).value === 'Half a sentence');
      await until(() => page.server.askedFor('listThreads').length > before);
    });
  });
});
