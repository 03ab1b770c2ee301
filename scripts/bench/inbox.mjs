import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { browserFlags, findBrowser } from '../browser.mjs';
import { introduceMany, startBackend, tokenFor } from './backend.mjs';
import { median } from './numbers.mjs';
import { servePages } from './page-server.mjs';
import { watch } from './watch.mjs';
import { Connection } from './wire.mjs';

const sizes = [50, 5_000];
const rounds = 7;
const arrivals = 15;
const awaitedWords = 'These are the words that are waited for.';

/** Opens a provider's inbox of few threads and one of many: as a new device, and as one that has seen them all. */
export async function measureInbox(folder, report) {
  const pages = new Map();
  const server = await servePages(pages);
  const backend = await startBackend(folder, [server.origin]);
  server.forwardTo(backend.origin);
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserFlags });
  try {
    const inboxes = [];
    for (const size of sizes) {
      report(`introducing ${size} clients`);
      inboxes.push(await fill(backend.origin, size));
      pages.set(`/inbox-${size}.html`, pageFor(inboxes.at(-1).token));
    }
    const openings = new Map(sizes.map((size) => [size, { cold: [], again: [] }]));
    for (let round = 0; round <= rounds; round += 1) {
      report(`opening the inboxes, round ${round} of ${rounds}`);
      for (const size of sizes) {
        const context = await newContext(browser);
        const opening = await open(context, `${server.origin}/inbox-${size}.html`);
        if (round > 0) openings.get(size).cold.push(opening); // the first only warms the machine
        await context.close();
      }
    }
    const results = {};
    for (const [at, size] of sizes.entries()) {
      report(`scrolling through ${size} threads`);
      const context = await newContext(browser);
      const { page } = await open(context, `${server.origin}/inbox-${size}.html`, { stays: true });
      await scrollThrough(page, size);
      const seen = await page.evaluate(() => globalThis.bench.read());
      const arrived = await hearMessages(page, backend.origin, inboxes[at]);
      await page.close();
      for (let round = 0; round < rounds; round += 1) {
        openings.get(size).again.push(await open(context, `${server.origin}/inbox-${size}.html`));
      }
      await context.close();
      const { cold, again } = openings.get(size);
      results[size] = { cold: summary(cold), again: summary(again), nodes: seen.nodes, arrived };
    }
    return results;
  } finally {
    await browser.close();
    server.stop();
    await backend.stop();
  }
}

function newContext(browser) {
  return browser.newContext({ viewport: { width: 1280, height: 800 } });
}

function summary(openings) {
  return {
    firstText: median(openings.map(({ firstText }) => firstText)),
    longestTask: median(openings.map(({ longestTask }) => longestTask)),
    nodes: median(openings.map(({ nodes }) => nodes)),
  };
}

async function open(context, url, { stays = false } = {}) {
  const page = await context.newPage();
  await page.addInitScript(watch, awaitedWords);
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => globalThis.bench.firstText !== undefined, null, { timeout: 30_000 });
  await sleep(1000); // what it does right after the first text is part of opening
  const { firstText, longestTask, nodes } = await page.evaluate(() => globalThis.bench.read());
  if (!stays) await page.close();
  return { page, firstText, longestTask, nodes };
}

/** As a reader who scrolls to the end, and a little up each time that nothing more has come yet. */
async function scrollThrough(page, size) {
  await page.evaluate(async (count) => {
    const inbox = document.querySelector('grow-messages').shadowRoot.querySelector('grow-inbox');
    const end = performance.now() + 300_000;
    while (inbox.threads.length < count && performance.now() < end) {
      inbox.scrollTop = inbox.scrollHeight;
      await new Promise((resolve) => setTimeout(resolve, 20));
      inbox.scrollTop -= 300;
    }
    if (inbox.threads.length < count) throw new Error(`only ${inbox.threads.length} threads came`);
    inbox.scrollTop = 0;
  }, size);
  await sleep(500);
}

/** How long it takes from sending a message to seeing its words in the list, with every thread loaded. */
async function hearMessages(page, origin, { threads }) {
  const connection = new Connection(origin);
  const times = [];
  for (let number = 0; number < arrivals; number += 1) {
    const { threadId, clientId } = threads[1 + ((number * 31) % (threads.length - 1))];
    const words = `Arrival ${number} of them`;
    const seen = page.evaluate((text) => globalThis.bench.untilOnScreen(text), words);
    await sleep(200);
    const sentAt = Date.now();
    await put(connection, await tokenFor(clientId), threadId, words);
    times.push((await seen) - sentAt);
  }
  await put(connection, await tokenFor(threads[0].clientId), threads[0].threadId, awaitedWords);
  connection.close();
  await sleep(500); // what this device keeps, it has kept by then
  return median(times);
}

/** A provider whose clients have all been welcomed; ten have answered, the last one with the awaited words. */
async function fill(origin, size) {
  const providerId = `provider-of-${size}-clients`;
  const clientIds = Array.from({ length: size }, (_, at) => `client-${at}-of-${size}`);
  const token = await introduceMany(origin, providerId, clientIds);
  const threads = await allThreads(origin, token);
  const connection = new Connection(origin);
  for (const [at, { threadId, clientId }] of threads.entries()) {
    if (at % 10 === 0)
      await put(connection, await tokenFor(clientId), threadId, `Thank you, I am client ${at}.`);
  }
  const [last] = threads;
  await put(connection, await tokenFor(last.clientId), last.threadId, awaitedWords);
  connection.close();
  return { token, threads };
}

async function allThreads(origin, token) {
  const threads = [];
  for (let cursor = ''; cursor !== undefined;) {
    const response = await fetch(`${origin}/v1/threads?limit=200${cursor && `&cursor=${cursor}`}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const page = await response.json();
    threads.push(...page.threads.map(({ id, with: { id: clientId } }) => ({ threadId: id, clientId })));
    cursor = page.next;
  }
  return threads;
}

async function put(connection, token, threadId, text) {
  const path = `/v1/threads/${threadId}/messages/${randomUUID()}`;
  const { status, body } = await connection.request('PUT', path, token, { text });
  if (status !== 201) throw new Error(`A message was answered with ${status}: ${body}`);
}

function pageFor(token) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ours</title>
<script type="module" src="/esm/grow-messages.js"></script>
<style>html, body { height: 100%; margin: 0 } grow-messages { display: block; height: 100% }</style></head>
<body><grow-messages api-url="/" token="${token}"></grow-messages></body></html>`;
}
