import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { PortalPage } from '../support/portal-page.ts';
import { untilAsked } from '../support/until.ts';

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(() => browser.close());

/** How many messages are unread, by the mark in the side bar. */
async function unreadIn(tab: Page): Promise<number> {
  const words = await tab.locator('grow-messages-badge').evaluate((badge) => badge.shadowRoot?.textContent);
  return Number(/\d+/.exec(words ?? '')?.[0] ?? 0);
}

/** All of them say so, sooner or later. */
async function agree(tabs: readonly Page[], unread: number): Promise<void> {
  await untilAsked(
    async () => (await Promise.all(tabs.map(unreadIn))).every((count) => count === unread),
    `all ${tabs.length} tabs say ${unread}`,
  );
}

test('tabs have one live connection and agree on what is unread, also when the one that has it is closed or dies', async (t) => {
  const url = await startDemo(t);
  const ana = await PortalPage.open(browser, url, 'ana');
  const lee = await PortalPage.open(browser, url, 'dr-lee');
  const context = ana.page.context();
  t.after(() => Promise.all([context.close(), lee.page.context().close()]));
  await lee.thread('Ana Reyes').click();
  const say = async (words: string) => {
    await lee.box.fill(words);
    await lee.page.keyboard.press('Enter');
  };
  const isHeard = (tab: Page, words: string) =>
    tab.getByRole('list', { name: 'Conversations' }).getByText(words).waitFor();
  await ana.thread('Dr. Maya Lee').waitFor();
  const begun = await unreadIn(ana.page);
  await say('Heard in the first.');
  await isHeard(ana.page, 'Heard in the first.');
  await agree([ana.page], begun + 1);

  /** Who asked for the connection since, the last one last; and what was loaded anew. */
  const leaders: Page[] = [];
  const loaded: string[] = [];
  const [second, third] = [await context.newPage(), await context.newPage()];
  context.on('request', (request) => {
    if (request.url().endsWith('/v1/events')) leaders.push(request.frame().page());
    if (request.isNavigationRequest()) loaded.push(request.url());
  });
  for (const tab of [second, third]) {
    await tab.goto(`${url}/?as=ana`);
    await isHeard(tab, 'Heard in the first.');
  }
  loaded.length = 0;

  await say('Heard in all tabs.');
  for (const tab of [ana.page, second, third]) await isHeard(tab, 'Heard in all tabs.');
  await agree([ana.page, second, third], begun + 2);
  assert.equal(leaders.length, 0);

  await ana.page.close();
  await say('Heard in those that are left.');
  for (const tab of [second, third]) await isHeard(tab, 'Heard in those that are left.');
  await agree([second, third], begun + 3);
  assert.equal(leaders.length, 1);

  const [leader] = leaders as [Page];
  const left = leader === second ? third : second;
  await leader.getByRole('button', { name: 'Dr. Maya Lee' }).first().click();
  await agree([second, third], 0);
  const session = await context.newCDPSession(leader);
  const died = leader.waitForEvent('crash');
  session.send('Page.crash').catch(() => undefined);
  await died;
  await say('Heard in the one that lives.');
  await isHeard(left, 'Heard in the one that lives.');
  await agree([left], 1);
  assert.deepEqual(leaders, [leader, left]);
  assert.deepEqual(loaded, []);
  assert.deepEqual([...ana.faults, ...lee.faults], []);
});

test('what was begun in one tab is gone on with in another that was open before, and sent once', async (t) => {
  const url = await startDemo(t);
  const first = await PortalPage.open(browser, url, 'ana');
  const context = first.page.context();
  t.after(() => context.close());
  const second = await context.newPage();
  await second.goto(`${url}/?as=ana`);
  const open = (tab: Page) => tab.getByRole('button', { name: 'Dr. Maya Lee' }).click();
  const box = second.getByRole('textbox', { name: 'Compose your message' });
  await open(second);
  await box.waitFor();
  assert.equal(await box.inputValue(), '');

  await open(first.page);
  await first.box.pressSequentially('Begun in the first');
  await untilAsked(async () => {
    // A browser without windows has none to come to.
    await second.evaluate(() => dispatchEvent(new Event('focus')));
    return (await box.inputValue()) === 'Begun in the first';
  }, 'the words are there');
  await first.page.close();
  await box.press('End');
  await box.pressSequentially(', sent from the second.');
  await box.press('Enter');

  await second.getByRole('log').getByText('Begun in the first, sent from the second.').waitFor();
  await second.getByRole('log').getByText('Delivered').waitFor();
  await second.reload();
  await open(second);
  await box.waitFor();
  assert.equal(await box.inputValue(), '');
});
