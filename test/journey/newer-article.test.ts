// "Contact your provider", step by step, in the words of the article. Files and emails have journeys of their own.
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

/** Portals of these people, over one running demo. */
async function open(t: TestContext, ...people: string[]): Promise<PortalPage[]> {
  const url = await startDemo(t);
  const portals = await Promise.all(people.map((id) => PortalPage.open(browser, url, id)));
  t.after(() => Promise.all(portals.map(({ page }) => page.context().close())));
  return portals;
}

test('the disclaimer stands on every screen, word for word, with lines that dial', async (t) => {
  const [ana] = (await open(t, 'ana')) as [PortalPage];
  await ana.crisis
    .getByText(
      'Disclaimer: Grow Therapy messaging is not an emergency service. If you or someone you know is in crisis or needs immediate help, please call emergency services such as 911 or +1 800-273-8255 to speak with a crisis counselor.',
    )
    .waitFor();
  const { crisis } = ana;
  assert.equal(await crisis.getByRole('link', { name: '911' }).getAttribute('href'), 'tel:911');
  assert.equal(await crisis.getByRole('link', { name: '988' }).getAttribute('href'), 'tel:988');
  assert.equal(
    await crisis.getByRole('link', { name: '+1 800-273-8255' }).getAttribute('href'),
    'tel:+18002738255',
  );
  const resources = crisis.getByRole('link', { name: 'Access additional emergency resources' });
  assert.match((await resources.getAttribute('href')) ?? '', /^https:/);

  await crisis.getByRole('button', { name: 'More crisis support' }).click();
  assert.equal(await crisis.getByRole('link', { name: 'Text 988' }).getAttribute('href'), 'sms:988');
  assert.deepEqual(ana.faults, []);
});

test('a provider’s welcome message waits, with an Unread notification next to Messages', async (t) => {
  const [eli] = (await open(t, 'eli')) as [PortalPage];
  await eli.page.getByRole('link', { name: 'Home' }).click();

  await eli.mark.waitFor();
  assert.equal(await hueOf(eli, 'UNREAD'), 'lilac');

  await eli.page.getByRole('link', { name: 'Messages' }).click();
  await eli.thread('Dr. Chidi Okafor').getByText('1 unread message').waitFor();
  await eli.thread('Dr. Chidi Okafor').click();
  await eli.log.getByText('Welcome, Eli.').waitFor();
  await eli.mark.waitFor({ state: 'hidden' });
  assert.deepEqual(eli.faults, []);
});

test('to send a message', async (t) => {
  const [ana, lee] = (await open(t, 'ana', 'dr-lee')) as [PortalPage, PortalPage];
  await lee.page.getByRole('link', { name: 'Home' }).click();

  // "Select Messages from the left sidebar navigation."
  await ana.page.getByRole('link', { name: 'Messages' }).click();
  // "select Compose message to start the conversation"
  await ana.page.getByRole('button', { name: 'Compose message' }).click();
  // "Only providers you currently work with or have previously worked with will appear here."
  const provider = ana.page.getByRole('combobox', { name: 'Provider' });
  await provider.getByRole('option', { name: 'Dr. Maya Lee' }).waitFor({ state: 'attached' });
  const offered = (await provider.getByRole('option').allTextContents()).join('\n');
  assert.match(offered, /Dr\. Maya Lee/);
  assert.match(offered, /Dr\. Chidi Okafor/, 'somebody she worked with formerly');
  assert.doesNotMatch(offered, /Haddad/, 'a relationship that has ended');
  assert.doesNotMatch(offered, /Novak/, 'somebody she never booked with');
  await provider.selectOption({ label: 'Dr. Maya Lee, PhD, Licensed Psychologist' });

  // "Compose your message. Hold Shift + Return to create a new line."
  await ana.page.getByText('Hold Shift + Return').waitFor();
  await ana.box.pressSequentially('The superbill is here.');
  await ana.page.keyboard.press('Shift+Enter');
  await ana.box.pressSequentially('Thank you!');
  assert.equal(await ana.box.inputValue(), 'The superbill is here.\nThank you!');
  await ana.page.getByRole('button', { name: 'Send' }).click();

  // "When the message is delivered successfully, it will appear with an accompanying timestamp."
  const sent = ana.log.locator('grow-message').last();
  await sent.getByText(/\d{1,2}:\d\d\s[AP]M · Delivered/).waitFor();

  // "Your provider will receive a notification about the unread message"
  await lee.mark.waitFor();
  assert.deepEqual([...ana.faults, ...lee.faults], []);
});

test('when to contact your provider versus the Support Team', async (t) => {
  const [ana] = (await open(t, 'ana')) as [PortalPage];
  await ana.thread('Dr. Maya Lee').click();
  await ana.page.getByRole('button', { name: 'Provider or Support?' }).click();

  for (const words of [
    'Contact your provider for',
    'Clinical concerns, therapy questions, and treatment planning',
    'Cancellations or changes within 24 hours of your appointment',
    'Questions about prescriptions, refills, or pharmacy changes',
    'Superbills, referrals, and clinical forms',
    'Contact the Support Team for',
    'Account, billing, and insurance questions',
    'Cancellations more than 24 hours in advance',
    'Medical records requests',
    'Portal or technical issues',
    'Help rematching with a new provider',
  ]) {
    await ana.page.getByText(words).first().waitFor();
  }

  const heard = ana.page.evaluate(
    () =>
      new Promise((resolve) => {
        addEventListener('grow-support-request', (event) => resolve((event as CustomEvent).detail), {
          once: true,
        });
      }),
  );
  await ana.page.getByRole('button', { name: 'Help rematching with a new provider' }).click();
  assert.deepEqual(Object.keys((await heard) as object).sort(), ['reason', 'threadId']);
  assert.deepEqual(ana.faults, []);
});

test('why a message can’t be sent: the relationship has ended', async (t) => {
  const [ana] = (await open(t, 'ana')) as [PortalPage];
  await ana.thread('Dr. Leila Haddad').click();

  await ana.page.getByText('The therapeutic relationship is no longer active').waitFor();
  await ana.page.getByRole('button', { name: 'Contact the Support Team' }).waitFor();
  assert.equal(await ana.page.getByRole('button', { name: 'Send' }).count(), 0, 'no dead button');
  assert.deepEqual(ana.faults, []);
});

test('a provider one hasn’t booked with: why, and whom to call', async (t) => {
  const [ana] = (await open(t, 'ana')) as [PortalPage];
  await ana.thread('Dr. Maya Lee').waitFor();
  await ana.page.evaluate(() => document.querySelector('grow-messages')?.compose('dr-novak'));

  await ana.page.getByText(/only available once you.ve booked/).waitFor();
  const call = ana.page.getByRole('link', { name: /\(646\) 687-9932/ });
  assert.equal(await call.getAttribute('href'), 'tel:+16466879932');
  // The server says of strangers that there are none, and the browser writes down that it did.
  assert.deepEqual(
    ana.faults.filter((fault) => !fault.includes('404')),
    [],
  );
});

/** Lilac is neither blue nor pink: red and blue above green, and light. */
async function hueOf({ page }: PortalPage, text: string): Promise<string> {
  const colour = await page.getByText(text, { exact: true }).evaluate((mark) => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    if (!canvas) throw new Error('no canvas');
    canvas.fillStyle = getComputedStyle(mark).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  });
  const [red = 0, green = 0, blue = 0] = colour;
  return blue > red && red > green && green > 150 ? 'lilac' : `rgb(${colour.join(' ')})`;
}
