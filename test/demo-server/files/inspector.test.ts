import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Inspector, type InspectorOptions } from '../../../demo-server/files/inspector.ts';
import type { Later, Verdict } from '../../../demo-server/files/verdict.ts';
import { aPdf } from '../../support/files/pdf.ts';
import { aJpeg, anExif } from '../../support/files/picture.ts';

const stuck = new URL('../../support/files/stuck-thread.ts', import.meta.url);
const table = Buffer.from('a,b\n');

test('files are looked at one after the other, each with its own answer', async (t) => {
  const inspector = new Inspector();
  t.after(() => inspector.close());
  const photo = aJpeg({ segments: [anExif(6)] });
  const verdicts = await Promise.all([
    inspector.inspect('a.pdf', aPdf()),
    inspector.inspect('b.pdf', Buffer.from('MZ')),
    inspector.inspect('c.exe', table),
    inspector.inspect('d.jpg', photo),
  ]);
  assert.deepEqual(verdicts.map(outcome), ['a.pdf', 'unsupported-file', 'unsafe-file', 'd.jpg']);
  const [, , , cleaned] = verdicts;
  assert.ok(cleaned?.kind === 'sound' && !Buffer.from(cleaned.bytes).includes('Planted'));
  assert.ok(photo.includes('Planted'), 'the caller’s bytes were changed');
});

test('a file that takes too much work is turned away, and the next one is looked at', async (t) => {
  const inspector = anInspector(t, { workLimit: 200 });
  assert.deepEqual(await outcomes(inspector, 'stuck.csv', 'next.csv'), ['too-large', 'next.csv']);
});

test('a file is not to blame that a machine had no time for it', async (t) => {
  const inspector = anInspector(t, { patience: 100 });
  assert.deepEqual(await outcomes(inspector, 'asleep.csv'), ['later']);
});

test('a file that brings the thread down twice is turned away, and the next one is looked at', async (t) => {
  const inspector = anInspector(t);
  assert.deepEqual(await outcomes(inspector, 'fall.csv', 'next.csv'), ['invalid', 'next.csv']);
});

test('a file that lay there as the thread went down is looked at again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'grow-test-'));
  t.after(() => rm(folder, { recursive: true }));
  const inspector = anInspector(t);
  const verdict = await inspector.inspect('once.csv', Buffer.from(join(folder, 'fallen')));
  assert.equal(outcome(verdict), 'once.csv');
});

test('a file is not to blame for a thread that ended before it began', async (t) => {
  const inspector = anInspector(t);
  assert.deepEqual(await outcomes(inspector, 'early.csv', 'next.csv'), ['later', 'next.csv']);
});

test('whoever waits when it is closed is to ask later', async (t) => {
  const inspector = anInspector(t);
  const waiting = outcomes(inspector, 'stuck.csv', 'next.csv');
  await inspector.close();
  assert.deepEqual(await waiting, ['later', 'later']);
  assert.deepEqual(await outcomes(inspector, 'late.csv'), ['later']);
});

function anInspector(t: TestContext, options: InspectorOptions = {}): Inspector {
  const inspector = new Inspector({ thread: stuck, ...options });
  t.after(() => inspector.close());
  return inspector;
}

async function outcomes(inspector: Inspector, ...names: readonly string[]): Promise<readonly string[]> {
  const verdicts = await Promise.all(names.map((name) => inspector.inspect(name, table)));
  return verdicts.map(outcome);
}

/** The name of what was taken, why the others were not. */
function outcome(verdict: Verdict | Later): string {
  if (verdict.kind === 'later') return 'later';
  return verdict.kind === 'sound' ? verdict.name : verdict.code;
}
