import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aPdf } from '../support/inspect.ts';
import { CuttingProxy } from '../support/cutting-proxy.ts';
import { environmentOf, ServerProcess } from '../support/process.ts';
import { Caller, fillClinic, json, startServer, uploadIdIn } from '../support/server.ts';
import { untilAsked } from '../support/until.ts';

const count = Number(process.env['SOAK_UPLOADS'] ?? 6);
const planted = 'planted-in-a-file';

describe('uploads that are cut', () => {
  it(`arrive whole or fail plainly, ${count} of them, the server killed among them`, async (t) => {
    const first = await startServer(t, undefined);
    await fillClinic(first);
    const threadId = await first.as('ana').open('dr-lee');
    const { config } = first;
    await first.stop();

    const proxy = await CuttingProxy.start(t);
    const start = async () => {
      const child = new ServerProcess(t, '../test/support/upload-server.ts', environmentOf(config));
      proxy.leadTo(await child.listening());
      return child;
    };
    let child = await start();
    const ana = new Caller(proxy.url, () => first.sign({ sub: 'ana' }));
    const sent = new Map<string, string>();
    let kills = 0;

    for (let index = 0; index < count; index++) {
      const bytes = aPdf(randomInt(10, index % 10 === 9 ? 25_000_000 : 3_000_000), '');
      Buffer.from(planted).copy(bytes, Math.min(5, bytes.length - 5));
      const plan = Array.from({ length: randomInt(1, 6) }, () =>
        randomInt(1, Math.ceil(bytes.length / 2) + 2_000),
      );
      const isKilled = index % 5 === 2;
      const killing = isKilled
        ? new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
            child.kill('SIGKILL');
            await child.ended;
            kills += 1;
            child = await start();
          })
        : undefined;
      const id = await uploadStubbornly(ana, bytes, proxy, plan);
      await killing;
      sent.set(id, createHash('sha256').update(bytes).digest('hex'));
      if (sent.size % 10 === 0 || index === count - 1) {
        const unsent = [...sent.keys()].slice(-(((sent.size - 1) % 10) + 1));
        await json(await patiently(() => ana.sendFiles(threadId, unsent)));
      }
    }
    assert.ok(kills >= Math.floor(count / 5) && proxy.cuts >= count, `${kills} kills, ${proxy.cuts} cuts`);
    t.diagnostic(`${kills} kills, ${proxy.cuts} cuts`);
    const lee = new Caller(proxy.url, () => first.sign({ sub: 'dr-lee' }));
    for (const [id, sha256] of sent) {
      const response = await lee.get(`/v1/attachments/${id}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
    }
    child.kill('SIGKILL');
    await child.ended;

    // What is left of uploads that nobody heard the beginning of goes with the first sweep of the next day.
    first.clock.putForward(25 * 3_600_000);
    const swept = await startServer(t, undefined, { beside: first, clock: first.clock });
    await untilAsked(async () => (await swept.blobs()).length === sent.size);
    assert.deepEqual(
      (await swept.blobs()).toSorted(),
      [...sent.keys()].map((id) => `files/${id}`).toSorted(),
    );
    await swept.stop();
    for (const file of await filesIn(config.dataDir)) {
      assert.ok(!(await readFile(file)).includes(planted), `${file} holds what was uploaded`);
    }
  });
});

/** As a tus client does it: begins, and after each cut asks how far it came and goes on from there. */
async function uploadStubbornly(
  caller: Caller,
  bytes: Buffer,
  proxy: CuttingProxy,
  plan: readonly number[],
): Promise<string> {
  const begun = await patiently(() => caller.beginUpload({ name: `${planted}.pdf`, size: bytes.length }));
  const id = uploadIdIn(begun);
  for (const cutAfter of [...plan, undefined]) {
    const head = await patiently(() => caller.tus('HEAD', `/v1/uploads/${id}`));
    const offset = Number(head.headers.get('upload-offset'));
    assert.equal(head.status, 200);
    if (offset === bytes.length) break;
    if (cutAfter !== undefined) proxy.cutAfter(cutAfter);
    await caller.append(id, offset, bytes.subarray(offset)).then(
      (response) => response.text(),
      () => undefined,
    );
    proxy.cutNoMore();
  }
  for (;;) {
    const head = await patiently(() => caller.tus('HEAD', `/v1/uploads/${id}`));
    const offset = Number(head.headers.get('upload-offset'));
    if (offset === bytes.length) return id;
    await caller.append(id, offset, bytes.subarray(offset)).catch(() => undefined);
  }
}

/** Until the server answers, and not with trouble. A busy machine takes its time to start it again. */
async function patiently(ask: () => Promise<Response>): Promise<Response> {
  let last = 'nothing';
  for (const end = Date.now() + 120_000; Date.now() < end;) {
    const response = await ask().catch(() => undefined);
    if (response !== undefined && response.status < 500) return response;
    last = String(response?.status ?? 'no answer');
    // It needs the processor to come back.
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  throw new Error(`The server does not come back: ${last}.`);
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
