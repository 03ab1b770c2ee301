import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A program in one file: the same code, read and compiled in a third of the time by processes that do not live long. */
export type OneFile = {
  readonly path: string;
  /** For those that run it: what one that ended well has compiled, the others find here. */
  readonly env: { readonly NODE_COMPILE_CACHE: string };
};

let made: Promise<OneFile> | undefined;

/** The server, as long as it has no file to look into: that is done by a thread with a file of its own. */
export function serverInOneFile(): Promise<OneFile> {
  return (made ??= inOneFile('demo-server/main.ts'));
}

async function inOneFile(program: string): Promise<OneFile> {
  const folder = await mkdtemp(join(tmpdir(), 'grow-one-file-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
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
