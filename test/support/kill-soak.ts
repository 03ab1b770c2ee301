import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import type { TestContext } from 'node:test';
import pg from 'pg';
import { type Config, sqliteFile } from '../../demo-server/config.ts';
import { compare, Device, oneOf, pairs } from './ledger.ts';
import { serverInOneFile } from './one-file.ts';
import { environmentOf, ServerProcess } from './process.ts';
import { fillClinic, type Start } from './server.ts';

export type KillResult = {
  readonly kills: number;
  readonly messages: number;
  /** Sends whose answer a kill took. */
  readonly cut: number;
  /** How many of those the server had kept all the same. */
  readonly kept: number;
};

/** In which way it is aimed. */
const aims = ['answer', 'commit', 'moment', 'commit'] as const;

/**
 * Kills a server process again and again while eight devices write through it, has them repeat what was not
 * answered, and then holds what was acknowledged against the database. Throws where the two differ.
 */
export async function soakKills(
  t: Pick<TestContext, 'after'>,
  startServer: Start,
  kills: number,
): Promise<KillResult> {
  const server = await startServer(t);
  await fillClinic(server);
  const devices: Device[] = [];
  for (const [clientId, providerId] of pairs) {
    const threadId = await server.as(clientId).open(providerId);
    for (const personId of [clientId, providerId, clientId, providerId]) {
      const sign = () => server.sign({ sub: personId });
      devices.push(new Device(`device-${devices.length}`, personId, threadId, sign));
    }
  }
  await server.stop();

  const program = await serverInOneFile();
  const start = () => new ServerProcess(t, program.path, { ...environmentOf(server.config), ...program.env });
  const first = start();
  await first.listening();
  first.kill('SIGTERM');
  assert.equal(await first.ended, 0, first.output);

  const commits = await hearCommits(t, server.config);
  for (let killed = 0; killed < kills; killed++) {
    const child = start();
    // Also while it starts, and brings in order what the one before it left.
    if (oneOf(20) === 1) {
      setTimeout(() => child.kill('SIGKILL'), oneOf(500));
      assert.equal(await child.ended, 'SIGKILL', child.output);
      killed -= 1;
      continue;
    }
    const url = await child.listening();
    await devices[oneOf(devices.length) - 1]!.repeat(url);
    const kill = () => child.kill('SIGKILL');
    const aim = aims[killed % aims.length]!;
    let left = oneOf(30);
    const next = () => void (--left === 0 && (aim === 'moment' ? setTimeout(kill, oneOf(20)) : kill()));
    const hear = aim === 'commit' ? commits(next) : undefined;
    await Promise.all(devices.map((device) => device.writeUntilCut(url, hear ? () => undefined : next)));
    hear?.();
    assert.equal(await child.ended, 'SIGKILL', child.output);
  }

  const after = await startServer(t, { beside: server });
  for (const device of devices) await device.finish(after.url);
  const acknowledged = devices.flatMap((device) => device.acknowledged);
  await compare(after, devices, acknowledged);
  const sum = (count: (device: Device) => number) =>
    devices.reduce((total, device) => total + count(device), 0);
  return { kills, messages: acknowledged.length, cut: sum(({ cut }) => cut), kept: sum(({ kept }) => kept) };
}

/** Has somebody told of each commit, as soon as it can be seen from outside, until they have heard enough. */
async function hearCommits(
  t: Pick<TestContext, 'after'>,
  config: Config,
): Promise<(hear: () => void) => () => void> {
  if (config.databaseUrl === undefined) {
    // Written to before it is synced: this is as early as it can be.
    return (hear) => {
      const watcher = watch(`${sqliteFile(config)}-wal`, hear);
      return () => watcher.close();
    };
  }
  const client = new pg.Client({ connectionString: config.databaseUrl });
  await client.connect();
  t.after(() => client.end());
  await client.query('listen grow_messages_news');
  return (hear) => {
    client.on('notification', hear);
    return () => client.removeListener('notification', hear);
  };
}
