import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

/** The strictest policy of a page that may still embed the element. */
const strictest =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; " +
  "require-trusted-types-for 'script'; trusted-types lit-html grow-messages";

/** One person's portal in a browser of their own, under the strictest policy, and what is on it. */
export class PortalPage {
  readonly page: Page;
  /** Whatever broke the policy, threw, or was asked of another host. */
  readonly faults: string[] = [];
  readonly #url: string;

  private constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  static async open(
    browser: Browser,
    url: string,
    personId: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<PortalPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const portal = new PortalPage(await context.newPage(), url);
    await portal.#watch(context);
    await portal.page.goto(`${url}/?as=${personId}`);
    return portal;
  }

  get list(): Locator {
    return this.page.getByRole('list', { name: 'Conversations' });
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Messages' });
  }

  get box(): Locator {
    return this.page.getByRole('textbox', { name: 'Compose your message' });
  }

  get crisis(): Locator {
    return this.page.getByRole('region', { name: 'Crisis support' });
  }

  /** The lilac mark in the side bar. */
  get mark(): Locator {
    return this.page.getByText('UNREAD', { exact: true });
  }

  /** A thread of the inbox, by whom it is with. */
  thread(name: string): Locator {
    return this.list.getByRole('button', { name });
  }

  /** Every message on screen, top to bottom. What was said last may be there before what came earlier. */
  texts(): Promise<string[]> {
    return this.log.locator('.text').allTextContents();
  }

  /** The same, once the open thread is on screen to its very start. */
  async wholeThread(): Promise<string[]> {
    await this.log.getByText('The start of your conversation').waitFor();
    return this.texts();
  }

  async #watch(context: BrowserContext): Promise<void> {
    const { page, faults } = this;
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith(this.#url) && !request.url().startsWith('blob:'))
        faults.push(request.url());
    });
    await context.exposeFunction('reportFault', (fault: string) => faults.push(fault));
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        (window as unknown as { reportFault: (fault: string) => void }).reportFault(
          `${violatedDirective} ${blockedURI}`,
        );
      });
    });
    await context.route(/\/\?as=/, async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), 'content-security-policy': strictest };
      await route.fulfill({ response, headers });
    });
  }
}
