import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { introduce, startBackend } from './backend.mjs';
import { median } from './numbers.mjs';

const pairCount = 20;
const slotsPerSide = 2; // four messages under way in each pair
const rounds = 3;

const servers = {
  express: (folder) => startFloor('express', folder),
  shared: (folder) => startFloor('shared', folder),
  ours: startOurs,
};

/** Sends through each server in turns, so that a busy minute of the machine hits them all. */
export async function measureDelivery(folder, report) {
  const results = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, start] of Object.entries(servers)) {
      report(`delivering, round ${round} of ${rounds}: ${name}`);
      const server = await start(await mkdtemp(join(folder, `${name}-`)));
      try {
        const busy = await load(server, { slotsPerSide }, 5);
        const calm = await load(server, { perSecond: 50 }, 8);
        results[name].push({ busy, calm });
      } finally {
        await server.stop();
      }
    }
  }
  return Object.fromEntries(Object.entries(results).map(([name, runs]) => [name, summary(runs)]));
}

function summary(runs) {
  const of = (read) => median(runs.map(read));
  return {
    perSecond: of(({ busy }) => busy.perSecond),
    cpuPer10000: of(({ busy }) => (busy.cpuSeconds / busy.delivered) * 10_000),
    p50: of(({ calm }) => calm.p50),
    p99: of(({ calm }) => calm.p99),
  };
}

async function load({ origin, pairs, pid }, way, seconds) {
  const generator = fork(script('load.mjs'));
  generator.send({ origin, pairs, way, warmUpSeconds: 1.5, seconds });
  let cpuBefore = 0;
  let result;
  generator.on('message', (message) => {
    if (message.state === 'counting') cpuBefore = cpuSecondsOf(pid);
    else result = { ...message, cpuSeconds: cpuSecondsOf(pid) - cpuBefore };
  });
  const [code] = await once(generator, 'close');
  if (code !== 0 || !result) throw new Error(`The load generator ended with ${code}.`);
  return result;
}

async function startFloor(kind, folder) {
  const child = fork(script('floor-server.mjs'), [kind, folder]);
  const [{ port }] = await once(child, 'message');
  const names = Array.from({ length: pairCount }, (_, n) => `thread-${n}`);
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid,
    pairs: names.map((threadId) => ({ threadId, tokens: [`${threadId}.0`, `${threadId}.1`] })),
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function startOurs(folder) {
  const backend = await startBackend(folder);
  const pairs = [];
  for (let n = 0; n < pairCount; n += 1) {
    pairs.push(await introduce(backend.origin, `client-${n}`, `provider-${n}`));
  }
  return { ...backend, pairs };
}

/** What a process has used of the processor so far; only Linux says so of another process. */
function cpuSecondsOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticksPerSecond = 100;
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return NaN;
  }
}

function script(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}
