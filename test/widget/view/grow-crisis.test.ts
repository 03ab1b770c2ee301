import { expect, fixture, html } from '@open-wc/testing';
import '../../../widget/define.ts';
import type { GrowCrisis } from '../../../widget/view/grow-crisis.ts';
import { button, find, findAll, wordsOf } from '../../support/shadow.ts';

describe('<grow-crisis>', () => {
  const render = (width = 900, settings: Partial<GrowCrisis> = {}) =>
    fixture<HTMLElement>(
      html`<div style="inline-size: ${width}px">
        ${Object.assign(document.createElement('grow-crisis'), settings)}
      </div>`,
    );

  const resources = (element: Element) => {
    const link = findAll<HTMLAnchorElement>(element, 'a').find((a) => wordsOf(a).includes('resources'));
    if (!link) throw new Error('There is no link to resources.');
    return link;
  };

  const dials = (element: Element) =>
    findAll<HTMLAnchorElement>(element, 'a[href^="tel:"]').map(({ href, textContent }) => [
      href,
      textContent,
    ]);

  it('has the lines that dial, with no page, network or data around it', async () => {
    expect(dials(await render())).to.deep.equal([
      ['tel:911', '911'],
      ['tel:988', '988'],
      ['tel:+18002738255', '+1 800-273-8255'],
    ]);
  });

  it('has the words of the disclaimer, and where more help is', async () => {
    const element = await render();
    expect(wordsOf(element)).to.contain('Grow Therapy messaging is not an emergency service.');
    const link = resources(element);
    expect(link.textContent.trim()).to.equal('Access additional emergency resources');
    expect([link.href, link.rel]).to.deep.equal(['https://988lifeline.org/get-help/', 'noopener noreferrer']);
  });

  it('is a region of its own', async () => {
    expect(find(await render(), 'section').getAttribute('aria-label')).to.equal('Crisis support');
  });

  for (const width of [900, 320, 200]) {
    it(`shows every line that dials at ${width} pixels`, async () => {
      const element = await render(width);
      for (const link of findAll(element, 'a[href^="tel:"]')) {
        const { left, right, height } = link.getBoundingClientRect();
        expect(height).to.be.greaterThan(0);
        expect(right - element.getBoundingClientRect().left).to.be.at.most(width);
        expect(left).to.be.at.least(element.getBoundingClientRect().left);
      }
    });
  }

  it('shows the whole disclaimer where it is narrow when asked to, and always where there is room', async () => {
    const element = await render(320);
    expect(resources(element).checkVisibility()).to.equal(false);
    button(element, 'More crisis support').click();
    await (element.firstElementChild as GrowCrisis).updateComplete;
    expect(resources(element).checkVisibility()).to.equal(true);
    expect(find(element, 'button').ariaExpanded).to.equal('true');
    expect(resources(await render(900)).checkVisibility()).to.equal(true);
  });

  it('dials the clinic’s own line where it has one', async () => {
    const element = await render(900, {
      phone: '+44 (0)116 123',
      resourcesUrl: 'https://clinic.example/help',
    });
    expect(dials(element).at(-1)).to.deep.equal(['tel:+440116123', '+44 (0)116 123']);
    expect(resources(element).href).to.equal('https://clinic.example/help');
  });

  it('names a number once where the clinic’s own line is one that is there anyway', async () => {
    const more = [{ label: 'Night line', phone: '555-0100', takesTexts: false }];
    const element = await render(900, { phone: '988', more });
    expect(wordsOf(find(element, '.lines'))).to.match(/^In crisis\? Call 911 · 988 More/);
    button(element, 'More crisis support').click();
    await (element.firstElementChild as GrowCrisis).updateComplete;
    const called = findAll(element, 'li a[href^="tel:"]').map(wordsOf);
    expect(called).to.deep.equal(['Call 911', 'Call 988', 'Call 555-0100']);
    expect(wordsOf(find(element, '#words'))).to.contain('such as 911 or 988 to speak');
  });

  for (const phone of ['911', '', ' ', 'ask']) {
    it(`leaves no word of the disclaimer out where the clinic’s line is ${JSON.stringify(phone)}`, async () => {
      const element = await render(900, { phone });
      expect(wordsOf(find(element, '#words'))).to.match(
        /^Disclaimer: .* services such as 911 or \S.*\d to speak with a crisis counselor\. Access/,
      );
      for (const [href] of dials(element)) expect(href).to.match(/^tel:.*\d/);
    });
  }

  it('leads nowhere else than to a web page, whatever address it is given', async () => {
    const element = await render(900, { resourcesUrl: 'javascript:globalThis.wasRun=true' });
    expect(resources(element).protocol).not.to.equal('javascript:');
  });

  it('begins every line where the others begin, however narrow', async () => {
    for (let width = 220; width < 420; width += 20) {
      const element = await render(width);
      button(element, 'More crisis support').click();
      await (element.firstElementChild as GrowCrisis).updateComplete;
      const offers = findAll<HTMLElement>(element, '.lines > *:not([aria-hidden]), li > a');
      const edge = find(element, 'ul').getBoundingClientRect().left;
      for (const line of new Set(offers.map((offer) => offer.getBoundingClientRect().top))) {
        const starts = offers.filter((offer) => offer.getBoundingClientRect().top === line);
        const first = Math.min(...starts.map((offer) => offer.getBoundingClientRect().left));
        // Less than a letter's width to the right of the edge would be a step; more is behind a label.
        if (first < edge + 20) expect(first, `at ${width} pixels`).to.be.closeTo(edge, 0.5);
      }
    }
  });

  it('is accessible, wide and narrow', async () => {
    await expect(await render(900)).to.be.accessible();
    await expect(await render(320)).to.be.accessible();
  });

  it('opens by itself where help is offered, says why, and leaves the focus where it is', async () => {
    const element = await render(320);
    const crisis = element.firstElementChild as GrowCrisis;
    crisis.offer();
    await crisis.updateComplete;
    expect(wordsOf(find(element, '[role="status"]'))).to.contain(
      'You don’t have to wait for an answer here.',
    );
    expect(resources(element).checkVisibility()).to.equal(true);
    expect(findAll<HTMLAnchorElement>(element, 'a').map(({ href }) => href)).to.include('sms:988');
    expect(document.activeElement).to.equal(document.body);
    await expect(crisis).to.be.accessible();

    button(element, 'More crisis support').click();
    await crisis.updateComplete;
    expect(wordsOf(find(element, '[role="status"]'))).to.equal('');
  });
});
