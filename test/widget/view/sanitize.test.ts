import { expect, fixture, html } from '@open-wc/testing';
import { clinicText, wordsOf } from '../../../widget/view/clinic-text.ts';
import { type Place, sanitize } from '../../../widget/view/sanitize.ts';
import { hostileTexts } from '../../support/hostile.ts';
import { until } from '../../support/until.ts';

/** More of it than people write: what is made to get through the one who cleans. */
const mutations: readonly string[] = [
  '<svg></p><style><a id="</style><img src=x onerror=globalThis.wasRun=true>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=globalThis.wasRun=true&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=globalThis.wasRun=true>',
  '<noscript><p title="</noscript><img src=x onerror=globalThis.wasRun=true>">',
  '<a href="https://clinic.example/" onclick="globalThis.wasRun=true" style="position:fixed;inset:0" id=x>over all</a>',
  '<a href=" java\tscript:globalThis.wasRun=true">one</a><a href="&#106;avascript:globalThis.wasRun=true">two</a>',
  '<a href="//evil.test">three</a><a href="/elsewhere">four</a><a href="">five</a><a>six</a>',
  '<a href="data:text/html,<script>globalThis.wasRun=true</script>">seven</a><a href="ftp://evil.test">eight</a>',
  '<b style="background:url(https://evil.test/x.png)" class="mark" part="crisis" slot="disclaimer">nine</b>',
  '<ul is="grow-messages"><li contenteditable draggable=true tabindex=1 accesskey=s>ten</ul>',
  '<details open ontoggle=globalThis.wasRun=true><summary>eleven</summary></details>',
  '<input autofocus onfocus=globalThis.wasRun=true><select autofocus onfocus=globalThis.wasRun=true>',
  '<link rel=stylesheet href=https://evil.test/x.css><video src=https://evil.test/x.mp4 autoplay></video>',
  '<template shadowrootmode=open><script>globalThis.wasRun=true</script></template>',
  '<b>'.repeat(2_000) + 'deep',
];

const allowed = ['A', 'B', 'BR', 'EM', 'I', 'LI', 'OL', 'P', 'STRONG', 'UL'];

