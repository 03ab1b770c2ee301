import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { PortalPage } from '../support/portal-page.ts';

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(() => browser.close());

test('two tabs have one live connection, and when the one that has it is closed the other goes on', async (t) => {
  const url = await startDemo(t);
  const ana = await PortalPage.open(browser, url, 'ana');
  const lee = await PortalPage.open(browser, url, 'dr-lee');
  const context = ana.page.context();
  t.after(() => Promise.all([context.close(), lee.page.context().close()]));
  await lee.thread('Ana Reyes').click();
  await lee.box.fill('Heard in the first.');
  await lee.page.keyboard.press('Enter');
  await ana.thread('Dr. Maya Lee').getByText('Heard in the first.').waitFor();
  let streams = 0;
  context.on('request', (request) => (streams += Number(request.url().endsWith('/v1/events'))));
  const second = await context.newPage();
  await second.goto(`${url}/?as=ana`);
  const thread = second
    .getByRole('list', { name: 'Conversations' })
    .getByRole('button', { name: 'Dr. Maya Lee' });
  await thread.waitFor();

  await lee.box.fill('Heard in both tabs.');
  await lee.page.keyboard.press('Enter');
  await thread.getByText('Heard in both tabs.').waitFor();
  await ana.thread('Dr. Maya Lee').getByText('Heard in both tabs.').waitFor();
  assert.equal(streams, 0);

  await ana.page.close();
  await lee.box.fill('Heard in the one that is left.');
  await lee.page.keyboard.press('Enter');
  await thread.getByText('Heard in the one that is left.').waitFor();
  assert.equal(streams, 1);
  assert.deepEqual([...ana.faults, ...lee.faults], []);
});
