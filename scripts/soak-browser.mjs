// npm run soak:browser, or npm run soak:browser -- 20 <seed> for fewer: a browser with a profile on the disk is killed
// around the moment of Send; the tests do a few.
import { killAroundSend } from '../test/support/killed-browser.ts';
import { MortalPractice } from '../test/support/mortal-practice.ts';

const [kills = 200, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const ends = [];
const start = performance.now();
const practice = await MortalPractice.open({ after: (end) => ends.unshift(end) });
const say = (tally) => {
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  console.log(
    `seed ${seed}: ${tally.kills} kills in ${minutes} minutes: ${tally.typed} before anything was seen, ` +
      `${tally.shown} while it was shown as sending, ${tally.sent} when it was shown as sent; afterwards ` +
      `${tally.inComposer} stood in the composer, ${tally.twice} there and in the thread`,
  );
};
try {
  // No page of the server's holds more than two hundred.
  say(
    await killAroundSend(
      practice,
      Math.min(kills, 200),
      seed,
      (tally) => tally.kills % 25 === 0 && say(tally),
    ),
  );
} finally {
  for (const end of ends) await end();
}
