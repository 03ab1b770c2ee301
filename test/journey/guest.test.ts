import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';
import { mountMany } from '../support/mounts.ts';

describe('a guest on somebody’s page', () => {
  let browser: Browser;
  let url: string;
  const ending: (() => unknown)[] = [];

  before(async () => {
    browser = await launchBrowser();
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

  it('leaves nothing behind, over and over put on a page and taken off', async () => {
    const { before: few, after: many, open } = await mountMany(browser, url, { first: 25, times: 3 });
    assert.ok(many.heap < few.heap * 1.05, `${few.heap} bytes became ${many.heap}`);
    assert.ok(many.listeners <= few.listeners, `${few.listeners} listeners became ${many.listeners}`);
    assert.ok(many.nodes <= few.nodes * 1.05, `${few.nodes} nodes became ${many.nodes}`);
    assert.deepEqual(open, []);
  });
});
