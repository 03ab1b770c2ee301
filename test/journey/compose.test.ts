import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
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

test('among many, one is found and written to by the keyboard alone', async (t) => {
  const url = await demoWithManyClients(t);
  const [novak, ana] = await Promise.all([
    PortalPage.open(browser, url, 'dr-novak'),
    PortalPage.open(browser, url, 'ana'),
  ]);
  t.after(() => Promise.all([novak.page.context().close(), ana.page.context().close()]));
  const { keyboard } = novak.page;
  await novak.page.getByRole('button', { name: 'Compose message' }).waitFor();
  await tabTo(novak.page, 'Compose message');
  await keyboard.press('Enter');

  // The drop-down has the focus by itself.
  const client = novak.page.getByRole('combobox', { name: 'Client' });
  await client.waitFor();
  await keyboard.press('ArrowDown');
  await novak.page.getByText('11 more: keep typing.').waitFor();
  await keyboard.type('rey');
  await novak.page.getByRole('option').first().waitFor();
  assert.deepEqual(await novak.page.getByRole('option').allInnerTexts(), ['Ana Reyes', 'José Réyes']);
  await keyboard.press('ArrowDown');
  assert.equal(
    await novak.page.getByRole('option', { selected: true }).innerText(),
    'Ana Reyes',
    'what the keys are at is told',
  );
  await keyboard.press('Enter');
  await novak.box.waitFor();
  assert.equal(await client.inputValue(), 'Ana Reyes');
  await tabTo(novak.page, 'Compose your message');
  await keyboard.type('Welcome, Ana.');
  await keyboard.press('Enter');

  await novak.log.getByText('Delivered').waitFor();
  await ana.thread('Dr. Petra Novak').getByText('Welcome, Ana.').waitFor();
  assert.deepEqual([...novak.faults, ...ana.faults], []);
});

test('Escape closes the list, then the screen', async (t) => {
  const novak = await PortalPage.open(browser, await demoWithManyClients(t), 'dr-novak');
  t.after(() => novak.page.context().close());
  await novak.page.getByRole('button', { name: 'Compose message' }).click();
  const client = novak.page.getByRole('combobox', { name: 'Client' });
  await client.pressSequentially('rey');
  await novak.page.getByRole('option').first().waitFor();
  await client.press('Escape');
  await novak.page.getByRole('option').first().waitFor({ state: 'detached' });
  assert.equal(await client.inputValue(), '');
  await client.press('Escape');
  await client.waitFor({ state: 'detached' });
});

test('by touch, in a narrow window, one is found and the crisis lines stay free', async (t) => {
  const novak = await PortalPage.open(browser, await demoWithManyClients(t), 'dr-novak', {
    viewport: { width: 320, height: 480 },
    hasTouch: true,
  });
  t.after(() => novak.page.context().close());
  await novak.page.getByRole('button', { name: 'Compose message' }).tap();
  await novak.page.getByRole('combobox', { name: 'Client' }).tap();
  await novak.page.getByText('11 more: keep typing.').waitFor();
  for (const name of ['911', '988', '+1 800-273-8255']) {
    await novak.crisis.getByRole('link', { name, exact: true }).first().tap({ trial: true });
  }
  await novak.page.getByRole('combobox', { name: 'Client' }).pressSequentially('jose');
  await novak.page.getByRole('option', { name: 'José Réyes' }).tap();
  await novak.box.tap();
});

test('who has booked with nobody is told why, and whom to call', async (t) => {
  const cal = await PortalPage.open(browser, await startDemo(t), 'cal');
  t.after(() => cal.page.context().close());
  await cal.page.getByRole('button', { name: 'Compose message' }).click();

  await cal.page.getByRole('heading', { name: 'There is nobody to write to yet' }).waitFor();
  await cal.page
    .getByText('Messaging is only available once you’ve booked an appointment with a provider.')
    .waitFor();
  const phone = cal.page.getByRole('link', { name: '(646) 687-9932' });
  assert.equal(await phone.getAttribute('href'), 'tel:+16466879932');

  const asked = cal.page.waitForRequest(/\/v1\/threads\b/);
  await cal.page.getByRole('button', { name: 'Refresh this device’s copy' }).click();
  await asked;
  await cal.page.getByRole('heading', { name: 'There is nobody to write to yet' }).waitFor();
  await cal.page.getByRole('button', { name: 'Contact the Support Team' }).click();
  await cal.page.getByText('You reach the Support Team through the help widget').waitFor();
  await cal.page.getByRole('button', { name: 'Cancel' }).click();
  await cal.page.getByText('No messages yet').waitFor();
  assert.deepEqual(cal.faults, []);
});

