import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';
import type { Guidance } from '../../../protocol/me.ts';
import '../../../widget/define.ts';
import type { SupportWantedEvent } from '../../../widget/view/events.ts';
import type { GrowGuide } from '../../../widget/view/grow-guide.ts';
import { Language } from '../../../widget/view/language.ts';
import { load } from '../../../widget/view/load-later.ts';
import { hostileTexts } from '../../support/hostile.ts';
import { button, find, findAll, has, wordsOf } from '../../support/shadow.ts';
import { until } from '../../support/until.ts';

const language = new Language('en-US');

const article: Partial<Guidance> = {
  replyExpectation: 'Providers typically respond within 1–3 business days.',
  askProvider: ['Clinical concerns, therapy questions, and treatment planning', 'Superbills'],
  askSupport: ['Account, billing, and insurance questions', 'Medical records requests'],
};

describe('<grow-guide>', () => {
  before(() => load('grow-guide'));

  const render = (guidance: Partial<Guidance> | null = article, width = 800) =>
    fixture<GrowGuide>(
      html`<grow-guide
        style="inline-size: ${width}px"
        .guidance=${guidance ?? undefined}
        .language=${language}
      ></grow-guide>`,
    );

  const focused = (guide: GrowGuide) => guide.shadowRoot?.activeElement;
  const wentBack = (guide: GrowGuide) => oneEvent(guide, 'go-back');
  const reasonFrom = async (guide: GrowGuide) => {
    const { detail } = await oneEvent<SupportWantedEvent>(guide, 'support-wanted');
    return detail.reason;
  };

  it('lists what belongs where, under the article’s titles', async () => {
    const guide = await render();
    const lists = findAll(guide, '.cards section').map((section) => [
      wordsOf(find(section, 'h3')),
      ...findAll(section, 'li button').map((topic) => wordsOf(find(topic, 'span'))),
    ]);
    expect(lists).to.deep.equal([
      ['Contact your provider for', ...article.askProvider!],
      ['Contact the Support Team for', ...article.askSupport!],
    ]);
  });

  it('has the focus on its heading once it is there, so that it is read from there on', async () => {
    const guide = await render();
    await until(() => focused(guide) === find(guide, 'h2'));
    expect(wordsOf(find(guide, 'h2'))).to.equal('Provider or Support?');
  });

  it('leads back to the message from a topic of the provider’s, and from the way back', async () => {
    const guide = await render();
    for (const way of [findAll(guide, '.provider li button')[0]!, button(guide, 'Back to your message')]) {
      setTimeout(() => way.click());
      await wentBack(guide);
    }
  });

  it('leads to the Support Team with the topic that was chosen, by keys alone', async () => {
    const guide = await render();
    await until(() => focused(guide) === find(guide, 'h2'));
    const wanted = findAll(guide, '.support li button')[1]!;
    while (focused(guide) !== wanted) await sendKeys({ press: 'Tab' });
    const told = reasonFrom(guide);
    await sendKeys({ press: 'Enter' });
    expect(await told).to.equal('Medical records requests');
  });

  it('tells of no markup in the topic that was chosen', async () => {
    const guide = await render({
      ...article,
      askSupport: ['<b>Billing</b> &amp; <a href="https://clinic.example/">copays</a>'],
    });
    setTimeout(() => find(guide, '.support li button').click());
    expect(await reasonFrom(guide)).to.equal('Billing & copays');
  });

  it('says when to expect an answer, and what to do without one', async () => {
    const guide = await render();
    const replies = find(guide, '.replies');
    expect(wordsOf(replies))
      .to.contain('Providers typically respond within 1–3 business days.')
      .and.to.contain('No response after 48 hours? Contact the Support Team.');
    setTimeout(() => button(replies, 'Contact the Support Team').click());
    expect(await reasonFrom(guide)).to.equal('no-reply');
  });

  it('goes by the clinic’s clocks', async () => {
    const own = { replyBusinessDays: 5, supportAfterHours: 72 };
    expect(wordsOf(find(await render(own), '.replies')))
      .to.contain('within 1–5 business days.')
      .and.to.contain('after 72 hours?');
  });

  for (const [what, guidance] of [
    ['nothing', null],
    ['no topics', { ...article, askProvider: [], askSupport: [] }],
    ['topics without a word in them', { askProvider: [' '], askSupport: ['<hr>'] }],
  ] as const) {
    it(`says it in its own words where the backend sends ${what}`, async () => {
      const guide = await render(guidance);
      expect(has(guide, 'li')).to.equal(false);
      expect(wordsOf(find(guide, '.provider'))).to.contain('Questions about your care');
      expect(wordsOf(find(guide, '.support'))).to.contain('Everything else, such as your account');
      setTimeout(() => button(guide, 'Go on with your message').click());
      await wentBack(guide);
      setTimeout(() => button(find(guide, '.support'), 'Contact the Support Team').click());
      expect(await reasonFrom(guide)).to.equal('other');
      await expect(guide).to.be.accessible();
    });
  }

  it('shows a clinic’s bold words, lists and links, and keeps links out of buttons', async () => {
    const guide = await render({
      askSupport: ['<b>Billing</b>: see <a href="https://clinic.example/faq">our answers</a>'],
      replyExpectation: '<p>Soon, but not</p><ul><li>on <em>holidays</em></li></ul>',
    });
    await until(() => has(guide, 'b'));
    const topic = find(guide, '.support li');
    expect(wordsOf(find(topic, 'button'))).to.equal('Billing: see our answers ›');
    expect(has(topic, 'button a')).to.equal(false);
    const link = find<HTMLAnchorElement>(topic, 'a');
    expect([link.textContent, link.href, link.target, link.rel]).to.deep.equal([
      'our answers',
      'https://clinic.example/faq',
      '_blank',
      'noopener noreferrer',
    ]);
    expect(wordsOf(find(guide, '.replies li'))).to.equal('on holidays');
    await expect(guide).to.be.accessible();
  });

  it('stands side by side where there is room, and fits where there is little', async () => {
    const tops = (guide: GrowGuide) =>
      new Set(findAll(guide, '.cards section').map((card) => card.getBoundingClientRect().top)).size;
    expect(tops(await render(article, 800))).to.equal(1);
    const narrow = await render(
      { ...article, askSupport: ['Gesundheitsversicherungsangelegenheiten'.repeat(3)] },
      288,
    );
    expect(tops(narrow)).to.equal(2);
    expect(narrow.scrollWidth).to.be.at.most(288);
  });

  it('makes nothing of hostile words but words', async () => {
    const guide = await render({
      replyExpectation: hostileTexts.join(' '),
      askProvider: hostileTexts,
      askSupport: ['<b>safe by now</b>', ...hostileTexts],
    });
    await until(() => has(guide, '.support b'), 'what makes markup safe is there');
    const ours = 'header, header h1, div, section, h2, h3, p, ul, li, button, span, style';
    const clinics = findAll(guide, '*').filter((element) => !element.matches(ours));
    expect(clinics.filter((element) => !element.matches('b, strong, i, em, br, ol, a'))).to.deep.equal([]);
    expect(findAll(guide, '.replies style, li style')).to.deep.equal([]);
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
