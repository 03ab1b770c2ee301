import { AwsClient } from 'aws4fetch';
import { type Blobs, checkKey } from './blobs.ts';
import { StorageTrouble } from './storage.ts';

/** A bucket and who may use it, as `S3_URL` says: `https://key:secret@host/bucket?region=…`. */
export type Bucket = {
  readonly url: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
};

const patience = 30_000;

/** Files lie in a bucket of a service that speaks S3. */
export function openS3Blobs({ url, ...keys }: Bucket): Blobs {
  const client = new AwsClient({ ...keys, service: 's3', retries: 2 });
  const urlOf = (key: string) => `${url}/${checkKey(key)}`;

  /** Answers that are neither what was asked nor 404 mean that the service is ill, or refuses us. */
  const ask = async (method: string, target: string, more: RequestInit = {}): Promise<Buffer | undefined> => {
    let status: number | undefined;
    try {
      const response = await client.fetch(target, {
        method,
        ...more,
        signal: AbortSignal.timeout(patience),
      });
      ({ status } = response);
      const body = Buffer.from(await response.arrayBuffer());
      if (response.ok) return body;
    } catch (error) {
      throw new StorageTrouble('The store of files does not answer.', { cause: error });
    }
    if (status === 404) return undefined;
    throw new StorageTrouble(`The store of files answers ${status}.`);
  };

  return {
    async put(key, bytes) {
      const kept = await ask('PUT', urlOf(key), {
        body: bytes as Uint8Array<ArrayBuffer>,
        headers: { 'Content-Type': 'application/octet-stream' },
      });
      if (kept === undefined) throw new StorageTrouble('There is no such bucket.');
    },

    get: (key, range) =>
      ask('GET', urlOf(key), range && { headers: { Range: `bytes=${range.start}-${range.end - 1}` } }),

    async remove(key) {
      await ask('DELETE', urlOf(key));
    },

    async list(prefix) {
      const keys: string[] = [];
      for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
        const query = new URLSearchParams({ 'list-type': '2', prefix });
        if (token !== undefined) query.set('continuation-token', token);
        const page = (await ask('GET', `${url}?${query}`))?.toString() ?? '';
        // Our keys have none of the characters that XML would write otherwise.
        keys.push(...Array.from(page.matchAll(/<Key>([^<]*)<\/Key>/g), ([, key]) => key!));
        token = /<NextContinuationToken>([^<]*)</.exec(page)?.[1];
      }
      return keys.toSorted();
    },
  };
}
