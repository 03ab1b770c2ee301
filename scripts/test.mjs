// The whole test command. Steps that have nothing to do with each other run side by side, two at a
// time; what they print is shown when they fail. The last line is always `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const minute = 60_000;
/** What Node made of a file, TypeScript most of all: the tests are many processes that all load the same. */
const compiled = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node') };

/** Phases follow one another. The journeys wait for what is on screen, so they have the machine to themselves. */
const phases = [
  [
    // Types too. The longest of them, so it comes first.
    { name: 'lint', run: () => runTests('lint', {}, 'scripts/lint.mjs') },
    check('build', 'rollup', '-c', '--silent'),
    check('book', 'storybook', 'build', '-c', 'stories/.storybook', '-o', 'dist/stories', '--quiet'),
    check('format', 'prettier', '--check', '--log-level', 'warn', '.'),
    // Unpacks a browser where none is installed, so that nobody waits for it later.
    { name: 'browser', run: bringBrowser },
  ],
  [
    nodeTests(
      'server',
      2,
      '--test-global-setup=test/support/global-setup.ts',
      'test/{protocol,demo-server}/**/*.test.ts',
      'test/floor-plan.test.ts',
    ),
    { name: 'widget', run: () => runTests('widget', {}, join(bin, 'wtr')) },
    nodeTests('stories', 1, 'test/stories/**/*.test.ts'),
  ],
  [nodeTests('journey', 2, 'test/{journey,budget}/**/*.test.ts')],
];

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    await Promise.all([...running].map(stop));
    process.exit(128 + constants.signals[signal]);
  });
}

mkdirSync(join(root, 'reports'), { recursive: true });
const total = { passed: 0, failed: 0 };
for (const phase of phases) await runPhase(phase);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** A tool that is content or not: it counts as one. */
function check(name, tool, ...args) {
  return {
    name,
    async run() {
      const { code, output } = await runNode([join(bin, tool), ...args]);
      return { output, ...(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }) };
    },
  };
}

function nodeTests(name, concurrency, ...more) {
  return {
    name,
    run: () =>
      runTests(
        name,
        compiled,
        '--test',
        `--test-concurrency=${concurrency}`,
        `--test-timeout=${3 * minute}`,
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        '--test-reporter=./scripts/test-counts.mjs',
        `--test-reporter-destination=reports/${name}.json`,
        ...more,
      ),
  };
}

/** Runs tests that leave their number in `reports/<name>.json`. None, and a crash, are failures too. */
async function runTests(name, settings, ...args) {
  const report = join(root, 'reports', `${name}.json`);
  rmSync(report, { force: true });
  const { code, output } = await runNode(args, settings);
  const { passed, failed } = readCounts(report);
  if (passed + failed === 0) return { passed, failed: 1, output: `${output}\nNo test was run.` };
  if (code !== 0 && failed === 0) {
    return { passed, failed: 1, output: `${output}\nIt ended with ${code} though no test failed.` };
  }
  return { passed, failed, output };
}

function readCounts(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 0 };
  }
}

async function bringBrowser() {
  await findBrowser();
  return { passed: 0, failed: 0, output: '' };
}

async function runPhase(steps) {
  const waiting = [...steps];
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) await runStep(step);
  };
  await Promise.all([lane(), lane()]);
}

async function runStep({ name, run }) {
  const start = performance.now();
  const { passed, failed, output } = await run().catch((error) => ({
    passed: 0,
    failed: 1,
    output: String(error.stack),
  }));
  total.passed += passed;
  total.failed += failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const counts = failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} FAILED`;
  console.log(`${failed === 0 ? '✔' : '✘'} ${name.padEnd(8)} ${seconds.padStart(6)} s   ${counts}`);
  if (failed > 0) console.log(`\n${output.trim()}\n`);
}

/** Runs a script on this same Node and gives back what it printed and how it ended. */
function runNode(args, settings = {}) {
  const env = { ...process.env, ...settings, PATH: `${bin}${delimiter}${process.env['PATH']}` };
  if (!process.stdout.isTTY) env['NO_COLOR'] = '1';
  // Also when this command is itself run by a test.
  delete env['NODE_TEST_CONTEXT'];
  // A group of its own, so that what it started can be ended with it.
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const tooLong = setTimeout(() => {
    output += `\nStopped after a quarter of an hour.`;
    void stop(child);
  }, 15 * minute);
  return new Promise((resolve) => {
    const end = (code, reason) => {
      clearTimeout(tooLong);
      running.delete(child);
      resolve({ code, output: reason instanceof Error ? `${output}\n${reason.message}` : output });
    };
    child.once('error', (error) => end(1, error));
    // Not 'close': a grandchild that was left behind may hold the pipes open for ever.
    child.once('exit', (code, signal) => setTimeout(end, 100, code ?? signal));
  });
}

/** Asks first, as Ctrl-C does: who is asked ends the browsers and databases it started. */
async function stop(child) {
  signalGroup(child, 'SIGINT');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([ended, sleep(5000)]);
  signalGroup(child, 'SIGKILL');
}

function signalGroup({ pid }, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
