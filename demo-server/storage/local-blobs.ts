import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { type Blobs, type ByteRange, checkKey } from './blobs.ts';
import { makeFolder, syncFolder } from './lasting-folder.ts';
import { StorageTrouble } from './storage.ts';

const hour = 3_600_000;

/** Files lie in a folder of this machine, one for each key, for nobody else to read. */
export async function openLocalBlobs(folder: string): Promise<Blobs> {
  const unfinished = join(folder, '.unfinished');
  await makeFolder(unfinished);
  // Left by a process that ended in the middle; others of now may have theirs there too.
  for (const name of await readdir(unfinished)) {
    const file = join(unfinished, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > hour) await rm(file, { force: true });
  }
  const fileOf = (key: string) => join(folder, ...checkKey(key).split('/'));
  /**
   * The folders that are there to stay, or soon will be. That one is there is not enough: whoever made it may be about
   * to sync it still, or may have been killed before.
   */
  const standing = new Map<string, Promise<void>>();
  const stand = (inner: string): Promise<void> | undefined => {
    if (inner === folder) return undefined;
    const known = standing.get(inner);
    if (known !== undefined) return known;
    const make = async () => {
      await stand(dirname(inner));
      await mkdir(inner, { recursive: true, mode: 0o700 });
      await syncFolder(dirname(inner));
    };
    const making = make();
    standing.set(inner, making);
    making.catch(() => standing.delete(inner));
    return making;
  };

  return {
    put: (key, bytes) =>
      inTrouble(async () => {
        const file = fileOf(key);
        const draft = join(unfinished, randomUUID());
        try {
          await write(draft, bytes);
          await stand(dirname(file));
          await rename(draft, file).catch(async (error: unknown) => {
            // Whoever removed the last blob beside it took the folder along.
            if (!isMissing(error)) throw error;
            standing.delete(dirname(file));
            await stand(dirname(file));
            await rename(draft, file);
          });
          await syncFolder(dirname(file));
        } catch (error) {
          await rm(draft, { force: true }).catch(() => undefined);
          throw error;
        }
      }),

    get: (key, range) =>
      inTrouble(async () => {
        const handle = await open(fileOf(key), 'r').catch(unlessMissing);
        if (handle === undefined) return undefined;
        try {
          return range === undefined ? await handle.readFile() : await readRange(handle, range);
        } finally {
          await handle.close();
        }
      }),

    remove: (key) =>
      inTrouble(async () => {
        const file = fileOf(key);
        await rm(file, { force: true });
        if (dirname(dirname(file)) !== folder) return;
        // An upload's own folder goes with the last of it.
        await rmdir(dirname(file)).then(
          () => standing.delete(dirname(file)),
          () => undefined,
        );
      }),

    list: (prefix) =>
      inTrouble(async () => {
        const within = join(folder, dirname(`${prefix}x`));
        const entries = await readdir(within, { recursive: true, withFileTypes: true }).catch(unlessMissing);
        return (entries ?? [])
          .filter((entry) => entry.isFile())
          .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
          .filter((key) => key.startsWith(prefix) && !key.startsWith('.'))
          .toSorted();
      }),
  };
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readRange(
  handle: Awaited<ReturnType<typeof open>>,
  { start, end }: ByteRange,
): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

async function inTrouble<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    const isOfTheSystem = error instanceof Error && 'syscall' in error;
    if (!isOfTheSystem) throw error;
    throw new StorageTrouble('The disk does not take or give files.', { cause: error });
  }
}

function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
