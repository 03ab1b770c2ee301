import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it, type TestContext } from 'node:test';
import type { Blobs } from '../../demo-server/storage/blobs.ts';

type MakeBlobs = (t: Pick<TestContext, 'after'>) => Promise<Blobs>;

/** What every place for files must do, wherever it is. */
export function itBehavesLikeBlobs(makeBlobs: MakeBlobs): void {
  it('gives back what it was given, whole and in stretches', async (t) => {
    const blobs = await makeBlobs(t);
    const bytes = randomBytes(3_000_000);
    await blobs.put('files/one', bytes);
    assert.ok((await blobs.get('files/one'))?.equals(bytes));
    for (const [start, end] of [
      [0, 2],
      [1_048_576, 2_097_152],
      [2_999_999, 3_000_000],
      [0, 3_000_000],
    ] as const) {
      assert.ok((await blobs.get('files/one', { start, end }))?.equals(bytes.subarray(start, end)));
    }
  });

  it('has nothing where nothing was put', async (t) => {
    const blobs = await makeBlobs(t);
    assert.equal(await blobs.get('files/none'), undefined);
    assert.equal(await blobs.get('files/none', { start: 0, end: 1 }), undefined);
    await blobs.remove('files/none');
    assert.deepEqual(await blobs.list('files/'), []);
  });

  it('replaces what lay there, and forgets what is removed', async (t) => {
    const blobs = await makeBlobs(t);
    await blobs.put('files/one', Buffer.from('a longer first'));
    await blobs.put('files/one', Buffer.from('second'));
    assert.equal((await blobs.get('files/one'))?.toString(), 'second');
    await blobs.remove('files/one');
    assert.equal(await blobs.get('files/one'), undefined);
    await blobs.put('files/one', Buffer.from('third'));
    assert.equal((await blobs.get('files/one'))?.toString(), 'third');
  });

  it('lists what begins alike, and nothing else', async (t) => {
    const blobs = await makeBlobs(t);
    const keys = ['files/a', 'uploads/a/0-x', 'uploads/a/1-x', 'uploads/ab/0-x', 'uploads/b/0-x'];
    await Promise.all(keys.map((key) => blobs.put(key, Buffer.from(key))));
    assert.deepEqual(await blobs.list('uploads/'), keys.slice(1));
    assert.deepEqual(await blobs.list('uploads/a/'), keys.slice(1, 3));
    assert.deepEqual(await blobs.list('nothing/'), []);
    for (const key of keys) await blobs.remove(key);
    assert.deepEqual(await blobs.list('uploads/'), []);
  });

  it('takes many at once, some under one roof that others are just leaving', async (t) => {
    const blobs = await makeBlobs(t);
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const key = `uploads/${index % 5}/${index}`;
        await blobs.put(key, Buffer.from(key));
        if (index % 2 === 0) await blobs.remove(key);
      }),
    );
    assert.equal((await blobs.list('uploads/')).length, 50);
  });

  it('takes no name that leads elsewhere', async (t) => {
    const blobs = await makeBlobs(t);
    for (const key of ['', '/a', 'a/', '../a', 'a/../b', 'a//b', 'a?b', 'a b', 'A', '.a', 'a\\b', 'a%2fb']) {
      await assert.rejects(async () => blobs.put(key, Buffer.from('x')), /is not called that/, key);
    }
  });
}
