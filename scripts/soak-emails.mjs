// What takes too long for every day: `npm run soak:emails`, or `npm run soak:emails -- 200` for fewer bursts. Three servers on
// one PostgreSQL are killed at random while a thousand bursts of messages ask for their emails.
import { soakEmails } from '../test/support/email-soak.ts';
import { startPostgres } from '../test/support/postgres.ts';

const bursts = Number(process.argv[2] ?? 1_000);
const postgres = await startPostgres();
const start = performance.now();
try {
  const databaseUrl = await postgres.makeDatabase();
  const result = await soakEmails({ databaseUrl, bursts, threads: 25, killEvery: 1_500 });
  const { messages, mails, extras, kills } = result;
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`${bursts} bursts in ${seconds} s: ${messages} messages, ${mails} mails, ${kills} kills,`);
  console.log(`${extras} mails a second time, each after the process that had sent it was killed.`);
} finally {
  await postgres.stop();
}
