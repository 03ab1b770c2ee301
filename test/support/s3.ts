import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import S3rver from 's3rver';
import type { Bucket } from '../../demo-server/storage/s3-blobs.ts';

/** A store that speaks S3, with an empty bucket. */
export type S3 = {
  readonly bucket: Bucket;
  /** Has it go away, as a service does. */
  readonly stop: () => Promise<void>;
};

export async function startS3(t: Pick<TestContext, 'after'>): Promise<S3> {
  const directory = await mkdtemp(join(tmpdir(), 'grow-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'files', configs: [] }],
  });
  const { port } = await server.run();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= server.close());
  t.after(async () => {
    await stop();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    bucket: {
      url: `http://127.0.0.1:${port}/files`,
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
      region: 'us-east-1',
    },
    stop,
  };
}
