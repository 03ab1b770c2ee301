import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Effort } from '../../../demo-server/files/effort.ts';
import { inspect, refuseClaim } from '../../../demo-server/files/inspect.ts';
import { aDocx, aParagraph } from '../../support/files/docx.ts';
import { aPdf } from '../../support/files/pdf.ts';
import { aJpeg, anExif, aPng, aChunk, exifTiff } from '../../support/files/picture.ts';
import { soundSamples } from '../../support/files/sound.ts';

/** Small ones, so that a change hits something. */
const seeds = soundSamples.filter(({ bytes }) => bytes.length < 20_000);
const kinds = [...new Set(seeds.map(({ mediaType }) => mediaType))];

/** What may happen to a file on its way, by accident or on purpose. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) }),
  fc.record({
    kind: fc.constant('number' as const),
    at: fc.nat(),
    to: fc.constantFrom(0, 1, 0x7fffffff, 0xfffffffe, 0xffffffff),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.nat({ max: 600 }) }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat(), length: fc.nat({ max: 600 }) }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat() }),
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

describe('inspect', () => {
  for (const mediaType of kinds) {
    it(`answers whatever becomes of ${mediaType}, in steps that its size allows`, () => {
      const ofKind = seeds.filter((seed) => seed.mediaType === mediaType);
      fc.assert(
        fc.property(
          fc.constantFrom(...ofKind),
          fc.array(change, { minLength: 1, maxLength: 6 }),
          (seed, changes) => {
            const bytes = changes.reduce(changed, seed.bytes);
            const effort = new Effort(bytes.length);
            const verdict = inspect(seed.name, bytes, effort);
            // A bound and not a measurement: what was unpacked pays too, so it must be far below what is allowed.
            assert.ok(effort.spent <= effort.allowed, `${effort.spent} steps for ${bytes.length} bytes`);
            if (verdict.kind === 'refused')
              assert.notEqual(verdict.reason, 'This file could not be read. Save it anew, then send it.');
          },
        ),
        { numRuns: 400, seed: 5 },
      );
    });
  }

  it('answers to any bytes under any name', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('a.pdf', 'a.png', 'a.jpg', 'a.doc', 'a.docx', 'a.csv'),
    );
    fc.assert(
      fc.property(name, fc.uint8Array({ maxLength: 3_000 }), (called, bytes) => {
        assert.ok(['sound', 'refused'].includes(inspect(called, bytes).kind));
      }),
      { seed: 5 },
    );
  });

  it('takes twice the steps for twice the file', () => {
    const steps = (name: string, bytes: Buffer) => {
      const effort = new Effort(bytes.length);
      assert.equal(inspect(name, bytes, effort).kind, 'sound');
      return effort.spent;
    };
    const growing: readonly [name: string, grow: (times: number) => Buffer][] = [
      ['a.pdf', (times) => aPdf({ objects: ['[(a)/b<<>>]'.repeat(times)] })],
      [
        'a.pdf',
        (times) =>
          aPdf({
            objects: [`<< ${Array.from({ length: times }, (_, key) => `/k${key} 1 0 R`).join(' ')} >>`],
          }),
      ],
      ['a.pdf', (times) => aPdf({ content: '7 0 obj '.repeat(times) })],
      ['a.docx', (times) => aDocx({ body: aParagraph('Homework').repeat(times) })],
      ['a.png', (times) => aPng({ behind: Array.from({ length: times }, () => aChunk('tEXt', 'words')) })],
      ['a.jpg', (times) => aJpeg({ width: 24, height: 16, after: Buffer.alloc(times, 'x') })],
      ['a.csv', (times) => Buffer.from('a,b\n'.repeat(times))],
    ];
    for (const [name, grow] of growing) {
      const [once, twice] = [steps(name, grow(3_000)), steps(name, grow(6_000))];
      assert.ok(twice <= 2.1 * once, `${name}: ${once}, then ${twice}`);
    }
  });

  it('keeps which side of a photo is up, and only that', () => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      for (const order of ['II', 'MM'] as const) {
        const jpeg = inspect('a.jpg', aJpeg({ segments: [anExif(orientation, order)] }));
        const png = inspect('a.png', aPng({ before: [aChunk('eXIf', exifTiff(orientation, order))] }));
        for (const verdict of [jpeg, png]) {
          assert.ok(verdict.kind === 'sound');
          const bytes = Buffer.from(verdict.bytes);
          // Little-endian TIFF with one entry: 0x0112, a short, once.
          const tiff = bytes.indexOf(Buffer.from('49492a00080000000100120103000100', 'hex'));
          assert.equal(tiff < 0 ? 1 : bytes[tiff + 18], orientation);
        }
      }
    }
  });

  it('gives a cleaned photo back as it is when it comes again', () => {
    for (const [name, bytes] of [
      ['a.jpg', aJpeg({ segments: [anExif(6)] })],
      ['a.png', aPng({ before: [aChunk('eXIf', exifTiff(6))] })],
    ] as const) {
      const once = inspect(name, bytes);
      assert.ok(once.kind === 'sound');
      assert.deepEqual(inspect(name, once.bytes), once);
    }
  });

  it('does not touch the bytes it was given', () => {
    const bytes = aJpeg({ segments: [anExif(6)] });
    const before = Buffer.from(bytes);
    inspect('a.jpg', bytes);
    assert.ok(bytes.equals(before));
  });

  it('gives the file its cleaned name', () => {
    const verdict = inspect('C:\\Users\\Ana\\con.pdf', aPdf());
    assert.equal(verdict.kind === 'sound' && verdict.name, '_con.pdf');
  });
});

describe('refuseClaim', () => {
  it('says no to a name or a size before anything is sent', () => {
    assert.equal(refuseClaim('a.exe', 10)?.code, 'unsafe-file');
    assert.equal(refuseClaim('a.mp4', 10)?.code, 'unsupported-file');
    assert.equal(refuseClaim('a.pdf', 26_214_401)?.code, 'too-large');
    assert.equal(refuseClaim('a.pdf', 0)?.code, 'invalid');
    assert.equal(refuseClaim('a.pdf', 26_214_400), undefined);
    assert.equal(refuseClaim('a.PDF', 1), undefined);
  });
});

function changed(bytes: Buffer, one: Change): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.length === 0 ? 0 : one.at % copy.length;
  switch (one.kind) {
    case 'set':
      if (copy.length > 0) copy[at] = one.to;
      return copy;
    case 'number':
      if (at + 4 <= copy.length) copy.writeUInt32LE(one.to, at);
      return copy;
    case 'cut':
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + one.length)]);
    case 'double':
      return Buffer.concat([copy.subarray(0, at + one.length), copy.subarray(at)]);
    case 'end':
      return copy.subarray(0, at);
  }
}
