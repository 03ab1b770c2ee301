import { expect, nextFrame, oneEvent } from '@open-wc/testing';
import { openDB } from 'idb';
import { emulateMedia, sendKeys, setViewport } from '@web/test-runner-commands';
import type { Guidance } from '../../protocol/me.ts';
import '../../widget/define.ts';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import type { GrowReplyClock } from '../../widget/view/grow-reply-clock.ts';
import { FakeServer, gatewayPage, listen, networkError, refusal } from '../support/fake-server.ts';
import { hostileTexts } from '../support/hostile.ts';
import { aMe, aMessage, aProvider, threadId, uuid } from '../support/message-builders.ts';
import { button, find, findAll, has, pressReturn, wordsOf, write } from '../support/shadow.ts';
import { until } from '../support/until.ts';

const otherThread = uuid(2, 'c');

describe('<grow-messages>', () => {
  let server: FakeServer;
  let page: HTMLElement;

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
  });

  afterEach(async () => {
    server.letGo();
    page.remove();
    await until(() => server.openStreams === 0);
    await forgetDevice();
    await emulateMedia({ colorScheme: 'light' });
  });

  /** As a browser that has never been here. */
  async function forgetDevice(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase('grow-messages');
      deleting.onsuccess = () => resolve();
      deleting.onerror = () => reject(new Error('the database would not go'));
    });
  }

  function mount(settings: Partial<GrowMessages> = {}): GrowMessages {
    const element = document.createElement('grow-messages');
    Object.assign(element, { apiUrl: server.apiUrl, tokenUrl: server.tokenUrl, ...settings });
    page.append(element);
    return element;
  }

  const isReady = (element: GrowMessages) => has(element, '.thread');
  const isLive = () => server.openStreams > 0;

  async function ready(settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = mount(settings);
    await until(() => isReady(element) && isLive(), 'the inbox is there');
    return element;
  }

  async function open(id = threadId, settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = await ready(settings);
    element.openThread(id);
    const first = Math.min(20, server.thread(id).lastSeq);
    await until(() => rows(element).length >= first && has(element, 'textarea'), 'the thread is open');
    return element;
  }

  const box = (element: Element) => find<HTMLTextAreaElement>(element, 'textarea');
  const rows = (element: Element) => findAll(element, 'grow-message');
  const heading = (element: Element) => find(find(element, 'grow-thread'), 'h2');
  const newest = (element: Element) => {
    const row = rows(element).at(-1);
    if (!row) throw new Error('There is no message.');
    return row;
  };
  const say = async (element: Element, text: string) => {
    write(box(element), text);
    await Promise.resolve();
    pressReturn(box(element));
  };

  describe('shows the inbox', () => {
    it('and tells the page when it does, and what is unread', async () => {
      server.say('One');
      server.say('Two', otherThread);
      const heard: string[] = [];
      page.addEventListener('grow-ready', () => heard.push('ready'));
      page.addEventListener('grow-unread-change', ({ detail }) => heard.push(`unread ${detail.unread}`));
      const element = await ready();
      await until(() => heard.length === 2);
      expect(heard).to.deep.equal(['ready', 'unread 2']);
      expect(findAll(element, '.thread').map((row) => find(row, '.name').textContent)).to.deep.equal([
        'Ada Okafor',
        'Maya Lee',
      ]);
    });

    it('and hears what is said while it is open', async () => {
      const element = await ready();
      const told = oneEvent(page, 'grow-unread-change');
      server.say('How did the week go?', otherThread);
      expect(((await told) as CustomEvent<{ unread: number }>).detail.unread).to.equal(1);
      await until(() => wordsOf(find(element, 'grow-inbox')).includes('How did the week go?'));
      expect(wordsOf(find(element, '.thread')))
        .to.contain('Ada Okafor')
        .and.to.contain('1 unread message');
    });

    it('from this device, without asking for the list again', async () => {
      const first = await ready();
      const before = server.askedFor('listThreads').length;
      first.remove();
      await until(() => server.openStreams === 0);
      const element = await ready();
      expect(wordsOf(find(element, 'grow-inbox'))).to.contain('Maya Lee');
      expect(server.askedFor('listThreads').length).to.equal(before);
    });

    it('with what was said while the page was gone', async () => {
      (await ready()).remove();
      await until(() => server.openStreams === 0);
      server.say('While you were away', otherThread);
      const element = await ready();
      await until(() => wordsOf(find(element, 'grow-inbox')).includes('While you were away'));
    });

    it('page by page', async () => {
      for (let number = 10; number < 80; number++) {
        server.addThread({ id: uuid(number, 'c'), other: aProvider({ id: `dr-${number}` }), messages: 1 });
      }
      const element = await ready();
      expect(findAll(element, '.thread').length).to.equal(50);
      find(element, 'grow-inbox').scrollTop = 1e6;
      await until(() => findAll(element, '.thread').length === 72);
    });

    it('and says so where there is nothing in it yet', async () => {
      server = await listen(new FakeServer());
      const element = mount();
      await until(() => wordsOf(element).includes('No messages yet'));
    });
  });

  describe('speaks', () => {
    afterEach(() => document.documentElement.removeAttribute('lang'));

    const shell = (element: Element) => find(element, '.shell');

    it('Spanish where it is told to, dates and numbers too', async () => {
      server.say('Hola', otherThread);
      const element = await ready({ locale: 'es-US' });
      await until(() => wordsOf(element).includes('Redactar mensaje'));
      expect(wordsOf(find(element, 'grow-inbox'))).to.contain('1 mensaje no leído');
      expect(shell(element).lang).to.equal('es-US');
      expect(find(element, 'section').ariaLabel).to.equal('Apoyo en caso de crisis');
      await expect(element).to.be.accessible();
    });

    it('as the page does where it is not told', async () => {
      document.documentElement.lang = 'es';
      const element = await ready();
      await until(() => wordsOf(element).includes('Redactar mensaje'));
    });

    it('English, dates too, where there are no words in the language', async () => {
      const element = await ready({ locale: 'fi' });
      expect(wordsOf(element)).to.contain('Compose message');
      expect(shell(element).lang).to.equal('en');
    });

    it('the portal’s words, over those of the language', async () => {
      const element = await ready({ locale: 'es', strings: { title: 'Escríbanos' } });
      await until(() => wordsOf(element).includes('Redactar mensaje'));
      expect(wordsOf(find(element, 'h1'))).to.equal('Escríbanos');
    });

    it('another language from one moment to the next', async () => {
      const element = await ready({ locale: 'es' });
      element.locale = 'en';
      await until(() => wordsOf(element).includes('Compose message'));
      await nextFrame();
      expect(wordsOf(element)).to.contain('Compose message').and.not.to.contain('Redactar');
    });

    it('from right to left where the language does', async () => {
      const element = await ready({ locale: 'ar', strings: { title: 'الرسائل' } });
      expect(getComputedStyle(shell(element)).direction).to.equal('rtl');
      expect(wordsOf(find(element, 'h1'))).to.equal('الرسائل');
    });
  });

  describe('refreshes this device’s copy', () => {
    it('where a thread can’t be found, and finds it when the server has it', async () => {
      const element = await ready();
      element.openThread(uuid(9, 'c'));
      await until(() => wordsOf(element).includes('This conversation can’t be found.'));
      server.addThread({ id: uuid(9, 'c'), other: aProvider({ id: 'dr-late' }), messages: 4 });
      button(element, 'Refresh this device’s copy').click();
      await until(() => rows(element).length === 4);
    });

    it('with everything asked for again, and no word of a draft lost', async () => {
      const element = await open();
      write(box(element), 'Half a sentence');
      await nextFrame();
      const before = server.askedFor('listThreads').length;
      await element.refresh();
      await until(() => has(element, 'textarea') && box(element).value === 'Half a sentence');
      await until(() => server.askedFor('listThreads').length > before);
      expect(server.askedFor('listThreads').length).to.equal(before + 1);
    });
  });

  describe('asks the page for the Support Team', () => {
    const ended = async (settings: Partial<GrowMessages> = {}) => {
      server.addThread({ id: uuid(3, 'c'), other: aProvider({ id: 'dr-x' }), status: 'ended' });
      const element = await ready(settings);
      element.openThread(uuid(3, 'c'));
      await until(() => wordsOf(element).includes('This conversation has ended.'));
      return element;
    };

    it('who may take it over', async () => {
      const element = await ended({ supportUrl: 'about:blank#support' });
      page.addEventListener('grow-support-request', (event) => event.preventDefault(), { once: true });
      const asked = oneEvent(page, 'grow-support-request');
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
  });

  describe('says who can read a thread', () => {
    const names = (element: Element) => findAll(element, '.people bdi').map(wordsOf);

    it('also where it is further down than the list goes', async () => {
      for (let number = 10; number < 80; number++) {
        server.addThread({ id: uuid(number, 'c'), other: aProvider({ id: `dr-${number}` }), messages: 4 });
      }
      const last = uuid(3, 'c');
      const other = aProvider({ id: 'dr-last', displayName: 'Vera Last' });
      server.addThread({ id: last, other, messages: 1 });
      const element = await ready();
      expect(has(element, `.thread[data-id="${last}"]`)).to.equal(false);
      element.openThread(last);
      await until(() => has(element, 'textarea'));
      button(element, 'Who can read this').click();
      await until(() => has(element, '.people'));
      expect(names(element)).to.deep.equal(['Ana Reyes', 'Vera Last, PhD']);
    });

    it('also where one composes, and goes back to it', async () => {
      const element = await ready();
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

  describe('opens a thread', () => {
    it('that is chosen, and tells the page', async () => {
      const element = await ready();
      const told = oneEvent(page, 'grow-thread-open');
      find(element, `.thread[data-id="${threadId}"]`).click();
      expect(((await told) as CustomEvent<{ threadId: string }>).detail.threadId).to.equal(threadId);
      await until(() => rows(element).length === 5);
      expect(wordsOf(newest(element))).to.contain('Message 5');
      expect(element.threadId).to.equal(threadId);
    });

    it('that the page names from the start', async () => {
      const element = mount();
      element.setAttribute('thread-id', otherThread);
      await until(() => rows(element).length === 2);
      expect(wordsOf(heading(element))).to.equal('Ada Okafor, PhD');
    });

    it('and says when an answer is to be expected', async () => {
      const element = await open();
      expect(wordsOf(find(element, '.replies'))).to.equal('Replies: within 2 business days');
    });

    it('and says what is usual in this clinic where the provider has not said', async () => {
      const replies = async (guidance: Partial<Guidance>, id: string) => {
        server = await listen(new FakeServer());
        server.me = { ...server.me, guidance: { ...server.me.guidance, ...guidance } };
        const { replyPolicy: _, ...other } = aProvider();
        server.addThread({ id, other });
        const element = await open(id);
        return wordsOf(find(element, '.replies'));
      };
      expect(await replies({}, uuid(5, 'c'))).to.equal('Replies: usually within 1–3 business days');
      page.replaceChildren();
      await until(() => server.openStreams === 0);
      await forgetDevice();
      const own = await replies({ replyBusinessDays: 5 }, uuid(6, 'c'));
      expect(own).to.equal('Replies: usually within 1–5 business days');
    });

    it('and says so where it is not this person’s', async () => {
      const element = await ready();
      element.openThread(uuid(9, 'c'));
      await until(() => wordsOf(element).includes('This conversation can’t be found.'));
    });

    it('and shows what is said while it is open, and that it was seen', async () => {
      const element = await open();
      server.say('How are you?');
      await until(() => wordsOf(newest(element)).includes('How are you?'));
      await until(() => server.thread().unread === 0);
      expect(wordsOf(find(element, '.only-heard[role="status"]'))).to.equal(
        'New message from Maya Lee: How are you?',
      );
    });

    it('and is asked for what was read once, not with each key that is pressed', async () => {
      server.say('Unread');
      const stop = server.always('markRead', gatewayPage());
      const element = await open();
      await until(() => server.askedFor('markRead').length > 0);
      const before = server.askedFor('markRead').length;
      for (const text of ['H', 'He', 'Hel', 'Hell', 'Hello']) {
        write(box(element), text);
        // What a key sets off has gone out before the next one is pressed.
        for (let frames = 0; frames < 3; frames++) await nextFrame();
      }
      // The list's own news may have been a reason to try once more; five keys are none.
      expect(server.askedFor('markRead').length - before).to.be.at.most(1);
      stop();
    });

    it('where nothing can be sent any more, and says why', async () => {
      server.relate('ended');
      const element = await ready();
      element.openThread(threadId);
      await until(() => wordsOf(element).includes('This conversation has ended.'));
      expect(has(element, 'textarea')).to.equal(false);
      await until(() => rows(element).length === 5);
    });

    it('and closes its composer when the relationship ends', async () => {
      const element = await open();
      server.relate('ended');
      await until(() => !has(element, 'textarea'));
    });
  });

  describe('sends', () => {
    it('with Return: sending at once, delivered with its time', async () => {
      const element = await open();
      const told = oneEvent(page, 'grow-message-sent');
      const goOn = server.hold('sendMessage');
      box(element).focus();
      await sendKeys({ type: 'Is the new dose right?' });
      await sendKeys({ press: 'Enter' });
      await until(() => rows(element).length === 6);
      expect(wordsOf(newest(element))).to.equal('You: Is the new dose right? Sending…');
      expect(box(element).value).to.equal('');

      goOn();
      const { detail } = (await told) as CustomEvent<{ threadId: string; messageId: string }>;
      expect(detail).to.deep.equal({ threadId, messageId: server.messages().at(-1)?.id });
      await until(() => has(newest(element), 'time'));
      expect(wordsOf(newest(element))).to.match(/Is the new dose right\? \d.* · Delivered$/);
    });

    it('and keeps the same element while an echo becomes a message', async () => {
      const element = await open();
      const goOn = server.hold('sendMessage');
      await say(element, 'Hello');
      await until(() => rows(element).length === 6);
      const echo = newest(element);
      const seen = new Set<Element>();
      const watch = new MutationObserver(() => seen.add(newest(element)));
      watch.observe(find(element, '.rows'), { childList: true });
      goOn();
      await until(() => has(echo, 'time'));
      await until(() => wordsOf(find(element, '.thread')).includes('You: Hello'));
      expect(newest(element)).to.equal(echo);
      expect(rows(element).length).to.equal(6);
      watch.disconnect();
    });

    it('a new line with Shift and Return, and nothing to the server', async () => {
      const element = await open();
      box(element).focus();
      await sendKeys({ type: 'One' });
      await sendKeys({ down: 'Shift' });
      await sendKeys({ press: 'Enter' });
      await sendKeys({ up: 'Shift' });
      await sendKeys({ type: 'Two' });
      expect(box(element).value).to.equal('One\nTwo');
      expect(server.askedFor('sendMessage')).to.deep.equal([]);
      button(element, 'Send').click();
      await until(() => server.messages().length === 6);
      expect(server.messages().at(-1)?.text).to.equal('One\nTwo');
    });

    it('and says that the other has seen it', async () => {
      const element = await open();
      await say(element, 'Hello');
      await until(() => server.messages().length === 6);
      server.readByOther();
      await until(() => wordsOf(newest(element)).endsWith('Seen'));
    });

    it('and tells why the server says no, and offers to try again', async () => {
      const element = await open();
      server.next('sendMessage', refusal('relationship-ended'));
      await say(element, 'Hello');
      await until(() => wordsOf(newest(element)).includes('Not sent. This relationship has ended'));
      button(newest(element), 'Try again').click();
      await until(() => wordsOf(newest(element)).includes('Delivered'));
      expect(server.messages().at(-1)?.text).to.equal('Hello');
    });

    it('and gives back the words that were refused, to change them', async () => {
      const element = await open();
      server.next('sendMessage', refusal('too-large'));
      await say(element, 'Hello');
      await until(() => wordsOf(newest(element)).includes('Not sent.'));
      button(newest(element), 'Edit').click();
      await until(() => box(element).value === 'Hello' && rows(element).length === 5);
    });

    it('what could not get through by itself, when the connection is back', async () => {
      const element = await open();
      server.setOffline(true);
      await say(element, 'Hello');
      await until(() => wordsOf(newest(element)).includes('Not sent yet'));
      expect(has(newest(element), 'button')).to.equal(true);
      server.setOffline(false);
      window.dispatchEvent(new Event('online'));
      await until(() => wordsOf(newest(element)).includes('Delivered'));
      expect(server.messages().filter(({ text }) => text === 'Hello').length).to.equal(1);
    });

    it('what was still unsent when the page was closed', async () => {
      const first = await open();
      server.setOffline(true);
      await say(first, 'Do not lose me');
      await until(() => wordsOf(newest(first)).includes('Not sent yet'));
      first.remove();
      server.setOffline(false);
      await ready();
      await until(() => server.messages().at(-1)?.text === 'Do not lose me');
    });

    it('from far up, and goes to the end with it', async () => {
      server = await listen(new FakeServer());
      server.addThread({ messages: 400 });
      const element = await open();
      const scroller = find(element, '.scroller');
      scroller.scrollTop = 0;
      await until(() => rows(element).length > 20);
      await until(() => has(element, '.newest'));
      await say(element, 'From far up');
      await until(() => wordsOf(newest(element)).includes('From far up'));
      await until(() => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < 24);
    });
  });

  describe('keeps a draft', () => {
    it('for when the thread is opened again', async () => {
      const element = await open();
      write(box(element), 'Half a sen');
      element.openThread(otherThread);
      await until(() => rows(element).length === 2);
      expect(box(element).value).to.equal('');
      element.openThread(threadId);
      await until(() => rows(element).length === 5 && box(element).value === 'Half a sen');
    });

    it('also where the thread’s messages are slow to come, and does not write over it', async () => {
      const first = await open();
      write(box(first), 'Half a sen');
      await until(() => box(first).value === 'Half a sen');
      first.remove();
      await until(() => server.openStreams === 0);
      for (let times = 0; times < 30; times++) server.say(`Message ${times}`);
      const element = await ready();
      await until(() => wordsOf(find(element, '.thread')).includes('Message 29'));
      const goOn = server.hold('listMessages');
      element.openThread(threadId);
      await until(() => has(element, 'textarea'));
      await until(() => box(element).value === 'Half a sen');
      goOn();
    });

    it('of one thread out of another, however fast one moves on', async () => {
      const element = await open(otherThread);
      write(box(element), 'For Ada alone');
      element.openThread(threadId);
      await until(() => rows(element).length === 5);
      await say(element, 'For Maya');
      element.openThread(otherThread);
      await until(() => rows(element).length === 2 && box(element).value === 'For Ada alone');
      element.openThread(threadId);
      await until(() => rows(element).length === 6);
      expect(box(element).value).to.equal('');
    });
  });

  describe('without a session', () => {
    it('says so, tells the page, and goes on with the draft once there is one again', async () => {
      const element = await open();
      write(box(element), 'Half a sen');
      const told = oneEvent(page, 'grow-session-expired');
      server.signOut();
      await told;
      await until(() => wordsOf(element).includes('Your session has ended'));
      expect(wordsOf(element)).not.to.contain('Message 5').and.not.to.contain('Maya Lee');
      expect(wordsOf(element)).to.contain('911');

      server.isSignedIn = true;
      button(element, 'Try again').click();
      await until(() => has(element, 'textarea') && box(element).value === 'Half a sen');
      expect(rows(element).length).to.equal(5);
    });

    it('keeps what is unsent, and sends it when the same person is back', async () => {
      const element = await open();
      server.always('sendMessage', networkError);
      await say(element, 'Do not lose me');
      await until(() => wordsOf(newest(element)).includes('Not sent yet'));
      server.signOut();
      await until(() => wordsOf(element).includes('Your session has ended'));
      server.always('sendMessage', (_, proceed) => proceed());
      server.isSignedIn = true;
      button(element, 'Try again').click();
      await until(() => server.messages().at(-1)?.text === 'Do not lose me');
    });

    it('says so from the start where the page has none', async () => {
      server.isSignedIn = false;
      const element = mount();
      await until(() => wordsOf(element).includes('Your session has ended'));
      expect(has(element, 'grow-inbox')).to.equal(false);
    });
  });

  describe('while an answer is awaited', () => {
    const lately = () => new Date().toISOString();
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

    /** A thread long enough to scroll, whose last message is Ana's. */
    function addWaiting(sentAt: string): void {
      const messages = Array.from({ length: 40 }, (_, at) => aMessage({ seq: at + 1, sentAt: ago(9) }));
      messages.push(aMessage({ seq: 41, senderId: 'ana', sentAt }));
      server.addThread({ messages });
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
      const element = await open();
      await until(() => has(element, 'grow-reply-clock') && has(clock(element), 'p'));
      expect(isLate(element)).to.equal(false);
      await passTime(element);
      const told = oneEvent(page, 'grow-support-request');
      button(find(element, 'grow-thread'), 'Contact the Support Team').click();
      const { detail } = (await told) as CustomEvent<unknown>;
      expect(detail).to.deep.equal({ reason: 'no-reply', threadId });
    });

    it('says so of a message that has waited for days', async () => {
      addWaiting(ago(3));
      const element = await open();
      await until(() => isLate(element));
    });

    it('leaves the reader at the end, or where else they are', async () => {
      addWaiting(lately());
      const element = await open();
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
      const element = await open();
      await until(() => isLate(element));
      server.say('Here I am');
      await until(() => wordsOf(newest(element)).includes('Here I am'));
      expect(isLate(element)).to.equal(false);
    });

    it('counts nothing that is only here so far', async () => {
      const element = await open();
      const goOn = server.hold('sendMessage');
      await say(element, 'Hello?');
      await until(() => rows(element).length === 6);
      expect(has(element, 'grow-reply-clock')).to.equal(false);
      goOn();
      await until(() => has(element, 'grow-reply-clock'));
    });

    it('says nothing of it to the provider', async () => {
      server.me = aMe({ id: 'dr-lee', role: 'provider', displayName: 'Maya Lee' });
      const other = aProvider({ id: 'ana', role: 'client', displayName: 'Ana Reyes' });
      server.addThread({
        other,
        messages: [1, 2].map((seq) => aMessage({ seq, senderId: 'a client', sentAt: ago(3) })),
      });
      expect(server.thread().awaitingReplySince).not.to.equal(null);
      const element = await ready();
      element.openThread(threadId);
      await until(() => rows(element).length === 2 && has(element, 'textarea'));
      expect(has(element, 'grow-reply-clock')).to.equal(false);
    });
  });

  it('starts by itself once it can be reached', async () => {
    server.setOffline(true);
    const element = mount();
    await until(() => wordsOf(element).includes('Your messages can’t be reached right now'));
    server.setOffline(false);
    button(element, 'Try again').click();
    await until(() => isReady(element));
  });

  it('says that there is no connection, and goes on reading', async () => {
    const element = await open();
    server.setOffline(true);
    await until(() => wordsOf(find(element, '.notices')).startsWith('No connection.'));
    expect(rows(element).length).to.equal(5);
    server.setOffline(false);
    window.dispatchEvent(new Event('online'));
    await until(() => wordsOf(find(element, '.notices')) === '');
  });

  describe('begins a conversation', () => {
    async function composing(): Promise<GrowMessages> {
      const element = await ready();
      button(element, 'Compose message').click();
      await until(() => has(element, 'select'));
      return element;
    }

    const choose = (element: Element, personId: string) => {
      const select = find<HTMLSelectElement>(element, 'select');
      select.value = personId;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    };

    it('with whom one may write to, and goes on in the thread there is', async () => {
      const element = await composing();
      expect(wordsOf(find(element, 'label'))).to.equal('Provider');
      choose(element, 'dr-okafor');
      await until(() => rows(element).length === 2 && has(element, 'textarea'));
      await say(element, 'Hello again');
      await until(() => element.threadId === otherThread);
      await until(() => server.messages(otherThread).at(-1)?.text === 'Hello again');
    });

    it('with somebody new: the first message opens the thread', async () => {
      server.addContact(aProvider({ id: 'dr-new', displayName: 'Noor Haddad' }));
      const element = await composing();
      choose(element, 'dr-new');
      await until(() => has(element, 'textarea'));
      expect(server.askedFor('openThread')).to.deep.equal([]);
      await say(element, 'My first words');
      await until(() => rows(element).length === 1 && wordsOf(newest(element)).includes('Delivered'));
      expect(wordsOf(heading(element))).to.equal('Noor Haddad, PhD');
      expect(server.messages(element.threadId).map(({ text }) => text)).to.deep.equal(['My first words']);
    });

    it('once, also where Return is pressed twice before the thread is there', async () => {
      server.addContact(aProvider({ id: 'dr-new' }));
      const element = await composing();
      choose(element, 'dr-new');
      await until(() => has(element, 'textarea'));
      const goOn = server.hold('openThread');
      await say(element, 'My first words');
      pressReturn(box(element));
      button(element, 'Send').click();
      goOn();
      await until(() => element.threadId !== '' && has(element, 'grow-thread'));
      await until(() => rows(element).length > 0 && wordsOf(newest(element)).includes('Delivered'));
      expect(server.messages(element.threadId).length).to.equal(1);
    });

    it('and keeps the words where the thread can’t be opened', async () => {
      server.addContact(aProvider({ id: 'dr-new' }));
      const element = await composing();
      choose(element, 'dr-new');
      await until(() => has(element, 'textarea'));
      server.next('openThread', networkError);
      await say(element, 'My first words');
      await until(() => wordsOf(element).includes('Your words are still here'));
      expect(box(element).value).to.equal('My first words');
    });

    it('and says so where there is nobody to write to', async () => {
      server = await listen(new FakeServer());
      const element = mount();
      await until(() => wordsOf(element).includes('No messages yet'));
      button(element, 'Compose message').click();
      await until(() => wordsOf(element).includes('There is nobody to write to yet'));
    });

    it('and asks again for whom one may write to where that failed', async () => {
      server.next('listContacts', gatewayPage());
      const element = await ready();
      button(element, 'Compose message').click();
      await until(() => wordsOf(element).includes('This could not be loaded.'));
      button(element, 'Try again').click();
      await until(() => has(element, 'select'));
    });
  });

  describe('where there is room for one thing at a time', () => {
    const isSeen = (element: Element) => element.checkVisibility();

    it('shows the list, then the thread, and goes back to where one was', async () => {
      await setViewport({ width: 320, height: 640 });
      const element = await ready();
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

    it('and has no way back where the list stands beside the thread', async () => {
      const element = await open();
      expect(isSeen(button(element, 'Back to conversations'))).to.equal(false);
      expect(isSeen(find(element, 'grow-inbox'))).to.equal(true);
    });
  });

  describe('shows the crisis lines', () => {
    const states: readonly (readonly [string, string, () => void])[] = [
      ['while it starts', 'Loading…', () => server.next('readMe', () => new Promise(() => undefined))],
      ['where nobody can be reached', 'Your messages can’t be reached', () => server.setOffline(true)],
      [
        'where the server will not have us',
        'Messages can’t be shown',
        () => server.always('readMe', refusal('forbidden')),
      ],
      ['where the session is over', 'Your session has ended', () => server.signOut()],
      ['where all is well', 'Maya Lee', () => undefined],
    ];
    for (const [when, words, arrange] of states) {
      it(when, async () => {
        arrange();
        const element = mount();
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

  describe('is accessible', () => {
    const states: readonly (readonly [string, () => Promise<GrowMessages>])[] = [
      ['with an inbox', () => ready()],
      ['with a thread', () => open()],
      [
        'with messages that are not sent',
        async () => {
          const element = await open();
          server.next('sendMessage', refusal('too-large'));
          await say(element, 'Refused');
          await until(() => wordsOf(newest(element)).includes('Not sent.'));
          return element;
        },
      ],
      [
        'while composing',
        async () => {
          server.addContact(aProvider({ id: 'dr-new' }));
          const element = await ready();
          element.compose('dr-new');
          await until(() => has(element, 'select') && has(element, 'textarea'));
          return element;
        },
      ],
      [
        'without a session',
        async () => {
          server.isSignedIn = false;
          const element = mount();
          await until(() => wordsOf(element).includes('Your session has ended'));
          return element;
        },
      ],
      [
        'without a connection',
        async () => {
          const element = await open();
          server.setOffline(true);
          await until(() => wordsOf(find(element, '.notices')).startsWith('No connection.'));
          return element;
        },
      ],
    ];
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [what, arrive] of states) {
        it(`${what}, in ${colorScheme}`, async () => {
          await emulateMedia({ colorScheme });
          const element = await arrive();
          await expect(element).to.be.accessible();
        });
      }
    }
  });

  it('makes nothing of hostile words but words, wherever they stand', async () => {
    const hostile = hostileTexts.filter((text) => !text.includes('\n'));
    server = await listen(new FakeServer());
    const messages = hostile.map((text, at) =>
      aMessage({ seq: at + 1, text, senderId: at % 2 ? 'ana' : 'dr-lee' }),
    );
    server.addThread({ messages });
    hostile.slice(0, 20).forEach((text, at) => {
      const other = aProvider({ id: `dr-${at}`, displayName: text, credentials: text, replyPolicy: text });
      server.addThread({ id: uuid(10 + at, 'c'), other, messages: 1 });
    });
    const element = await ready();
    for (let at = 0; at < 20; at++) {
      element.openThread(uuid(10 + at, 'c'));
      await until(() => has(element, '.replies') && heading(element).textContent.includes(hostile[at] ?? ''));
      expect(find(element, '.replies').textContent).to.contain(hostile[at]);
    }
    element.openThread(threadId);
    await until(() => rows(element).length >= 20, 'the newest are there');
    element.compose();
    await until(() => has(element, '[role="combobox"]'));
    find(element, '[role="combobox"]').click();
    await until(() => findAll(element, '[role="option"]').length > 20);
    element.openThread(threadId);
    await until(() => rows(element).length >= 20);
    // A reader is no faster: what has just been drawn is measured with the next frame.
    for (let frames = 0; frames < 2; frames++) await nextFrame();
    find(element, '.scroller').scrollTop = 0;
    await until(() => rows(element).length === hostile.length);

    const all = findAll(element, '*');
    const strangers = all.filter((found) =>
      found.matches('script, img, svg, iframe, object, embed, base, meta, math'),
    );
    expect(strangers).to.deep.equal([]);
    const handlers = all.filter((found) => found.getAttributeNames().some((name) => name.startsWith('on')));
    expect(handlers).to.deep.equal([]);
    expect(findAll(element, 'slot[name="disclaimer"]').length).to.equal(1);
    expect(globalThis).not.to.have.property('wasRun');
  });

  it('leaves no word on the disk that can be read', async () => {
    const element = await open();
    server.say('planted in a message');
    await until(() => wordsOf(newest(element)).includes('planted in a message'));
    server.always('sendMessage', networkError);
    await say(element, 'planted in the outbox');
    await until(() => wordsOf(newest(element)).includes('Not sent yet'));
    write(box(element), 'planted in a draft');
    element.openThread(otherThread);
    await until(() => rows(element).length === 2);
    element.openThread(threadId);
    await until(() => box(element).value === 'planted in a draft');

    const words = ['planted', 'Maya', 'Okafor', 'Ana', threadId, 'dr-lee', 'token-1', '2026-'];
    const readable = await readableOnDisk();
    expect(readable.length).to.be.greaterThan(1_000);
    for (const word of words) expect(readable, word).not.to.contain(word);
    const stored = [localStorage, sessionStorage].flatMap((storage) =>
      Object.entries(storage as Record<string, string>).flat(),
    );
    expect(`${stored.join()} ${document.cookie} ${location.href} ${document.title}`).not.to.match(
      new RegExp(words.slice(0, 7).join('|')),
    );
  });

  /** Every key and value of the database, bytes as the characters that they may be. */
  async function readableOnDisk(): Promise<string> {
    const db = await openDB('grow-messages');
    const found: string[] = [];
    for (const store of db.objectStoreNames) {
      for (const key of await db.getAllKeys(store)) found.push(JSON.stringify(key));
      for (const value of (await db.getAll(store)) as unknown[]) {
        found.push(value instanceof Uint8Array ? new TextDecoder().decode(value) : JSON.stringify(value));
      }
    }
    db.close();
    return found.join('\n');
  }

  it('asks nobody but the servers it was given', async () => {
    performance.clearResourceTimings();
    const element = await open();
    await say(element, 'See https://elsewhere.test/picture.png');
    await until(() => has(newest(element), 'a'));
    element.compose();
    await until(() => has(element, 'select'));
    const strangers = performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).origin)
      .filter(
        (origin) => ![location.origin, server.apiUrl, new URL(server.tokenUrl).origin].includes(origin),
      );
    expect(strangers).to.deep.equal([]);
  });

  it('speaks the portal’s words and language', async () => {
    const element = await ready({ locale: 'de-DE', strings: { title: 'Nachrichten', send: 'Senden' } });
    expect(wordsOf(find(element, 'h1'))).to.equal('Nachrichten');
    element.openThread(threadId);
    await until(() => has(element, 'textarea'));
    expect(button(element, 'Senden')).to.be.instanceOf(HTMLButtonElement);
    expect(wordsOf(find(element, 'h3'))).to.match(/März/);
    element.strings = { title: 'Post' };
    await until(() => wordsOf(find(element, 'h1')) === 'Post');
  });

  it('shares its connection with the badge, which shows what is unread and falls', async () => {
    server.say('One');
    const badge = document.createElement('grow-messages-badge');
    page.append(badge);
    const element = await ready();
    await until(() => wordsOf(badge) === 'UNREAD 1 unread message');
    server.say('Two', otherThread);
    await until(() => wordsOf(badge) === 'UNREAD 2 unread messages');
    expect(server.openStreams).to.equal(1);
    element.openThread(threadId);
    await until(() => wordsOf(badge) === 'UNREAD 1 unread message');
    element.openThread(otherThread);
    await until(() => wordsOf(badge) === '');
  });

  it('keeps its connection while it is moved on the page', async () => {
    const element = await ready();
    const before = server.askedFor('followEvents').length;
    const elsewhere = document.createElement('section');
    page.append(elsewhere);
    elsewhere.append(element);
    server.say('Still there?', otherThread);
    await until(() => wordsOf(element).includes('Still there?'));
    expect(server.askedFor('followEvents').length).to.equal(before);
  });

  it('goes on with another token where the page sets one', async () => {
    const element = await open(threadId, { tokenUrl: undefined, token: server.token });
    server.expireToken();
    element.token = server.token;
    await until(() => server.openStreams === 1 && isReady(element));
    server.say('Still there?');
    await until(() => wordsOf(element).includes('Still there?'));
    expect(server.askedFor('token')).to.deep.equal([]);
  });

  it('leaves no stream, timer or listener behind, however often it comes and goes', async () => {
    const count = countingListeners();
    for (let times = 0; times < 50; times++) {
      const element = mount();
      const badge = document.createElement('grow-messages-badge');
      page.append(badge);
      // Some are gone before they are drawn, some while they start, some once all is there.
      if (times % 3 === 1) await element.updateComplete;
      if (times % 3 === 2) await until(() => isReady(element) && isLive());
      element.remove();
      badge.remove();
      badge.apiUrl = element.apiUrl = 'https://elsewhere.test';
    }
    await until(() => server.openStreams === 0);
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
        if (of[1]) open.set(of[1], of[0]);
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
