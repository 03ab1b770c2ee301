import { chromium, type Browser } from 'playwright-core';
import { browserFlags, findBrowser } from '../../scripts/browser.mjs';

/** A browser for a journey, with further flags if any. Whoever launches it closes it. */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({ executablePath: await findBrowser(), args: [...browserFlags, ...flags] });
}
