import type { Browser, CDPSession, Page, Request } from 'playwright-core';
import { untilAsked } from './until.ts';

/** What a page holds on to, after all that is nobody's has been thrown away. */
export type Held = { readonly heap: number; readonly listeners: number; readonly nodes: number };

/** What goes on, and what there still is, once the last element is gone. */
export type Left = {
  readonly requests: readonly string[];
  readonly timers: readonly string[];
  readonly locks: readonly string[];
  readonly objects: readonly string[];
};

/** What there is none of on a page without us. */
const ours = [
  'AbortSignal',
  'BroadcastChannel',
  'IDBDatabase',
  ...['grow-messages', 'grow-messages-badge', 'grow-inbox'].map((name) => `customElements.get('${name}')`),
];

/**
 * How the browser is to be launched for this. What it calls its heap holds the machine code that it makes of ours
 * too, and it goes on making some for a thousand mounts: by heap snapshots, that and its notes on what is worth it
 * were all that grew, by six percent. Compiling nothing, it holds what a page holds, and grows by half a percent.
 */
export const withoutCompiler = ['--js-flags=--jitless'];

/** What a page holds after so many elements came and went, and after `times` as many as the first; and what is left. */
export async function mountMany(
  browser: Browser,
  url: string,
  { first, times }: { readonly first: number; readonly times: number },
): Promise<{ readonly before: Held; readonly after: Held; readonly left: Left }> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const open = openRequests(page);
    await page.addInitScript(watchTimers);
    await page.route(`${url}/host`, (route) => route.fulfill({ contentType: 'text/html', body: host }));
    await page.goto(`${url}/host`);
    const session = await context.newCDPSession(page);
    const mount = async (count: number) => {
      await page.evaluate(mountAndRemove, count);
      const left = await leftIn(page, session, open);
      return { left, held: await heldBy(session) };
    };
    const { held: before } = await mount(first);
    const { held: after, left } = await mount(first * times);
    return { before, after, left };
  } finally {
    await context.close();
  }
}

/** The requests of a page that are under way. */
export function openRequests(page: Page): ReadonlySet<Request> {
  const open = new Set<Request>();
  page.on('request', (request) => open.add(request));
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  return open;
}

/** A page that itself does nothing and keeps nothing. */
const host =
  '<!doctype html><html lang="en"><script type="module" src="/grow-messages/grow-messages.js"></script></html>';

type Watched = typeof globalThis & { timers: Map<unknown, string> };

/** Keeps account of what the page waits for, with the waits that only the browser can end. */
function watchTimers(): void {
  const timers = ((globalThis as Watched).timers = new Map());
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
  type Ring = (...values: unknown[]) => void;
  const begin = (what: string, timer: unknown) => (timers.set(timer, what), timer);
  const end = (timer: unknown) => (timers.delete(timer), timer as number);
  Object.assign(globalThis, {
    setTimeout: (ring: Ring, delay = 0, ...values: unknown[]) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        ring(...values);
      }, delay);
      return begin(`a timeout of ${delay} ms`, timer);
    },
    setInterval: (ring: Ring, delay: number) => begin(`an interval of ${delay} ms`, setInterval(ring, delay)),
    clearTimeout: (timer: unknown) => clearTimeout(end(timer)),
    clearInterval: (timer: unknown) => clearInterval(end(timer)),
  });
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (delay) => {
    const key = begin(`AbortSignal.timeout of ${delay} ms`, {});
    setTimeout(() => timers.delete(key), delay);
    return timeout.call(AbortSignal, delay);
  };
}

/**
 * One after the other: some are gone before they are drawn, the others once their inbox is there. Of these some are
 * put where they are once more and given all they have again, as a framework does, and some have company.
 */
async function mountAndRemove(count: number): Promise<void> {
  await customElements.whenDefined('grow-messages');
  const getToken = async () => {
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ personId: 'ana' });
    const response = await fetch('/demo/session', { method: 'POST', headers, body });
    return ((await response.json()) as { readonly token: string }).token;
  };
  const add = (name: string) => {
    const element = Object.assign(document.createElement(name), { getToken });
    document.body.append(element);
    return element;
  };
  for (let at = 0; at < count; at++) {
    const elements = [add('grow-messages')];
    if (at % 4 === 3) elements.push(add('grow-messages'), add('grow-messages-badge'));
    const isThere = () =>
      elements[0]!.shadowRoot?.querySelector('grow-inbox')?.shadowRoot?.querySelector('.thread');
    for (const end = Date.now() + 10_000; at % 4 > 0 && !isThere();) {
      if (Date.now() > end) throw new Error('The inbox did not come.');
      await new Promise((resolve) => setTimeout(resolve, 4));
      if (at % 4 === 2) document.body.append(Object.assign(elements[0]!, { getToken }));
    }
    for (const element of elements) element.remove();
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

/** What was asked before the last element went may be answered yet; a request's own patience is longer than this. */
async function leftIn(page: Page, session: CDPSession, open: ReadonlySet<Request>): Promise<Left> {
  let left: Left = { requests: [], timers: [], locks: [], objects: [] };
  const look = async () => {
    const timers = await page.evaluate(() => [...(globalThis as Watched).timers.values()]);
    const { held = [] } = await page.evaluate(() => navigator.locks.query());
    left = {
      requests: Array.from(open, (request) => request.url()),
      timers,
      locks: held.map(({ name }) => name ?? ''),
      objects: await objectsIn(session),
    };
    return Object.values(left).every((names) => names.length === 0);
  };
  await untilAsked(look).catch(() => undefined);
  return left;
}

async function objectsIn(session: CDPSession): Promise<readonly string[]> {
  const objects: string[] = [];
  for (const kind of ours) {
    const count = await countOf(session, kind);
    if (count > 0) objects.push(`${count} × ${kind}`);
  }
  return objects;
}

/** How many objects there are of a kind, once those that nobody can reach were thrown away. What it finds it lets go. */
async function countOf(session: CDPSession, kind: string): Promise<number> {
  const objectGroup = 'counted';
  const { result } = await session.send('Runtime.evaluate', { expression: `${kind}.prototype`, objectGroup });
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId!,
    objectGroup,
  });
  const { result: count } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId!,
    functionDeclaration: 'function () { return this.length; }',
  });
  await session.send('Runtime.releaseObjectGroup', { objectGroup });
  return count.value as number;
}
