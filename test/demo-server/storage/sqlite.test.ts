import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { sql } from 'kysely';
import { openSqlite } from '../../../demo-server/storage/sqlite.ts';

// That this is enough, `npm run soak:power` shows.
it('a commit on SQLite is synced, on either connection', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'grow-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const engine = openSqlite(join(folder, 'test.sqlite'));
  t.after(() => engine.close());
  const full = 2;
  for (const [pragma, value] of [
    ['synchronous', full],
    ['journal_mode', 'wal'],
  ] as const) {
    const ask = sql.raw(`pragma ${pragma}`);
    const onWriter = await engine.transaction((db) => ask.execute(db));
    const onReader = await ask.execute(engine.reader);
    assert.deepEqual(
      [onWriter.rows, onReader.rows].flat().map((row) => ({ ...(row as object) })),
      [{ [pragma]: value }, { [pragma]: value }],
    );
  }
});
