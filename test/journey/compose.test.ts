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

async function openAna(t: TestContext, viewport = { width: 1280, height: 800 }) {
  const ana = await PortalPage.open(browser, await startDemo(t), 'ana', { viewport });
  t.after(() => ana.page.context().close());
  const compose = ana.page.getByRole('button', { name: 'Compose message' });
  const provider = ana.page.getByRole('combobox', { name: 'Provider' });
  return { ana, compose, provider };
}

const lee = { label: 'Dr. Maya Lee, PhD, Licensed Psychologist' };
const okafor = { label: 'Dr. Chidi Okafor, LMFT' };

test('a part that could not be fetched is fetched when one tries again', async (t) => {
  const { ana, compose, provider } = await openAna(t);
  await compose.waitFor();
  await ana.page.context().setOffline(true);
  await compose.click();
  await ana.page.getByRole('heading', { name: 'This could not be loaded.' }).waitFor();
  await ana.page.context().setOffline(false);

  await ana.page.getByRole('button', { name: 'Try again' }).click();

  await provider.waitFor();
});

test('first words wait for the person they were meant for, and go to nobody else', async (t) => {
  const { ana, compose, provider } = await openAna(t);
  await compose.click();
  await provider.selectOption(okafor);
  await ana.box.fill('Could we talk again?');

  await provider.selectOption(lee);
  await ana.log.waitFor();
  assert.equal(await ana.box.inputValue(), '');
  await ana.page.getByRole('button', { name: 'Cancel' }).click();
  await ana.page.reload();
  await compose.click();
  await provider.selectOption(okafor);
  await waitForValue(ana, 'Could we talk again?');

  await ana.box.press('Enter');
  await ana.thread('Dr. Chidi Okafor').getByText('Could we talk again?').waitFor();
  await ana.page.waitForFunction(() => document.activeElement?.localName === 'grow-messages');
});

test('everything can be reached at 400 % zoom, and the crisis lines stay in view', async (t) => {
  const { ana } = await openAna(t, { width: 320, height: 256 });
  await ana.thread('Dr. Maya Lee').click();
  await ana.box.fill('Written in large letters.');
  await ana.page.getByRole('button', { name: 'Send' }).click();
  await ana.log.getByText('Written in large letters.').waitFor();
  for (const name of ['911', '988', '+1 800-273-8255']) {
    // A click of this kind fails where anything covers the link.
    await ana.crisis.getByRole('link', { name, exact: true }).first().click({ trial: true });
  }
});

async function waitForValue(portal: PortalPage, value: string): Promise<void> {
  const box = await portal.box.elementHandle();
  await portal.page.waitForFunction(
    ([element, wanted]) => (element as HTMLTextAreaElement).value === wanted,
    [box, value] as const,
  );
}
