import { expect } from '@open-wc/testing';
import { rows } from '../../../scripts/crisis-phrases.mjs';
import { holdsDanger } from '../../../widget/view/danger.ts';

describe('the words of danger', () => {
  it('do as well as docs/crisis-phrases.md says, on messages they were tuned on and on others', async () => {
    const page = await (await fetch('/docs/crisis-phrases.md')).text();
    const published = page.split('\n').map((line) => line.replace(/ +/g, ' '));
    for (const row of rows()) expect(published).to.include(row);
  });

  for (const text of [
    'I want to DIE.',
    'i don’t want to be here anymore',
    'Ya no quiero vivir',
    'quiero morír',
    'Thanks for the worksheet.\nI have been thinking about killing myself.',
  ]) {
    it(`are heard in “${text}”`, () => expect(holdsDanger(text)).to.equal(true));
  }

  for (const text of [
    '',
    'I am dying to see the new office.',
    'I do not want to die, I want to live.',
    'Estoy muerta de risa.',
    'Can I move Thursday to 11:00?',
  ]) {
    it(`are not heard in “${text}”`, () => expect(holdsDanger(text)).to.equal(false));
  }

  it('are looked for in the longest message, whatever it is made of', () => {
    for (const part of ['a', ' ', 'kill ', 'no tengo ', 'my my ', 'took a ', '.', '’']) {
      expect(holdsDanger(part.repeat(8_000 / part.length))).to.equal(false);
    }
  });
});
