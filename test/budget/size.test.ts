import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

/** What a portal's page may have to download, gzipped, in KiB. */
const budget = { beforeUse: 28, everything: 80 };

const folder = new URL('../../dist/esm/', import.meta.url);
const entry = 'grow-messages.js';

type Manifest = Record<
  string,
  { readonly imports: readonly string[]; readonly dynamicImports: readonly string[] }
>;

describe('the bundle', () => {
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as Manifest;

  it(`weighs at most ${budget.beforeUse} KiB before it can be used`, () => {
    assertWithin(
      budget.beforeUse,
      reachedFrom(entry, (file) => manifest[file]?.imports ?? []),
    );
  });

  it(`weighs at most ${budget.everything} KiB with all that is loaded later`, () => {
    const files = reachedFrom(entry, (file) => [
      ...(manifest[file]?.imports ?? []),
      ...(manifest[file]?.dynamicImports ?? []),
    ]);
    assert.deepEqual([...files].sort(), Object.keys(manifest).sort(), 'A file is loaded by none other.');
    assertWithin(budget.everything, files);
  });
});

function assertWithin(kibibytes: number, files: ReadonlySet<string>): void {
  const rows = [...files].map((file) => ({
    file,
    size: gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length / 1024,
  }));
  const total = rows.reduce((sum, { size }) => sum + size, 0);
  const table = rows.map(({ file, size }) => `${size.toFixed(2)} KiB  ${file}`).join('\n');
  assert.ok(total <= kibibytes, `${total.toFixed(2)} KiB, but ${kibibytes} are allowed:\n${table}`);
}

/** A file and all that it leads to. */
function reachedFrom(start: string, next: (file: string) => readonly string[]): Set<string> {
  const reached = new Set([start]);
  for (const file of reached) for (const other of next(file)) reached.add(other);
  return reached;
}
