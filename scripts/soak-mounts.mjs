// npm run soak:mounts, or npm run soak:mounts -- 2000 for more: puts the built element on a page and takes it off again,
// and prints what the page holds after a tenth of it and after all, and what is left; the tests do it a hundred times.
import { launchBrowser } from '../test/support/browser.ts';
import { startDemo } from '../test/support/demo.ts';
import { mountMany, withoutCompiler } from '../test/support/mounts.ts';

const mounts = Number(process.argv[2] ?? 500);
const ends = [];
const url = await startDemo({ after: (end) => ends.push(end) }, {}, { RATE_LIMIT_PER_MINUTE: '0' });
const browser = await launchBrowser(withoutCompiler);
try {
  const first = Math.ceil(mounts / 10);
  const { before, after, left } = await mountMany(browser, url, { first, times: 9 });
  console.table({ [`after ${first}`]: before, [`after ${first * 10}`]: after });
  for (const [what, names] of Object.entries(left))
    console.log(`Left of ${what}: ${names.join(', ') || 'none'}`);
} finally {
  await browser.close();
  for (const end of ends) await end();
}
