// npm run soak:races, or npm run soak:races -- 20 for more rounds, and -- 20 test/widget/sync/*.test.ts for some files: the
// widget's tests, while locks, ciphers, requests and what tabs say to each other come late, each time otherwise. Prints
// what failed how often: something waits for too little, the test or what it tests.
import { startTestRunner } from '@web/test-runner';

const [rounds = '3', ...files] = process.argv.slice(2);
const failures = new Map();

for (let round = 0; round < Number(rounds); round++) {
  // Anew each time: it holds the browser, which is closed after a round.
  const { default: config } = await import(`../web-test-runner.config.mjs?${round}`);
  const runner = await startTestRunner({
    config: {
      ...config,
      files: files.length > 0 ? files : config.files,
      reporters: [{ onTestRunFinished: ({ sessions }) => sessions.forEach(count) }],
      testFramework: { config: { timeout: 120_000 } },
      testsFinishTimeout: 600_000,
      testRunnerHtml: (framework) => `
        <script type="module" src="/test/support/late.ts"></script>
        <script type="module" src="${framework}"></script>`,
    },
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
  });
  await new Promise((resolve) => runner.on('stopped', resolve));
}
for (const [name, times] of failures) console.log(`${times} of ${rounds}: ${name}`);
console.log(`${rounds} rounds, ${failures.size} tests failed in some`);
process.exit(failures.size > 0 ? 1 : 0);

function count({ testFile, passed, testResults, errors }) {
  if (passed) return;
  const found = testResults ? failedIn(testResults) : [];
  for (const name of found.length > 0 ? found : [errors.map(({ message }) => message).join()]) {
    const of = `${testFile}: ${name}`;
    failures.set(of, (failures.get(of) ?? 0) + 1);
  }
}

function failedIn({ name, tests, suites }) {
  const failed = tests.filter((test) => !test.passed && !test.skipped);
  return [
    ...failed.map((test) => `${name} ${test.name}: ${test.error?.message}`),
    ...suites.flatMap(failedIn),
  ];
}
