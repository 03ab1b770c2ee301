import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { PortalPage } from '../support/portal-page.ts';

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(() => browser.close());

/** Ben and Dr. Lee have written each other `count` messages more, numbered from 1; Ben has read those up to `read`. */
async function writeMany(url: string, count: number, read = count): Promise<void> {
  const asBen = await signedIn(url, 'ben');
  const asLee = await signedIn(url, 'dr-lee');
  const { threads } = (await (await asBen('/v1/threads')).json()) as { threads: Thread[] };
  const thread = threads.find(({ with: other }) => other.id === 'dr-lee');
  for (let number = 1; number <= count; number++) {
    const body = JSON.stringify({
      text: `Message ${number}. ${'A line of some length. '.repeat(number % 9)}`,
    });
    const send = number % 2 === 0 ? asBen : asLee;
    const sent = await send(`/v1/threads/${thread?.id}/messages/${randomUUID()}`, { method: 'PUT', body });
    assert.equal(sent.status, 201);
    if (number !== read) continue;
    const { seq } = (await sent.json()) as Message;
    const marked = await asBen(`/v1/threads/${thread?.id}/read`, {
      method: 'PUT',
      body: JSON.stringify({ seq }),
    });
    assert.equal(marked.status, 200);
  }
}

async function signedIn(url: string, personId: string) {
  const headers = { 'Content-Type': 'application/json' };
  const session = await fetch(`${url}/demo/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ personId }),
  });
  const { token } = (await session.json()) as { token: string };
  return (path: string, init: RequestInit = {}) =>
    fetch(url + path, { ...init, headers: { ...headers, Authorization: `Bearer ${token}` } });
}

/** The numbers of the messages in the DOM, top to bottom. */
async function numbers(portal: PortalPage): Promise<number[]> {
  const texts = await portal.texts();
  return texts
    .map((text) => /^Message (\d+)\./.exec(text)?.[1])
    .filter((text) => text !== undefined)
    .map(Number);
}

/** Scrolls near the upper end, and says how far the row under the reader's eyes moved while older ones came. */
function shiftWhileOlderCome(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const thread = document.querySelector('grow-messages')?.shadowRoot?.querySelector('grow-thread');
    const root = thread?.shadowRoot?.querySelector('grow-timeline')?.shadowRoot;
    const scroller = root?.querySelector('.scroller');
    if (!root || !scroller) throw new Error('no timeline');
    const rows = () => [...root.querySelectorAll('grow-message')];
    const first = rows()[0];
    const came = new Promise<void>((resolve) => {
      const changes = new MutationObserver(() => {
        if (rows()[0] === first) return;
        changes.disconnect();
        resolve();
      });
      changes.observe(scroller, { childList: true, subtree: true });
    });
    scroller.scrollTop = 400;
    const top = scroller.getBoundingClientRect().top;
    const seen = rows().find((row) => row.getBoundingClientRect().bottom > top);
    const was = seen?.getBoundingClientRect().top ?? NaN;
    await came;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return Math.abs((seen?.getBoundingClientRect().top ?? NaN) - was);
  });
}

/** Elements on the page, those in shadow roots too. */
function countNodes(page: Page): Promise<number> {
  return page.evaluate(() => {
    const count = (root: ParentNode): number =>
      [...root.querySelectorAll('*')].reduce(
        (sum, node) => sum + 1 + (node.shadowRoot ? count(node.shadowRoot) : 0),
        0,
      );
    return count(document);
  });
}

test('scrolling up through a long thread shows every message once, keeps the place, and stays light', async (t) => {
  const url = await startDemo(t);
  await writeMany(url, 400);
  const ben = await PortalPage.open(browser, url, 'ben');
  t.after(() => ben.page.context().close());
  await ben.thread('Dr. Maya Lee').click();
  await ben.log.getByText('Message 400.').waitFor();
  assert.ok((await numbers(ben)).length <= 50, 'opens on no more than 50 messages');

  const seen = new Set(await numbers(ben));
  while (!seen.has(1)) {
    const shift = await shiftWhileOlderCome(ben.page);
    assert.ok(shift <= 1, `the row under the reader's eyes moved by ${shift} px`);
    const shown = await numbers(ben);
    const [first = 0] = shown;
    assert.deepEqual(
      shown,
      shown.map((_, at) => first + at),
      'no hole, no double, in order',
    );
    for (const number of shown) seen.add(number);
    const nodes = await countNodes(ben.page);
    assert.ok(nodes <= 1_500, `${nodes} nodes`);
  }

  assert.equal(seen.size, 400);
  await ben.page.getByRole('button', { name: 'Jump to newest' }).click();
  await ben.log.getByText('Message 400.').waitFor();
  assert.deepEqual(ben.faults, []);
});

test('a thread opens where one stopped reading, and is read when one has come to its end', async (t) => {
  const url = await startDemo(t);
  await writeMany(url, 300, 100);
  const ben = await PortalPage.open(browser, url, 'ben');
  t.after(() => ben.page.context().close());
  await ben.thread('Dr. Maya Lee').click();
  const mark = ben.log.getByText('New messages', { exact: true });
  await mark.waitFor();
  await ben.log.getByText('Message 101.').waitFor();
  assert.ok(await isInView(ben, mark), 'the mark is on screen');
  const [first = 0] = await numbers(ben);
  assert.ok(first > 1 && first <= 100, `begins a little above, with message ${first}`);
  await ben.thread('Dr. Maya Lee').getByText('100 unread messages').waitFor();

  await ben.page.getByRole('button', { name: 'Jump to newest' }).click();
  await ben.log.getByText('Message 300.').waitFor();
  await ben.thread('Dr. Maya Lee').getByText('unread').waitFor({ state: 'detached' });
});

async function isInView(portal: PortalPage, element: Locator): Promise<boolean> {
  const [outer, inner] = [await portal.log.boundingBox(), await element.boundingBox()];
  return Boolean(outer && inner && inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height);
}
