import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { readConfig } from '../../demo-server/config.ts';
import { makeDemo } from '../../demo-server/demo/demo.ts';
import { demoEnvironment } from '../../demo-server/demo/environment.ts';
import { MemoryMailer } from '../../demo-server/email/memory-mailer.ts';
import { startServer } from '../../demo-server/server.ts';
import type { Guidance } from '../../protocol/me.ts';

/**
 * The demo, in this process and a folder of its own, with what its clinic says of its own and what else is set, if
 * anything. Resolves with its address.
 */
export async function startDemo(
  t: Pick<TestContext, 'after'>,
  guidance: Partial<Guidance> = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'grow-demo-'));
  const guidanceFile = join(dataDir, 'guidance.json');
  await writeFile(guidanceFile, JSON.stringify(guidance));
  const config = readConfig(
    await demoEnvironment({ PORT: '0', DATA_DIR: dataDir, GUIDANCE_FILE: guidanceFile, ...settings }),
  );
  const mailbox = new MemoryMailer();
  const { url, stop } = await startServer(config, {
    log: pino({ level: 'warn' }, pino.destination(2)),
    mailer: mailbox,
    demo: (servicesAt) => makeDemo({ ...config, servicesAt, mailbox }),
  });
  t.after(async () => {
    await stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return url;
}
