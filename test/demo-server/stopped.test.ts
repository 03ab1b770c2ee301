import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Kysely } from 'kysely';
import { sqliteFile } from '../../demo-server/config.ts';
import type { Engine } from '../../demo-server/storage/engine.ts';
import type { Schema } from '../../demo-server/storage/schema.ts';
import { openStorage } from '../../demo-server/storage/sql-storage.ts';
import { openSqlite } from '../../demo-server/storage/sqlite.ts';
import { Vault } from '../../demo-server/storage/vault.ts';
import { anId } from '../support/builders.ts';
import { fillClinic, json, startServer } from '../support/server.ts';

describe('a server that is stopped in the middle of a send', () => {
  it('has the message, its file, its audit row, its events and its alarm, or none of them', async (t) => {
    const left: string[] = [];
    let isSending = false;
    let file = '';
    /** What lies on the disk in this moment is what a process that was killed now would leave. */
    const keep = async () => {
      if (!isSending) return;
      const folder = join(file, '..', `stop-${left.length}`);
      await mkdir(folder);
      const copy = join(folder, 'copy.sqlite');
      for (const end of ['', '-wal']) await copyFile(file + end, copy + end);
      left.push(copy);
    };
    const server = await startServer(t, undefined, {
      open(config) {
        file = sqliteFile(config);
        return withStops(openSqlite(file), keep);
      },
    });
    await fillClinic(server);
    const ana = server.as('ana');
    const threadId = await ana.open('dr-lee');
    const uploadId = await ana.upload(Buffer.from('%PDF-1.7 a form'));
    const id = anId();
    isSending = true;
    await json(await ana.sendFiles(threadId, [uploadId], 'Here it is', id));
    isSending = false;

    const states: string[] = [];
    for (const copy of left) {
      const engine = openSqlite(copy);
      const storage = await openStorage(engine, new Vault(server.config.encryptionKeys));
      states.push(JSON.stringify(await traces(engine.reader, threadId, id)));
      assert.equal((await storage.checkAudit()).sound, true);
      await storage.close();
    }
    const nothing = JSON.stringify({ messages: 0, files: 0, audited: 0, told: 0, lastSeq: 0, isDue: false });
    const all = JSON.stringify({ messages: 1, files: 1, audited: 1, told: 2, lastSeq: 1, isDue: true });
    assert.ok(states.length > 8, `${states.length} places to stop at`);
    assert.deepEqual(states, [...states.slice(1).map(() => nothing), all]);
  });
});

/** Stops after each statement of a transaction, before its commit, and before anybody hears that it is committed. */
function withStops(engine: Engine, stop: () => Promise<void>): Engine {
  return {
    ...engine,
    async transaction(run) {
      const result = await engine.transaction(async (db) => {
        const stopping = db.withPlugin({
          transformQuery: ({ node }) => node,
          transformResult: async ({ result }) => {
            await stop();
            return result;
          },
        });
        return run(stopping);
      });
      await stop();
      return result;
    },
  };
}

/** All that a message leaves behind. */
async function traces(db: Kysely<Schema>, threadId: string, id: string) {
  const messages = await db.selectFrom('messages').select('seq').where('id', '=', id).execute();
  const files = await db.selectFrom('uploads').select('id').where('message_id', '=', id).execute();
  const audited = await db.selectFrom('audit').select('seq').where('action', '=', 'message.send').execute();
  const told = await db.selectFrom('events').select('no').where('message_id', '=', id).execute();
  const thread = await db
    .selectFrom('threads')
    .select(['last_seq', 'provider_look_at'])
    .where('id', '=', threadId)
    .executeTakeFirstOrThrow();
  return {
    messages: messages.length,
    files: files.length,
    audited: audited.length,
    told: told.length,
    lastSeq: thread.last_seq,
    isDue: thread.provider_look_at !== null,
  };
}
