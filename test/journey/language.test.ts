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

test('words that could not be fetched are fetched later; until then all is English, and says so', async (t) => {
  const ana = await PortalPage.open(browser, await startDemo(t), 'ana');
  t.after(() => ana.page.context().close());
  await ana.thread('Dr. Maya Lee').waitFor();
  const shell = ana.page.locator('grow-messages .shell');
  await ana.page.context().route(/\/spanish-/, (route) => route.abort());
  const failed = ana.page.waitForEvent('requestfailed', (request) => request.url().includes('?'));
  await ana.page.locator('grow-messages').evaluate((element) => element.setAttribute('locale', 'es'));
  await failed;
  await ana.page.getByRole('button', { name: 'Compose message' }).waitFor();
  assert.equal(await shell.getAttribute('lang'), 'en');

  await ana.page.context().unroute(/\/spanish-/);
  await ana.thread('Dr. Maya Lee').click();

  await ana.page.getByRole('button', { name: 'Redactar mensaje' }).waitFor();
  assert.equal(await shell.getAttribute('lang'), 'es');
});
