import { expect, nextFrame } from '@open-wc/testing';
import { emulateMedia, sendKeys, setViewport } from '@web/test-runner-commands';
import '../../widget/define.ts';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { FakeServer, listen, networkError } from '../support/fake-server.ts';
import { HeldTimers } from '../support/held-timers.ts';
import { aProvider, threadId, uuid } from '../support/message-builders.ts';
import { PageClock } from '../support/page-clock.ts';
import {
  allIn,
  button,
  find,
  findAll,
  focused,
  has,
  pressReturn,
  wordsOf,
  write,
} from '../support/shadow.ts';
import { until } from '../support/until.ts';

const otherThread = uuid(2, 'c');
const minute = 60_000;

/** What nobody is to find where everything is hidden. */
const secrets = ['Maya', 'Lee', 'Okafor', 'PhD', 'Message', 'Ana', 'planted', 'dr-'];

describe('<grow-messages> that is discreet', () => {
  let server: FakeServer;
  let page: HTMLElement;
  let clock: PageClock;
  let timers: HeldTimers | undefined;

  beforeEach(async () => {
    await setViewport({ width: 1_000, height: 800 });
    server = await listen(new FakeServer());
    server.addThread({ messages: 5 });
    server.addThread({
      id: otherThread,
      other: aProvider({ id: 'dr-okafor', displayName: 'Ada Okafor' }),
      messages: 2,
    });
    page = document.createElement('div');
    document.body.append(page);
    clock = new PageClock();
  });

  afterEach(async () => {
    clock.restore();
    timers?.restore();
    timers = undefined;
    server.letGo();
    page.remove();
    await until(() => server.openStreams === 0);
    await new Promise((resolve) => (indexedDB.deleteDatabase('grow-messages').onsuccess = resolve));
    await emulateMedia({ colorScheme: 'light', media: 'screen' });
  });

  function mount(settings: Partial<GrowMessages> = {}): GrowMessages {
    const element = document.createElement('grow-messages');
    Object.assign(element, {
      apiUrl: server.apiUrl,
      tokenUrl: server.tokenUrl,
      discreet: true,
      ...settings,
    });
    page.append(element);
    return element;
  }

  const isReady = (element: GrowMessages) => has(element, '.thread') && has(element, 'grow-quick-hide');

  async function ready(settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = mount(settings);
    await until(() => isReady(element) && server.openStreams > 0, 'the inbox is there');
    return element;
  }

  async function open(settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = await ready(settings);
    element.openThread(threadId);
    await until(() => rows(element).length === 5 && has(element, 'textarea'), 'the thread is open');
    await until(() => isInThread(element));
    box(element).focus();
    return element;
  }

  async function compose(personId: string): Promise<GrowMessages> {
    server.addContact(aProvider({ id: 'dr-new', displayName: 'Noor Haddad', credentials: 'LMFT' }));
    const element = await ready();
    button(element, 'Compose message').click();
    await until(() => has(element, 'select'));
    const select = find<HTMLSelectElement>(element, 'select');
    select.value = personId;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await until(() => has(element, 'textarea'));
    return element;
  }

  const box = (element: Element) => find<HTMLTextAreaElement>(element, 'textarea');
  const rows = (element: Element) => findAll(element, 'grow-message');
  const isInThread = (element: Element) => find(element, 'grow-thread').matches(':focus-within');
  const isHidden = (element: Element) => wordsOf(element).includes('Out of sight');

  async function hide(element: GrowMessages): Promise<void> {
    await pressEscapeTwice();
    await until(() => isHidden(element));
  }

  async function pressEscapeTwice(): Promise<void> {
    await sendKeys({ press: 'Escape' });
    await sendKeys({ press: 'Escape' });
  }

  async function show(element: GrowMessages): Promise<void> {
    button(element, 'Show messages').click();
    await until(() => isReady(element), 'the inbox is there again');
  }

  function expectNothingIn(element: Element): void {
    const left = allIn(element);
    for (const secret of secrets) expect(left, secret).not.to.contain(secret);
  }

  describe('says little', () => {
    it('in its list: a neutral title, names without letters, no last lines, and what is unread', async () => {
      server.say('planted words', otherThread);
      const element = await ready();
      expect(wordsOf(find(element, 'h1'))).to.equal('Inbox');
      expect(findAll(element, '.name').map((name) => wordsOf(name))).to.deep.equal([
        'Ada Okafor',
        'Maya Lee',
      ]);
      await until(() => has(element, '.mark'));
      const list = allIn(find(element, 'grow-inbox'));
      expect(list).not.to.contain('planted').and.not.to.contain('Message 5').and.not.to.contain('PhD');
    });

    it('over a thread, and while one chooses whom to write to', async () => {
      const element = await compose('dr-okafor');
      await until(() => rows(element).length === 2);
      expect(allIn(find(element, 'grow-compose')))
        .not.to.contain('PhD')
        .and.not.to.contain('LMFT');
      element.openThread(threadId);
      await until(() => rows(element).length === 5);
      expect(wordsOf(find(find(element, 'grow-thread'), 'h2'))).to.equal('Maya Lee');
    });

    it('while one looks for somebody among many', async () => {
      for (let number = 0; number < 20; number++) server.addContact(aProvider({ id: `dr-${number}` }));
      const element = await ready();
      button(element, 'Compose message').click();
      await until(() => has(element, 'grow-person-picker') && has(element, '[role="combobox"]'));
      find(element, '[role="combobox"]').focus();
      await sendKeys({ type: 'May' });
      await until(() => has(element, '[role="option"]'));
      expect(wordsOf(find(element, '[role="option"]')))
        .to.contain('Maya Lee')
        .and.not.to.contain('PhD');
    });

    it('aloud: that there is something new, not what', async () => {
      for (const arrive of [() => open(), () => compose('dr-lee')]) {
        const element = await arrive();
        await until(() => rows(element).length > 1);
        server.say('planted words');
        const voice = find(find(element, 'grow-thread'), '.only-heard[role="status"]');
        await until(() => wordsOf(voice) !== '');
        expect(wordsOf(voice)).to.equal('New messages');
        element.remove();
        await until(() => server.openStreams === 0);
      }
    });

    it('on paper: nothing', async () => {
      const element = await open();
      await emulateMedia({ media: 'print' });
      expect(find(element, 'main').checkVisibility()).to.equal(false);
    });
  });

  describe('hides', () => {
    it('everything within the frame in which Escape was pressed for the second time', async () => {
      const element = await open();
      write(box(element), 'planted in a draft');
      const before = [document.title, location.href, history.length];
      await sendKeys({ press: 'Escape' });
      expect(isHidden(element)).to.equal(false);

      const atNextFrame = new Promise<string>((resolve) =>
        addEventListener('keydown', () => requestAnimationFrame(() => resolve(allIn(element))), {
          once: true,
        }),
      );
      await sendKeys({ press: 'Escape' });
      const left = await atNextFrame;
      expect(left).to.contain('Out of sight');
      for (const secret of secrets) expect(left, secret).not.to.contain(secret);
      expect([document.title, location.href, history.length]).to.deep.equal(before);
    });

    const places: readonly (readonly [string, () => Promise<GrowMessages>])[] = [
      ['the list', () => ready()],
      ['a thread', () => open()],
      ['first words to somebody', () => compose('dr-new')],
      [
        'what is not sent',
        async () => {
          const element = await open();
          server.always('sendMessage', networkError);
          write(box(element), 'planted in the outbox');
          await nextFrame();
          pressReturn(box(element));
          await until(() => wordsOf(element).includes('Not sent yet'));
          return element;
        },
      ],
    ];
    for (const [what, arrive] of places) {
      it(`${what}, and leaves nothing of it in the page`, async () => {
        const element = await arrive();
        button(element, 'Hide now').click();
        await element.updateComplete;
        await until(() => isHidden(element));
        expectNothingIn(element);
      });
    }

    it('and asks nobody for anything until it is shown again', async () => {
      const element = await open();
      await hide(element);
      await until(() => server.openStreams === 0);
      const asked = server.asked.length;
      server.say('planted words');
      window.dispatchEvent(new Event('focus'));
      document.dispatchEvent(new Event('visibilitychange'));
      await nextFrame();
      expect(server.asked.length).to.equal(asked);
      expectNothingIn(element);
    });

    it('in every element that shares its client, and the unread mark with them', async () => {
      server.say('One', otherThread);
      const first = await open();
      const plain = mount({ discreet: false });
      await until(() => has(plain, '.thread'));
      const badge = document.createElement('grow-messages-badge');
      page.append(badge);
      await until(() => wordsOf(badge).includes('UNREAD'));
      await hide(first);
      await until(() => isHidden(plain));
      expectNothingIn(page);
      expect(wordsOf(badge)).to.equal('');

      button(plain, 'Show messages').click();
      await until(() => isReady(first) && wordsOf(badge).includes('UNREAD'));
    });

    it('what one was about to see again', async () => {
      const element = await open();
      await hide(element);
      const goOn = server.hold('readMe');
      button(element, 'Show messages').click();
      await until(() => !isHidden(element));
      await hide(element);
      goOn();
      await nextFrame();
      await nextFrame();
      expect(isHidden(element)).to.equal(true);
      expectNothingIn(element);
      await show(element);
    });

    it('and stays hidden, whatever the page does to it', async () => {
      const element = await open();
      await hide(element);
      element.getToken = () => Promise.resolve(server.token);
      await element.updateComplete;
      await element.refresh();
      const shelf = document.createElement('div');
      page.append(shelf);
      shelf.append(element);
      await nextFrame();
      element.remove();
      await nextFrame();
      page.append(element);
      element.openThread(otherThread);
      await nextFrame();
      await nextFrame();
      expect(isHidden(element)).to.equal(true);
      expectNothingIn(element);
      await show(element);
      await until(() => rows(element).length === 2);
    });

    it('and shows the crisis lines as ever, but no longer that they were offered', async () => {
      const element = await open();
      write(box(element), 'I want to die');
      await until(() => wordsOf(element).includes('You don’t have to wait for an answer here.'));
      await hide(element);
      await until(() => !wordsOf(element).includes('You don’t have to wait'));
      const dials = findAll<HTMLAnchorElement>(find(element, 'grow-crisis'), 'a[href^="tel:"]');
      expect(dials.map(({ href }) => href)).to.deep.equal(['tel:911', 'tel:988', 'tel:+18002738255']);
      for (const dial of dials) expect(dial.checkVisibility()).to.equal(true);
    });

    it('and leaves crisis lines open that somebody opened', async () => {
      const element = await open();
      button(element, 'More crisis support').click();
      await hide(element);
      expect(button(element, 'More crisis support').ariaExpanded).to.equal('true');
    });

    for (const [width, height] of [
      [320, 640],
      [320, 256],
    ] as const) {
      it(`by a button in reach at ${width} × ${height}, over nothing that one would press`, async () => {
        await setViewport({ width, height });
        const element = await open();
        const shell = find(element, '.shell');
        for (const top of [0, shell.scrollHeight / 2, shell.scrollHeight]) {
          shell.scrollTop = top;
          const reached = button(element, 'Hide now').getBoundingClientRect();
          expect(touches(button(element, 'Hide now'))).to.equal(true);
          const crisis = find(element, 'grow-crisis').getBoundingClientRect();
          expect(reached.bottom).to.be.at.most(crisis.top);
          for (const dial of findAll(element, 'a[href^="tel:"]')) expect(touches(dial)).to.equal(true);
        }
        expect(document.documentElement.scrollWidth).to.be.at.most(width);
        shell.scrollTop = shell.scrollHeight;
        expect(touches(box(element))).to.equal(true);
        expect(touches(button(element, 'Send'))).to.equal(true);
      });
    }

    /** Whether a finger in its middle would meet it. */
    function touches(element: Element): boolean {
      const { left, top, width, height } = element.getBoundingClientRect();
      let found = document.elementFromPoint(left + width / 2, top + height / 2);
      while (found?.shadowRoot) {
        const inner = found.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
        if (!inner || inner === found) break;
        found = inner;
      }
      return found !== null && (found === element || element.contains(found));
    }
  });

  describe('shows it again', () => {
    it('as it was: thread, draft, and the focus where one wrote', async () => {
      const element = await open();
      await sendKeys({ type: 'Half a sen' });
      await hide(element);
      expect(focused() === button(element, 'Show messages')).to.equal(true);
      await sendKeys({ press: 'Enter' });
      await until(() => rows(element).length === 5 && box(element).value === 'Half a sen');
      // To the box itself where there is a keyboard at hand, else to whose thread it is.
      await until(() => isInThread(element));
    });

    for (const cache of ['device', 'memory'] as const) {
      it(`with the focus in the list where it was there, from ${cache}`, async () => {
        const element = await ready({ cache });
        find(element, '.thread').focus();
        await hide(element);
        await sendKeys({ press: 'Enter' });
        await until(() => focused() === findAll(element, '.thread')[0]);
      });
    }

    it('with the focus in the list also where a thread stands open beside it', async () => {
      const element = await open();
      find(element, '.thread').focus();
      await hide(element);
      await sendKeys({ press: 'Enter' });
      await until(() => Boolean(focused()?.matches('.thread')) && rows(element).length === 5);
    });

    it('with first words for whom they were meant', async () => {
      const element = await compose('dr-new');
      await sendKeys({ press: 'Tab' });
      write(box(element), 'My first words');
      // The first Escape closes this; the button does not.
      button(element, 'Hide now').click();
      await until(() => isHidden(element));
      await show(element);
      await until(() => has(element, 'textarea') && box(element).value === 'My first words');
      expect(find<HTMLSelectElement>(element, 'select').value).to.equal('dr-new');
    });

    it('from memory as well', async () => {
      const element = await open({ cache: 'memory' });
      await sendKeys({ type: 'Half a sen' });
      await hide(element);
      await show(element);
      await until(() => rows(element).length === 5 && box(element).value === 'Half a sen');
    });

    it('with what was said meanwhile', async () => {
      const element = await open();
      await hide(element);
      await until(() => server.openStreams === 0);
      server.say('While you were away');
      await show(element);
      await until(() => wordsOf(element).includes('While you were away'));
    });

    it('to nobody whose session has ended', async () => {
      const element = await open();
      await hide(element);
      server.signOut();
      button(element, 'Show messages').click();
      await until(() => wordsOf(element).includes('Your session has ended'));
      expectNothingIn(element);
    });

    it('to somebody else from the beginning, with nothing of the one before', async () => {
      const element = await compose('dr-new');
      write(box(element), 'planted for Noor');
      button(element, 'Hide now').click();
      await until(() => isHidden(element));
      server.me = { ...server.me, person: { ...server.me.person, id: 'ben', displayName: 'Ben Ito' } };
      server.renewKeys();
      await show(element);
      expect(has(element, 'grow-compose')).to.equal(false);
      expect(allIn(element)).not.to.contain('planted').and.not.to.contain('dr-new');
      button(element, 'Compose message').click();
      await until(() => has(element, 'select'));
      expect(find<HTMLSelectElement>(element, 'select').value).to.equal('');
    });
  });

  describe('hides by itself', () => {
    const leave = (minutes: number) => clock.sleep(minutes * minute);

    it('after ten minutes in which nobody was there', async () => {
      timers = new HeldTimers();
      const element = await open();
      clock.pass(9 * minute);
      timers.pass();
      await until(() => wordsOf(element).includes('This hides itself within a minute.'));
      clock.pass(minute);
      timers.pass();
      await until(() => isHidden(element));
      expectNothingIn(element);
    });

    it('after as long as the portal says, discreet or not', async () => {
      timers = new HeldTimers();
      const element = mount({ discreet: false });
      element.setAttribute('idle-minutes', '3');
      await until(() => isReady(element));
      expect(wordsOf(find(element, 'h1'))).to.equal('Messages');
      expect(wordsOf(element)).not.to.contain('Hide now');
      clock.pass(3 * minute);
      timers.pass();
      await until(() => isHidden(element));
    });

    it('never where neither is asked for', async () => {
      const element = mount({ discreet: false });
      await until(() => has(element, '.thread'));
      expect(has(element, 'grow-quick-hide')).to.equal(false);
      element.setAttribute('idle-minutes', '3');
      await until(() => has(element, 'grow-quick-hide') && has(element, '.thread'));
      element.removeAttribute('idle-minutes');
      await until(() => !has(element, 'grow-quick-hide'));
    });

    for (const [what, wake] of [
      ['a tab that is looked at again', () => document.dispatchEvent(new Event('visibilitychange'))],
      ['a tab that was frozen', () => document.dispatchEvent(new Event('resume'))],
      ['a window that is looked at again', () => dispatchEvent(new Event('focus'))],
      [
        'a page from the back/forward cache',
        () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
      ],
      ['a pointer that is moved', () => dispatchEvent(new PointerEvent('pointermove', { screenX: 3 }))],
    ] as const) {
      it(`before ${what} is drawn, where the computer slept for long`, async () => {
        const element = await open();
        leave(11);
        wake();
        // All that is left of this task: a browser draws only after it.
        await Promise.resolve();
        await Promise.resolve();
        await Promise.resolve();
        expect(isHidden(element)).to.equal(true);
        expectNothingIn(element);
      });
    }

    it('where it was ready only long after anybody was there', async () => {
      server.setOffline(true);
      const element = mount();
      await until(() => wordsOf(element).includes('Your messages can’t be reached right now'));
      leave(11);
      document.dispatchEvent(new Event('visibilitychange'));
      await until(() => isHidden(element));
      server.setOffline(false);
      await show(element);
    });

    it('before it goes into the back/forward cache', async () => {
      const element = await open();
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
      expectNothingIn(element);
    });
  });

  describe('is accessible', () => {
    const states: readonly (readonly [string, () => Promise<GrowMessages>])[] = [
      ['with its list', () => ready()],
      ['with a thread', () => open()],
      [
        'while everything is hidden',
        async () => {
          const element = await open();
          await hide(element);
          return element;
        },
      ],
      [
        'while it says that it soon hides',
        async () => {
          timers = new HeldTimers();
          const element = await open();
          clock.pass(9 * minute);
          timers.pass();
          await until(() => wordsOf(element).includes('This hides itself within a minute.'));
          return element;
        },
      ],
    ];
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [what, arrive] of states) {
        it(`${what}, in ${colorScheme}`, async () => {
          await emulateMedia({ colorScheme });
          await expect(await arrive()).to.be.accessible();
        });
      }
    }
  });
});
