import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { browserFlags, findBrowser } from '../browser.mjs';
import { introduce, startBackend } from './backend.mjs';
import { median } from './numbers.mjs';
import { servePages } from './page-server.mjs';
import { watch } from './watch.mjs';
import { Connection } from './wire.mjs';

const sizes = [100, 1_000, 10_000, 100_000];
const rounds = 15;
// Of the last message but one: the last one's words may stand in a list of threads too.
const awaitedWords = 'These are the words that are waited for.';

/** Opens a floor page and ours in turns, in a fresh browser context each time. */
export async function measureScreen(folder, report) {
  const pages = new Map();
  const server = await servePages(pages);
  const backend = await startBackend(folder, [server.origin]);
  server.forwardTo(backend.origin);
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserFlags });
  try {
    for (const size of sizes) {
      report(`writing ${size} messages`);
      const thread = await introduce(backend.origin, `client-of-${size}`, `provider-of-${size}`);
      await fill(backend.origin, thread, size);
      addPages(pages, size, thread, await lastPage(backend.origin, thread));
    }
    const results = {};
    for (const size of sizes) {
      const openings = { floor: [], ours: [] };
      for (let round = 0; round <= rounds; round += 1) {
        report(`opening ${size} messages, round ${round} of ${rounds}`);
        for (const kind of Object.keys(openings)) {
          const opening = await open(browser, `${server.origin}/${kind}-${size}.html`);
          if (round > 0) openings[kind].push(opening); // the first only warms the machine
        }
      }
      results[size] = { floor: summary(openings.floor), ours: summary(openings.ours) };
    }
    return results;
  } finally {
    await browser.close();
    server.stop();
    await backend.stop();
  }
}

function summary(openings) {
  const of = (read) => median(openings.map(read));
  return {
    firstText: of(({ firstText }) => firstText),
    longestTask: of(({ longestTask }) => longestTask),
    nodes: of(({ nodes }) => nodes),
    heap: of(({ heap }) => heap),
    downloaded: of(({ downloaded }) => downloaded),
  };
}

async function open(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.addInitScript(watch, awaitedWords);
    await page.goto(url, { waitUntil: 'commit' });
    await page
      .waitForFunction(() => globalThis.bench.firstText !== undefined, null, { timeout: 30_000 })
      .catch((error) => {
        throw new Error(`${url} shows no text: ${problems.join('; ') || error.message}`);
      });
    await sleep(1000); // what it does right after the first text is part of opening
    const { firstText, longestTask, nodes, scripts } = await page.evaluate(() => globalThis.bench.read());
    const session = await context.newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return { firstText, longestTask, nodes, heap: usedSize, downloaded: await weigh(page, scripts) };
  } finally {
    await context.close();
  }
}

/** What came over the line before the first text: the page itself and its scripts, gzipped. */
async function weigh(page, scripts) {
  const own = page.url().includes('/floor-') ? [page.url()] : [];
  const weights = await Promise.all(
    [...own, ...scripts].map(async (url) => {
      const text = await (await fetch(url)).text();
      return gzipSync(text, { level: 9 }).length;
    }),
  );
  return weights.reduce((sum, weight) => sum + weight, 0);
}

function addPages(pages, size, { threadId, tokens }, { messages }) {
  const floor = readFileSync(new URL('floor-page.html', import.meta.url), 'utf8');
  pages.set(`/floor-${size}.json`, JSON.stringify({ messages }));
  pages.set(`/floor-${size}.html`, floor.replace('messages.json', `/floor-${size}.json`));
  pages.set(
    `/ours-${size}.html`,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ours</title>
<script type="module" src="/esm/grow-messages.js"></script>
<style>html, body { height: 100%; margin: 0 } grow-messages { display: block; height: 100% }</style></head>
<body><grow-messages api-url="/" token="${tokens[0]}" thread-id="${threadId}"></grow-messages></body></html>`,
  );
}

/** Writes a thread from both sides, eight messages at a time. */
async function fill(origin, { threadId, tokens }, size) {
  let written = 0;
  const write = async (connection, token) => {
    while (written < size - 2) {
      written += 1;
      await put(connection, token, threadId, words(written));
    }
  };
  const connections = Array.from({ length: 8 }, () => new Connection(origin));
  await Promise.all(connections.map((connection, n) => write(connection, tokens[n % 2])));
  await put(connections[0], tokens[1], threadId, awaitedWords);
  await put(connections[0], tokens[1], threadId, words(size));
  // Who has read it all opens it at its end; else at what is new.
  await connections[0].request('PUT', `/v1/threads/${threadId}/read`, tokens[0], { seq: size });
  for (const connection of connections) connection.close();
}

async function put(connection, token, threadId, text) {
  const path = `/v1/threads/${threadId}/messages/${randomUUID()}`;
  const { status, body } = await connection.request('PUT', path, token, { text });
  if (status !== 201) throw new Error(`A message was answered with ${status}: ${body}`);
}

async function lastPage(origin, { threadId, tokens }) {
  const response = await fetch(`${origin}/v1/threads/${threadId}/messages?limit=50`, {
    headers: { Authorization: `Bearer ${tokens[0]}` },
  });
  return await response.json();
}

/** 20 to 400 characters. */
function words(n) {
  const sentence = `Message ${n}: how did the week with the new dose go, and how have you slept? `;
  return sentence.repeat(6).slice(0, 20 + ((n * 37) % 380));
}
