import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type * as Axe from 'axe-core';
import type { Page } from 'playwright-core';
import { rules } from '../../stories/axe.ts';
import { readStories, type Story, StoryBook, type StoryReader } from '../support/story-book.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const stories = readStories();
let book: StoryBook;

before(async () => {
  book = await StoryBook.open();
});

after(() => book.close());

it('there is a page for every element that has looks of its own', () => {
  const elements = readdirSync(new URL('../../widget', import.meta.url), {
    recursive: true,
    encoding: 'utf8',
  })
    .map((path) => /(?:^|[\\/])(grow-[a-z-]+)\.styles\.ts$/.exec(path)?.[1])
    .filter((name) => name !== undefined);
  const titles = new Set(stories.map(({ title }) => title));
  assert.ok(elements.length > 0);
  assert.deepEqual(
    elements.filter((name) => !titles.has(`Elements/${name}`)),
    [],
  );
});

/** Each width has a page of its own, and goes through the stories at the same time as the other. */
describe('every story', { concurrency: 2 }, () => {
  for (const width of [1280, 320]) {
    describe(`at ${width} px`, { concurrency: 1 }, () => {
      let reader: StoryReader;

      before(async () => {
        reader = await book.reader(width);
      });

      for (const story of stories) {
        it(`${story.title}: ${story.name}`, async () => {
          await reader.show(story);
          assert.deepEqual(reader.faults(), []);
          const { page } = reader;
          assert.ok(await fits(page), 'It scrolls sideways.');
          for (const [colorScheme, options] of themes) {
            await page.emulateMedia({ colorScheme });
            const complaints = await lookThrough(page, options);
            if (complaints.length > 0) assert.fail(`In ${colorScheme}:\n${complaints.join('\n')}`);
          }
          if (isMirrored(story)) assert.deepEqual(await latinWords(page), []);
          assert.deepEqual(reader.faults(), []);
        });
      }
    });
  }
});

/** What is looked at in each: between the two nothing but colours differs. */
const themes: readonly (readonly ['light' | 'dark', Axe.RunOptions])[] = [
  ['light', rules],
  ['dark', { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }],
];

const isMirrored = ({ title }: Story) => title === 'Hard days/Right to left';

/** What axe has to say, one line each: the rule, what it is about, and where. */
async function lookThrough(page: Page, options: Axe.RunOptions): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate((options: Axe.RunOptions) => {
    const isWhole = document.querySelector('grow-messages') !== null;
    // A heading of the first level is the portal's to have; an element of the inside alone is not even a page.
    const pageRules = ['page-has-heading-one', ...(isWhole ? [] : ['landmark-one-main', 'region'])];
    const { axe } = globalThis as unknown as { readonly axe: typeof Axe };
    return axe.run(document, {
      ...options,
      resultTypes: ['violations'],
      rules: Object.fromEntries(pageRules.map((rule) => [rule, { enabled: false }])),
    });
  }, options);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help} (${target.join(' ')}) ${any[0]?.message ?? ''}`),
  );
}

function fits(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
}

/** Our own words that are still written in Latin letters: those that do not come from `strings`. */
function latinWords(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    // What people say and are called stays as they wrote it.
    const ofPeople = 'bdi, .text, .line, .face, select, time';
    const found: string[] = [];
    const look = (root: Element | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) look(element.shadowRoot);
        if (element.matches('style') || element.closest(ofPeople)) continue;
        const texts = [...element.childNodes].filter((node) => node instanceof Text).map(({ data }) => data);
        const names = ['aria-label', 'placeholder', 'title', 'alt'].map((name) => element.getAttribute(name));
        found.push(...([...texts, ...names].filter((words) => words && /[a-z]/i.test(words)) as string[]));
      }
    };
    look(document.querySelector('grow-messages')!.shadowRoot!);
    return found;
  });
}
