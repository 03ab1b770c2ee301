import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { isFocused } from '../support/keys.ts';
import { PortalPage } from '../support/portal-page.ts';

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(() => browser.close());

type Options = Parameters<typeof PortalPage.open>[3];

/** Ana, whose message to Dr. Ortiz has waited for more than 48 hours. */
async function openAna(t: TestContext, url: string, options: Options = {}) {
  const ana = await PortalPage.open(browser, url, 'ana', options);
  t.after(() => ana.page.context().close());
  await ana.thread('Dr. Samuel Ortiz').click();
  await ana.box.waitFor();
  const notice = ana.page.getByRole('status').filter({ hasText: 'No reply since' });
  const support = ana.page.getByRole('button', { name: 'Contact the Support Team' });
  return { ana, notice, support };
}

test('a message without a reply for 48 hours leads to the Support Team, by keyboard', async (t) => {
  const { ana, notice, support } = await openAna(t, await startDemo(t));
  await notice.waitFor();
  assert.match((await notice.textContent()) ?? '', /can follow up with your provider on your behalf/);
  assert.match((await notice.textContent()) ?? '', /delayed medication refills/);
  const asked = ana.page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener('grow-support-request', (event) => {
          event.preventDefault();
          resolve((event as CustomEvent<unknown>).detail);
        });
      }),
  );
  const threadId = await ana.page
    .locator('grow-messages')
    .evaluate((element) => (element as HTMLElement & { readonly threadId: string }).threadId);

  await ana.box.focus();
  await ana.page.keyboard.press('Shift+Tab');
  assert.ok(await isFocused(support));
  await ana.page.keyboard.press('Enter');

  assert.deepEqual(await asked, { reason: 'no-reply', threadId });
  assert.deepEqual(ana.faults, []);
});

test('where the page does not help, the person is told how to reach the Support Team', async (t) => {
  const { ana, support } = await openAna(t, await startDemo(t));
  await support.click();
  await ana.page.getByText('You reach the Support Team through the help widget').waitFor();
});

test('since when there is no reply is said in the reader’s own time zone', async (t) => {
  const url = await startDemo(t);
  const seen = new Set<string>();
  for (const timeZone of ['America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati']) {
    const { ana, notice } = await openAna(t, url, { timezoneId: timeZone, locale: 'en-US' });
    await notice.waitFor();
    const last = ana.log.locator('grow-message').last();
    const sentAt = (await last.locator('time').first().getAttribute('datetime')) ?? '';
    const part = (options: Intl.DateTimeFormatOptions) =>
      new Date(sentAt).toLocaleString('en-US', { timeZone, ...options });
    const day = part({ weekday: 'long', month: 'long', day: 'numeric' });
    const words = ((await notice.textContent()) ?? '').replace(/\s+/g, ' ');
    assert.ok(words.includes(`No reply since ${day}`), `${words} / ${day}`);
    assert.ok(words.includes(part({ hour: 'numeric', minute: '2-digit' }).replace(/\s+/g, ' ')), words);
    seen.add(words);
  }
  assert.equal(seen.size, 3);
});

test('the notice goes with the reply, and a day is named for the next one', async (t) => {
  const url = await startDemo(t);
  const { ana, notice } = await openAna(t, url);
  await notice.waitFor();
  const ortiz = await PortalPage.open(browser, url, 'dr-ortiz');
  t.after(() => ortiz.page.context().close());

  await ortiz.thread('Ana Reyes').click();
  assert.equal(await ortiz.page.getByText('No reply since').count(), 0);
  await ortiz.box.fill('Approved, you can pick it up today.');
  await ortiz.page.keyboard.press('Enter');
  await ana.log.getByText('Approved, you can pick it up today.').waitFor();
  assert.equal(await notice.count(), 0);

  await ana.box.fill('Thank you! Should I take the first one tomorrow?');
  await ana.page.keyboard.press('Enter');
  await ana.page.getByText(/^Dr\. Samuel Ortiz usually replies by \w+day, \w+ \d+\.$/).waitFor();
  assert.equal(await notice.count(), 0);
});

test('at 400 % zoom the notice stays small, and its words are one button away', async (t) => {
  const { ana, notice, support } = await openAna(t, await startDemo(t), {
    viewport: { width: 320, height: 256 },
  });
  const help = ana.page.getByText('delayed medication refills');
  await notice.waitFor();
  assert.equal(await help.isVisible(), false);
  const height = await ana.page
    .locator('grow-reply-clock')
    .evaluate((element) => element.getBoundingClientRect().height);
  assert.ok(height <= 120, `${height} px`);

  await ana.page.getByRole('button', { name: 'How they can help' }).click();
  assert.equal(await help.isVisible(), true);
  await support.click({ trial: true });
});
