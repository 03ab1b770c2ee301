// The older help article, step by step. Where the newer one says otherwise, it is tested in its place.
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

test('to get started sending messages', async (t) => {
  const url = await startDemo(t);
  const [eli, okafor] = await Promise.all([
    PortalPage.open(browser, url, 'eli'),
    PortalPage.open(browser, url, 'dr-okafor'),
  ]);
  t.after(() => Promise.all([eli.page.context().close(), okafor.page.context().close()]));
  await okafor.page.getByRole('link', { name: 'Home' }).click();

  // "Navigate to Messages from the left sidebar menu. If a provider has sent you a welcome message, you will see it here."
  await eli.page.getByRole('link', { name: /^Messages/ }).click();
  await eli.thread('Dr. Chidi Okafor').getByText('Welcome, Eli.').waitFor();

  // "Otherwise, select 'Compose message' … Select your provider from the drop-down menu."
  await eli.page.getByRole('button', { name: 'Compose message' }).click();
  const provider = eli.page.getByRole('combobox', { name: 'Provider' });
  await provider.selectOption({ label: 'Dr. Chidi Okafor, LMFT' });
  await eli.log.getByText('Welcome, Eli.').waitFor();

  // "Compose your message. Holding Shift + Return creates a new line. Hit return on your keyboard"
  await eli.box.pressSequentially('Thank you.');
  await eli.page.keyboard.press('Shift+Enter');
  await eli.box.pressSequentially('See you then.');
  await eli.page.keyboard.press('Enter');

  // "When the message is delivered successfully, it will appear in white with an accompanying timestamp."
  const sent = eli.log.locator('grow-message').last();
  await sent.getByText(/\d{1,2}:\d\d\s[AP]M · Delivered/).waitFor();
  const bubble = sent.locator('.bubble');
  assert.equal(
    await bubble.evaluate((shown) => getComputedStyle(shown).backgroundColor),
    'rgb(255, 255, 255)',
  );
  assert.equal((await eli.texts()).at(-1), 'Thank you.\nSee you then.');

  // "You and your provider(s) are notified about new messages via … the Grow Therapy portal"
  await okafor.mark.waitFor();

  // "or click the Send button"
  await eli.box.fill('One more question.');
  await eli.page.getByRole('button', { name: 'Send' }).click();
  await eli.log.locator('grow-message').last().getByText('Delivered').waitFor();

  // "they will respond based on their communication policy"
  await eli.page.getByText('Replies: within 1 business day').waitFor();

  await okafor.page.getByRole('link', { name: /^Messages/ }).click();
  await okafor.thread('Eli Brooks').click();
  await okafor.box.fill('Of course, ask.');
  await okafor.page.getByRole('button', { name: 'Send' }).click();
  await eli.log.getByText('Of course, ask.').waitFor();
  assert.deepEqual([...eli.faults, ...okafor.faults], []);
});
