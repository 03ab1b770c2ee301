// What takes too long for every day: `npm run soak:faults`, or `npm run soak:faults -- 500` for fewer. A provider
// sends five thousand messages to twenty clients over a network that is ill in every way there is; then it heals.
import { soakFaults } from '../test/support/fault-soak.ts';
import { startServer } from '../test/support/server.ts';

const sends = Number(process.argv[2] ?? 5_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 32));
const settleWithin = 10_000;

const endings = [];
const t = { after: (end) => endings.push(end) };
const startOn = (scope, options) => startServer(scope, undefined, options);
const start = performance.now();
try {
  const { suffered, left, settledIn } = await soakFaults(t, startOn, { sends, threads: 20, seed });
  const seconds = Math.round((performance.now() - start) / 1000);
  const sum = [...suffered.values()].reduce((total, count) => total + count, 0);
  console.log(
    `${sends} messages in ${seconds} s, seed ${seed}: 0 lost, 0 doubled, each thread in its order.`,
  );
  console.log(
    `${sum} requests suffered: ${[...suffered].map(([fault, count]) => `${fault} ${count}`).join(', ')}.`,
  );
  console.log(
    `${left} messages still waited when the network healed; they were there ${Math.round(settledIn)} ms later.`,
  );
  if (settledIn > settleWithin) throw new Error(`That was to take ${settleWithin} ms at most.`);
} finally {
  for (const end of endings.reverse()) await end();
}
