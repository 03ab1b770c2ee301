import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import '../../../widget/define.ts';
import type { GrowReaders } from '../../../widget/view/grow-readers.ts';
import { Language } from '../../../widget/view/language.ts';
import { load } from '../../../widget/view/load-later.ts';
import { hostileTexts, shapeOf } from '../../support/hostile.ts';
import { aMe, aProvider } from '../../support/message-builders.ts';
import { button, find, findAll, wordsOf } from '../../support/shadow.ts';
import { until } from '../../support/until.ts';

const language = new Language('en-US');
const ana = aMe().person;

describe('<grow-readers>', () => {
  before(() => load('grow-readers'));

  const render = (other = aProvider(), self = ana) =>
    fixture<GrowReaders>(
      html`<grow-readers .self=${self} .other=${other} .language=${language}></grow-readers>`,
    );

  const people = (readers: GrowReaders) => findAll(readers, '.people bdi').map(wordsOf);

  it('names the two people with their letters, and which of them one is', async () => {
    const readers = await render();
    expect(people(readers)).to.deep.equal(['Ana Reyes', 'Maya Lee, PhD']);
    expect(wordsOf(find(readers, '.people li'))).to.contain('Ana Reyes (you)');
    expect(wordsOf(find(readers, '.people')).match(/\(you\)/g)).to.have.length(1);
  });

  it('names them for a provider, too', async () => {
    const lee = { ...aProvider(), email: 'lee@clinic.example', notifications: 'all' } as const;
    const readers = await render(ana, lee);
    expect(people(readers)).to.deep.equal(['Maya Lee, PhD', 'Ana Reyes']);
    expect(wordsOf(find(readers, '.people li'))).to.contain('Maya Lee, PhD (you)');
  });

  it('says what else is true, also what one might not like to hear', async () => {
    expect(wordsOf(await render()))
      .to.contain('encrypted where it is stored')
      .and.to.contain('not secret from them')
      .and.to.contain('never what was said')
      .and.to.contain('neither of you can change or delete it');
  });

  it('names nobody while it does not know whom', async () => {
    const readers = await fixture<GrowReaders>(
      html`<grow-readers .self=${ana} .language=${language}></grow-readers>`,
    );
    expect(people(readers)).to.deep.equal(['Ana Reyes']);
  });

  it('has the focus on its heading, and leads back', async () => {
    const readers = await render();
    await until(() => readers.shadowRoot?.activeElement === find(readers, 'h2'));
    expect(wordsOf(find(readers, 'h2'))).to.equal('Who can read this');
    setTimeout(() => button(readers, 'Back to the conversation').click());
    await oneEvent(readers, 'go-back');
  });

  it('shows a name as it is, whatever it is', async () => {
    const shape = shapeOf(await render());
    for (const text of hostileTexts) {
      const readers = await render(aProvider({ displayName: text, credentials: text }));
      expect(shapeOf(readers)).to.equal(shape);
      expect(find(readers, 'li + li bdi').textContent).to.equal(`${text}, ${text}`);
    }
    expect(globalThis).not.to.have.property('wasRun');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is accessible, in ${colorScheme}`, async () => {
      await emulateMedia({ colorScheme });
      await expect(await render()).to.be.accessible();
      await emulateMedia({ colorScheme: 'light' });
    });
  }
});
