import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A program in one file: the same code, read and compiled in a third of the time by processes that do not live long. */
export type OneFile = {
  readonly path: string;
  /** For those that run it: what one that ended well has compiled, the others find here. */
  readonly env: { readonly NODE_COMPILE_CACHE: string };
};

/** Makes one of a program that starts nothing of its own from other files. */
export async function inOneFile(t: Pick<TestContext, 'after'>, program: string): Promise<OneFile> {
  const folder = await mkdtemp(join(tmpdir(), 'grow-one-file-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const path = join(folder, 'program.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL(`../../${program}`, import.meta.url))],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'error',
    // Packages that are not modules ask for Node's parts by `require`.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  });
  return { path, env: { NODE_COMPILE_CACHE: join(folder, 'compiled') } };
}
