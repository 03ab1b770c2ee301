import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A program in a file or two: the same code, read and compiled in a third of the time by processes that do not live long. */
export type OneFile = {
  readonly path: string;
  /** For those that run it: what one has compiled that lived for a second, the others find here. */
  readonly env: { readonly NODE_COMPILE_CACHE: string };
};

let made: Promise<OneFile> | undefined;

/** The server, and beside it the thread that looks into files, by the name that it has there. */
export function serverInOneFile(): Promise<OneFile> {
  return (made ??= makeServer());
}

async function makeServer(): Promise<OneFile> {
  const folder = await mkdtemp(join(tmpdir(), 'grow-one-file-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const path = join(folder, 'main.mjs');
  await Promise.all([
    inOneFile('main.ts', path),
    inOneFile('files/inspector-thread.ts', join(folder, 'inspector-thread.ts')),
  ]);
  return { path, env: { NODE_COMPILE_CACHE: join(folder, 'compiled') } };
}

async function inOneFile(program: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(`../../demo-server/${program}`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'error',
    // Packages that are not modules ask for Node's parts by `require`; and whoever is killed keeps nothing at its end.
    banner: {
      js: `import { createRequire, flushCompileCache } from 'node:module';
        const require = createRequire(import.meta.url);
        setTimeout(flushCompileCache, 1_000).unref();`,
    },
  });
}
