import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { PortalPage } from '../support/portal-page.ts';

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(() => browser.close());

/** Ana and Dr. Lee, each in a browser of their own, over one running demo. */
async function openBoth(t: TestContext) {
  const url = await startDemo(t);
  const [ana, lee] = await Promise.all([
    PortalPage.open(browser, url, 'ana'),
    PortalPage.open(browser, url, 'dr-lee'),
  ]);
  t.after(() => Promise.all([ana.page.context().close(), lee.page.context().close()]));
  return { ana, lee };
}

test('what Ana writes is at Dr. Lee’s within a second, and the answer comes back', async (t) => {
  const { ana, lee } = await openBoth(t);
  await lee.thread('Ana Reyes').waitFor();

  await ana.page.getByRole('button', { name: 'Compose message' }).click();
  await ana.page
    .getByRole('combobox', { name: 'Provider' })
    .selectOption({ label: 'Dr. Maya Lee, PhD, Licensed Psychologist' });
  await ana.box.fill('Could we move Thursday to 11:00?');
  await ana.page.keyboard.press('Enter');
  await ana.log.getByText('Could we move Thursday to 11:00?').waitFor();
  await lee.thread('Ana Reyes').getByText('Could we move Thursday to 11:00?').waitFor({ timeout: 1_000 });
  await ana.log.getByText('Delivered').last().waitFor();
  assert.equal(await ana.box.inputValue(), '');

  await lee.thread('Ana Reyes').click();
  await lee.log.getByText('Could we move Thursday to 11:00?').waitFor();
  await ana.log.getByText('Seen').last().waitFor();
  await lee.box.fill('Yes, 11:00 is free. See you then.');
  await lee.page.getByRole('button', { name: 'Send' }).click();
  await ana.log.getByText('Yes, 11:00 is free. See you then.').waitFor({ timeout: 1_000 });

  assert.deepEqual((await ana.texts()).slice(-2), [
    'Could we move Thursday to 11:00?',
    'Yes, 11:00 is free. See you then.',
  ]);
  assert.deepEqual([...ana.faults, ...lee.faults], []);
});

test('the unread mark falls when the thread is read and rises when an answer comes', async (t) => {
  const { ana, lee } = await openBoth(t);

  await ana.mark.waitFor();
  await ana.thread('Dr. Maya Lee').click();
  await ana.mark.waitFor({ state: 'hidden' });

  await ana.page.getByRole('link', { name: 'Home' }).click();
  await lee.thread('Ana Reyes').click();
  await lee.box.fill('One more thing for Thursday.');
  await lee.page.keyboard.press('Enter');
  await ana.mark.waitFor({ timeout: 1_000 });

  await ana.page.getByRole('link', { name: 'Messages' }).click();
  await ana.log.getByText('One more thing for Thursday.').waitFor();
  await ana.mark.waitFor({ state: 'hidden' });
  assert.deepEqual([...ana.faults, ...lee.faults], []);
});

test('after a reload everything is there, in order', async (t) => {
  const { ana, lee } = await openBoth(t);
  await ana.thread('Dr. Maya Lee').click();
  const written = ['First.', 'Second,\nwith a second line.', 'Third: https://example.org/page'];
  for (const text of written) {
    await ana.box.fill(text);
    await ana.page.keyboard.press('Enter');
  }
  await ana.log
    .getByText('Delivered')
    .nth(written.length - 1)
    .waitFor();
  const before = await ana.wholeThread();

  await ana.page.reload();
  await ana.thread('Dr. Maya Lee').click();
  await ana.log.getByText('Third:').waitFor();
  assert.deepEqual(await ana.wholeThread(), before);
  assert.deepEqual(before.slice(-3), written);

  await lee.thread('Ana Reyes').click();
  await lee.log.getByText('Third:').waitFor();
  assert.deepEqual((await lee.wholeThread()).slice(-3), written);
  assert.deepEqual([...ana.faults, ...lee.faults], []);
});

test('what was written today was written yesterday once it is midnight, on a page that nobody touches', async (t) => {
  const { ana } = await openBoth(t);
  await ana.page.clock.install();
  await ana.page.reload();
  await ana.thread('Dr. Maya Lee').click();
  await ana.box.fill('Good night.');
  await ana.page.keyboard.press('Enter');
  await ana.log.getByText('Delivered').waitFor();
  assert.equal(await ana.log.getByRole('heading').last().innerText(), 'Today');

  await ana.page.clock.fastForward('24:00:00');

  await ana.log.getByRole('heading', { name: 'Today' }).waitFor({ state: 'hidden' });
  assert.equal(await ana.log.getByRole('heading').last().innerText(), 'Yesterday');
  await ana.thread('Dr. Maya Lee').getByText('Yesterday').waitFor();
  assert.deepEqual(ana.faults, []);
});

