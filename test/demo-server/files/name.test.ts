import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cleanName } from '../../../demo-server/files/name.ts';

describe('cleanName', () => {
  const same = [
    'Homework for Thursday.pdf',
    'Übung für Ærøskøbing.docx',
    'שיעורי בית.pdf',
    'واجب منزلي.pdf',
    'می‌خواهم.pdf', // a joiner that shapes a Persian word
    'क्षमा.png',
    '宿題・第三週.csv',
    '👩🏽‍⚕️ and 👨‍👩‍👧‍👦.jpg',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 🇯🇵.png',
    'v1.2 (final) [2] & more.pdf',
    'contact.pdf',
    'IMG_0001.JPEG',
  ];
  for (const name of same) {
    it(`keeps ${name}`, () => assert.equal(cleanName(name), name.normalize('NFC')));
  }

  const changed: readonly [what: string, name: string, becomes: string][] = [
    ['a path', '../../etc/passwd.csv', 'passwd.csv'],
    ['a path of Windows', 'C:\\Users\\Ana\\diary.csv', 'diary.csv'],
    ['a path in a path', '/a\\b/c.csv', 'c.csv'],
    ['a stream of another file', 'a.pdf:b.pdf', 'a.pdf_b.pdf'],
    ['control characters', 'a\0b\r\nc\x7F\x9B.pdf', 'abc.pdf'],
    ['a change of direction', 'photo\u202Egpj.exe', 'photogpj.exe'],
    ['isolation and marks', '\u2066a\u2069\u200Eb\u200F\u061C.pdf', 'ab.pdf'],
    ['what has no width', 'a\u200Bb\uFEFFc\u2060d\u00AD.pdf', 'abcd.pdf'],
    ['joiners that join nothing', '\u200Da1\u200D.p\u200Ddf', 'a1.p\u200Ddf'],
    ['letters that look like nothing', 'a\u3164\u115F\u2800.pdf', 'a.pdf'],
    ['tags without a flag', 'a\u{E0061}\u{E0062}.pdf', 'a.pdf'],
    ['half a character', 'a\uD800b.pdf', 'ab.pdf'],
    ['characters of nobody', 'a\uE000\uFFFFb.pdf', 'ab.pdf'],
    ['signs a file system takes for something else', 'a<b>"c|d?e*.pdf', 'a_b__c_d_e_.pdf'],
    ['devices', 'CON.pdf', '_CON.pdf'],
    ['devices with more behind', 'lpt1.old.pdf', '_lpt1.old.pdf'],
    ['devices with a small number', 'com¹.pdf', '_com¹.pdf'],
    ['dots and spaces around', ' . .a.pdf. . ', 'a.pdf'],
    ['spaces before the extension', 'a   .pdf', 'a.pdf'],
    ['many spaces', 'a \t\u00A0\u2028 b.pdf', 'a b.pdf'],
    ['nothing but an extension', '.pdf', 'file.pdf'],
    ['nothing at all', '', 'file'],
    ['nothing but dots', '...', 'file'],
    ['letters in two parts', 'u\u0308.pdf', 'ü.pdf'],
  ];
  for (const [what, name, becomes] of changed) {
    it(`makes harmless: ${what}`, () => assert.equal(cleanName(name), becomes));
  }

  it('cuts a long name, between letters and before its extension', () => {
    const cleaned = cleanName(`${'👩🏽‍⚕️'.repeat(100)}.docx`);
    assert.ok(Buffer.byteLength(cleaned) <= 255);
    assert.match(cleaned, /^(?:👩🏽‍⚕️)+\.docx$/u);
    assert.ok(Buffer.byteLength(cleaned) > 255 - Buffer.byteLength('👩🏽‍⚕️'));
  });

  it('cuts a letter with a thousand accents', () => {
    assert.equal(cleanName(`a${'\u0300\u0316'.repeat(1_000)}.pdf`), 'file.pdf');
  });

  it('gives a short plain name that stays what it is, whatever it is given', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('.', ' ', '/', '\\', ':', '\u202E', '\u200D', 'con', '.pdf', '\uD800'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const cleaned = cleanName(pieces.join(''));
        assert.ok(cleaned.length > 0 && Buffer.byteLength(cleaned) <= 255);
        assert.doesNotMatch(
          cleaned,
          /[/\\:<>"|?*\p{Cc}\p{Cs}\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]|^[. ]|[. ]$/u,
        );
        assert.equal(cleanName(cleaned), cleaned);
      }),
      { seed: 5, numRuns: 1_000 },
    );
  });
});
