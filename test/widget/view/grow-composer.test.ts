import { expect, fixture, html, nextFrame, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../../widget/define.ts';
import type { ComposeSubmitEvent, DraftChangeEvent } from '../../../widget/view/events.ts';
import type { GrowComposer } from '../../../widget/view/grow-composer.ts';
import { Language } from '../../../widget/view/language.ts';
import { button, find, has, pressReturn, wordsOf, write } from '../../support/shadow.ts';

const language = new Language('en-US');

describe('<grow-composer>', () => {
  async function render(draft = '', maxLength = 8_000) {
    const composer = await fixture<GrowComposer>(
      html`<grow-composer .draft=${draft} .maxLength=${maxLength} .language=${language}></grow-composer>`,
    );
    const sent: string[] = [];
    const drafts: string[] = [];
    composer.addEventListener('compose-submit', (event) =>
      sent.push((event as ComposeSubmitEvent).detail.text),
    );
    composer.addEventListener('draft-change', (event) =>
      drafts.push((event as DraftChangeEvent).detail.text),
    );
    return { composer, sent, drafts, box: find<HTMLTextAreaElement>(composer, 'textarea') };
  }

  it('hands over the text on Return, and leaves the box to its parent', async () => {
    const { composer, sent, box } = await render('Is the new dose working?');
    composer.focus();
    await sendKeys({ press: 'Enter' });
    expect(sent).to.deep.equal(['Is the new dose working?']);
    expect(box.value).to.equal('Is the new dose working?');
  });

  it('makes a new line on Shift and Return', async () => {
    const { sent, box } = await render('One');
    expect(pressReturn(box, { shiftKey: true })).to.equal(true);
    expect(sent).to.deep.equal([]);
  });

  it('does nothing on a Return that ends a composition, in any browser', async () => {
    const { sent, box } = await render('にほんご');
    for (const ending of [{ isComposing: true }, { keyCode: 229 }]) {
      expect(pressReturn(box, ending), 'left to the browser').to.equal(true);
    }
    expect(sent).to.deep.equal([]);
    pressReturn(box, { keyCode: 13 });
    expect(sent).to.deep.equal(['にほんご']);
  });

  it('sends by its button, and keeps the caret in the box', async () => {
    const { composer, sent, box } = await render('Hello');
    button(composer, 'Send').click();
    expect(sent).to.deep.equal(['Hello']);
    expect(composer.shadowRoot?.activeElement).to.equal(box);
  });

  for (const blank of ['', '   ', '\n\t ', '\u00A0']) {
    it(`does not send ${JSON.stringify(blank)}`, async () => {
      const { composer, sent, box } = await render(blank);
      expect(button(composer, 'Send').disabled).to.equal(true);
      expect(pressReturn(box), 'and makes no new line of it').to.equal(false);
      expect(sent).to.deep.equal([]);
    });
  }

  it('sends the text as it was written, with the space around it', async () => {
    const { sent, box } = await render('  indented\n\n');
    pressReturn(box);
    expect(sent).to.deep.equal(['  indented\n\n']);
  });

  it('says what is left near the limit, what is over it, and sends nothing that is', async () => {
    const { composer, sent, box } = await render('x'.repeat(80), 100);
    expect(wordsOf(composer)).not.to.contain('left');
    const say = async (length: number) => {
      write(box, 'x'.repeat(length));
      await composer.updateComplete;
      return wordsOf(composer);
    };
    expect(await say(90)).to.contain('10 characters left');
    expect(await say(99)).to.contain('1 character left');
    expect(await say(100)).to.contain('0 characters left');
    expect(button(composer, 'Send').disabled).to.equal(false);
    expect(await say(101)).to.contain('1 character too many');
    expect(await say(150)).to.contain('50 characters too many');
    expect(button(composer, 'Send').disabled).to.equal(true);
    pressReturn(box);
    expect(sent).to.deep.equal([]);
  });

  it('counts as the server does: in UTF-16 code units', async () => {
    const { composer } = await render('👩🏽‍⚕️', 6);
    expect(wordsOf(composer)).to.contain('1 character too many');
  });

  it('tells each change of the draft', async () => {
    const { composer, drafts } = await render();
    composer.focus();
    await sendKeys({ type: 'Hi!' });
    expect(drafts).to.deep.equal(['H', 'Hi', 'Hi!']);
  });

  it('shows another draft where it is given one, and does not call it a change', async () => {
    const { composer, drafts, box } = await render('One');
    composer.draft = '';
    await composer.updateComplete;
    expect(box.value).to.equal('');
    expect(drafts).to.deep.equal([]);
  });

  it('leaves the caret where it is while one writes', async () => {
    const { composer, box } = await render('Hello');
    composer.focus();
    box.setSelectionRange(2, 2);
    await sendKeys({ type: 'y' });
    await composer.updateComplete;
    expect([box.value, box.selectionStart]).to.deep.equal(['Heyllo', 3]);
  });

  for (const [what, prepare] of [
    ['', () => () => undefined],
    [
      ', also in a browser that lets no box do so by itself',
      (box: HTMLElement) => {
        const { supports } = CSS;
        CSS.supports = () => false;
        box.style.setProperty('field-sizing', 'fixed');
        return () => void (CSS.supports = supports);
      },
    ],
  ] as const) {
    it(`grows with its text up to its limit, and falls back when it is empty${what}`, async () => {
      const { composer, box } = await render();
      const restore = prepare(box);
      const heightWith = async (text: string) => {
        write(box, text);
        await composer.updateComplete;
        return box.offsetHeight;
      };
      const one = await heightWith('Hello');
      const three = await heightWith('Hello\n\nthere');
      expect(three).to.be.greaterThan(one + 30);
      expect(await heightWith('Hello\n\nThere'), 'no more than it has to').to.equal(three);
      expect(box.scrollHeight, 'all of it is in sight').to.equal(box.clientHeight);
      expect(await heightWith('Hello\n'.repeat(50))).to.equal(12 * 16);
      composer.draft = '';
      await composer.updateComplete;
      expect(box.offsetHeight).to.equal(one);
      restore();
    });
  }

  it('keeps the words out of the browser’s own memory and services', async () => {
    const { box } = await render();
    expect(box.getAttribute('autocomplete')).to.equal('off');
    expect(box.getAttribute('spellcheck')).to.equal('false');
  });

  it('has its name for those who hear it', async () => {
    const { composer, box } = await render();
    expect(box.getAttribute('aria-label')).to.equal('Compose your message');
    expect(has(composer, '#hint')).to.equal(true);
  });

  it('is accessible', async () => {
    for (const draft of ['', 'Hello', 'x'.repeat(200)]) {
      const { composer } = await render(draft, 100);
      await expect(composer).to.be.accessible();
    }
  });

  describe('where the draft holds words of danger', () => {
    const heard = (composer: GrowComposer) =>
      new Promise<void>((resolve) =>
        composer.addEventListener('danger-heard', () => resolve(), { once: true }),
      );

    it('says so, and nothing of what they are', async () => {
      const { composer, box } = await render();
      const event = oneEvent(composer, 'danger-heard');
      write(box, 'I want to die.');
      expect((await event).detail).to.equal(null);
    });

    it('sends them as ever', async () => {
      const { composer, sent, box } = await render('I want to die.');
      const said = heard(composer);
      pressReturn(box);
      await said;
      expect(sent).to.deep.equal(['I want to die.']);
    });

    it('says it once, however long one goes on writing', async () => {
      const { composer, box } = await render();
      let times = 0;
      composer.addEventListener('danger-heard', () => (times += 1));
      const first = heard(composer);
      write(box, 'I want to die.');
      await first;
      pressReturn(box); // looks at once
      await import('../../../widget/view/danger.ts');
      expect(times).to.equal(1);
    });

    it('says it again for the next draft, however fast that is written', async () => {
      const { composer, box } = await render();
      const first = heard(composer);
      write(box, 'I want to die.');
      await first;
      pressReturn(box);
      composer.draft = ''; // as it is sent
      await composer.updateComplete;
      const second = heard(composer);
      write(box, 'I want to kill myself.');
      await second;
    });

    it('says it of nothing that is off the page, such as what was put out of sight meanwhile', async () => {
      const { composer, box } = await render();
      let times = 0;
      composer.addEventListener('danger-heard', () => (times += 1));
      write(box, 'I want to die.');
      pressReturn(box); // looks at once
      composer.remove();
      await import('../../../widget/view/danger.ts');
      await nextFrame();
      expect(times).to.equal(0);
    });
  });
});