test('words written without a connection wait, and go out when it is back', async (t) => {
  const { ana, lee } = await openBoth(t);
  await ana.thread('Dr. Maya Lee').click();
  await ana.box.waitFor();

  await ana.page.context().setOffline(true);
  await ana.box.fill('Written in a tunnel.');
  await ana.page.keyboard.press('Enter');
  await ana.log.getByText('Not sent yet').waitFor();
  await ana.crisis.getByRole('link', { name: '988' }).waitFor();
  await ana.page.context().setOffline(false);

  await ana.log.getByText('Not sent yet').waitFor({ state: 'hidden' });
  await lee.thread('Ana Reyes').getByText('Written in a tunnel.').waitFor();
  await lee.thread('Ana Reyes').click();
  const heard = await lee.wholeThread();
  assert.equal(heard.filter((text) => text === 'Written in a tunnel.').length, 1);
});

test('a thread whose relationship has ended is read, and says why nothing can be sent', async (t) => {
  const { ana } = await openBoth(t);

  await ana.thread('Dr. Leila Haddad').click();

  await ana.page.getByText('This conversation has ended.').waitFor();
  assert.ok((await ana.wholeThread()).length > 0);
  assert.equal(await ana.box.count(), 0);
});

test('words of danger open the crisis lines while one writes, and are sent as ever', async (t) => {
  const { ana, lee } = await openBoth(t);
  await ana.thread('Dr. Maya Lee').click();

  await ana.box.pressSequentially('Some days I want to die.');
  await ana.crisis.getByRole('link', { name: 'Text 988' }).waitFor();
  assert.equal(await ana.box.evaluate((box) => box.matches(':focus')), true);
  await ana.page.keyboard.press('Enter');

  await lee.thread('Ana Reyes').getByText('Some days I want to die.').waitFor();
  assert.deepEqual(ana.faults, []);
});

test('two portals stand side by side on the first page, and what is written left arrives right', async (t) => {
  const url = await startDemo(t);
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(url);
  const client = page.frameLocator('iframe[title="The client’s portal"]');
  const provider = page.frameLocator('iframe[title="The provider’s portal"]');

  await client.getByRole('button', { name: 'Dr. Maya Lee' }).click();
  await client.getByRole('textbox', { name: 'Compose your message' }).fill('Hello from the left.');
  await page.keyboard.press('Enter');

  await provider.getByRole('button', { name: 'Ana Reyes' }).getByText('Hello from the left.').waitFor();
});

test('one reads, writes and sends while what follows the news can’t be fetched, and hears the news once it can', async (t) => {
  const url = await startDemo(t);
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const thrown: Error[] = [];
  page.on('pageerror', (error) => thrown.push(error));
  await page.clock.install();
  await context.route(/chunks\/news/, (route) => route.abort());
  await page.goto(`${url}/?as=ana`);
  const lee = await PortalPage.open(browser, url, 'dr-lee');
  t.after(() => lee.page.context().close());

  await page.getByRole('button', { name: /Dr. Maya Lee/ }).click();
  await page.getByRole('textbox', { name: 'Compose your message' }).fill('Sent all the same.');
  await page.keyboard.press('Enter');
  await lee.thread('Ana Reyes').click();
  await lee.log.getByText('Sent all the same.').waitFor();
  await page.getByText('No connection.').waitFor();

  await lee.box.fill('And it came.');
  await lee.page.keyboard.press('Enter');
  await lee.log.getByText('Delivered').last().waitFor();
  await context.unroute(/chunks\/news/);
  await page.clock.fastForward('01:00');
  await page.getByRole('log', { name: 'Messages' }).getByText('And it came.').waitFor();
  await page.waitForFunction(() => customElements.get('grow-messages-badge'));
  assert.deepEqual(thrown, []);
});

test('the mark comes to a page that has nothing else, once it can be fetched', async (t) => {
  const url = await startDemo(t);
  const context = await browser.newContext();
  t.after(() => context.close());
  const session = await context.request.post(`${url}/demo/session`, { data: { personId: 'ana' } });
  const { token } = (await session.json()) as { readonly token: string };
  const page = await context.newPage();
  await page.clock.install();
  await context.route(`${url}/appointments`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<script type="module" src="/grow-messages/grow-messages.js"></script>
        <grow-messages-badge api-url="${url}" token="${token}"></grow-messages-badge>`,
    }),
  );
  await context.route(/chunks\/news/, (route) => route.abort());
  // Under its address, and under another.
  const asked = page.waitForEvent('requestfailed', { predicate: (request) => request.url().includes('?') });
  await page.goto(`${url}/appointments`);
  await asked;

  await context.unroute(/chunks\/news/);
  await page.clock.fastForward('01:00');
  await page.getByText('UNREAD', { exact: true }).waitFor();
});
