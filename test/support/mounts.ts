import type { Browser, CDPSession } from 'playwright-core';

/** What a page holds on to, after all that is nobody's has been thrown away. */
export type Held = { readonly heap: number; readonly listeners: number; readonly nodes: number };

/** What a page holds after so many elements came and went, and after `times` as many as the first; and its open requests. */
export async function mountMany(
  browser: Browser,
  url: string,
  { first, times }: { readonly first: number; readonly times: number },
): Promise<{ readonly before: Held; readonly after: Held; readonly open: readonly string[] }> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const open = new Set<string>();
    page.on('request', (request) => open.add(request.url()));
    for (const ended of ['requestfinished', 'requestfailed'] as const) {
      page.on(ended as 'requestfinished', (request) => open.delete(request.url()));
    }
    await page.goto(`${url}/?as=ana`);
    await page.locator('grow-messages').waitFor();
    const session = await context.newCDPSession(page);
    const mount = (count: number) => page.evaluate(mountAndRemove, count);
    await mount(first);
    const before = await heldBy(session);
    await mount(first * times);
    const after = await heldBy(session);
    await page.waitForFunction(() => navigator.locks.query().then(({ held }) => held?.length === 0));
    return { before, after, open: [...open] };
  } finally {
    await context.close();
  }
}

/** One after the other: some are gone before they are drawn, the others once their inbox is there. */
async function mountAndRemove(count: number): Promise<void> {
  type Page = typeof globalThis & { settings?: object; place?: Element };
  const page = globalThis as Page;
  const first = document.querySelector('grow-messages');
  if (first) {
    page.place = first.parentElement!;
    const { apiUrl, tokenUrl, token, getToken } = first as unknown as Record<string, unknown>;
    page.settings = { apiUrl, tokenUrl, token, getToken };
    for (const ours of document.querySelectorAll('grow-messages, grow-messages-badge')) ours.remove();
  }
  for (let at = 0; at < count; at++) {
    const element = Object.assign(document.createElement('grow-messages'), page.settings);
    page.place?.append(element);
    const isThere = () =>
      element.shadowRoot?.querySelector('grow-inbox')?.shadowRoot?.querySelector('.thread');
    for (const end = Date.now() + 10_000; at % 4 > 0 && !isThere();) {
      if (Date.now() > end) throw new Error('The inbox did not come.');
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

async function heldBy(session: CDPSession): Promise<Held> {
  await session.send('Performance.enable');
  for (let round = 0; round < 3; round++) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return { heap: of('JSHeapUsedSize'), listeners: of('JSEventListeners'), nodes: of('Nodes') };
}
