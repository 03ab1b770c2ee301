import { expect } from '@open-wc/testing';
import { linkify } from '../../../widget/view/linkify.ts';
import { hostileTexts } from '../../support/hostile.ts';
import { pick, randomFrom } from '../../support/random.ts';

const joined = (text: string) =>
  linkify(text)
    .map((piece) => piece.text)
    .join('');
const links = (text: string) =>
  linkify(text).flatMap(({ text: words, href }) => (href ? [[words, href]] : []));
const hrefs = (text: string) => links(text).map(([, href]) => href);

describe('linkify', () => {
  it('finds web, mail and phone addresses, and keeps the words around them', () => {
    expect(linkify('See https://clinic.example/a?b=c#d or call tel:+15551234567.')).to.deep.equal([
      { text: 'See ' },
      { text: 'https://clinic.example/a?b=c#d', href: 'https://clinic.example/a?b=c#d' },
      { text: ' or call ' },
      { text: 'tel:+15551234567', href: 'tel:+15551234567' },
      { text: '.' },
    ]);
    expect(hrefs('mailto:care@clinic.example HTTP://CLINIC.example')).to.deep.equal([
      'mailto:care@clinic.example',
      'http://clinic.example/',
    ]);
  });

  it('has nothing to say of nothing', () => {
    expect(linkify('')).to.deep.equal([]);
    expect(linkify('Just words.')).to.deep.equal([{ text: 'Just words.' }]);
  });

  for (const text of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\u0000script:alert(1)',
    ' \u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'blob:https://clinic.example/1234',
    'file:///etc/passwd',
    'ftp://clinic.example/file',
    'intent://scan/#Intent;scheme=x;end',
    'view-source:https://clinic.example',
    'about:blank',
    'https:',
    'https://',
    'http://?',
    'mailto:',
    'tel:',
    '//evil.example',
    'www.clinic.example',
  ]) {
    it(`makes no link of ${JSON.stringify(text)}`, () => {
      expect(links(text)).to.deep.equal([]);
      expect(joined(text)).to.equal(text);
    });
  }

  it('makes no link that names one place and leads to another', () => {
    for (const text of [
      'https://bank.example@evil.example',
      'https://bank.example:pass@evil.example/path',
      'https://bank.example%2F@evil.example',
    ]) {
      for (const [words = '', href = ''] of links(text)) {
        expect(new URL(href).username, words).to.equal('');
        expect(words).not.to.contain('@');
      }
    }
  });

  it('leaves the sentence its marks', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['https://a.example.', 'https://a.example'],
      ['https://a.example?!', 'https://a.example'],
      ['(https://a.example)', 'https://a.example'],
      ['(see https://a.example/b).', 'https://a.example/b'],
      ['“https://a.example/b”,', 'https://a.example/b'],
      ['<https://a.example/b>', 'https://a.example/b'],
      ['https://a.example/Mercury_(planet)', 'https://a.example/Mercury_(planet)'],
      ['https://a.example/b…', 'https://a.example/b'],
      ['https://a.example/b/', 'https://a.example/b/'],
    ];
    for (const [text, address] of cases) {
      expect(links(text)[0]?.[0], text).to.equal(address);
      expect(joined(text)).to.equal(text);
    }
  });

  it('takes addresses in other scripts, and shows where they lead', () => {
    expect(hrefs('https://bücher.example/größe?q=日本')).to.deep.equal([
      'https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe?q=%E6%97%A5%E6%9C%AC',
    ]);
  });

  it('loses and adds nothing, whatever the text is', () => {
    const random = randomFrom(20_261_121);
    const parts = [
      ...['https://', 'http://', 'mailto:', 'tel:', 'javascript:', 'a.example', '@', '/', '?', '#', ':', '%'],
      ...[' ', '\n', '\t', '\u00A0', '\u2028', '(', ')', '[', ']', '<', '>', '"', '“', '”', '.', ',', '…'],
      ...['word', 'größe', '日本', '👩🏽‍⚕️', '\uD83D', '\u202E', '\u0000', '+1555', '::1', '[::1]'],
    ];
    for (let times = 0; times < 5_000; times++) {
      const length = Math.floor(random() * 12);
      const text = Array.from({ length }, () => pick(random, parts)).join('');
      expect(joined(text)).to.equal(text);
      for (const href of hrefs(text))
        expect(href, text).to.match(/^(https?:\/\/[^@/]+(\/|$)|mailto:.|tel:.)/);
    }
  });

  it('makes no link of what is hostile', () => {
    for (const text of hostileTexts) {
      expect(joined(text)).to.equal(text);
      for (const href of hrefs(text)) expect(href).to.match(/^(https?|mailto|tel):/);
    }
  });

  it('has few pieces for a long text that wants to keep it busy', () => {
    const length = 100_000;
    for (const text of [
      '('.repeat(length),
      'https://'.repeat(length / 8),
      `https://a.example/${')'.repeat(length)}`,
      `https://a.example/${'.,!?'.repeat(length / 4)}`,
      `${'"'.repeat(length)}https://a.example`,
      `https://${'a.'.repeat(length / 2)}example`,
      `mailto:${'a@'.repeat(length / 2)}`,
      'h'.repeat(length),
    ]) {
      const pieces = linkify(text);
      expect(pieces.length).to.be.at.most(3);
      expect(pieces.map((piece) => piece.text).join('')).to.equal(text);
    }
    expect(linkify('https://a.example '.repeat(10_000)).length).to.equal(20_000);
  });
});
