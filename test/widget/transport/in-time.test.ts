import { expect } from '@open-wc/testing';
import { inTime } from '../../../widget/transport/in-time.ts';
import { HeldTimers } from '../../support/held-timers.ts';

describe('inTime', () => {
  let timers: HeldTimers;

  beforeEach(() => (timers = new HeldTimers()));
  afterEach(() => timers.restore());

  /** Never answers, and says so once it is told to stop. */
  const never = (signal: AbortSignal) =>
    new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))));

  /** What it came to. */
  const outcomeOf = (asking: Promise<string>) => asking.catch(({ message }: Error) => message);

  it('gives up what takes too long', async () => {
    const asking = inTime(never, undefined, 7_000);
    expect(timers.delays).to.deep.equal([7_000]);
    timers.pass();
    expect(await outcomeOf(asking)).to.equal('given up');
  });

  it('gives up where whoever asked leaves', async () => {
    const leaving = new AbortController();
    const asking = inTime(never, leaving.signal);
    leaving.abort();
    expect(await outcomeOf(asking)).to.equal('given up');
    expect(timers.count).to.equal(0);
  });

  for (const [how, answer] of [
    ['an answer', () => Promise.resolve('yes')],
    ['a failure', () => Promise.reject(new Error('no'))],
  ] as const) {
    it(`waits for nothing after ${how}`, async () => {
      await outcomeOf(inTime(answer));
      expect(timers.count).to.equal(0);
    });
  }
});
