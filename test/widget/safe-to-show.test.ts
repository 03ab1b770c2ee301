import { expect, nextFrame } from '@open-wc/testing';
import { openDB } from 'idb';
import { emulateMedia } from '@web/test-runner-commands';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { networkError, refusal } from '../support/fake-server.ts';
import { hostileTexts } from '../support/hostile.ts';
import { aMessage, aProvider, threadId, uuid } from '../support/message-builders.ts';
import { find, findAll, has, wordsOf, write } from '../support/shadow.ts';
import { until } from '../support/until.ts';
import { box, heading, newest, otherThread, rows, say, WidgetPage } from '../support/widget-page.ts';

describe('<grow-messages>, for whoever meets it,', () => {
  const page = new WidgetPage();

  describe('is accessible', () => {
    const states: readonly (readonly [string, () => Promise<GrowMessages>])[] = [
      ['with an inbox', () => page.ready()],
      ['with a thread', () => page.open()],
      [
        'with messages that are not sent',
        async () => {
          const element = await page.open();
          page.server.next('sendMessage', refusal('too-large'));
          await say(element, 'Refused');
          await until(() => wordsOf(newest(element)).includes('Not sent.'));
          return element;
        },
      ],
      [
        'while composing',
        async () => {
          page.server.addContact(aProvider({ id: 'dr-new' }));
          const element = await page.ready();
          element.compose('dr-new');
          await until(() => has(element, 'select') && has(element, 'textarea'));
          return element;
        },
      ],
      [
        'without a session',
        async () => {
          page.server.isSignedIn = false;
          const element = page.mount();
          await until(() => wordsOf(element).includes('Your session has ended'));
          return element;
        },
      ],
      [
        'without a connection',
        async () => {
          const element = await page.open();
          page.server.setOffline(true);
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
    await page.useServer();
    const messages = hostile.map((text, at) =>
      aMessage({ seq: at + 1, text, senderId: at % 2 ? 'ana' : 'dr-lee' }),
    );
    page.server.addThread({ messages });
    hostile.slice(0, 20).forEach((text, at) => {
      const other = aProvider({ id: `dr-${at}`, displayName: text, credentials: text, replyPolicy: text });
      page.server.addThread({ id: uuid(10 + at, 'c'), other, messages: 1 });
    });
    const element = await page.ready();
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
      found.matches('script, img, svg:not(form > button > svg), iframe, object, embed, base, meta, math'),
    );
    expect(strangers).to.deep.equal([]);
    const handlers = all.filter((found) => found.getAttributeNames().some((name) => name.startsWith('on')));
    expect(handlers).to.deep.equal([]);
    expect(findAll(element, 'slot[name="disclaimer"]').length).to.equal(1);
    expect(globalThis).not.to.have.property('wasRun');
  });

  it('leaves no word on the disk that can be read', async () => {
    const element = await page.open();
    page.server.say('planted in a message');
    await until(() => wordsOf(newest(element)).includes('planted in a message'));
    page.server.always('sendMessage', networkError);
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
});
