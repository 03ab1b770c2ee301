import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { coalesce } from '../../../demo-server/live/coalesce.ts';

describe('coalesce', () => {
  it('forgets nothing that is asked just as it finishes, and never has two runs at once', async () => {
    // Whichever moment the second request comes at, a run begins after it.
    for (let moments = 0; moments < 12; moments++) {
      let running = 0;
      let begun = 0;
      const ask = coalesce(async () => {
        begun++;
        assert.equal(++running, 1);
        await Promise.resolve();
        running--;
      });
      const first = ask();
      for (let moment = 0; moment < moments; moment++) await Promise.resolve();
      const before = begun;
      await Promise.all([first, ask()]);
      assert.ok(begun > before, `asked after ${moments} moments`);
    }
  });

  it('has many requests during one run followed by one more', async () => {
    let runs = 0;
    const ask = coalesce(async () => {
      runs++;
      await new Promise((resolve) => setImmediate(resolve));
    });
    await Promise.all([ask(), ask(), ask(), ask()]);
    assert.equal(runs, 2);
  });

  it('runs again after a failure', async () => {
    let runs = 0;
    const ask = coalesce(() => (++runs === 1 ? Promise.reject(new Error('once')) : Promise.resolve()));
    await assert.rejects(ask());
    await ask();
    assert.equal(runs, 2);
  });
});
