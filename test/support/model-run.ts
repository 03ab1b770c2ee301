import fc from 'fast-check';
import type { Browser } from 'playwright-core';
import { Household, type Tally } from './household.ts';
import { days } from './model-commands.ts';
import { Model } from './model.ts';
import type { MortalPractice } from './mortal-practice.ts';

/** About half of what is thought of can't be done when its turn comes. */
const thoughtOf = 85;

export type ModelRun = {
  readonly practice: MortalPractice;
  readonly browser: Browser;
  readonly runs: number;
  readonly seed: number;
  /** Of a failure that is to be seen again. */
  readonly path?: string | undefined;
  readonly tally: Tally;
  /** Hears of each run as it ends. */
  readonly onRun?: (steps: readonly string[]) => void;
};

/** Has one household after the other go through days of all that can happen. Rejects with the first that goes wrong. */
export async function runModel({
  practice,
  browser,
  runs,
  seed,
  path,
  tally,
  onRun,
}: ModelRun): Promise<void> {
  let count = 0;
  let last: Household | undefined;
  const day = fc.asyncProperty(days(thoughtOf), async (commands) => {
    const home = await Household.moveIn(practice, browser, `h${seed}x${count++}`, tally);
    last = home;
    try {
      const model = new Model();
      await home.openTab(model);
      await home.open(model.tabs[0]!, 0);
      await fc.asyncModelRun(() => ({ model, real: home }), commands);
      await home.settle(model);
    } finally {
      await home.moveOut();
    }
    tally.runs += 1;
    tally.steps += home.done.length;
    onRun?.(home.done);
  });
  const details = await fc.check(day, {
    numRuns: runs,
    seed,
    ...(path !== undefined && { path }),
    // What takes a browser can't be made smaller in a time that anybody would wait for.
    endOnFailure: true,
  });
  if (!details.failed) return;
  const { counterexamplePath, errorInstance } = details;
  throw new Error(
    `seed ${seed}, path ${counterexamplePath}, after: ${last?.done.join(', ')}\n${last?.lastNotes}`,
    { cause: errorInstance },
  );
}
