import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from '../../../demo-server/files/inspect.ts';
import { hostileSamples } from '../../support/files/hostile.ts';
import { soundSamples } from '../../support/files/sound.ts';

describe('what people send', () => {
  for (const { what, name, bytes, mediaType, pixels } of soundSamples) {
    it(`is taken: ${what}`, () => {
      const verdict = inspect(name, bytes);
      assert.equal(verdict.kind, 'sound', 'reason' in verdict ? verdict.reason : '');
      if (verdict.kind !== 'sound') return;
      assert.equal(verdict.mediaType, mediaType);
      assert.equal(verdict.name, name);
      if (pixels) assert.ok(Buffer.from(verdict.bytes).includes(pixels), 'the pixels are others');
      else assert.ok(bytes.equals(verdict.bytes), 'the bytes are others');
    });
  }
});

describe('what nobody should have to open', () => {
  for (const { what, name, bytes, must } of hostileSamples) {
    if (typeof must === 'string') {
      it(`is turned away: ${what}`, () => {
        const verdict = inspect(name, bytes);
        assert.equal(
          verdict.kind === 'refused' ? verdict.code : verdict.kind,
          must,
          'reason' in verdict ? verdict.reason : '',
        );
        // Sentences for people, which repeat nothing of the file.
        if (verdict.kind === 'refused') assert.match(verdict.reason, /^[A-Z][^<>{}\0]{10,200}\.$/);
      });
    } else {
      it(`comes back without what it tells: ${what}`, () => {
        const verdict = inspect(name, bytes);
        assert.equal(verdict.kind, 'sound', 'reason' in verdict ? verdict.reason : '');
        if (verdict.kind !== 'sound') return;
        for (const words of must.lose)
          assert.ok(!Buffer.from(verdict.bytes).includes(words), `it still says ${String(words)}`);
      });
    }
  }

  it('is at least a hundred files, beside at least forty that are fine', () => {
    assert.ok(hostileSamples.length >= 100 && soundSamples.length >= 40);
    const told = [...hostileSamples, ...soundSamples].map(({ what }) => what);
    assert.equal(new Set(told).size, told.length);
  });
});
