import { expect, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { openDevice } from '../support/device.ts';
import { gatewayPage, networkError, refusal } from '../support/fake-server.ts';
import { aProvider, threadId } from '../support/message-builders.ts';
import { button, find, has, pressReturn, wordsOf, write } from '../support/shadow.ts';
import { until } from '../support/until.ts';
import { box, heading, newest, otherThread, rows, say, WidgetPage } from '../support/widget-page.ts';

describe('<grow-messages>, when somebody writes,', () => {
  const page = new WidgetPage();

  describe('sends', () => {
    it('with Return: sending at once, delivered with its time', async () => {
      const element = await page.open();
      const told = oneEvent(page.body, 'grow-message-sent');
      const goOn = page.server.hold('sendMessage', 'request');
      box(element).focus();
      await sendKeys({ type: 'Is the new dose right?' });
      await sendKeys({ press: 'Enter' });
      await until(() => rows(element).length === 6);
      expect(wordsOf(newest(element))).to.equal('You: Is the new dose right? Sending…');
      expect(box(element).value).to.equal('');

      goOn();
      const { detail } = (await told) as CustomEvent<{ threadId: string; messageId: string }>;
      expect(detail).to.deep.equal({ threadId, messageId: page.server.messages().at(-1)?.id });
      await until(() => has(newest(element), 'time'));
      expect(wordsOf(newest(element))).to.match(/Is the new dose right\? \d.* · Delivered$/);
    });

    it('and keeps the same element while an echo becomes a message', async () => {
      const element = await page.open();
      const goOn = page.server.hold('sendMessage', 'request');
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
      const element = await page.open();
      box(element).focus();
      await sendKeys({ type: 'One' });
      await sendKeys({ down: 'Shift' });
      await sendKeys({ press: 'Enter' });
      await sendKeys({ up: 'Shift' });
      await sendKeys({ type: 'Two' });
      expect(box(element).value).to.equal('One\nTwo');
      expect(page.server.askedFor('sendMessage')).to.deep.equal([]);
      button(element, 'Send').click();
      await until(() => page.server.messages().length === 6);
      expect(page.server.messages().at(-1)?.text).to.equal('One\nTwo');
    });

    it('and says that the other has seen it', async () => {
      const element = await page.open();
      await say(element, 'Hello');
      await until(() => page.server.messages().length === 6);
      page.server.readByOther();
      await until(() => wordsOf(newest(element)).endsWith('Seen'));
    });

    it('and tells why the server says no, and offers to try again', async () => {
      const element = await page.open();
      page.server.next('sendMessage', refusal('relationship-ended'));
      await say(element, 'Hello');
      await until(() => wordsOf(newest(element)).includes('Not sent. This relationship has ended'));
      button(newest(element), 'Try again').click();
      await until(() => wordsOf(newest(element)).includes('Delivered'));
      expect(page.server.messages().at(-1)?.text).to.equal('Hello');
    });

    it('and offers no way that leads nowhere where the relationship has ended, until it is taken up again', async () => {
      const element = await page.open();
      page.server.next('sendMessage', refusal('relationship-ended'));
      await say(element, 'Hello');
      await until(() => has(newest(element), 'button'));
      page.server.relate('ended');
      await until(() => !has(element, 'textarea'));
      await until(() => !has(newest(element), 'button'));
      page.server.relate('current');
      await until(() => has(element, 'textarea'));
      button(newest(element), 'Try again').click();
      await until(() => wordsOf(newest(element)).includes('Delivered'));
    });
    it('what stands behind one that is stuck, once that one is out of the way', async () => {
      const element = await page.open();
      page.server.next('sendMessage', refusal('too-large'));
      await say(element, 'Hello');
      await until(() => wordsOf(newest(element)).includes('Not sent.'));
      await say(element, 'And one thing more');
      await until(() => wordsOf(newest(element)).endsWith('until the one above is sent.'));
      const stuck = rows(element).at(-2)!;
      button(stuck, 'Edit').click();
      await until(() => wordsOf(newest(element)).endsWith('Delivered'));
      expect(page.server.messages().at(-1)?.text).to.equal('And one thing more');
    });

    it('and gives back the words that were refused, to change them', async () => {
      const element = await page.open();
      page.server.next('sendMessage', refusal('too-large'));
      await say(element, 'Hello');
      await until(() => wordsOf(newest(element)).includes('Not sent.'));
      button(newest(element), 'Edit').click();
      await until(() => box(element).value === 'Hello' && rows(element).length === 5);
    });

    it('what could not get through by itself, when the connection is back', async () => {
      const element = await page.open();
      page.server.setOffline(true);
      await say(element, 'Hello');
      await until(() => wordsOf(newest(element)).includes('Not sent yet'));
      expect(has(newest(element), 'button')).to.equal(true);
      page.server.setOffline(false);
      window.dispatchEvent(new Event('online'));
      await until(() => wordsOf(newest(element)).includes('Delivered'));
      expect(page.server.messages().filter(({ text }) => text === 'Hello').length).to.equal(1);
    });

    it('what was still unsent when the page was closed', async () => {
      const first = await page.open();
      page.server.setOffline(true);
      await say(first, 'Do not lose me');
      await until(() => wordsOf(newest(first)).includes('Not sent yet'));
      first.remove();
      page.server.setOffline(false);
      await page.ready();
      await until(() => page.server.messages().at(-1)?.text === 'Do not lose me');
    });

    it('from far up, and goes to the end with it', async () => {
      await page.useServer();
      page.server.addThread({ messages: 400 });
      const element = await page.open();
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
      const element = await page.open();
      write(box(element), 'Half a sen');
      element.openThread(otherThread);
      await until(() => rows(element).length === 2);
      expect(box(element).value).to.equal('');
      element.openThread(threadId);
      await until(() => rows(element).length === 5 && box(element).value === 'Half a sen');
    });

    it('also where the thread’s messages are slow to come, and does not write over it', async () => {
      const first = await page.open();
      write(box(first), 'Half a sen');
      await until(() => box(first).value === 'Half a sen');
      first.remove();
      await until(() => page.server.openStreams === 0);
      for (let times = 0; times < 30; times++) page.server.say(`Message ${times}`);
      const element = await page.ready();
      await until(() => wordsOf(find(element, '.thread')).includes('Message 29'));
      const goOn = page.server.hold('listMessages');
      element.openThread(threadId);
      await until(() => has(element, 'textarea'));
      await until(() => box(element).value === 'Half a sen');
      goOn();
    });

    it('or sends it, also where the messages of the thread could not be had', async () => {
      for (let times = 0; times < 30; times++) page.server.say(`Message ${times}`);
      const stop = page.server.always('listMessages', networkError);
      const element = await page.ready();
      element.openThread(threadId);
      await until(() => wordsOf(element).includes('This conversation could not be loaded.'));
      await say(element, 'Hello');
      await until(() => page.server.messages().at(-1)?.text === 'Hello');
      stop();
      button(element, 'Try again').click();
      await until(() => rows(element).length > 30);
    });

    it('and shows it before anything could be written over it, however slow the device is', async () => {
      const element = await page.open();
      write(box(element), 'Half a sen');
      element.openThread(otherThread);
      await until(() => rows(element).length === 2);
      const release = await occupyDrafts();
      write(box(element), 'Stored behind that');
      element.openThread(threadId);
      await until(() => rows(element).length === 5);
      expect(box(element).value).to.equal('Half a sen');
      release();
    });

    it('of one thread out of another, however fast one moves on', async () => {
      const element = await page.open(otherThread);
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
      const element = await page.open();
      write(box(element), 'Half a sen');
      const told = oneEvent(page.body, 'grow-session-expired');
      page.server.signOut();
      await told;
      await until(() => wordsOf(element).includes('Your session has ended'));
      expect(wordsOf(element)).not.to.contain('Message 5').and.not.to.contain('Maya Lee');
      expect(wordsOf(element)).to.contain('911');

      page.server.isSignedIn = true;
      button(element, 'Try again').click();
      await until(() => has(element, 'textarea') && box(element).value === 'Half a sen');
      expect(rows(element).length).to.equal(5);
    });

    it('keeps what is unsent, and sends it when the same person is back', async () => {
      const element = await page.open();
      page.server.always('sendMessage', networkError);
      await say(element, 'Do not lose me');
      await until(() => wordsOf(newest(element)).includes('Not sent yet'));
      page.server.signOut();
      await until(() => wordsOf(element).includes('Your session has ended'));
      page.server.always('sendMessage', (_, proceed) => proceed());
      page.server.isSignedIn = true;
      button(element, 'Try again').click();
      await until(() => page.server.messages().at(-1)?.text === 'Do not lose me');
    });

    it('says so from the start where the page has none', async () => {
      page.server.isSignedIn = false;
      const element = page.mount();
      await until(() => wordsOf(element).includes('Your session has ended'));
      expect(has(element, 'grow-inbox')).to.equal(false);
    });
  });

  describe('begins a conversation', () => {
    async function composing(): Promise<GrowMessages> {
      const element = await page.ready();
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
      await until(() => page.server.messages(otherThread).at(-1)?.text === 'Hello again');
    });

    it('with somebody new: the first message opens the thread', async () => {
      page.server.addContact(aProvider({ id: 'dr-new', displayName: 'Noor Haddad' }));
      const element = await composing();
      choose(element, 'dr-new');
      await until(() => has(element, 'textarea'));
      expect(page.server.askedFor('openThread')).to.deep.equal([]);
      await say(element, 'My first words');
      await until(() => rows(element).length === 1 && wordsOf(newest(element)).includes('Delivered'));
      expect(wordsOf(heading(element))).to.equal('Noor Haddad, PhD');
      expect(page.server.messages(element.threadId).map(({ text }) => text)).to.deep.equal([
        'My first words',
      ]);
    });

    it('once, also where Return is pressed twice before the thread is there', async () => {
      page.server.addContact(aProvider({ id: 'dr-new' }));
      const element = await composing();
      choose(element, 'dr-new');
      await until(() => has(element, 'textarea'));
      const goOn = page.server.hold('openThread');
      await say(element, 'My first words');
      pressReturn(box(element));
      button(element, 'Send').click();
      goOn();
      await until(() => element.threadId !== '' && has(element, 'grow-thread'));
      await until(() => rows(element).length > 0 && wordsOf(newest(element)).includes('Delivered'));
      expect(page.server.messages(element.threadId).length).to.equal(1);
    });

    it('and keeps the words where the thread can’t be opened', async () => {
      page.server.addContact(aProvider({ id: 'dr-new' }));
      const element = await composing();
      choose(element, 'dr-new');
      await until(() => has(element, 'textarea'));
      page.server.next('openThread', networkError);
      await say(element, 'My first words');
      await until(() => wordsOf(element).includes('Your words are still here'));
      expect(box(element).value).to.equal('My first words');
    });

    it('and says so where there is nobody to write to', async () => {
      await page.useServer();
      const element = page.mount();
      await until(() => wordsOf(element).includes('No messages yet'));
      button(element, 'Compose message').click();
      await until(() => wordsOf(element).includes('There is nobody to write to yet'));
    });

    it('and asks again for whom one may write to where that failed', async () => {
      page.server.next('listContacts', gatewayPage());
      const element = await page.ready();
      button(element, 'Compose message').click();
      await until(() => wordsOf(element).includes('This could not be loaded.'));
      button(element, 'Try again').click();
      await until(() => has(element, 'select'));
    });
  });
});

/** Keeps everybody from writing to this device until it is released. */
async function occupyDrafts(): Promise<() => void> {
  const database = await openDevice();
  const drafts = database.transaction('drafts', 'readwrite').objectStore('drafts');
  let isReleased = false;
  const goOn = () => {
    if (!isReleased) drafts.count().onsuccess = goOn;
  };
  goOn();
  return () => {
    isReleased = true;
    database.close();
  };
}
