import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import type { Guidance } from '../../protocol/me.ts';

/**
 * The demo as one line starts it, in a process and a folder of its own, with what its clinic says of its own and
 * what else is set, if anything. Resolves with its address.
 */
export async function startDemo(
  t: Pick<TestContext, 'after'>,
  guidance: Partial<Guidance> = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'grow-demo-'));
  const guidanceFile = join(dataDir, 'guidance.json');
  await writeFile(guidanceFile, JSON.stringify(guidance));
  const demo = spawn(process.execPath, ['demo-server/main.ts', '--demo'], {
    env: { ...process.env, PORT: '0', DATA_DIR: dataDir, GUIDANCE_FILE: guidanceFile, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(demo, 'exit');
  t.after(async () => {
    demo.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  });
  for await (const line of createInterface({ input: demo.stdout })) {
    const url = /^Listening on (\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('The demo ended before it listened.');
}
