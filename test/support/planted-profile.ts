import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { aProvider } from './builders.ts';
import type { MortalPractice } from './mortal-practice.ts';
import { bringHand, type Sight, withHand } from './page-hand.ts';
import { type Find, search } from './profile-search.ts';
import { ProfiledBrowser } from './profiled-browser.ts';

/** How a visit ends. */
export const endings = [
  'the tab is closed',
  'the browser is closed',
  'the browser is killed',
  'the session expires',
  'nobody is there any more',
  'somebody else signs in',
  'the person signs out',
] as const;
export type Ending = (typeof endings)[number];

/** What was planted, and what of it was found during the visit and after it. */
export type Harvest = {
  readonly words: readonly string[];
  readonly during: readonly Find[];
  readonly after: readonly Find[];
  /** How many files were looked through. */
  readonly files: number;
};

/** A word that nobody has and that can't be packed. */
const aWord = () => `w${randomBytes(12).toString('hex')}`;

/**
 * Fills a thread, a draft, the outbox and names with words that nobody else has, has it all read and written in a
 * browser with a profile, ends the visit, and looks for the words in all that the browser has on the disk.
 */
export async function harvest(
  practice: MortalPractice,
  ending: Ending,
  { isSealed = true }: { readonly isSealed?: boolean } = {},
): Promise<Harvest> {
  const profile = await mkdtemp(join(tmpdir(), 'grow-profile-'));
  const [visit, provider] = [aWord(), aWord()];
  const words = {
    heard: aWord(),
    sent: aWord(),
    waiting: aWord(),
    draft: aWord(),
    self: aWord(),
    name: aWord(),
    credentials: aWord(),
    replies: aWord(),
    sentFile: aWord(),
    file: aWord(),
    inFile: aWord(),
  };
  const { name, credentials, replies } = words;
  const email = `${provider}@clinic.example`;
  await practice.put(
    `people/${provider}`,
    aProvider({ displayName: name, credentials, replyPolicy: replies, email }),
  );
  const threads = await practice.takeIn(visit, words.self, [provider, 'dr-okafor']);
  practice.signIn(visit, visit);
  await practice.say(provider, threads[0], words.heard);

  let browser: ProfiledBrowser | undefined;
  try {
    browser = await ProfiledBrowser.open(profile);
    const { context } = browser;
    await context.addInitScript(bringHand);
    if (!isSealed) await context.addInitScript(sealNothing);
    await context.addCookies([{ name: 'visit', value: visit, url: practice.portalUrl }]);
    const page = await context.newPage();
    await page.goto(practice.portalUrl);
    await withHand(page, (id) => window.hand.open(id), threads[0]);
    await attach(page, words.sentFile, 'w');
    await until(page, ({ all }) => all.includes('Uploaded'));
    await write(page, threads[0], words.sent);
    await until(page, ({ rows }) => rows.some(({ text, isEcho }) => text === words.sent && !isEcho));
    const shown = [words.heard, words.sentFile, name, replies];
    await until(page, ({ all }) => shown.every((word) => all.includes(word)));
    await context.setOffline(true);
    await write(page, threads[1], words.waiting);
    assert.ok(await withHand(page, (text) => window.hand.type(text), words.draft));
    await attach(page, words.file, words.inFile);

    const device = await page.evaluate(deviceHere);
    const key = await practice.keyOf(visit, device.deviceId);
    const planted = [...Object.values(words), ...threads, visit, provider, key, ...practice.tokens];
    const during = await search(profile, planted);
    // What the widget has written down is there, where we look: its own name lies in the clear.
    assert.notDeepEqual(
      await search(profile, [device.deviceId]),
      [],
      'the search finds what is known to be there',
    );

    await context.setOffline(false);
    await end(practice, browser, page, visit, ending);
    const atOnce = await search(profile, planted);
    if (ending !== 'the browser is killed' && ending !== 'the browser is closed') await browser.quit();
    const after = [...atOnce, ...(await search(profile, planted))];
    const files = (await readdir(profile, { recursive: true })).length;
    return { words: Object.values(words), during, after, files };
  } finally {
    await browser?.kill();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Has a page leave words lying about in every way that a page can, with so much beside them that the browser packs
 * some, and gives back in which ways each was found: what this search does not find here, it can't be trusted with.
 */
export async function findWhatLiesOpen(
  practice: MortalPractice,
): Promise<ReadonlyMap<string, readonly Find[]>> {
  const profile = await mkdtemp(join(tmpdir(), 'grow-profile-'));
  let browser: ProfiledBrowser | undefined;
  try {
    browser = await ProfiledBrowser.open(profile);
    const page = await browser.context.newPage();
    await page.goto(practice.portalUrl);
    const words = Object.fromEntries(
      ['local storage', 'session storage', 'a record', 'a key', 'a long record'].map((place) => [
        place,
        aWord(),
      ]),
    );
    await page.evaluate(leaveLying, words);
    await browser.quit();
    const finds = await search(profile, Object.values(words));
    return new Map(
      Object.entries(words).map(([place, word]) => [place, finds.filter((find) => find.word === word)]),
    );
  } finally {
    await browser?.kill();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function end(
  practice: MortalPractice,
  browser: ProfiledBrowser,
  page: Page,
  visit: string,
  ending: Ending,
): Promise<void> {
  if (ending === 'the browser is closed') return browser.quit();
  if (ending === 'the browser is killed') return browser.kill();
  if (ending === 'the tab is closed') return page.close();
  if (ending === 'the session expires') {
    practice.signIn(visit, undefined);
    await practice.endSessions(visit, visit);
    await until(page, ({ gate }) => gate !== undefined);
  } else if (ending === 'nobody is there any more') {
    await page.evaluate(() => {
      document.querySelector<GrowMessages>('grow-messages')!.idleMinutes = 0.005;
    });
    await until(page, ({ draft, rows }) => draft === undefined && rows.length === 0);
  } else if (ending === 'the person signs out') {
    assert.equal(await withHand(page, () => window.hand.signOut()), 'forgotten');
    await until(page, ({ draft, rows }) => draft === undefined && rows.length === 0);
  } else {
    const other = aWord();
    const [threadId] = await practice.takeIn(other, 'Ben Carter');
    practice.signIn(visit, other);
    await page.reload();
    await write(page, threadId, 'Hello');
    await until(page, ({ rows }) => rows.some(({ text, isEcho }) => text === 'Hello' && !isEcho));
  }
}

async function write(page: Page, threadId: string, text: string): Promise<void> {
  await withHand(page, (id) => window.hand.open(id), threadId);
  assert.ok(await withHand(page, (words) => window.hand.type(words), text));
  assert.equal(await withHand(page, (words) => window.hand.send(words), text), 'shown');
}

async function attach(page: Page, name: string, word: string): Promise<void> {
  await until(page, ({ draft }) => draft !== undefined);
  await withHand(page, ([file, content]) => window.hand.attach(`${file}.csv`, content!), [name, word]);
  await until(page, ({ all }) => all.includes(name));
}

async function until(page: Page, isSo: (sight: Sight) => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !isSo(await withHand(page, () => window.hand.look()));) {
    assert.ok(Date.now() < end, `It never came to this: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** As if records were not sealed. In the page. */
function sealNothing(): void {
  const asItIs: SubtleCrypto['encrypt'] = async (_algorithm, _key, data) =>
    new Uint8Array(data as Uint8Array).slice().buffer;
  Object.assign(SubtleCrypto.prototype, { encrypt: asItIs, decrypt: asItIs });
}

/** In the page. */
async function leaveLying(words: Readonly<Record<string, string>>): Promise<void> {
  localStorage.setItem('a', words['local storage']!);
  sessionStorage.setItem('a', words['session storage']!);
  const db = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open('open');
    opening.onupgradeneeded = () => opening.result.createObjectStore('store');
    opening.onsuccess = () => resolve(opening.result);
  });
  const put = (key: string, value: unknown) =>
    new Promise<void>((resolve) => {
      const tx = db.transaction('store', 'readwrite');
      tx.objectStore('store').put(value, key);
      tx.oncomplete = () => resolve();
    });
  await put('record', { text: words['a record'] });
  await put(words['a key']!, {});
  await put('long', {
    text: `${'over and over '.repeat(300)}${words['a long record']}${'again '.repeat(300)}`,
  });
  // What was written long ago is packed into tables: that takes some four megabytes.
  for (let count = 0; count < 1_200; count++) {
    const noise = Array.from(crypto.getRandomValues(new Uint8Array(5_000)), (byte) => byte.toString(16));
    await put(`noise ${count}`, noise.join(''));
  }
}

/** The name that the widget gave this browser. In the page. */
function deviceHere(): Promise<{ readonly deviceId: string }> {
  return new Promise((resolve) => {
    indexedDB.open('grow-messages').onsuccess = ({ target }) => {
      const db = (target as IDBOpenDBRequest).result;
      db.transaction('device').objectStore('device').get('this').onsuccess = (event) => {
        resolve((event.target as IDBRequest<{ deviceId: string }>).result);
        db.close();
      };
    };
  });
}
