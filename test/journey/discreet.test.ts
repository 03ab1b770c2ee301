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

async function openAna(t: TestContext, viewport = { width: 1280, height: 800 }): Promise<PortalPage> {
  const ana = await PortalPage.open(browser, await startDemo(t), 'ana&discreet', { viewport });
  t.after(() => ana.page.context().close());
  return ana;
}

/** Whose button or box has the focus, by the name that a screen reader says. */
function focusedName({ page }: PortalPage): Promise<string> {
  return page.evaluate(() => {
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
    return found?.ariaLabel ?? found?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  });
}

async function tabTo(portal: PortalPage, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await portal.page.keyboard.press('Tab');
    if (name.test(await focusedName(portal))) return;
  }
  assert.fail(`Tab never came to ${String(name)}.`);
}

/** All that the page holds of the element, shadow roots included. */
function allOnPage({ page }: PortalPage): Promise<string> {
  return page.evaluate(() => {
    const found: string[] = [];
    const read = (node: Node) => {
      if (node instanceof CharacterData) found.push(node.data);
      if (node instanceof HTMLTextAreaElement) found.push(node.value);
      if (node instanceof Element) {
        for (const { value } of node.attributes) found.push(value);
        node.shadowRoot?.childNodes.forEach(read);
      }
      node.childNodes.forEach(read);
    };
    const element = document.querySelector('grow-messages');
    if (element) read(element);
    return found.join('\n');
  });
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 320, height: 568 },
]) {
  test(`by keys alone at ${viewport.width} pixels: read, write, hide, come back, send`, async (t) => {
    const ana = await openAna(t, viewport);
    const { page } = ana;
    await ana.thread('Dr. Maya Lee').waitFor();
    await tabTo(ana, /Dr\. Maya Lee/);
    await page.keyboard.press('Enter');
    await ana.log.waitFor();
    await ana.box.waitFor();
    await page.waitForFunction(() => document.activeElement?.localName === 'grow-messages');
    await ana.box.and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Half a sentence');
    const texts = await ana.wholeThread();
    const address = page.url();

    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Out of sight' }).waitFor();
    const left = await allOnPage(ana);
    for (const secret of ['Maya', 'Haddad', 'Psychologist', 'Half a sentence', ...texts]) {
      assert.ok(!left.includes(secret), `“${secret}” is still there`);
    }
    await ana.crisis.getByRole('link', { name: '988' }).first().click({ trial: true });
    assert.deepEqual([page.url(), await focusedName(ana)], [address, 'Show messages']);

    await page.keyboard.press('Enter');
    await ana.box.and(page.locator(':focus')).waitFor();
    assert.equal(await ana.box.inputValue(), 'Half a sentence');
    assert.deepEqual(await ana.wholeThread(), texts);
    await page.keyboard.press('End');
    await page.keyboard.type(', and the other half.');
    await page.keyboard.press('Enter');
    await ana.log.getByText('Half a sentence, and the other half.').waitFor();
    await ana.log.getByText('Delivered').last().waitFor();
    assert.deepEqual(ana.faults, []);
  });
}

test('the button is the first thing that one comes to, and a click on it loses nobody’s place', async (t) => {
  const ana = await openAna(t);
  await ana.thread('Dr. Maya Lee').click();
  await ana.box.fill('Half a sentence');
  const hide = ana.page.getByRole('button', { name: 'Hide now' });
  await ana.page.getByRole('link', { name: 'Billing' }).focus();
  await ana.page.keyboard.press('Tab');
  assert.equal(await focusedName(ana), 'Hide now');

  await ana.box.focus();
  await hide.click();
  await ana.page.getByRole('button', { name: 'Show messages' }).click();
  await ana.box.and(ana.page.locator(':focus')).waitFor();
  assert.equal(await ana.box.inputValue(), 'Half a sentence');
});

test('nothing is shown before what hides it is there', async (t) => {
  const url = await startDemo(t);
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await context.route(/asides/, (route) => route.abort());
  await page.goto(`${url}/?as=ana&discreet`);
  await page.getByRole('heading', { name: 'This could not be loaded.' }).waitFor();
  assert.equal(await page.getByText('Dr. Maya Lee').count(), 0);
  await page.getByRole('link', { name: '988' }).first().click({ trial: true });

  await context.unroute(/asides/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Hide now' }).waitFor();
  await page.getByRole('button', { name: 'Dr. Maya Lee' }).waitFor();
});
