// Where a question belongs and who will read it, asked from where one writes.
import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import type { Guidance } from '../../protocol/me.ts';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { hostileTexts } from '../support/hostile.ts';
import { isFocused, reach, untilFocused } from '../support/keys.ts';
import { PortalPage } from '../support/portal-page.ts';

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(() => browser.close());

type Options = {
  /** What the clinic says of its own. */
  readonly guidance?: Partial<Guidance>;
  readonly viewport?: { readonly width: number; readonly height: number };
};

/** Ana, who has begun to write to Dr. Lee. */
async function openAna(t: TestContext, { guidance, viewport = { width: 1280, height: 800 } }: Options = {}) {
  const url = await startDemo(t, guidance);
  const ana = await PortalPage.open(browser, url, 'ana', { viewport });
  t.after(() => ana.page.context().close());
  const { page } = ana;
  const begin = async () => {
    await ana.thread('Dr. Maya Lee').click();
    await ana.box.fill('A question about my superbill');
  };
  await begin();
  return {
    ana,
    url,
    begin,
    ask: page.getByRole('button', { name: 'Provider or Support?' }),
    heading: page.getByRole('heading', { name: 'Provider or Support?' }),
    support: page.getByRole('region', { name: 'Contact the Support Team for' }),
    provider: page.getByRole('region', { name: 'Contact your provider for' }),
  };
}

