import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { browserFlags, findBrowser } from './scripts/browser.mjs';
import { lighten } from './scripts/without-ballast.mjs';

export default {
  files: ['test/widget/**/*.test.ts'],
  concurrency: 2,
  // Without the browser condition msw brings its half for Node, which the browser can't load.
  nodeResolve: { browser: true, exportConditions: ['browser', 'development'] },
  browsers: [
    chromeLauncher({
      launchOptions: { executablePath: await findBrowser(), headless: true, args: browserFlags },
      // Files that run side by side would share IndexedDB and locks otherwise.
      createPage: async ({ browser }) => (await browser.createBrowserContext()).newPage(),
    }),
  ],
  plugins: [
    // As it is built: it imports what no browser could load.
    {
      name: 'as-built',
      transform: ({ path, body }) => (path.includes('/tus-js-client/') ? lighten(body, path) : undefined),
    },
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
    }),
  ],
  middleware: [serveMswWorker],
  testFramework: { config: { timeout: 10_000 } },
  filterBrowserLogs: ({ args }) => !String(args[0]).includes('Lit is in dev mode'),
  reporters: [
    defaultReporter({ reportTestProgress: Boolean(process.stdout.isTTY) }),
    countReporter('reports/widget.json'),
  ],
  coverageConfig: {
    include: ['widget/**'],
    reportDir: 'reports/coverage',
    reporters: ['lcovonly', 'text-summary'],
  },
};

/** msw's service worker has to be served from the root of the site it listens in on. */
function serveMswWorker(context, next) {
  if (context.path !== '/mockServiceWorker.js') return next();
  context.type = 'text/javascript';
  context.body = createReadStream(fileURLToPath(import.meta.resolve('msw/mockServiceWorker.js')));
}

/** Leaves the number of tests in a file, for the test command to add up. */
function countReporter(file) {
  return {
    async onTestRunFinished({ sessions }) {
      const counts = { passed: 0, failed: 0 };
      for (const session of sessions) {
        const before = counts.failed;
        if (session.testResults) count(session.testResults, counts);
        // A file that broke before its first test, or after its last, has failed as well.
        if (!session.passed && counts.failed === before) counts.failed += 1;
      }
      await mkdir(new URL('reports', import.meta.url), { recursive: true });
      await writeFile(new URL(file, import.meta.url), JSON.stringify(counts));
    },
  };
}

function count(suite, counts) {
  for (const test of suite.tests) {
    if (test.skipped) continue;
    if (test.passed) counts.passed += 1;
    else counts.failed += 1;
  }
  for (const inner of suite.suites) count(inner, counts);
}