test('a link of the portal’s leads to the thread there is, and tells nothing of strangers', async (t) => {
  const { ana, compose } = await openAna(t);
  await compose.waitFor();
  const composeTo = (personId: string) =>
    ana.page.evaluate((id) => document.querySelector('grow-messages')?.compose(id), personId);
  const said = () => ana.page.locator('grow-compose :is(h2, p, li)').allInnerTexts();

  await composeTo('dr-novak');
  await ana.page.getByRole('heading', { name: 'You can’t send a message here yet' }).waitFor();
  const stranger = await said();
  assert.match(stranger.join(' '), /New Client Bookings team at \(646\) 687-9932/);
  await composeTo('there-is-nobody-of-this-name');
  await ana.page.getByText('Loading…').waitFor({ state: 'detached' });
  await ana.page.getByRole('heading', { name: 'You can’t send a message here yet' }).waitFor();
  assert.deepEqual(await said(), stranger);

  await composeTo('dr-haddad');
  await ana.page.getByText('This conversation has ended.').waitFor();
  await composeTo('dr-lee');
  await ana.log.getByText('Lovely, then let us keep it in the evening.').waitFor();
  await composeTo('dr-okafor');
  await ana.page.getByRole('combobox', { name: 'Provider' }).waitFor();
  await ana.box.fill('It has been a while.');
  await ana.box.press('Enter');
  await ana.log.getByText('It has been a while.').waitFor();
});

test('a former provider is among those one may write to, and called one', async (t) => {
  const url = await startDemo(t);
  const [ben, haddad] = await Promise.all([
    PortalPage.open(browser, url, 'ben'),
    PortalPage.open(browser, url, 'dr-haddad'),
  ]);
  t.after(() => Promise.all([ben.page.context().close(), haddad.page.context().close()]));
  await ben.page.getByRole('button', { name: 'Compose message' }).click();
  const provider = ben.page.getByRole('combobox', { name: 'Provider' });
  await provider.waitFor();
  const groups = await provider
    .locator('optgroup')
    .evaluateAll((found) =>
      found.map((group) => [
        (group as HTMLOptGroupElement).label,
        ...[...group.children].map((option) => option.textContent),
      ]),
    );
  assert.deepEqual(groups, [
    ['Current', 'Dr. Chidi Okafor, LMFT', 'Dr. Maya Lee, PhD, Licensed Psychologist'],
    ['Former', 'Dr. Leila Haddad, LCSW'],
  ]);

  await provider.selectOption({ label: 'Dr. Leila Haddad, LCSW' });
  await ben.log.getByText('I will. Thank you, Dr. Haddad.').waitFor();
  await ben.box.fill('May I come back?');
  await ben.box.press('Enter');
  await haddad.thread('Ben Carter').getByText('May I come back?').waitFor();
});

/** The demo with sixty clients more, all of them and Ana Dr. Novak’s, brought in as a portal does. */
async function demoWithManyClients(t: TestContext): Promise<string> {
  const key = 'shown-by-this-test-as-a-portal-would-do';
  const url = await startDemo(t, {}, { SERVICE_KEY: key });
  const put = async (path: string, body: object) => {
    const response = await fetch(`${url}/v1/directory/${path}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 201, path);
  };
  await put('relationships/ana/dr-novak', { status: 'current' });
  for (let number = 0; number < 60; number++) {
    const displayName = number === 7 ? 'José Réyes' : `Client ${number}`;
    const email = `client-${number}@clinic.example`;
    const locale = { locale: 'en-US', timeZone: 'America/New_York' };
    await put(`people/client-${number}`, { role: 'client', displayName, email, ...locale });
    await put(`relationships/client-${number}/dr-novak`, { status: 'current' });
  }
  return url;
}

/** Presses Tab until it has come to what is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    const focused = await page.evaluate(() => {
      let found = document.activeElement;
      while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
      return found?.getAttribute('aria-label') ?? found?.textContent.trim();
    });
    if (focused === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to “${name}”.`);
}

async function waitForValue(portal: PortalPage, value: string): Promise<void> {
  const box = await portal.box.elementHandle();
  await portal.page.waitForFunction(
    ([element, wanted]) => (element as HTMLTextAreaElement).value === wanted,
    [box, value] as const,
  );
}
