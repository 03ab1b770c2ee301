import assert from 'node:assert/strict';
import {
  chmod,
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openLocalBlobs } from '../../../demo-server/storage/local-blobs.ts';
import { openS3Blobs } from '../../../demo-server/storage/s3-blobs.ts';
import { StorageTrouble } from '../../../demo-server/storage/storage.ts';
import { itBehavesLikeBlobs } from '../../contract/blobs.contract.ts';
import { startS3 } from '../../support/s3.ts';

describe('blobs in a folder', () => {
  itBehavesLikeBlobs(async (t) => openLocalBlobs(await aFolder(t)));

  it('are for nobody else to read, and leave no draft behind', async (t) => {
    const folder = await aFolder(t);
    const blobs = await openLocalBlobs(folder);
    await blobs.put('uploads/a/0', Buffer.from('sealed'));
    assert.equal((await stat(join(folder, 'uploads/a/0'))).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'uploads'))).mode & 0o777, 0o700);
    assert.deepEqual(await readdir(join(folder, '.unfinished')), []);
  });

  it('lie in folders that are on the disk themselves, whoever made them', async (t) => {
    const world = await aFolder(t);
    const synced = await hearSyncs(t, world);
    const folder = join(world, 'data', 'files');
    const blobs = await openLocalBlobs(folder);
    assert.deepEqual(await synced([world, join(world, 'data')]), [true, true], 'the place for all of them');
    // A process that was killed right after that.
    await mkdir(join(folder, 'uploads', 'a'), { recursive: true });
    await blobs.put('uploads/a/0', Buffer.from('sealed'));
    const above = [folder, join(folder, 'uploads'), join(folder, 'uploads/a')];
    assert.deepEqual(await synced(above), [true, true, true]);
  });

  it('are cleared of drafts that a killed process left, not of those being written now', async (t) => {
    const folder = await aFolder(t);
    await openLocalBlobs(folder);
    const draft = (name: string) => join(folder, '.unfinished', name);
    await writeFile(draft('old'), 'x');
    await writeFile(draft('new'), 'x');
    await utimes(draft('old'), 0, 0);
    await openLocalBlobs(folder);
    assert.deepEqual(await readdir(join(folder, '.unfinished')), ['new']);
  });

  it('are in trouble, and say so, when the disk takes nothing', async (t) => {
    const folder = await aFolder(t);
    const blobs = await openLocalBlobs(folder);
    await rm(join(folder, '.unfinished'), { recursive: true });
    await assert.rejects(blobs.put('files/a', Buffer.from('x')), StorageTrouble);
    await writeFile(join(folder, 'files'), 'in the way');
    await assert.rejects(blobs.get('files/a'), StorageTrouble);
    await chmod(folder, 0o700);
  });
});

describe('blobs in a bucket', () => {
  itBehavesLikeBlobs(async (t) => openS3Blobs((await startS3(t)).bucket));

  it('are in trouble, and say so, when the service is away or refuses', async (t) => {
    const s3 = await startS3(t);
    const stranger = openS3Blobs({ ...s3.bucket, accessKeyId: 'NOBODY' });
    await assert.rejects(stranger.put('files/a', Buffer.from('x')), StorageTrouble);
    const elsewhere = openS3Blobs({ ...s3.bucket, url: `${s3.bucket.url}-not-there` });
    await assert.rejects(elsewhere.put('files/a', Buffer.from('x')), StorageTrouble);
    const blobs = openS3Blobs(s3.bucket);
    await s3.stop();
    await assert.rejects(blobs.put('files/a', Buffer.from('x')), StorageTrouble);
    await assert.rejects(blobs.get('files/a'), StorageTrouble);
  });
});

/** Hears which folders are synced from now on. */
async function hearSyncs(t: TestContext, folder: string) {
  const heard = new Set<number>();
  const handle = await open(folder);
  const every = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const sync = every.sync;
  t.mock.method(every, 'sync', async function (this: FileHandle) {
    heard.add((await this.stat()).ino);
    await sync.call(this);
  });
  return (paths: readonly string[]) =>
    Promise.all(paths.map(async (path) => heard.has((await stat(path)).ino)));
}

async function aFolder(t: Pick<TestContext, 'after'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'grow-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
