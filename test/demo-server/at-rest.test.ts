import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { rewrap } from '../../demo-server/storage/rewrap.ts';
import { openEngine } from '../../demo-server/server.ts';
import { Vault } from '../../demo-server/storage/vault.ts';
import { anId } from '../support/builders.ts';
import { aPdf } from '../support/inspect.ts';
import { openRawDatabase } from '../support/raw-database.ts';
import { fillClinic, json, onEachEngine, refusal, type TestServer, uploadIdIn } from '../support/server.ts';

const day = 24 * 3_600_000;

onEachEngine('what lies in storage', (startServer) => {
  it('holds no word of a message, and no key', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
    const threadId = await ana.open('dr-lee');
    await ana.send(threadId, 'planted-by-ana');
    await lee.send(threadId, 'planted-by-lee');
    await json(
      await server.portal.put('/v1/directory/relationships/ben/dr-okafor', {
        status: 'current',
        welcome: 'planted-welcome',
      }),
    );
    const { key } = await json<{ key: string }>(await ana.put(`/v1/devices/${anId()}/cache-key`));
    const sent = await ana.upload(aPdf(2_500_000, 'planted-in-a-file'), 'planted-name.pdf');
    await json(await ana.sendFiles(threadId, [sent]));
    await ana.upload(aPdf(5_000, 'planted-in-a-file'), 'planted-unsent.pdf');
    await ana.beginUpload({ name: 'planted-half.pdf', size: 9_000 }, aPdf(5_000, 'planted-in-a-part'));
    await ana.beginUpload({ name: 'planted-refused.pdf', size: 9 }, Buffer.from('MZplanted'));
    const bytes = await openRawDatabase(server.config).dump();
    assert.ok(bytes.includes(sent), 'what is looked through has the file');
    assert.ok(bytes.includes('dr-okafor'), 'what is looked through is the database');
    for (const word of ['planted', key]) assert.ok(!bytes.includes(word), word);
    for (const secret of [Buffer.from(key, 'base64'), ...server.config.encryptionKeys]) {
      assert.ok(!bytes.includes(secret) && !bytes.includes(secret.toString('base64')));
    }
  });

  it('opens only in the place it was sealed for', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const ana = server.as('ana');
    const threadId = await ana.open('dr-lee');
    await ana.send(threadId, 'one');
    await ana.send(threadId, 'two');
    await openRawDatabase(server.config).run(
      `update messages set sealed = (select sealed from messages as other where other.seq = 1) where seq = 2`,
    );
    assert.equal(await refusal(await ana.get(`/v1/threads/${threadId}/messages`)), '500 internal');
    assert.ok(!server.logged.join('').includes('one'));
  });

  it('is wrapped anew with a new key, after which the old one can be dropped', async (t) => {
    const server = await startServer(t);
    const { threadId, deviceId, key } = await aHistory(server);
    const bytes = aPdf(9_000);
    const sent = await server.as('ana').upload(bytes);
    await json(await server.as('ana').sendFiles(threadId, [sent], 'a file'));
    const half = uploadIdIn(await server.as('ana').beginUpload({ size: 9_000 }, bytes.subarray(0, 4_000)));
    await server.stop();
    const [old] = server.config.encryptionKeys;
    const next = randomBytes(32);

    const both = await startServer(t, { config: { ...server.config, encryptionKeys: [next, old!] } });
    await both.as('ana').send(threadId, 'with both keys');
    const rewrapping = await openEngine(both.config);
    const vault = new Vault(both.config.encryptionKeys);
    assert.equal(await rewrap(rewrapping, vault), 5);
    assert.equal(await rewrap(rewrapping, vault), 0);
    await rewrapping.close();
    await both.as('ana').send(threadId, 'with both keys, after');
    await both.stop();

    const after = await startServer(t, { config: { ...both.config, encryptionKeys: [next] } });
    assert.deepEqual(
      (await after.as('dr-lee').messages(threadId)).map(({ text }) => text),
      ['with the old key', 'a file', 'with both keys', 'with both keys, after'],
    );
    assert.equal((await after.as('ana').append(half, 4_000, bytes.subarray(4_000))).status, 204);
    for (const id of [sent, half]) {
      const response = await after.as('ana').get(`/v1/attachments/${id}`);
      assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes));
    }
    assert.deepEqual(await json(await after.as('ana').put(`/v1/devices/${deviceId}/cache-key`)), key);
    assert.equal((await after.storage.checkAudit()).sound, true);
  });

  it('has the key of a device no longer that did not ask for it in thirty days', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const [silent, used] = [anId(), anId()];
    const ask = (device: string) => server.as('ana').put(`/v1/devices/${device}/cache-key`);
    for (const device of [silent, used]) await json(await ask(device));
    server.clock.putForward(20 * day);
    await json(await ask(used));
    server.clock.putForward(11 * day);
    await server.stop();

    const after = await startServer(t, { config: server.config, clock: server.clock });
    const has = (device: string) =>
      after.storage.write(async ({ cacheKeys }) => (await cacheKeys.find('ana', device)) !== undefined);
    assert.deepEqual([await has(silent), await has(used)], [false, true]);
  });

  it('does not open with another key', async (t) => {
    const server = await startServer(t);
    await aHistory(server);
    await server.stop();
    const config = { ...server.config, encryptionKeys: [randomBytes(32)] };
    await assert.rejects(startServer(t, { config }), /ENCRYPTION_KEY/);
  });
});

