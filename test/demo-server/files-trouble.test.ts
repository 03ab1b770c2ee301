import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Blobs } from '../../demo-server/storage/blobs.ts';
import { openLocalBlobs } from '../../demo-server/storage/local-blobs.ts';
import { openS3Blobs } from '../../demo-server/storage/s3-blobs.ts';
import { StorageTrouble } from '../../demo-server/storage/storage.ts';
import { aPdf } from '../support/inspect.ts';
import { startS3 } from '../support/s3.ts';
import { fillClinic, json, makeConfig, refusal, startServer, uploadIdIn } from '../support/server.ts';
import { untilAsked } from '../support/until.ts';

describe('while there is no room for files', () => {
  it('refuses as unavailable, keeps what it acknowledged, and goes on by itself', async (t) => {
    const { dataDir } = await makeConfig(t, undefined);
    const disk = new FullableDisk(await openLocalBlobs(dataDir));
    const server = await startServer(t, undefined, { blobs: disk });
    await fillClinic(server);
    const ana = server.as('ana');
    const threadId = await ana.open('dr-lee');
    const bytes = aPdf(3_500_000);
    const id = uploadIdIn(await ana.beginUpload({ size: bytes.length }));

    disk.roomFor = 2;
    assert.equal(await refusal(await ana.append(id, 0, bytes)), '503 unavailable');
    const acknowledged = await ana.offsetOf(id);
    assert.equal(acknowledged, 2 * 1_048_576);
    assert.equal(
      await refusal(await ana.append(id, acknowledged, bytes.subarray(acknowledged))),
      '503 unavailable',
    );
    assert.equal(await ana.offsetOf(id), acknowledged);

    // All parts are there, and there is no room for the file that is made of them.
    disk.roomFor = 2;
    assert.equal(
      await refusal(await ana.append(id, acknowledged, bytes.subarray(acknowledged))),
      '503 unavailable',
    );
    assert.equal((await ana.tus('HEAD', `/v1/uploads/${id}`)).status, 503);
    assert.equal(await refusal(await ana.sendFiles(threadId, [id])), '404 not-found');
    disk.roomFor = Infinity;
    assert.equal(await ana.offsetOf(id), bytes.length);
    await json(await ana.sendFiles(threadId, [id]));
    const response = await server.as('dr-lee').get(`/v1/attachments/${id}`);
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes));
    assert.deepEqual(await server.blobs(), [`files/${id}`]);
  });
});

describe('with files in a bucket', () => {
  it('does as with a disk; away, it is unavailable, and loses nothing', async (t) => {
    const s3 = await startS3(t);
    const blobs = new FullableDisk(openS3Blobs(s3.bucket));
    const server = await startServer(t, undefined, { blobs });
    await fillClinic(server);
    const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
    const threadId = await ana.open('dr-lee');
    const bytes = aPdf(2_500_000);
    const id = await ana.upload(bytes);
    await json(await ana.sendFiles(threadId, [id]));
    const range = await lee.get(`/v1/attachments/${id}`, { Range: 'bytes=1048570-1048590' });
    assert.ok(Buffer.from(await range.arrayBuffer()).equals(bytes.subarray(1_048_570, 1_048_591)));
    const half = uploadIdIn(await ana.beginUpload({ size: 20 }, aPdf(10)));
    assert.deepEqual((await server.blobs()).length, 2);

    blobs.isAway = true;
    assert.equal(await refusal(await ana.append(half, 10, aPdf(10))), '503 unavailable');
    assert.equal(await refusal(await lee.get(`/v1/attachments/${id}`)), '503 unavailable');
    assert.equal((await ana.tus('DELETE', `/v1/uploads/${half}`)).status, 204);
    assert.equal((await ana.tus('HEAD', `/v1/uploads/${half}`)).status, 404);
    assert.equal((await lee.messages(threadId)).length, 1);
    blobs.isAway = false;
    assert.equal((await lee.get(`/v1/attachments/${id}`)).status, 200);
    await server.stop();
    const after = await startServer(t, undefined, { beside: server, blobs });
    await untilAsked(async () => (await after.blobs()).length === 1);
    assert.deepEqual(await after.blobs(), [`files/${id}`]);
  });

  it('is what S3_URL chooses', async (t) => {
    const s3 = await startS3(t);
    const server = await startServer(t, undefined, { config: { bucket: s3.bucket } });
    await fillClinic(server);
    const id = await server.as('ana').upload(aPdf());
    assert.deepEqual(await openS3Blobs(s3.bucket).list('files/'), [`files/${id}`]);
  });
});

/** A place for files that can be full, or away. */
class FullableDisk implements Blobs {
  roomFor = Infinity;
  isAway = false;
  readonly #disk: Blobs;

  constructor(disk: Blobs) {
    this.#disk = disk;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.#reach();
    if (this.roomFor < 1) throw new StorageTrouble('The disk is full.');
    this.roomFor -= 1;
    await this.#disk.put(key, bytes);
  }

  get(...asked: Parameters<Blobs['get']>): ReturnType<Blobs['get']> {
    this.#reach();
    return this.#disk.get(...asked);
  }

  async remove(key: string): Promise<void> {
    this.#reach();
    await this.#disk.remove(key);
  }

  async list(prefix: string): Promise<readonly string[]> {
    this.#reach();
    return this.#disk.list(prefix);
  }

  #reach(): void {
    if (this.isAway) throw new StorageTrouble('The bucket does not answer.');
  }
}
