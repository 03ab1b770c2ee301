import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { makeDemo } from '../../demo-server/demo/demo.ts';
import type { Mail } from '../../demo-server/email/mailer.ts';
import { MemoryMailer } from '../../demo-server/email/memory-mailer.ts';
import { startServer } from '../../demo-server/server.ts';
import { makeConfig } from './server.ts';

/** The demo in this process, and its mailbox, into which nobody puts anything but the test. */
export async function startMailboxDemo(t: Pick<TestContext, 'after'>) {
  const mailbox = new MemoryMailer();
  const config = await makeConfig(t, undefined);
  const server = await startServer(config, {
    log: pino({ level: 'silent' }),
    demo: (servicesAt) => makeDemo({ ...config, servicesAt, mailbox }),
  });
  t.after(() => server.stop());
  return { url: server.url, mailbox };
}

export function aMail(changes: Partial<Mail> = {}): Mail {
  return {
    id: randomUUID(),
    to: 'lee@clinic.example',
    role: 'provider',
    locale: 'en-US',
    threadId: randomUUID(),
    ...changes,
  };
}
