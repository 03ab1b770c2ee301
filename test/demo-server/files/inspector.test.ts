import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Inspector } from '../../../demo-server/files/inspector.ts';
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
  assert.deepEqual(
    verdicts.map((verdict) => (verdict.kind === 'sound' ? verdict.name : verdict.code)),
    ['a.pdf', 'unsupported-file', 'unsafe-file', 'd.jpg'],
  );
  const [, , , cleaned] = verdicts;
  assert.ok(cleaned?.kind === 'sound' && !Buffer.from(cleaned.bytes).includes('Planted'));
  assert.ok(photo.includes('Planted'), 'the caller’s bytes were changed');
});

test('a file that takes too long is turned away, and the next one is looked at', async (t) => {
  const inspector = new Inspector({ deadline: 3_000, thread: stuck });
  t.after(() => inspector.close());
  const [late, next] = await Promise.all([
    inspector.inspect('stuck.csv', table),
    inspector.inspect('next.csv', table),
  ]);
  assert.equal(late.kind === 'refused' && late.code, 'too-large');
  assert.equal(next.kind === 'refused' ? next.reason : next.name, 'next.csv');
});

test('a file that brings the thread down is turned away, and the next one is looked at', async (t) => {
  const inspector = new Inspector({ thread: stuck });
  t.after(() => inspector.close());
  const [fallen, next] = await Promise.all([
    inspector.inspect('fall.csv', table),
    inspector.inspect('next.csv', table),
  ]);
  assert.equal(fallen.kind === 'refused' && fallen.code, 'invalid');
  assert.equal(next.kind, 'sound');
});

test('whoever waits when it is closed is told so', async () => {
  const inspector = new Inspector({ thread: stuck });
  const waiting = [inspector.inspect('stuck.csv', table), inspector.inspect('next.csv', table)];
  await inspector.close();
  const verdicts = await Promise.all([...waiting, inspector.inspect('late.csv', table)]);
  assert.deepEqual(
    verdicts.map(({ kind }) => kind),
    ['refused', 'refused', 'refused'],
  );
});
