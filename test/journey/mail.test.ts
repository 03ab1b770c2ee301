import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test, type TestContext } from 'node:test';
import type * as Axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { aMail, startMailboxDemo } from '../support/mailbox.ts';
import { PortalPage } from '../support/portal-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(() => browser.close());

/** The mailbox's page, and whatever went wrong on it. */
async function openMailbox(t: TestContext, url: string, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(`${url}/mail`);
  return { page, faults, mails: page.getByRole('navigation', { name: 'Mails' }).getByRole('link') };
}

/** What axe has to say, one line each. */
async function complaintsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: typeof Axe };
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}

test('a mail about what Ana wrote is found from the first page, and its link opens the thread', async (t) => {
  const { url, mailbox } = await startMailboxDemo(t);
  const ana = await PortalPage.open(browser, url, 'ana');
  t.after(() => ana.page.context().close());
  await ana.thread('Dr. Maya Lee').click();
  const words = 'Could we start ten minutes later?';
  await ana.box.fill(words);
  await ana.box.press('Enter');
  await ana.log.getByText('Delivered').last().waitFor();
  const threadId = await ana.page
    .locator('grow-messages')
    .evaluate((element) => (element as HTMLElement & { readonly threadId: string }).threadId);
  await mailbox.send(aMail({ threadId }));

  const context = await browser.newContext();
  t.after(() => context.close());
  const start = await context.newPage();
  await start.goto(url);
  const [page] = await Promise.all([
    context.waitForEvent('page'),
    start.getByRole('link', { name: 'the mails that would have gone out' }).click(),
  ]);
  await page.getByRole('link', { name: 'Dr. Maya Lee' }).first().click();
  const mail = page.frameLocator('iframe[title^="The mail"]');
  const [portal] = await Promise.all([
    context.waitForEvent('page'),
    mail.getByRole('link', { name: 'Log in and read the message' }).click(),
  ]);
  await portal.getByRole('link', { name: 'Log in as Dr. Maya Lee, provider' }).click();
  await portal.getByRole('log', { name: 'Messages' }).getByText(words).waitFor();
});

test('what Ana writes while Dr. Lee is away comes to her by mail, and the mail leads back to it', async (t) => {
  const url = await startDemo(t);
  const ana = await PortalPage.open(browser, url, 'ana');
  t.after(() => ana.page.context().close());
  await ana.thread('Dr. Maya Lee').click();
  const words = 'Could we start ten minutes later?';
  await ana.box.fill(words);
  await ana.box.press('Enter');
  await ana.log.getByText('Email sent').waitFor();
  assert.deepEqual(ana.faults, []);

  const { page, mails } = await openMailbox(t, url);
  await mails.first().click();
  await page.getByText('To Dr. Maya Lee, lee@clinic.example').waitFor();
  const mail = page.frameLocator('iframe[title^="The mail"]');
  const [portal] = await Promise.all([
    page.context().waitForEvent('page'),
    mail.getByRole('link', { name: 'Log in and read the message' }).click(),
  ]);
  await portal.getByRole('link', { name: 'Log in as Dr. Maya Lee, provider' }).click();
  await portal.getByRole('log', { name: 'Messages' }).getByText(words).waitFor();
  await ana.log.getByText('Seen').last().waitFor();
});

test('a mail appears by itself, and whoever is on the list stays where they are', async (t) => {
  const { url, mailbox } = await startMailboxDemo(t);
  const { page, mails, faults } = await openMailbox(t, url);
  await page.getByText('No mail yet').waitFor();
  await mailbox.send(aMail());
  await mails.first().waitFor();
  await mails.first().focus();
  await mailbox.send(aMail({ to: 'ana@clinic.example', role: 'client' }));
  await mails.filter({ hasText: 'Ana Reyes' }).waitFor();
  assert.match((await mails.first().textContent()) ?? '', /Ana Reyes/, 'newest first');
  assert.match((await page.locator(':focus').textContent()) ?? '', /Dr\. Maya Lee/);
  assert.deepEqual(faults, []);
});

test('what a person is called, or their address, is text and nothing else', async (t) => {
  const { url, mailbox } = await startMailboxDemo(t);
  const { page, mails, faults } = await openMailbox(t, url);
  // An address may hold what HTML takes for its own.
  const to = "a&lt;b'{{x}}`${y}`@clinic.example".replace('&lt;', '&amp');
  assert.equal(await mailbox.send(aMail({ to })), 'accepted');
  assert.equal(await mailbox.send(aMail({ to: '<img/src/onerror=wasRun=1>@clinic.example' })), 'refused');
  await mails.first().click();
  await page.getByRole('heading', { level: 2 }).waitFor();
  assert.ok((await page.locator('main').textContent())?.includes(to));
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.evaluate(() => 'wasRun' in globalThis), false);
  assert.deepEqual(faults, []);
});

for (const width of [1280, 320]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the mailbox and a mail are accessible (${width}, ${colorScheme})`, async (t) => {
      const { url, mailbox } = await startMailboxDemo(t);
      await mailbox.send(aMail());
      await mailbox.send(aMail({ to: `${'a'.repeat(60)}@clinic.example`, role: 'client', locale: 'es' }));
      const { page, mails } = await openMailbox(t, url, { viewport: { width, height: 800 }, colorScheme });
      await mails.first().waitFor();
      assert.deepEqual(await complaintsOn(page), []);
      await mails.first().click();
      await page.getByRole('heading', { level: 2 }).waitFor();
      assert.deepEqual(await complaintsOn(page), []);
      const isScrolledSideways = () => document.documentElement.scrollWidth > innerWidth;
      assert.equal(await page.evaluate(isScrolledSideways), false);

      // The mail alone, as a mail program has it, also with letters of twice the size.
      const alone = await page.context().newPage();
      const { mail } = mailbox.mails[0]!;
      const html = await (await fetch(`${url}/mail/mails/${mail.id}/html`)).text();
      await alone.setContent(html);
      assert.deepEqual(await complaintsOn(alone), []);
      for (const size of ['100%', '200%']) {
        await alone.evaluate((fontSize) => (document.documentElement.style.fontSize = fontSize), size);
        assert.equal(await alone.evaluate(isScrolledSideways), false, size);
      }
      const { height } = (await alone.getByRole('link', { name: 'Iniciar sesión' }).boundingBox())!;
      assert.ok(height >= 44);
    });
  }
}
