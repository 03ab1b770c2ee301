import { expect } from '@open-wc/testing';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { networkError } from '../support/fake-server.ts';
import { threadId } from '../support/message-builders.ts';
import { button, has, wordsOf, write } from '../support/shadow.ts';
import { until } from '../support/until.ts';
import { box, isReady, say, WidgetPage } from '../support/widget-page.ts';

const line = 'What is not sent yet is lost when this page is closed.';

const { randomUUID: ownRandomUUID } = Crypto.prototype;

/** The server in this page goes on having it. */
function randomUUIDOfOthers(this: Crypto) {
  if (new Error().stack?.includes('newId')) throw new TypeError('not a function');
  return ownRandomUUID.call(this);
}

describe('<grow-messages> that can’t keep what is written', () => {
  const page = new WidgetPage();
  const { open } = IDBFactory.prototype;
  const { put } = IDBObjectStore.prototype;
  const { subtle, randomUUID } = Object.getOwnPropertyDescriptors(Crypto.prototype);
  const isSecure = Object.getOwnPropertyDescriptor(globalThis, 'isSecureContext')!;

  afterEach(() => {
    IDBFactory.prototype.open = open;
    IDBObjectStore.prototype.put = put;
    Object.defineProperties(Crypto.prototype, { subtle, randomUUID });
    Object.defineProperty(globalThis, 'isSecureContext', isSecure);
  });

  const isSaid = (element: Element) => wordsOf(element).includes(line);

  /** Whether the browser would ask before it closes the page. */
  function isHeld(): boolean {
    return !dispatchEvent(new Event('beforeunload', { cancelable: true }));
  }

  const refuse = () =>
    (IDBFactory.prototype.open = () => {
      throw new DOMException('denied', 'SecurityError');
    });

  const ways: readonly (readonly [string, (() => Promise<GrowMessages>) | (() => GrowMessages)])[] = [
    [
      'without IndexedDB',
      () => {
        refuse();
        return page.mount();
      },
    ],
    [
      'without WebCrypto, as on a page without TLS',
      () => {
        Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined, configurable: true });
        Crypto.prototype.randomUUID = randomUUIDOfOthers;
        Object.defineProperty(globalThis, 'isSecureContext', { value: false, configurable: true });
        return page.mount();
      },
    ],
    [
      'with a disk that fills up while one writes',
      async () => {
        const element = await page.open();
        IDBObjectStore.prototype.put = () => {
          throw new DOMException('full', 'QuotaExceededError');
        };
        return element;
      },
    ],
    [
      'with a database that was deleted meanwhile',
      async () => {
        const element = await page.open();
        await page.forgetDevice();
        return element;
      },
    ],
    ['that the portal wants to keep nothing', () => page.mount({ cache: 'memory' })],
  ];
  for (const [how, arrange] of ways) {
    it(`says so with the first letter, and asks before the page is closed, ${how}`, async () => {
      const element = await arrange();
      await until(() => isReady(element) && page.isLive);
      element.openThread(threadId);
      await until(() => has(element, 'textarea'));
      expect([isSaid(element), isHeld()]).to.deep.equal([false, false]);

      write(box(element), 'H');
      await until(() => isSaid(element));
      expect(isHeld()).to.equal(true);
      await say(element, 'Hello');
      await until(() => page.server.messages().at(-1)?.text === 'Hello');
      await until(() => !isSaid(element));
      expect(isHeld()).to.equal(false);
    });
  }

  it('says nothing where everything is kept', async () => {
    const element = await page.open();
    page.server.always('sendMessage', networkError);
    await say(element, 'Hello');
    await until(() => wordsOf(element).includes('Not sent yet'));
    expect([isSaid(element), isHeld()]).to.deep.equal([false, false]);
  });

  it('says nothing behind a cover, but asks all the same', async () => {
    const element = await page.open(threadId, { cache: 'memory', discreet: true });
    write(box(element), 'Half a sen');
    await until(() => isSaid(element));
    button(element, 'Hide now').click();
    await until(() => wordsOf(element).includes('Out of sight') && !isSaid(element));
    expect(isHeld()).to.equal(true);
  });

  it('asks no more once it was taken off the page, or the person has signed out', async () => {
    const element = await page.open(threadId, { cache: 'memory' });
    write(box(element), 'Half a sen');
    await until(() => isHeld());
    element.remove();
    expect(isHeld()).to.equal(false);

    page.body.append(element);
    await until(() => isReady(element) && has(element, 'textarea') && page.isLive);
    write(box(element), 'Half a sen');
    await until(() => isHeld());
    const signingOut = element.signOut();
    await until(() => has(element, 'dialog[open]'));
    button(element, 'Erase it and sign out').click();
    await signingOut;
    await until(() => !isHeld());
  });
});