/** The page takes over what it hears of the Support Team, and tells what that was. */
async function listen({ page }: PortalPage): Promise<() => Promise<readonly unknown[]>> {
  await page.evaluate(() => {
    const heard: unknown[] = [];
    Object.assign(globalThis, { heard });
    addEventListener('grow-support-request', (event) => {
      event.preventDefault();
      heard.push((event as CustomEvent).detail);
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { heard: readonly unknown[] }).heard);
}

test('to the Support Team by keys alone, and back to the message', async (t) => {
  const { ana, ask, heading, support } = await openAna(t);
  const heard = await listen(ana);
  const threadId = await ana.page
    .locator('grow-messages')
    .evaluate((element) => (element as GrowMessages).threadId);
  await reach(ask);
  await ana.page.keyboard.press('Enter');
  await untilFocused(heading);

  await reach(support.getByRole('button', { name: 'Medical records requests' }));
  await ana.page.keyboard.press('Enter');
  assert.deepEqual(await heard(), [{ reason: 'Medical records requests', threadId }]);
  assert.equal(await ana.page.getByText('You reach the Support Team').count(), 0);

  await ana.page.keyboard.press('Escape');
  await untilFocused(ana.box);
  assert.equal(await ana.box.inputValue(), 'A question about my superbill');
  assert.equal(await heading.count(), 0);
  assert.deepEqual(ana.faults, []);
});

test('to the provider: a topic of theirs leads back to the message', async (t) => {
  const { ana, ask, provider } = await openAna(t);
  await ask.click();
  await provider.getByRole('button', { name: 'Superbills, referrals, and clinical forms' }).click();
  await untilFocused(ana.box);
  await ana.page.keyboard.press('Enter');
  await ana.log.getByText('A question about my superbill').waitFor();
  assert.deepEqual(ana.faults, []);
});

test('to where the portal has its Support Team, in a tab of its own, or in words', async (t) => {
  const { ana, url, ask, support } = await openAna(t);
  await ask.click();
  await support.getByRole('button', { name: 'Portal or technical issues' }).click();
  await ana.page.getByText('You reach the Support Team through the help widget').waitFor();

  await ana.page
    .locator('grow-messages')
    .evaluate((element, address) => element.setAttribute('support-url', address), `${url}/leaf.svg#support`);
  const opened = ana.page.context().waitForEvent('page');
  await support.getByRole('button', { name: 'Portal or technical issues' }).click();
  assert.equal((await opened).url(), `${url}/leaf.svg#support`);
  assert.deepEqual(ana.faults, []);
});

test('who can read it: the two, by name, from the thread, and from where one composes', async (t) => {
  const { ana } = await openAna(t);
  const who = ana.page.getByRole('button', { name: 'Who can read this' });
  const readers = ana.page.getByRole('list', { name: 'This conversation opens in the portals' });
  const heading = ana.page.getByRole('heading', { name: 'Who can read this' });
  const two = ['Ana Reyes (you)', 'Dr. Maya Lee, PhD, Licensed Psychologist'];
  const names = async () =>
    (await readers.locator('li > span:last-child').allInnerTexts()).map((name) => name.trim());
  await reach(who, 'Shift+Tab');
  await ana.page.keyboard.press('Enter');
  await untilFocused(heading);
  assert.deepEqual(await names(), two);
  await ana.page.keyboard.press('Escape');
  await untilFocused(ana.box);

  await ana.page.getByRole('button', { name: 'Compose message' }).click();
  await ana.page.getByRole('combobox', { name: 'Provider' }).selectOption({ label: two[1]! });
  await who.click();
  await untilFocused(heading);
  assert.deepEqual(await names(), two);
  assert.deepEqual(ana.faults, []);
});

const own = {
  askSupport: [
    '<b>Billing</b>: see <a href="https://clinic.example/faq">our answers</a>',
    'Copays &amp; refunds',
    '<p style="color: red">Records</p><style>* { display: none }</style>',
  ],
  replyExpectation: '<p>Soon, but not</p><ul><li>on <em>holidays</em></li></ul>',
};

test('a clinic’s own words, bold and listed and linked, under the strictest policy', async (t) => {
  const { ana, ask, support } = await openAna(t, { guidance: own });
  await ask.click();
  await support.locator('b').waitFor();
  assert.deepEqual(await support.getByRole('button').allInnerTexts(), [
    'Billing: see our answers\n›',
    'Copays & refunds\n›',
    'Records\n›',
  ]);
  const link = support.getByRole('link', { name: 'our answers' });
  assert.equal(await link.getAttribute('href'), 'https://clinic.example/faq');
  await ana.page.getByRole('listitem').filter({ hasText: 'on holidays' }).locator('em').waitFor();
  assert.deepEqual(ana.faults, []);
});

test('hostile words of a clinic’s are words, under the strictest policy', async (t) => {
  const texts = hostileTexts.filter((text) => /\S/u.test(text) && text.length <= 2_000);
  const crisisLines = texts.map((label, at) => ({ label, phone: `555${at}`, takesTexts: true }));
  const { ana, ask, support } = await openAna(t, {
    guidance: {
      askProvider: texts,
      askSupport: ['<b>safe by now</b>', ...texts],
      replyExpectation: texts.join(' ').slice(0, 2_000),
      crisisLines,
    },
  });
  await ask.click();
  await support.locator('b').waitFor();
  await ana.crisis.getByRole('button', { name: 'More crisis support' }).click();
  await ana.crisis.getByText('<script>globalThis.wasRun = true</script>', { exact: false }).waitFor();
  for (const name of ['911', '988']) {
    await ana.crisis.getByRole('link', { name, exact: true }).first().click({ trial: true });
  }
  assert.equal(await ana.page.evaluate(() => 'wasRun' in globalThis), false);
  assert.deepEqual(ana.faults, []);
});

test('a clinic’s words stand without their markup where it can’t be made safe', async (t) => {
  const { ana, begin, ask, support } = await openAna(t, { guidance: own });
  const areWords = async () => {
    await ask.click();
    await support.getByRole('button', { name: 'Billing: see our answers' }).waitFor();
    assert.equal(await support.locator('b, a').count(), 0);
    await ana.page.getByText('Soon, but not on holidays').waitFor();
  };
  // A page that asks for Trusted Types and does not list ours.
  const refused = ana.page.waitForEvent('console', (message) => message.text().includes('grow-messages'));
  await ana.page.route(/\/\?as=/, async (route) => {
    const response = await route.fetch();
    const policy = "require-trusted-types-for 'script'; trusted-types lit-html";
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  await ana.page.reload();
  await begin();
  await areWords();
  await refused;
  await areWordsStill();

  // What makes it safe can't be fetched.
  await ana.page.unroute(/\/\?as=/);
  await ana.page.route(/\/sanitize-/, (route) => route.abort());
  await ana.page.reload();
  const failed = ana.page.waitForEvent('requestfailed');
  await begin();
  await areWords();
  await failed;
  await areWordsStill();

  async function areWordsStill() {
    assert.equal(await support.locator('b, a').count(), 0);
  }
});

test('everything in the guide can be reached by keys at 400 % zoom, and is in sight', async (t) => {
  const { ana, ask, heading, provider, support } = await openAna(t, {
    viewport: { width: 320, height: 256 },
  });
  await reach(ask);
  await ana.page.keyboard.press('Enter');
  await untilFocused(heading);
  const topics = [
    ...(await provider.getByRole('button').all()),
    ...(await support.getByRole('button').all()),
  ];
  assert.equal(topics.length, 9);
  for (const topic of topics) {
    await reach(topic);
    assert.equal(await isInSight(topic), true, await topic.innerText());
  }
  assert.equal(await isFocused(topics.at(-1)!), true);
});

/** Whether the middle of it is there to be seen: neither scrolled away nor under something else. */
function isInSight(element: Locator): Promise<boolean> {
  return element.evaluate((found) => {
    const { left, top, width, height } = found.getBoundingClientRect();
    const root = found.getRootNode() as ShadowRoot;
    return found.contains(root.elementFromPoint(left + width / 2, top + height / 2));
  });
}
