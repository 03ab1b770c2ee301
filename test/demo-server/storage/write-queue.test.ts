import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StorageTrouble } from '../../../demo-server/storage/storage.ts';
import { WriteQueue } from '../../../demo-server/storage/write-queue.ts';

/** A queue over transactions that only say how many acts they ran, and end when they are let. */
function aQueue(options: { maxWaiting?: number; maxTogether?: number } = {}) {
  const sizes: number[] = [];
  const queue = new WriteQueue<null>({
    ...options,
    async runTogether(acts) {
      sizes.push(acts.length);
      const results: unknown[] = [];
      for (const act of acts) results.push(await act(null));
      return results;
    },
  });
  return { queue, sizes };
}

const answer = (value: number) => () => Promise.resolve(value);

describe('the write queue', () => {
  it('has what is asked in one tick share a transaction', async () => {
    const { queue, sizes } = aQueue();
    const answers = await Promise.all([1, 2, 3].map((value) => queue.ask(answer(value))));
    assert.deepEqual([answers, sizes], [[1, 2, 3], [3]]);
  });

  it('has what is asked meanwhile wait for the next one', async () => {
    const { queue, sizes } = aQueue();
    const later: Promise<number>[] = [];
    await queue.ask(() => {
      later.push(queue.ask(answer(2)), queue.ask(answer(3)));
      return Promise.resolve(1);
    });
    assert.deepEqual(
      [await Promise.all(later), sizes],
      [
        [2, 3],
        [1, 2],
      ],
    );
  });

  it('puts no more into a transaction than it is told', async () => {
    const { queue, sizes } = aQueue({ maxTogether: 4 });
    await Promise.all(Array.from({ length: 10 }, (_, index) => queue.ask(answer(index))));
    assert.deepEqual(sizes, [4, 4, 2]);
  });

  it('tries each alone when one of them fails, so that only that one does', async () => {
    const { queue, sizes } = aQueue();
    const outcomes = await Promise.allSettled([
      queue.ask(answer(1)),
      queue.ask(() => Promise.reject(new Error('mine'))),
      queue.ask(answer(3)),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(sizes, [3, 1, 1, 1]);
  });

  it('does not try again while the storage is in trouble', async () => {
    const { queue, sizes } = aQueue();
    const outcomes = await Promise.allSettled([
      queue.ask(answer(1)),
      queue.ask(() => Promise.reject(new StorageTrouble('full'))),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.deepEqual(sizes, [2]);
    assert.equal(await queue.ask(answer(3)), 3);
  });

  it('refuses more than may wait', async () => {
    const { queue } = aQueue({ maxWaiting: 2 });
    const asked = [1, 2, 3].map((value) => queue.ask(answer(value)));
    await assert.rejects(asked[2]!, StorageTrouble);
    assert.deepEqual(await Promise.all(asked.slice(0, 2)), [1, 2]);
  });
});
