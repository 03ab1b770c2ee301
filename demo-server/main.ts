import { pino } from 'pino';
import { runCommand } from './command.ts';
import { makeDemo } from './demo/demo.ts';
import { MemoryMailer } from './email/memory-mailer.ts';
import { openMailer } from './open-mailer.ts';
import { startServer } from './server.ts';

await runCommand(async (config, { isDemo }) => {
  // Standard output has the one line that says where we are; the log goes beside it.
  const log = pino({ base: null, level: isDemo ? 'warn' : 'info' }, pino.destination(2));
  const mailbox = isDemo && config.smtpUrl === undefined ? new MemoryMailer() : undefined;
  const mailer = mailbox ?? openMailer(config, log);
  const server = await startServer(config, {
    log,
    ...(mailer && { mailer }),
    ...(isDemo && { demo: (servicesAt) => makeDemo({ ...config, servicesAt, mailbox }) }),
  });

  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait.
      if (isStopping) process.exit(1);
      isStopping = true;
      void server.stop().then(() => process.exit(0));
    });
  }

  // Whoever reads it may tell us to stop at once.
  process.stdout.write(`Listening on ${server.url}\n`);
});
