import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from '../../../demo-server/files/inspect.ts';
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
