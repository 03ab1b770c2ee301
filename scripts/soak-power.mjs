// npm run soak:power, or npm run soak:power -- 100 for fewer cuts; -- 100 <seed> to draw the same ones in another
// recording. What a server does to its disk is recorded while devices write through it; then the power goes off at many
// places of the recording, and what the disk would hold is held against what was acknowledged by then.
import { canRecord, soakPower } from '../test/support/power-soak.ts';

const cuts = Number(process.argv[2] ?? 1_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 32));

if (!canRecord()) {
  console.error(
    'This needs strace, which is only for Linux: for Debian and Ubuntu, `apt-get install strace`.',
  );
  process.exit(1);
}
const start = performance.now();
const sum = { messages: 0, files: 0, steps: 0, syncs: 0, checkpoints: 0, cuts: 0, found: 0 };
// Of one recording and the next, no two go alike.
for (let round = 0; sum.cuts < cuts; round++) {
  const endings = [];
  const t = { after: (end) => endings.push(end) };
  try {
    const plan = { cuts: Math.min(250, cuts - sum.cuts), seed: seed + round, lives: [250, 50, 300] };
    const result = await soakPower(t, plan);
    for (const name of Object.keys(sum)) sum[name] += result[name];
  } finally {
    for (const end of endings.reverse()) await end();
  }
}
const seconds = Math.round((performance.now() - start) / 1000);
console.log(
  `${sum.messages} messages and ${sum.files} files in ${sum.steps} steps; ${sum.syncs} syncs, ${sum.checkpoints} checkpoints.`,
);
console.log(
  `${cuts} power cuts in ${seconds} s, seed ${seed}: of ${sum.found} messages, 0 missing, 0 doubled.`,
);