onEachEngine('the audit log', (startServer) => {
  it('has every act of a person once, and every refusal, and no words', async (t) => {
    const server = await startServer(t);
    const { threadId } = await aHistory(server);
    const ana = server.as('ana');
    const { entries: before } = await logOf(server);
    const id = anId();
    await ana.send(threadId, 'planted', id);
    await ana.send(threadId, 'planted', id);
    await ana.send(threadId, 'planted otherwise', id);
    await ana.get('/v1/threads');
    await ana.get(`/v1/threads/${threadId}/messages`);
    await ana.put(`/v1/threads/${threadId}/read`, { seq: 1 });
    await server.as('ben').get(`/v1/threads/${threadId}`);
    await server.portal.delete('/v1/directory/people/ben/sessions');

    const after = before.at(-1)!.seq;
    const { entries } = await logOf(server, `?after=${after}`);
    assert.deepEqual(
      entries.map(({ seq, actor, action, thread }) => [seq - after, actor, action, thread === threadId]),
      [
        [1, 'ana', 'message.send', true],
        [2, 'ana', 'message.repeat', true],
        [3, 'ana', 'message.send refused: id-reused', true],
        [4, 'ana', 'threads.list', false],
        [5, 'ana', 'messages.list', true],
        [6, 'ana', 'thread.mark-read', true],
        [7, 'ben', 'thread.read refused: not-found', true],
        [8, 'portal', 'sessions.end', false],
      ],
    );
    assert.ok(!JSON.stringify(entries).includes('planted'));
    const actors = async (query: string) =>
      new Set((await logOf(server, query)).entries.map(({ actor }) => actor));
    assert.deepEqual(await actors('?person=ben'), new Set(['ben']));
    assert.deepEqual(await actors(`?thread=${threadId}`), new Set(['ana', 'ben']));
    assert.equal((await server.storage.checkAudit()).sound, true);
  });

  it('is read in pages of 200', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    await Promise.all(Array.from({ length: 230 }, () => server.as('ana').get('/v1/threads')));
    const first = await logOf(server, '?person=ana');
    const second = await logOf(server, `?person=ana&after=${first.entries.at(-1)!.seq}`);
    assert.deepEqual([first.entries.length, first.hasMore], [200, true]);
    assert.deepEqual([second.entries.length, second.hasMore], [30, false]);
  });

  const changes: Readonly<Record<string, readonly string[]>> = {
    'a changed actor': [`update audit set actor = 'ben' where seq = 5`],
    'a changed moment': [`update audit set at = at + 1 where seq = 5`],
    'a changed subject': [`update audit set subject = 'ben' where seq = 5`],
    'a deleted row': [`delete from audit where seq = 5`],
    'a deleted first row': [`delete from audit where seq = 1`],
    'two rows that changed places': [
      `update audit set seq = -5 where seq = 5`,
      `update audit set seq = 5 where seq = 6`,
      `update audit set seq = 6 where seq = -5`,
    ],
    'a row put in between': [
      `insert into audit select 1000, at, actor, action, thread_id, subject, mac from audit where seq = 5`,
      `update audit_head set seq = 1000`,
    ],
    'a cut-off end': [`delete from audit where seq > 6`],
    'a cut-off end with a head to match': [
      `delete from audit where seq > 6`,
      `update audit_head set seq = 6, mac = (select mac from audit where seq = 6)`,
    ],
    'a deleted log': [`delete from audit`, `delete from audit_head`],
  };
  for (const [what, statements] of Object.entries(changes)) {
    it(`does not hide ${what}`, async (t) => {
      const server = await startServer(t);
      await fillClinic(server);
      assert.deepEqual(await server.storage.checkAudit(), { sound: true, rows: 10 });
      for (const statement of statements) await openRawDatabase(server.config).run(statement);
      assert.equal((await server.storage.checkAudit()).sound, false);
    });
  }
});

type Log = {
  readonly entries: readonly { seq: number; actor: string; action: string; thread?: string }[];
  readonly hasMore: boolean;
};

async function logOf(server: TestServer, query = ''): Promise<Log> {
  return json(await server.portal.get(`/v1/audit${query}`));
}

async function aHistory(server: TestServer) {
  await fillClinic(server);
  const ana = server.as('ana');
  const threadId = await ana.open('dr-lee');
  await ana.send(threadId, 'with the old key');
  const deviceId = anId();
  return { threadId, deviceId, key: await json(await ana.put(`/v1/devices/${deviceId}/cache-key`)) };
}
