import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faults } from '../support/fault-proxy.ts';
import { soakFaults } from '../support/fault-soak.ts';
import { startServer } from '../support/server.ts';

describe('over a network that is ill in every way there is', () => {
  // `npm run soak:faults` does the same with five thousand.
  it('each message arrives once and in its order', async (t) => {
    const { suffered } = await soakFaults(t, (scope, options) => startServer(scope, undefined, options), {
      sends: 200,
      threads: 20,
      seed: 5,
    });
    assert.deepEqual([...suffered.keys()].toSorted(), faults.toSorted());
  });
});
