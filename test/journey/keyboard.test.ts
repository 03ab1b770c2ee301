// No pointer at all: what can be done is done by keys alone, and the focus is where one expects it.
import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { isFocused, reach, untilFocused } from '../support/keys.ts';
import { PortalPage } from '../support/portal-page.ts';

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(() => browser.close());

async function openAna(t: TestContext, width = 1280): Promise<PortalPage> {
  const url = await startDemo(t);
  const ana = await PortalPage.open(browser, url, 'ana', { viewport: { width, height: 800 } });
  t.after(() => ana.page.context().close());
  await ana.thread('Dr. Maya Lee').waitFor();
  return ana;
}

for (const width of [1280, 360]) {
  test(`reading and answering, at ${width} px`, async (t) => {
    const ana = await openAna(t, width);
    await reach(ana.thread('Dr. Maya Lee'));
    await ana.page.keyboard.press('Enter');
    await untilFocused(ana.box);

    await ana.page.keyboard.type('Thursday at 11:00 is fine.');
    await ana.page.keyboard.press('Enter');
    await ana.log.locator('grow-message').last().getByText('Delivered').waitFor();
    assert.equal(await isFocused(ana.box), true, 'one goes on writing');

    // The log scrolls by keys once it has the focus.
    await reach(ana.log, 'Shift+Tab');
    const before = await ana.log.evaluate((log) => log.scrollTop);
    await ana.page.keyboard.press('PageUp');
    await ana.page.waitForFunction(
      ([log, top]) => (log as Element).scrollTop < (top as number),
      [await ana.log.elementHandle(), before],
    );
    assert.deepEqual(ana.faults, []);
  });
}

test('back from a thread to where one was in the list', async (t) => {
  const ana = await openAna(t, 360);
  await reach(ana.thread('Dr. Leila Haddad'));
  await ana.page.keyboard.press('Enter');
  await ana.page.getByText('This conversation has ended.').waitFor();
  await reach(ana.page.getByRole('button', { name: 'Back to conversations' }), 'Shift+Tab');
  await ana.page.keyboard.press('Enter');
  await untilFocused(ana.thread('Dr. Leila Haddad'));
  assert.deepEqual(ana.faults, []);
});

test('composing, and leaving it by Escape', async (t) => {
  const ana = await openAna(t);
  const compose = ana.page.getByRole('button', { name: 'Compose message' });
  await reach(compose);
  await ana.page.keyboard.press('Enter');
  const provider = ana.page.getByRole('combobox', { name: 'Provider' });
  await untilFocused(provider);
  await ana.page.keyboard.press('Escape');
  await provider.waitFor({ state: 'detached' });

  await reach(compose, 'Shift+Tab');
  await ana.page.keyboard.press('Enter');
  await untilFocused(provider);
  await ana.page.keyboard.type('Dr. Chidi');
  await reach(ana.box);
  await ana.page.keyboard.type('Hello again.');
  await ana.page.keyboard.press('Enter');
  await ana.thread('Dr. Chidi Okafor').getByText('Hello again.').waitFor();
  await untilFocused(ana.box);
  assert.deepEqual(ana.faults, []);
});

test('the crisis lines, from where one writes', async (t) => {
  const ana = await openAna(t);
  await reach(ana.thread('Dr. Maya Lee'));
  await ana.page.keyboard.press('Enter');
  await untilFocused(ana.box);
  const more = ana.crisis.getByRole('button', { name: 'More crisis support' });
  await reach(more);
  await ana.page.keyboard.press('Enter');
  await reach(ana.crisis.getByRole('link', { name: 'Text 988' }));
  await reach(ana.crisis.getByRole('link', { name: 'Access additional emergency resources' }));
  await reach(more, 'Shift+Tab');
  await ana.page.keyboard.press('Enter');
  await ana.crisis.getByRole('link', { name: 'Text 988' }).waitFor({ state: 'detached' });
  assert.equal(await more.getAttribute('aria-expanded'), 'false');
  assert.deepEqual(ana.faults, []);
});
