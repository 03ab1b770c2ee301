import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pseudo } from '../support/pseudo-locale.ts';

describe('the pseudo-locale', () => {
  it('writes every Latin letter from right to left, and leaves the rest', () => {
    assert.equal(pseudo('Call 911, or +1 800-273-8255…'), 'צאלל 911, ור +1 800-273-8255…');
    assert.match(pseudo('The quick brown fox jumps over a lazy dog'), /^[\u05D0-\u05EA ]+$/);
  });

  it('leaves what is filled in as it came', () => {
    const words = pseudo({
      from: (name: string, text: string) => `From ${name}: ${text}`,
      left: (count: number) => (count === 1 ? 'one left' : `${count} left`),
    });
    assert.equal(words.from('Maya Lee', 'Hi!'), 'פרומ Maya Lee: Hi!');
    assert.deepEqual([words.left(1), words.left(12)], ['ונע לעפט', '12 לעפט']);
  });

  it('finds words in lists and tables', () => {
    assert.deepEqual(pseudo({ gate: ['a', ['b']], none: undefined, limit: 8_000 }), {
      gate: ['א', ['ב']],
      none: undefined,
      limit: 8_000,
    });
  });
});
