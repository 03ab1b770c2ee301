import { expect } from '@open-wc/testing';
import { reconnectWaits, resendWaits, retryDelay } from '../../../widget/transport/retry-delay.ts';

describe('retryDelay', () => {
  const waits = { first: 1_000, longest: 60_000 };

  it('doubles from the first wait to the longest, and stays there', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 60, 2_000].map((attempt) => retryDelay(attempt, waits, () => 1));
    expect(longest).to.deep.equal([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000,
    ]);
  });

  it('leaves half of each wait to chance', () => {
    expect(retryDelay(3, waits, () => 0)).to.equal(2_000);
    expect(retryDelay(3, waits, () => 0.5)).to.equal(3_000);
    expect(retryDelay(3, waits, () => 1)).to.equal(4_000);
  });

  it('is never more than a minute for the connection, and a quarter of an hour for a message', () => {
    for (let attempt = 1; attempt < 100; attempt++) {
      expect(retryDelay(attempt, reconnectWaits)).to.be.within(250, 60_000);
      expect(retryDelay(attempt, resendWaits)).to.be.within(500, 900_000);
    }
  });
});
