// A provider with more clients than fit on a page of the list, and no pointer.
import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { reach } from '../support/keys.ts';
import { PortalPage } from '../support/portal-page.ts';
import { Practice } from '../support/practice.ts';

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(() => browser.close());

/** Dr. Lee, with sixty clients more than the demo has. Zoë was the first to come, and is at the end of the list. */
async function openLee(t: TestContext, width = 1280) {
  const practice = await Practice.start(t);
  await practice.welcome('zoe', 'Zoë Núñez');
  for (let number = 1; number < 60; number++) {
    await practice.welcome(`client-${number}`, `Client ${number}`);
  }
  await practice.write('client-7', 'Could we talk about the new dose?');
  await practice.write('client-30', 'Is Thursday still fine?');
  const lee = await PortalPage.open(browser, practice.url, 'dr-lee', { viewport: { width, height: 800 } });
  t.after(() => lee.page.context().close());
  const field = lee.page.getByRole('searchbox', { name: 'Find a client' });
  const filter = (name: RegExp) => lee.page.getByRole('radio', { name });
  await field.waitFor();
  return { lee, practice, field, filter };
}

/** The names in the list that is on screen, top to bottom. */
function names({ list }: PortalPage): Promise<string[]> {
  return list.locator('.name').allTextContents();
}

for (const width of [1280, 360]) {
  test(`finding a client by name, by keys alone, at ${width} px`, async (t) => {
    const { lee, field } = await openLee(t, width);
    const { keyboard } = lee.page;
    await reach(field);
    await keyboard.type('nunez z');
    await lee.page.getByText('1 client', { exact: true }).waitFor();
    assert.deepEqual(await names(lee), ['Zoë Núñez']);
    await keyboard.press('Enter');
    await lee.page.getByRole('heading', { name: 'Zoë Núñez' }).waitFor();
    await lee.log.getByText('Welcome, Zoë Núñez!').waitFor();
    await keyboard.type('How was the first week?');
    await keyboard.press('Enter');
    await lee.log.getByText('How was the first week?').waitFor();
    assert.deepEqual(lee.faults, []);
  });
}

test('seeing what is unread, and answering who waits, by keys alone', async (t) => {
  const { lee, practice, field, filter } = await openLee(t);
  const { keyboard } = lee.page;
  await reach(field);
  await keyboard.press('Tab');
  await keyboard.press('ArrowRight');
  assert.equal(await filter(/^Unread/).isChecked(), true);
  await lee.page.getByText(/^\d+ conversations$/).waitFor();
  assert.deepEqual((await names(lee)).slice(0, 2), ['Client 30', 'Client 7']);
  assert.equal(await lee.list.getByText('unread message').count(), (await names(lee)).length);

  await keyboard.press('ArrowRight');
  assert.equal(await filter(/^Waiting for reply/).isChecked(), true);
  await lee.thread('Client 30').getByText('Waiting', { exact: true }).waitFor();
  await keyboard.press('Tab');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await lee.page.getByRole('heading', { name: 'Client 7' }).waitFor();
  await lee.log.getByText('Could we talk about the new dose?').waitFor();
  await keyboard.type('Of course. I call you at noon.');
  await keyboard.press('Enter');
  await lee.thread('Client 7').getByText('Waiting', { exact: true }).waitFor({ state: 'detached' });
  assert.ok((await names(lee)).includes('Client 7'), 'stays while it is open');

  await practice.write('client-12', 'One more question.');
  await lee.thread('Client 12').getByText('One more question.').waitFor();
  await lee.thread('Client 30').press('Enter');
  await lee.thread('Client 7').waitFor({ state: 'detached' });
  assert.deepEqual((await names(lee)).slice(0, 2), ['Client 12', 'Client 30']);
  assert.deepEqual(lee.faults, []);
});

test('what is chosen and what is unread, where the reader has colours of their own', async (t) => {
  const { lee, filter } = await openLee(t);
  await lee.page.emulateMedia({ forcedColors: 'active' });
  const looks = (found: Locator) =>
    found.evaluate((element) => {
      const { backgroundColor, outlineStyle, outlineColor } = getComputedStyle(element);
      return `${backgroundColor} ${outlineStyle} ${outlineColor}`;
    });
  const [all, unread] = [filter(/^All/), filter(/^Unread/)].map((radio) => radio.locator('xpath=..'));
  assert.notEqual(await looks(all!), await looks(unread!));
  await lee.thread('Client 30').click();
  await lee.thread('Client 30').and(lee.page.locator('[aria-current=true]')).waitFor();
  const row = (name: string) => lee.list.getByRole('listitem').filter({ hasText: name }).first();
  assert.notEqual(await looks(row('Client 30')), await looks(row('Client 7')));
  assert.match(await looks(lee.thread('Client 7').locator('.mark')), /solid rgb\(/);
  assert.deepEqual(lee.faults, []);
});

test('the list without what finds clients in it, where that can’t be fetched', async (t) => {
  const practice = await Practice.start(t);
  for (let number = 1; number < 60; number++) {
    await practice.welcome(`client-${number}`, `Client ${number}`);
  }
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  await context.route('**/people-*', (route) => route.abort());
  const page = await context.newPage();
  await page.goto(`${practice.url}/?as=dr-lee`);
  const list = page.getByRole('list', { name: 'Conversations' });
  await list.getByRole('button', { name: 'Client 59' }).waitFor();
  await list.getByRole('button', { name: 'Client 12' }).scrollIntoViewIfNeeded();
  await list.getByRole('button', { name: 'Client 1', exact: false }).last().waitFor();
  await list.getByRole('button', { name: 'Client 59' }).press('Enter');
  await page.getByRole('log', { name: 'Messages' }).getByText('Welcome, Client 59!').waitFor();
  assert.equal(await page.getByRole('searchbox').count(), 0);
});
