// A server in a process of its own, whose mail server is whoever started it: it is told of each mail and says yes.
import { pino } from 'pino';
import { readConfig } from '../../demo-server/config.ts';
import type { Mailer } from '../../demo-server/email/mailer.ts';
import { startServer } from '../../demo-server/server.ts';

const { MAIL_COLLECTOR: collector = '', PROCESS_NAME: name = '' } = process.env;

const mailer: Mailer = {
  async send(mail) {
    try {
      const body = JSON.stringify({ name, ...mail });
      return (await fetch(collector, { method: 'POST', body })).ok ? 'accepted' : 'deferred';
    } catch {
      return 'deferred';
    }
  },
  close: () => Promise.resolve(),
};

const { url } = await startServer(readConfig(process.env), {
  log: pino({ level: 'silent' }),
  mailer,
  patience: { senders: 5_000, leftovers: 300 },
});
process.stdout.write(`Listening on ${url}\n`);
