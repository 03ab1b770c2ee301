import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { MortalPractice } from './mortal-practice.ts';
import { bringHand, type Sight, withHand } from './page-hand.ts';
import { ProfiledBrowser } from './profiled-browser.ts';
import { randomFrom } from './random.ts';

/** How far words had come, as far as anybody could see, when the browser was killed. */
type Stage = 'typed' | 'shown' | 'sent';

/** What came of all kills. `twice`: in the thread and in the composer still. */
export type KillTally = Record<Stage, number> & { kills: number; inComposer: number; twice: number };

declare global {
  interface Window {
    /** Tells the test how far words have come. */
    tellStage(stage: Stage): Promise<void>;
  }
}

/** Up to how long after Send the browser is killed, in milliseconds: half of the kills come within a quarter of it. */
const upTo = 300;

/**
 * Types, sends and kills the browser around that moment, again and again on one profile; looks each time at what
 * the next browser shows. Rejects where words are nowhere, or were shown as sent and are not at the server.
 */
export async function killAroundSend(
  practice: MortalPractice,
  kills: number,
  seed: number,
  onKill: (tally: KillTally) => void = () => undefined,
): Promise<KillTally> {
  const random = randomFrom(seed);
  const name = `k${seed}`;
  const tally: KillTally = { kills: 0, typed: 0, shown: 0, sent: 0, inComposer: 0, twice: 0 };
  const profile = await mkdtemp(join(tmpdir(), 'grow-profile-'));
  const [threadId] = await practice.takeIn(name, 'Ana Reyes');
  practice.signIn(name, name);
  const texts: string[] = [];
  const shownAsSent: string[] = [];
  let browser: ProfiledBrowser | undefined;
  try {
    for (let round = 0; ; round++) {
      browser = await ProfiledBrowser.open(profile);
      let stage = 'typed' as Stage;
      await browser.context.exposeFunction('tellStage', (reached: Stage) => void (stage = reached));
      const page = await openThread(browser, practice, name, threadId);
      if (round > 0) await checkLast(page);
      if (round === kills) break;

      const text = `${name}-${round}`;
      texts.push(text);
      assert.ok(await withHand(page, (words) => window.hand.type(words), text), `${text} is kept as a draft`);
      const wait = upTo * random() ** 2;
      // Before the page has answered it may be dead.
      sendAndTell(page, text).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, wait));
      await browser.kill();
      tally.kills += 1;
      tally[stage] += 1;
      if (stage === 'sent') shownAsSent.push(text);
      onKill(tally);
    }
    const messages = (await everything(practice, name, threadId)).map((message) => message.text);
    assert.deepEqual(messages, texts, 'all is at the server, once, in the order it was written');
  } finally {
    await browser?.kill();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  return tally;

  /** The words of the last round are somewhere, and what was shown as sent is at the server. */
  async function checkLast(page: Page): Promise<void> {
    const text = texts.at(-1)!;
    const messages = await everything(practice, name, threadId);
    for (const sent of shownAsSent) {
      assert.equal(messages.filter((message) => message.text === sent).length, 1, `${sent}, shown as sent`);
    }
    const isInThread = ({ rows }: Sight) => rows.some((row) => row.text === text);
    const sight = await sightOf(page, (look) => isInThread(look) || look.draft === text);
    assert.ok(isInThread(sight) || sight.draft === text, `${text} is nowhere`);
    if (isInThread(sight) && sight.draft === text) tally.twice += 1;
    if (!isInThread(sight)) {
      tally.inComposer += 1;
      await withHand(page, (words) => window.hand.send(words), text);
    }
    const isSent = ({ rows }: Sight) => rows.some((row) => row.text === text && !row.isEcho);
    assert.ok(isSent(await sightOf(page, isSent)), `${text} is sent by now`);
  }
}

async function openThread(
  browser: ProfiledBrowser,
  practice: MortalPractice,
  name: string,
  threadId: string,
) {
  const { context } = browser;
  await context.addInitScript(bringHand);
  await context.addCookies([{ name: 'visit', value: name, url: practice.portalUrl }]);
  const page = await context.newPage();
  await page.goto(practice.portalUrl);
  await withHand(page, (id) => window.hand.open(id), threadId);
  await sightOf(page, ({ draft }) => draft !== undefined);
  return page;
}

/** Presses Return, and tells how far the words have come as soon as anybody could see it. */
function sendAndTell(page: Page, text: string): Promise<void> {
  return withHand(
    page,
    (words) => {
      void window.hand.send(words);
      const look = () => {
        const row = window.hand.look().rows.find((one) => one.text === words);
        if (row) void window.tellStage(row.isEcho ? 'shown' : 'sent');
        if (!row || row.isEcho) setTimeout(look);
      };
      look();
    },
    text,
  );
}

/** What is to be seen once it is so, or at last. */
async function sightOf(page: Page, isSo: (sight: Sight) => boolean): Promise<Sight> {
  for (const end = Date.now() + 15_000; ;) {
    const sight = await withHand(page, () => window.hand.look());
    if (isSo(sight) || Date.now() > end) return sight;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function everything(practice: MortalPractice, personId: string, threadId: string) {
  return practice.messages(personId, threadId);
}
