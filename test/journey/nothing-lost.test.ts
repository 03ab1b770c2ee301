import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launchBrowser } from '../support/browser.ts';
import { killAroundSend } from '../support/killed-browser.ts';
import { runModel } from '../support/model-run.ts';
import { MortalPractice } from '../support/mortal-practice.ts';
import { harvest } from '../support/planted-profile.ts';

let practice: MortalPractice;
const ends: (() => unknown)[] = [];

before(async () => {
  practice = await MortalPractice.open({ after: (end) => void ends.unshift(end as () => unknown) });
});

after(async () => {
  for (const end of ends) await end();
});

describe('nothing is lost, doubled, out of order or seen by the wrong person', () => {
  // `npm run soak:model` does this thousands of times.
  it('whatever happens to the widget, the server and those who use them', async (t) => {
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const tally = { runs: 0, steps: 0, settled: 0, unkept: 0 };
    await runModel({ practice, browser, runs: 1, seed: 1, tally });
    assert.ok(tally.steps >= 30);
  });

  // `npm run soak:browser` does this two hundred times.
  it('when the browser is killed around Send', async () => {
    const tally = await killAroundSend(practice, 3, 11);
    assert.equal(tally.kills, 3);
    assert.equal(tally.twice, 0);
  });
});

describe('nothing that can be read stays in the browser’s profile', () => {
  // `npm run soak:profile` ends a visit in all ways that there are.
  it('during a visit, and when somebody else signs in', async () => {
    const { during, after } = await harvest(practice, 'somebody else signs in');
    assert.deepEqual([...during, ...after], []);
  });

  it('and all of it would be found if it were not sealed', async () => {
    const { words, during } = await harvest(practice, 'the browser is killed', { isSealed: false });
    for (const word of words) assert.ok(during.some((find) => find.word === word));
  });
});
