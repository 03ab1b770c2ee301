import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { mountMany, openRequests, withoutCompiler } from '../support/mounts.ts';
import { until, untilAsked } from '../support/until.ts';

describe('a guest on somebody’s page', () => {
  let browser: Browser;
  let url: string;
  const ending: (() => unknown)[] = [];

  before(async () => {
    browser = await launchBrowser(withoutCompiler);
    const t = { after: (end: unknown) => ending.push(end as () => unknown) };
    url = await startDemo(t, {}, { RATE_LIMIT_PER_MINUTE: '0' });
  });
  after(async () => {
    await browser.close();
    for (const end of ending) await end();
  });

  it('is one, however often and under whatever address its script is loaded', async (t) => {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    const asked: string[] = [];
    const faults: string[] = [];
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    page.on('pageerror', (error) => faults.push(error.message));
    await context.route(/\/\?as=/, async (route) => {
      const response = await route.fetch();
      const [tag = ''] = /<script[^>]*grow-messages\.js[^>]*><\/script>/.exec(await response.text()) ?? [];
      const tags = ['?v=1', '?v=2', ''].map((query) => tag.replace('.js', `.js${query}`)).join('');
      await route.fulfill({ response, body: (await response.text()).replace(tag, tags) });
    });
    await page.goto(`${url}/?as=ana`);
    await page.getByRole('button', { name: /Dr. Maya Lee/ }).click();
    await page.getByRole('textbox', { name: 'Compose your message' }).fill('Once, please.');
    await page.keyboard.press('Enter');
    await page.getByRole('log', { name: 'Messages' }).getByText('Delivered').last().waitFor();

    const count = (what: RegExp) => asked.filter((request) => what.test(request)).length;
    assert.equal(count(/grow-messages\.js$/), 3, 'as often as the page asks for it');
    assert.equal(count(/chunks\/news/), 1);
    assert.equal(count(/\/v1\/events$/), 1);
    assert.equal(count(/^PUT .*\/messages\//), 1);
    assert.deepEqual(faults, []);
  });

  it('is the same one, whatever a framework does to it, and asks nothing twice for two of it', async (t) => {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    const asked: string[] = [];
    const faults: string[] = [];
    const open = openRequests(page);
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${url}/?as=ana`);
    await page.getByRole('button', { name: /Dr. Maya Lee/ }).click();
    const box = page.getByRole('textbox', { name: 'Compose your message' });
    await box.fill('Half a sentence');
    const streams = () => [...open].filter((request) => request.url().endsWith('/v1/events')).length;
    await until(() => streams() === 1);

    const begun = () => asked.filter((request) => /\/(?:session|me|cache-keys\/.*|events)$/.test(request));
    const before = begun();
    await page.evaluate(() => {
      const element = document.querySelector('grow-messages')!;
      const place = element.parentElement!;
      const { getToken, threadId } = element;
      // Rendered again: the same values, the same node where it was, and where it was not.
      place.append(element);
      for (const name of element.getAttributeNames()) element.setAttribute(name, element.getAttribute(name)!);
      Object.assign(element, { getToken, threadId });
      document.body.append(element);
      place.replaceChildren(element, Object.assign(document.createElement('grow-messages'), { getToken }));
    });
    const [first, second] = [page.locator('grow-messages').first(), page.locator('grow-messages').last()];
    await second.getByRole('button', { name: /Dr. Maya Lee/ }).waitFor();
    assert.equal(
      await first.getByRole('textbox', { name: 'Compose your message' }).inputValue(),
      'Half a sentence',
    );
    assert.deepEqual(begun(), before);
    await first.evaluate((element) => element.remove());
    await second.getByRole('button', { name: /Dr. Maya Lee/ }).click();
    await untilAsked(async () => (await box.inputValue()) === 'Half a sentence');
    assert.equal(streams(), 1);
    await page.evaluate(() => document.querySelector('.portal')!.remove());
    await until(() => open.size === 0);
    assert.deepEqual(faults, []);
  });

  it('leaves nothing behind, over and over put on a page and taken off', async () => {
    const { before: few, after: many, left } = await mountMany(browser, url, { first: 25, times: 3 });
    assert.deepEqual(left, { requests: [], timers: [], locks: [], objects: [] });
    assert.ok(many.heap < few.heap * 1.05, `${few.heap} bytes became ${many.heap}`);
    assert.equal(many.listeners, 0);
    assert.ok(many.nodes <= few.nodes * 1.05, `${few.nodes} nodes became ${many.nodes}`);
  });
});
