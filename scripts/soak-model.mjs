// npm run soak:model, or npm run soak:model -- 50 for fewer runs; -- 1 <seed> <path> to see a failure again. The built
// widget in a browser and a server that is killed now and then go through days of all that can happen; the tests do a few.
import { availableParallelism } from 'node:os';
import { launchBrowser } from '../test/support/browser.ts';
import { runModel } from '../test/support/model-run.ts';
import { MortalPractice } from '../test/support/mortal-practice.ts';

const [runs = 1_000, seed = Date.now() % 2 ** 31, path] = process.argv
  .slice(2)
  .map((word, at) => (at < 2 ? Number(word) : word));
const households = path === undefined ? Math.min(runs, 2 * availableParallelism()) : 1;
const ends = [];
const t = { after: (end) => ends.unshift(end) };
const start = performance.now();
const tally = { runs: 0, steps: 0, settled: 0, unkept: 0 };
const practices = [];
const browser = await launchBrowser();
const report = () => {
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  const kills = practices.reduce((sum, practice) => sum + practice.kills, 0);
  console.log(
    `${tally.runs} runs, ${tally.steps} steps, ${tally.settled} times settled, ${kills} kills, ` +
      `${tally.unkept} times without a database, in ${minutes} minutes`,
  );
};
let nextReport = 20;
const onRun = () => {
  if (tally.runs < nextReport) return;
  nextReport += 20;
  report();
};
try {
  const failed = await Promise.all(
    Array.from({ length: households }, async (_, at) => {
      const share = Math.ceil((runs - at) / households);
      // Each has a server of its own: one that all of them killed would hardly ever be there.
      const practice = await MortalPractice.open(t);
      practices.push(practice);
      try {
        await runModel({ practice, browser, runs: share, seed: seed + at, path, tally, onRun });
      } catch (error) {
        console.error(error.message);
        console.error(error.cause);
        return 1;
      }
      return 0;
    }),
  );
  report();
  process.exitCode = Math.max(...failed);
} finally {
  await browser.close();
  for (const end of ends) await end();
}