describe('a clinic’s HTML', () => {
  const render = (dirty: string, place: Place = 'text') =>
    fixture<HTMLElement>(html`<div>${sanitize(dirty, place)}</div>`);

  const words = (element: Element) => element.textContent.replace(/\s+/g, ' ').trim();

  it('keeps bold, italics, lists and paragraphs', async () => {
    const element = await render(
      '<p><b>a</b><strong>b</strong><i>c</i><em>d</em><br></p><ul><li>e</li></ul><ol><li>f</li></ol>',
    );
    const names = [...element.querySelectorAll('*')].map(({ localName }) => localName);
    expect(names).to.deep.equal(['p', 'b', 'strong', 'i', 'em', 'br', 'ul', 'li', 'ol', 'li']);
    expect(words(element)).to.equal('abcd e f');
  });

  for (const address of [
    'https://clinic.example/a?b=c&d=e#f',
    'http://clinic.example/',
    'mailto:help@clinic.example',
    'tel:+12125550134',
  ]) {
    it(`leads to ${address}, in a page of its own that knows nothing of ours`, async () => {
      const link = (await render(`See <a href="${address.replace('&', '&amp;')}">here</a>`)).querySelector(
        'a',
      );
      expect([link?.href, link?.target, link?.rel, link?.textContent]).to.deep.equal([
        address,
        '_blank',
        'noopener noreferrer',
        'here',
      ]);
    });
  }

  for (const place of ['text', 'line', 'links'] as const) {
    it(`is of nothing but the allowed, whatever was in it, as ${place}`, async () => {
      const asked = performance.getEntriesByType('resource').length;
      for (const dirty of [...hostileTexts, ...mutations]) {
        const element = await render(dirty, place);
        for (const found of element.querySelectorAll('*')) {
          expect(allowed, dirty).to.include(found.nodeName);
          const names = found.getAttributeNames().sort();
          expect(names, dirty).to.deep.equal(found.nodeName === 'A' ? ['href', 'rel', 'target'] : []);
          if (found instanceof HTMLAnchorElement) expect(found.protocol).to.match(/^(https?|mailto|tel):$/);
        }
        const blocks = place === 'line' ? element.querySelectorAll('a, p, ul, ol, li, br').length : 0;
        expect(blocks, dirty).to.equal(0);
      }
      expect(
        performance
          .getEntriesByType('resource')
          .slice(asked)
          .map(({ name }) => name),
      ).to.deep.equal([]);
      expect(globalThis).not.to.have.property('wasRun');
    });
  }

  it('leads nowhere where the address is not a whole one', async () => {
    const addresses = [
      '',
      '/elsewhere',
      '//evil.test',
      'evil.test',
      '#top',
      '?x',
      'javascript:1',
      ' JavaScript:1',
    ];
    for (const address of addresses) {
      const element = await render(`<a href="${address}">here</a>`);
      expect(element.querySelector('a')?.href, address).to.equal(undefined);
      expect(words(element)).to.equal('here');
    }
  });

  it('keeps the words of what it does not keep, but none of a script or a style', async () => {
    expect(words(await render('<h1>Billing</h1> <a href="javascript:1">our</a> <u>answers</u>'))).to.equal(
      'Billing our answers',
    );
    expect(words(await render('a<script>b</script><style>c</style><p style="d">e</p>'))).to.equal('ae');
  });

  it('says of a style what it says, where nobody means one', async () => {
    const dirty = 'Our style of care: <a href="https://clinic.example/style=calm">our style = calm</a>';
    const element = await render(dirty);
    expect(words(element)).to.equal('Our style of care: our style = calm');
    expect(element.querySelector('a')?.href).to.equal('https://clinic.example/style=calm');
  });

  it('is one line in a button, with its links beside it', async () => {
    const dirty =
      '<p>See <a href="https://clinic.example/">this</a>.</p><ul><li><b>One</b></li><li>Two</li></ul>';
    const line = await render(dirty, 'line');
    expect(words(line)).to.equal('See this. One Two');
    expect(line.querySelectorAll('*').length).to.equal(1);
    expect(words(await render(dirty, 'links'))).to.equal('this');
  });

  describe('before it could be made safe', () => {
    const host = { requestUpdate: () => undefined } as never;

    it('is its words alone', () => {
      const cases: Readonly<Record<string, string>> = {
        'Plain words': 'Plain words',
        '<b>Billing</b>, <i>insurance</i>': 'Billing, insurance',
        '<p>One</p><ul><li>Two</li><li>Three</li></ul>Four<br>Five': 'One Two Three Four Five',
        'Copays &lt; $50 &amp; refunds&nbsp;&#8211; &#x2019;24': 'Copays < $50 & refunds – ’24',
        'Copays < $50 & refunds': 'Copays < $50 & refunds',
        'a<script>b</script><style>c</style>d': 'ad',
        '<a href="https://clinic.example/">here</a> <!-- not this --> <a href="cut off': 'here',
        '&unknown; &#0; &#x110000;': '&unknown;',
      };
      for (const [dirty, expected] of Object.entries(cases)) expect(wordsOf(dirty)).to.equal(expected);
    });

    it('takes time in proportion to its length', () => {
      for (const part of ['<', '<a', '<script', '<style', '&', '&#', '<a "', '</', '<!--', '<p ']) {
        const start = performance.now();
        wordsOf(part.repeat(100_000));
        expect(performance.now() - start, part).to.be.below(1_000);
      }
    });

    it('has no markup to wait for where there is none', () => {
      expect(clinicText('Plain words', host)).to.equal('Plain words');
    });

    it('is shown as words first, then as it was meant', async () => {
      let isAsked = false;
      const patient = { requestUpdate: () => (isAsked = true) } as never;
      expect(clinicText('<b>Billing</b> soon', patient)).to.equal('Billing soon');
      await until(() => isAsked, 'the one who shows it is told that there is more');
      const shown = await fixture(html`<div>${clinicText('<b>Billing</b> soon', patient)}</div>`);
      expect(shown.querySelector('b')?.textContent).to.equal('Billing');
    });
  });
});
