import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { browserFlags, findBrowser } from '../../scripts/browser.mjs';

/** A browser with a profile on the disk, as everybody has one at home. It may be killed, and opened again. */
export class ProfiledBrowser {
  readonly context: BrowserContext;
  readonly #browser: Browser;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(
    browser: Browser,
    context: BrowserContext,
    child: ChildProcess,
    ended: Promise<unknown>,
  ) {
    this.context = context;
    this.#browser = browser;
    this.#child = child;
    this.#ended = ended;
  }

  static async open(profile: string): Promise<ProfiledBrowser> {
    const flags = [
      ...browserFlags,
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
    ];
    // A group of its own, so that all of it can be killed in one moment.
    const child = spawn(await findBrowser(), [...flags, 'about:blank'], {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    const lines = createInterface({ input: child.stderr });
    const address = await new Promise<string>((resolve, reject) => {
      lines.on('line', (line) => {
        const [, found] = /^DevTools listening on (\S+)/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      });
      lines.once('close', () => reject(new Error('The browser ended before it listened.')));
    });
    const browser = await chromium.connectOverCDP(address);
    const [context] = browser.contexts();
    if (!context) throw new Error('A browser with a profile has a context from the start.');
    return new ProfiledBrowser(browser, context, child, ended);
  }

  /** As a power cut does, or somebody who holds the button down: all of its processes at once. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      process.kill(-this.#child.pid!, 'SIGKILL');
    await this.#ended;
    await this.#browser.close().catch(() => undefined);
  }

  /** As somebody closes the last window. What is kept until then is written down. */
  async quit(): Promise<void> {
    const session = await this.#browser.newBrowserCDPSession();
    await session.send('Browser.close').catch(() => undefined);
    await this.#ended;
    await this.#browser.close().catch(() => undefined);
  }
}
