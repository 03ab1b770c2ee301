import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..', '..');
const dir = join(root, 'dist', 'server');

/** The server in two files instead of a thousand: it starts in half the time. Resolves with the command's path. */
export async function bundleServer(): Promise<string> {
  const bundle = await rolldown({
    input: {
      'main.mjs': join(root, 'demo-server', 'main.ts'),
      // The name by which the other looks for it, beside itself.
      'inspector-thread.ts': join(root, 'demo-server', 'files', 'inspector-thread.ts'),
    },
    platform: 'node',
    external: ['pg-native', 'pg-cloudflare'],
    logLevel: 'silent',
  });
  await bundle.write({ dir, entryFileNames: '[name]', chunkFileNames: '[name].mjs' });
  return join(dir, 'main.mjs');
}
