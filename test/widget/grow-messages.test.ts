import { expect, nextFrame, oneEvent } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import type { Guidance } from '../../protocol/me.ts';
import { gatewayPage } from '../support/fake-server.ts';
import { aProvider, threadId, uuid } from '../support/message-builders.ts';
import { button, find, findAll, has, wordsOf, write } from '../support/shadow.ts';
import { until } from '../support/until.ts';
import { box, heading, isReady, newest, otherThread, rows, say, WidgetPage } from '../support/widget-page.ts';

describe('<grow-messages>', () => {
  const page = new WidgetPage();

  describe('shows the inbox', () => {
    it('and tells the page when it does, and what is unread', async () => {
      page.server.say('One');
      page.server.say('Two', otherThread);
      const heard: string[] = [];
      page.body.addEventListener('grow-ready', () => heard.push('ready'));
      page.body.addEventListener('grow-unread-change', ({ detail }) => heard.push(`unread ${detail.unread}`));
      const element = await page.ready();
      await until(() => heard.length === 2);
      expect(heard).to.deep.equal(['ready', 'unread 2']);
      expect(findAll(element, '.thread').map((row) => find(row, '.name').textContent)).to.deep.equal([
        'Ada Okafor',
        'Maya Lee',
      ]);
    });

    it('and hears what is said while it is open', async () => {
      const element = await page.ready();
      const told = oneEvent(page.body, 'grow-unread-change');
      page.server.say('How did the week go?', otherThread);
      expect(((await told) as CustomEvent<{ unread: number }>).detail.unread).to.equal(1);
      await until(() => wordsOf(find(element, 'grow-inbox')).includes('How did the week go?'));
      expect(wordsOf(find(element, '.thread')))
        .to.contain('Ada Okafor')
        .and.to.contain('1 unread message');
    });

    it('from this device, without asking for the list again', async () => {
      const first = await page.ready();
      const before = page.server.askedFor('listThreads').length;
      first.remove();
      await until(() => page.server.openStreams === 0);
      const element = await page.ready();
      expect(wordsOf(find(element, 'grow-inbox'))).to.contain('Maya Lee');
      expect(page.server.askedFor('listThreads').length).to.equal(before);
    });

    it('with what was said while the page was gone', async () => {
      (await page.ready()).remove();
      await until(() => page.server.openStreams === 0);
      page.server.say('While you were away', otherThread);
      const element = await page.ready();
      await until(() => wordsOf(find(element, 'grow-inbox')).includes('While you were away'));
    });

    it('page by page', async () => {
      for (let number = 10; number < 80; number++) {
        page.server.addThread({
          id: uuid(number, 'c'),
          other: aProvider({ id: `dr-${number}` }),
          messages: 1,
        });
      }
      const element = await page.ready();
      expect(findAll(element, '.thread').length).to.equal(50);
      find(element, 'grow-inbox').scrollTop = 1e6;
      await until(() => findAll(element, '.thread').length === 72);
    });

    it('and says so where there is nothing in it yet', async () => {
      await page.useServer();
      const element = page.mount();
      await until(() => wordsOf(element).includes('No messages yet'));
    });
  });

  describe('opens a thread', () => {
    it('that is chosen, and tells the page', async () => {
      const element = await page.ready();
      const told = oneEvent(page.body, 'grow-thread-open');
      find(element, `.thread[data-id="${threadId}"]`).click();
      expect(((await told) as CustomEvent<{ threadId: string }>).detail.threadId).to.equal(threadId);
      await until(() => rows(element).length === 5);
      expect(wordsOf(newest(element))).to.contain('Message 5');
      expect(element.threadId).to.equal(threadId);
    });

    it('that the page names from the start', async () => {
      const element = page.mount();
      element.setAttribute('thread-id', otherThread);
      await until(() => rows(element).length === 2);
      expect(wordsOf(heading(element))).to.equal('Ada Okafor, PhD');
    });

    it('and says when an answer is to be expected', async () => {
      const element = await page.open();
      expect(wordsOf(find(element, '.replies'))).to.equal('Replies: within 2 business days');
    });

    it('and says what is usual in this clinic where the provider has not said', async () => {
      const replies = async (guidance: Partial<Guidance>, id: string) => {
        await page.useServer();
        page.server.me = { ...page.server.me, guidance: { ...page.server.me.guidance, ...guidance } };
        const { replyPolicy: _, ...other } = aProvider();
        page.server.addThread({ id, other });
        const element = await page.open(id);
        return wordsOf(find(element, '.replies'));
      };
      expect(await replies({}, uuid(5, 'c'))).to.equal('Replies: usually within 1–3 business days');
      page.body.replaceChildren();
      await until(() => page.server.openStreams === 0);
      await page.forgetDevice();
      const own = await replies({ replyBusinessDays: 5 }, uuid(6, 'c'));
      expect(own).to.equal('Replies: usually within 1–5 business days');
    });

    it('and says so where it is not this person’s', async () => {
      const element = await page.ready();
      element.openThread(uuid(9, 'c'));
      await until(() => wordsOf(element).includes('This conversation can’t be found.'));
    });

    it('and shows what is said while it is open, and that it was seen', async () => {
      const element = await page.open();
      page.server.say('How are you?');
      await until(() => wordsOf(newest(element)).includes('How are you?'));
      await until(() => page.server.thread().unread === 0);
      expect(wordsOf(find(element, '.only-heard[role="status"]'))).to.equal(
        'New message from Maya Lee: How are you?',
      );
    });

    it('and is asked for what was read once, not with each key that is pressed', async () => {
      page.server.say('Unread');
      const stop = page.server.always('markRead', gatewayPage());
      const element = await page.open();
      await until(() => page.server.askedFor('markRead').length > 0);
      const before = page.server.askedFor('markRead').length;
      for (const text of ['H', 'He', 'Hel', 'Hell', 'Hello']) {
        write(box(element), text);
        // What a key sets off has gone out before the next one is pressed.
        for (let frames = 0; frames < 3; frames++) await nextFrame();
      }
      // The list's own news may have been a reason to try once more; five keys are none.
      expect(page.server.askedFor('markRead').length - before).to.be.at.most(1);
      stop();
    });

    it('where nothing can be sent any more, and says why', async () => {
      page.server.relate('ended');
      const element = await page.ready();
      element.openThread(threadId);
      await until(() => wordsOf(element).includes('This conversation has ended.'));
      expect(has(element, 'textarea')).to.equal(false);
      await until(() => rows(element).length === 5);
    });

    it('and closes its composer when the relationship ends', async () => {
      const element = await page.open();
      page.server.relate('ended');
      await until(() => !has(element, 'textarea'));
    });
  });

  describe('where there is room for one thing at a time', () => {
    const isSeen = (element: Element) => element.checkVisibility();

    it('shows the list, then the thread, and goes back to where one was', async () => {
      await setViewport({ width: 320, height: 640 });
      const element = await page.ready();
      expect(isSeen(find(element, 'grow-inbox'))).to.equal(true);
      const row = find(element, `.thread[data-id="${otherThread}"]`);
      row.click();
      await until(() => has(element, 'textarea'));
      expect(isSeen(find(element, 'grow-inbox'))).to.equal(false);
      expect(isSeen(find(element, 'textarea'))).to.equal(true);
      expect(document.documentElement.scrollWidth).to.be.at.most(320);

      button(element, 'Back to conversations').click();
      await until(() => isSeen(find(element, 'grow-inbox')));
      const focused = () => find<HTMLElement>(element, 'grow-inbox').shadowRoot?.activeElement;
      await until(() => focused() === find(element, `.thread[data-id="${otherThread}"]`));
      expect(element.threadId).to.equal('');
    });

    it('has one heading of the first level, whatever is shown', async () => {
      const titles = (element: Element) => findAll(element, 'h1').filter(isSeen).map(wordsOf);
      for (const width of [320, 1_000]) {
        await setViewport({ width, height: 640 });
        const element = await page.ready();
        expect(titles(element), `the list at ${width}`).to.deep.equal(['Messages']);
        element.openThread(otherThread);
        await until(() => has(element, 'textarea'));
        expect(titles(element), `a thread at ${width}`).to.deep.equal(['Messages']);
        element.compose();
        await until(() => has(element, 'select'));
        expect(titles(element), `composing at ${width}`).to.deep.equal(['Messages']);
        element.openThread(otherThread);
        await until(() => has(element, 'textarea'));
        for (const [opener, panel] of [
          ['Who can read this', 'grow-readers'],
          ['Provider or Support?', 'grow-guide'],
        ] as const) {
          button(element, opener).click();
          await until(() => findAll(element, panel).some((shown) => has(shown, 'h2')));
          expect(titles(element), `${opener} at ${width}`).to.deep.equal(['Messages']);
          element.discreet = true;
          await until(() => titles(element).join() === 'Inbox');
          element.discreet = false;
          await until(() => titles(element).join() === 'Messages');
          await sendKeys({ press: 'Escape' });
          await until(() => !has(element, panel));
        }
        element.discreet = true;
        await until(() => titles(element).join() === 'Inbox');
        element.remove();
      }
    });

    it('and has no way back where the list stands beside the thread', async () => {
      const element = await page.open();
      expect(isSeen(button(element, 'Back to conversations'))).to.equal(false);
      expect(isSeen(find(element, 'grow-inbox'))).to.equal(true);
    });
  });

  it('starts by itself once it can be reached', async () => {
    page.server.setOffline(true);
    const element = page.mount();
    await until(() => wordsOf(element).includes('Your messages can’t be reached right now'));
    page.server.setOffline(false);
    button(element, 'Try again').click();
    await until(() => isReady(element));
  });

  it('says that there is no connection, and goes on reading', async () => {
    const element = await page.open();
    page.server.setOffline(true);
    await until(() => wordsOf(find(element, '.notices')).startsWith('No connection.'));
    expect(rows(element).length).to.equal(5);
    page.server.setOffline(false);
    window.dispatchEvent(new Event('online'));
    await until(() => wordsOf(find(element, '.notices')) === '');
  });

  it('asks nobody but the servers it was given', async () => {
    performance.clearResourceTimings();
    const element = await page.open();
    await say(element, 'See https://elsewhere.test/picture.png');
    await until(() => has(newest(element), 'a'));
    element.compose();
    await until(() => has(element, 'select'));
    const strangers = performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).origin)
      .filter(
        (origin) =>
          ![location.origin, page.server.apiUrl, new URL(page.server.tokenUrl).origin].includes(origin),
      );
    expect(strangers).to.deep.equal([]);
  });

  it('shares its connection with the badge, which shows what is unread and falls', async () => {
    page.server.say('One');
    const badge = document.createElement('grow-messages-badge');
    page.body.append(badge);
    const element = await page.ready();
    await until(() => wordsOf(badge) === 'UNREAD 1 unread message');
    page.server.say('Two', otherThread);
    await until(() => wordsOf(badge) === 'UNREAD 2 unread messages');
    expect(page.server.openStreams).to.equal(1);
    element.openThread(threadId);
    await until(() => wordsOf(badge) === 'UNREAD 1 unread message');
    element.openThread(otherThread);
    await until(() => wordsOf(badge) === '');
  });

  it('keeps its connection while it is moved on the page', async () => {
    const element = await page.ready();
    const before = page.server.askedFor('followEvents').length;
    const elsewhere = document.createElement('section');
    page.body.append(elsewhere);
    elsewhere.append(element);
    page.server.say('Still there?', otherThread);
    await until(() => wordsOf(element).includes('Still there?'));
    expect(page.server.askedFor('followEvents').length).to.equal(before);
  });

  it('goes on with another token where the page sets one', async () => {
    const element = await page.open(threadId, { tokenUrl: undefined, token: page.server.token });
    page.server.expireToken();
    element.token = page.server.token;
    await until(() => page.server.openStreams === 1 && isReady(element));
    page.server.say('Still there?');
    await until(() => wordsOf(element).includes('Still there?'));
    expect(page.server.askedFor('token')).to.deep.equal([]);
  });

  it('leaves no stream, timer or listener behind, however often it comes and goes', async () => {
    const count = countingListeners();
    for (let times = 0; times < 50; times++) {
      const element = page.mount();
      const badge = document.createElement('grow-messages-badge');
      page.body.append(badge);
      // Some are gone before they are drawn, some while they start, some once all is there.
      if (times % 3 === 1) await element.updateComplete;
      if (times % 3 === 2) await until(() => isReady(element) && page.isLive);
      element.remove();
      badge.remove();
      badge.apiUrl = element.apiUrl = 'https://elsewhere.test';
    }
    await until(() => page.server.openStreams === 0);
    await until(() => count.open() === 0, `no listener is left: ${count.names()}`);
    count.restore();
  });

  /** Listeners on window and document, and intervals, that were begun and not ended. */
  function countingListeners() {
    const open = new Map<unknown, string>();
    const restore: (() => void)[] = [];
    for (const target of [window, document] as EventTarget[]) {
      const { addEventListener, removeEventListener } = target;
      target.addEventListener = (...of: Parameters<EventTarget['addEventListener']>) => {
        const [type, listener, options] = of;
        if (listener) open.set(listener, type);
        const signal = typeof options === 'object' ? options.signal : undefined;
        signal?.addEventListener('abort', () => open.delete(listener));
        return addEventListener.apply(target, of);
      };
      target.removeEventListener = (...of: Parameters<EventTarget['removeEventListener']>) => {
        open.delete(of[1]);
        return removeEventListener.apply(target, of);
      };
      restore.push(() => Object.assign(target, { addEventListener, removeEventListener }));
    }
    const { setInterval, clearInterval } = globalThis;
    globalThis.setInterval = ((...of: Parameters<typeof setInterval>) => {
      const timer = setInterval(...of);
      open.set(timer, 'interval');
      return timer;
    }) as typeof setInterval;
    globalThis.clearInterval = (timer) => {
      open.delete(timer);
      clearInterval(timer);
    };
    restore.push(() => Object.assign(globalThis, { setInterval, clearInterval }));
    return {
      open: () => open.size,
      names: () => [...open.values()].join(),
      restore: () => restore.forEach((undo) => undo()),
    };
  }
});
