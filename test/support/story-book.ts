import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import express from 'express';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

export type Story = { readonly id: string; readonly title: string; readonly name: string };

const folder = fileURLToPath(new URL('../../dist/stories', import.meta.url));

/** The stories as they were built last, in their order. */
export function readStories(): readonly Story[] {
  const index = JSON.parse(readFileSync(`${folder}/index.json`, 'utf8')) as {
    readonly entries: Readonly<Record<string, Story>>;
  };
  return Object.values(index.entries);
}

/** The built stories, on a server and in a browser of their own. */
export class StoryBook {
  readonly #url: string;
  readonly #browser: Browser;
  readonly #stop: () => void;

  private constructor(url: string, browser: Browser, stop: () => void) {
    this.#url = url;
    this.#browser = browser;
    this.#stop = stop;
  }

  static async open(): Promise<StoryBook> {
    const server = express().use(express.static(folder)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new StoryBook(`http://127.0.0.1:${port}`, await launchBrowser(), () => {
      server.close();
      server.closeAllConnections();
    });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#stop();
  }

  /** Somebody who reads one story after the other, on a page of this width. */
  async reader(width: number): Promise<StoryReader> {
    const context = await this.#browser.newContext({
      viewport: { width, height: 800 },
      locale: 'en-US',
      reducedMotion: 'reduce',
    });
    return new StoryReader(await context.newPage(), this.#url);
  }
}

/** A page with one story after the other on it. */
export class StoryReader {
  readonly page: Page;
  readonly #url: string;
  readonly #faults: string[] = [];

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
    page.on('pageerror', (error) => this.#faults.push(error.message));
    page.on('console', (message) => {
      // The browser's own word that a request failed. Where it was asked of a fake server, that is the story.
      const isStaged = isFake(message.location().url) && message.text().startsWith('Failed to load');
      if (message.type() === 'error' && !isStaged) this.#faults.push(message.text());
    });
    page.context().on('request', (request) => {
      const asked = request.url();
      if (!asked.startsWith(url) && !isFake(asked) && !/^(?:blob|data):/.test(asked)) {
        this.#faults.push(`It asked for ${asked}.`);
      }
    });
  }

  /** Resolves when the story has come to its end, and all is drawn and nothing under way. */
  async show({ id }: Story): Promise<void> {
    const { page } = this;
    // The addon stays quiet: it would look through the page at the same time as whoever reads.
    if (page.url() === 'about:blank') {
      await page.goto(`${this.#url}/iframe.html?viewMode=story&id=${id}&globals=a11y.manual:!true`);
    } else await page.evaluate(showNext, id);
    await page.waitForFunction((shown) => document.documentElement.dataset['story'] === shown, id);
  }

  /** Whatever broke, threw, or was asked of another host since this was last asked. */
  faults(): readonly string[] {
    return this.#faults.splice(0);
  }
}

function showNext(storyId: string): void {
  const { __STORYBOOK_ADDONS_CHANNEL__: channel } = globalThis as unknown as {
    readonly __STORYBOOK_ADDONS_CHANNEL__: { readonly emit: (name: string, detail: unknown) => void };
  };
  channel.emit('setCurrentStory', { storyId, viewMode: 'story' });
}

/** Nobody can own a name under .test: who asks for one is answered by msw, or by nobody. */
function isFake(url: string): boolean {
  return URL.canParse(url) && new URL(url).hostname.endsWith('.test');
}
