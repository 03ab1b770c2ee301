// What takes too long for every day: `npm run soak:kills`, or `npm run soak:kills -- 200` for fewer. A server is killed
// a thousand times on SQLite, and three hundred on PostgreSQL, while eight devices write; then what was acknowledged is
// held against the database.
import { soakKills } from '../test/support/kill-soak.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { startServer } from '../test/support/server.ts';

const kills = Number(process.argv[2] ?? 1_000);
const endings = [];
const t = { after: (end) => endings.push(end) };
const postgres = await startPostgres();
endings.push(() => postgres.stop());
try {
  await soak('SQLite', undefined, kills);
  await soak('PostgreSQL', postgres, Math.ceil(kills * 0.3));
} finally {
  for (const end of endings.reverse()) await end();
}

async function soak(name, database, count) {
  const start = performance.now();
  const startOn = (scope, options) => startServer(scope, database, options);
  const result = await soakKills(t, startOn, count);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(
    `${name}: ${result.kills} kills in ${seconds} s, ${result.messages} messages, 0 missing, 0 doubled.`,
  );
  console.log(
    `${result.cut} sends were cut; of ${result.kept} the server had kept the message all the same.`,
  );
}
