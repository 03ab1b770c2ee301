import { expect, fixture, html } from '@open-wc/testing';
import '../../../widget/define.ts';
import type { EditEvent, RetryEvent } from '../../../widget/view/events.ts';
import type { GrowMessage, Shown } from '../../../widget/view/grow-message.ts';
import { Language } from '../../../widget/view/language.ts';
import type { OutboxEntry } from '../../../widget/cache/outbox-entry.ts';
import { hostileTexts, shapeOf } from '../../support/hostile.ts';
import { aMessage, anEntry } from '../../support/message-builders.ts';
import { button, find, findAll, has, wordsOf } from '../../support/shadow.ts';
import { until } from '../../support/until.ts';

const language = new Language('en-US');

const theirs = (text = 'Hello'): Shown => ({
  kind: 'message',
  key: 'a',
  message: aMessage({ text }),
  isOwn: false,
  isSeen: false,
  isJoined: false,
});
const mine = (isSeen = false): Shown => ({ ...theirs(), isOwn: true, isSeen }) as Shown;
const echo = (changes: Partial<OutboxEntry> = {}): Shown => ({
  kind: 'echo',
  key: 'e',
  entry: anEntry({ text: 'Hello', ...changes }),
  isHeldUp: false,
});

describe('<grow-message>', () => {
  const render = (item: Shown, author = 'Maya Lee') =>
    fixture<GrowMessage>(
      html`<grow-message .item=${item} .author=${author} .language=${language}></grow-message>`,
    );

  it('shows who said what, and when', async () => {
    const message = await render(theirs());
    expect(wordsOf(message)).to.match(/^Maya Lee: Hello \d{1,2}:\d\d\s[AP]M$/);
    expect(find(message, 'time').getAttribute('datetime')).to.equal(aMessage().sentAt);
  });

  it('says of one’s own that it was delivered, and that it was seen', async () => {
    expect(wordsOf(await render(mine()))).to.match(/· Delivered$/);
    expect(wordsOf(await render(mine(true)))).to.match(/· Seen$/);
    expect(wordsOf(await render(theirs()))).not.to.match(/Delivered|Seen/);
  });

  it('says of one’s own what became of the email about it', async () => {
    const at = aMessage().sentAt;
    const told = async (state: 'due' | 'emailed' | 'read' | 'failed', isSeen = false) =>
      wordsOf(await render({ ...mine(isSeen), notification: { state, at } } as Shown));
    expect(await told('due')).to.match(/· Delivered$/);
    expect(await told('emailed')).to.match(/· Delivered · Email sent \d{1,2}:\d\d\s[AP]M$/);
    expect(await told('emailed', true)).to.match(/· Seen · Email sent \d/);
    expect(await told('read', true)).to.match(/· Seen · Read before an email was needed$/);
    expect(await told('failed')).to.match(/· Delivered · Could not be emailed: contact Support$/);
    const emailed = await render({ ...mine(), notification: { state: 'emailed', at } } as Shown);
    expect(findAll(emailed, 'time').map((time) => time.getAttribute('datetime'))).to.deep.equal([
      aMessage().sentAt,
      at,
    ]);
    const days = new Date(Date.parse(at) + 3 * 86_400_000).toISOString();
    const late = await render({ ...mine(), notification: { state: 'emailed', at: days } } as Shown);
    expect(wordsOf(late)).to.match(/· Delivered · Email sent [A-Z][a-z]{2} \d{1,2}(, \d{4})?$/);
  });

  it('says what becomes of what is not sent yet, and never that it was delivered', async () => {
    const waiting = await render(echo());
    expect(wordsOf(waiting)).to.match(/Hello Sending…$/);
    expect(has(waiting, 'button')).to.equal(false);
    const unreachable = await render(echo({ state: 'unreachable' }));
    expect(wordsOf(unreachable)).to.contain('Not sent yet: it goes out');
    const refused = await render(echo({ state: 'refused', code: 'too-large' }));
    expect(wordsOf(refused)).to.contain('Not sent. It is too long.');
    const unknown = await render(echo({ state: 'refused', code: 'id-reused' }));
    expect(wordsOf(unknown)).to.contain('Not sent. The server did not take it.');
    for (const message of [waiting, unreachable, refused]) {
      expect(wordsOf(message)).not.to.match(/Delivered|Seen/);
      expect(has(message, 'time')).to.equal(false);
    }
  });

  it('does not say that it is being sent where one before it is stuck', async () => {
    const message = await render({ ...echo(), isHeldUp: true } as Shown);
    expect(wordsOf(message)).to.match(/Hello Waits until the one above is sent\.$/);
  });

  it('offers nothing that can’t help', async () => {
    const offers = async (changes: Partial<OutboxEntry>, canSend = true) => {
      const message = await render(echo(changes));
      message.canSend = canSend;
      await message.updateComplete;
      return findAll(message, 'button').map(wordsOf);
    };
    const state = 'refused';
    expect(await offers({ state, code: 'too-large' })).to.deep.equal(['Edit']);
    expect(await offers({ state, code: 'id-reused' })).to.deep.equal(['Try again', 'Edit']);
    expect(await offers({ state, code: 'relationship-ended' }, false)).to.deep.equal([]);
    // The two work together again.
    expect(await offers({ state, code: 'relationship-ended' })).to.deep.equal(['Try again', 'Edit']);
    expect(await offers({ state: 'unreachable' }, false)).to.deep.equal(['Try again']);
  });

  it('keeps what one can do about it on one line, however narrow', async () => {
    for (let width = 200; width < 420; width += 10) {
      const message = await render(echo({ state: 'refused' }));
      message.style.inlineSize = `${width}px`;
      const tops = findAll(message, 'button').map((offer) => offer.getBoundingClientRect().top);
      expect(new Set(tops).size, `at ${width} pixels`).to.equal(1);
    }
  });

  it('asks to be sent again', async () => {
    for (const state of ['unreachable', 'refused'] as const) {
      const message = await render(echo({ state }));
      const asked: string[] = [];
      message.addEventListener('message-retry', (event) => asked.push((event as RetryEvent).detail.id));
      button(message, 'Try again').click();
      expect(asked).to.deep.equal([anEntry().id]);
    }
  });

  it('asks to be changed where it was refused, and only there', async () => {
    const message = await render(echo({ state: 'refused' }));
    const asked: string[] = [];
    message.addEventListener('message-edit', (event) => asked.push((event as EditEvent).detail.id));
    button(message, 'Edit').click();
    expect(asked).to.deep.equal([anEntry().id]);
    expect(findAll(await render(echo({ state: 'unreachable' })), 'button').length).to.equal(1);
  });

  it('says by attributes what a page may style', async () => {
    const message = await render(echo({ state: 'refused' }));
    expect(message.matches('[own][echo][state="refused"]')).to.equal(true);
    message.item = theirs();
    await message.updateComplete;
    expect(message.matches(':not([own], [echo], [state])')).to.equal(true);
  });

  it('shows the text as it was written, line by line', async () => {
    const text = '  two spaces\n\n\tand a tab\n';
    const words = find(await render(theirs(text)), '.text');
    expect(words.textContent).to.equal(text);
    expect(getComputedStyle(words).whiteSpace).to.equal('pre-wrap');
  });

  it('makes links of addresses, which tell nobody where they were found', async () => {
    const message = await render(theirs('See https://clinic.example/a.'));
    await until(() => has(message, 'a'));
    const link = find<HTMLAnchorElement>(message, 'a');
    expect(link.href).to.equal('https://clinic.example/a');
    expect(link.textContent).to.equal('https://clinic.example/a');
    expect([link.target, link.rel]).to.deep.equal(['_blank', 'noopener noreferrer nofollow']);
  });

  it('makes nothing of hostile words but words', async () => {
    const harmless = shapeOf(await render(theirs('Hello')));
    for (const text of hostileTexts) {
      const message = await render(theirs(text), text);
      // An address in hostile words is a link like any other, to where it says.
      expect(shapeOf(message).replaceAll('<a href rel target></>', ''), text).to.equal(harmless);
      for (const { href } of findAll<HTMLAnchorElement>(message, 'a')) expect(href).to.match(/^https?:/);
      expect(find(message, '.text').textContent).to.equal(text);
    }
    expect(globalThis).not.to.have.property('wasRun');
  });

  it('lets no text reach out of its bubble', async () => {
    for (const text of hostileTexts) {
      const message = await render(theirs(text));
      const { width } = message.getBoundingClientRect();
      expect(find(message, '.bubble').scrollWidth, text).to.be.at.most(width + 1);
    }
  });

  it('is accessible in each of its states', async () => {
    for (const item of [
      theirs(),
      mine(true),
      { ...mine(), notification: { state: 'emailed', at: aMessage().sentAt } } as Shown,
      { ...mine(), notification: { state: 'failed', at: aMessage().sentAt } } as Shown,
      echo(),
      echo({ state: 'unreachable' }),
      echo({ state: 'refused' }),
    ]) {
      await expect(await render(item)).to.be.accessible();
    }
  });
});
