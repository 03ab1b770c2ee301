import { emulateMedia } from '@web/test-runner-commands';
import { expect, fixture, html } from '@open-wc/testing';
import type { Guidance } from '../../../protocol/me.ts';
import type { Correspondent } from '../../../protocol/person.ts';
import type { MessagingClient } from '../../../widget/state/messaging-client.ts';
import { Store } from '../../../widget/state/store.ts';
import { GrowReplyClock } from '../../../widget/view/grow-reply-clock.ts';
import { Language } from '../../../widget/view/language.ts';
import { register } from '../../../widget/view/register.ts';
import { tokens } from '../../../widget/view/tokens.styles.ts';
import { HeldTimers } from '../../support/held-timers.ts';
import { hostileTexts, shapeOf } from '../../support/hostile.ts';
import { aMe, aProvider, aThread } from '../../support/message-builders.ts';
import { button, find, findAll, has, wordsOf } from '../../support/shadow.ts';

register({ 'grow-reply-clock': GrowReplyClock });

const hour = 3_600_000;

/** Friday afternoon in New York. */
const since = '2026-11-20T20:00:00.000Z';
const sent = Date.parse(since);

describe('<grow-reply-clock>', () => {
  let timers: HeldTimers;
  let now = sent;

  beforeEach(() => {
    timers = new HeldTimers();
    now = sent;
  });

  afterEach(async () => {
    timers.restore();
    await emulateMedia({ colorScheme: 'light' });
  });

  type Settings = {
    readonly replyPolicy?: string;
    readonly guidance?: Partial<Guidance>;
    readonly language?: Language;
    readonly client?: Pick<MessagingClient, 'connection'>;
    readonly other?: Partial<Correspondent>;
    readonly width?: number;
  };

  const waiting = (awaitingReplySince: string | null, { replyPolicy = '', other = {} }: Settings = {}) =>
    aThread({ awaitingReplySince, with: aProvider({ displayName: 'Dr. Maya Lee', replyPolicy, ...other }) });

  async function render(settings: Settings = {}): Promise<GrowReplyClock> {
    const frame = await fixture<HTMLElement>(html`
      <div style="inline-size: ${settings.width ?? 700}px">
        <grow-reply-clock
          .client=${settings.client}
          .thread=${waiting(since, settings)}
          .guidance=${{ ...aMe().guidance, ...settings.guidance }}
          .language=${settings.language ?? new Language('en-US')}
          .now=${() => now}
        ></grow-reply-clock>
      </div>
    `);
    const clock = find<GrowReplyClock>(frame, 'grow-reply-clock');
    await clock.updateComplete;
    return clock;
  }

  /** The words to one who waits too long, and no other. */
  const isLate = (clock: Element) => wordsOf(clock).startsWith('No reply since ');

  it('says by when an answer usually comes', async () => {
    expect(wordsOf(await render())).to.equal('Dr. Maya Lee usually replies by Wednesday, November 25.');
  });

  it('says so in the reader’s language', async () => {
    const language = new Language('de-DE', {
      replyBy: (name, day) => `${name} antwortet meist bis ${day}.`,
    });
    expect(wordsOf(await render({ language }))).to.equal(
      'Dr. Maya Lee antwortet meist bis Mittwoch, 25. November.',
    );
  });

  it('counts business days where the provider is, and as many as the clinic says', async () => {
    const day = async (settings: Settings) => /by (.*)\./.exec(wordsOf(await render(settings)))?.[1];
    expect(await day({ guidance: { replyBusinessDays: 1 } })).to.equal('Monday, November 23');
    expect(await day({ guidance: { replyBusinessDays: 5 } })).to.equal('Friday, November 27');
    // There it was Saturday already.
    const other = { timeZone: 'Pacific/Kiritimati' };
    expect(await day({ other, guidance: { replyBusinessDays: 1 } })).to.equal('Monday, November 23');
  });

  it('leaves it to the provider’s own policy, where there is one, when to expect an answer', async () => {
    expect(wordsOf(await render({ replyPolicy: 'within 2 business days' }))).to.equal('');
  });

  it('names no day that is over', async () => {
    const settings = { guidance: { replyBusinessDays: 1, supportAfterHours: 120 } };
    now = Date.parse('2026-11-24T04:59:00Z');
    expect(wordsOf(await render(settings))).to.contain('Monday, November 23');
    now = Date.parse('2026-11-24T05:00:00Z');
    expect(wordsOf(await render(settings))).to.equal('');
  });

  it('says nothing of support a moment before 48 hours have passed', async () => {
    now = sent + 48 * hour - 1;
    const clock = await render();
    expect(isLate(clock)).to.equal(false);
    expect(has(clock, 'button')).to.equal(false);
  });

  it('says after 48 hours that there is no reply, since when, and who can help', async () => {
    now = sent + 48 * hour;
    const clock = await render({ replyPolicy: 'within 2 business days' });
    const day = new Date(since).toLocaleDateString('en-US', {
      weekday: 'long',
      month: 'long',
      day: 'numeric',
    });
    const time = new Date(since).toLocaleTimeString('en-US', { timeStyle: 'short' });
    expect(wordsOf(find(clock, '[role="status"]'))).to.equal(
      `No reply since ${day} at ${time.replace(/\s/, ' ')}. The Support Team can follow up with your provider on ` +
        'your behalf. For urgent needs like delayed medication refills, let them know and they’ll escalate accordingly.',
    );
    expect(wordsOf(clock)).not.to.contain('usually replies');
  });

  it('says the year where it is another', async () => {
    now = Date.parse('2027-01-04T12:00:00Z');
    expect(wordsOf(await render())).to.contain('November 20, 2026');
  });

  it('asks for the Support Team', async () => {
    now = sent + 50 * hour;
    const clock = await render();
    const asked: unknown[] = [];
    clock.addEventListener('support-wanted', ({ detail }: CustomEventInit<unknown>) => asked.push(detail));
    button(clock, 'Contact the Support Team').click();
    expect(asked).to.deep.equal([{ reason: 'no-reply' }]);
  });

  it('keeps to the hours that the clinic says', async () => {
    const settings = { guidance: { supportAfterHours: 24 } };
    now = sent + 24 * hour - 1;
    expect(isLate(await render(settings))).to.equal(false);
    now += 1;
    expect(isLate(await render(settings))).to.equal(true);
  });

  describe('by itself', () => {
    it('says it at the moment, in a place that is there before and heard once', async () => {
      now = sent + 48 * hour - 600_000;
      const clock = await render();
      const status = find(clock, '[role="status"]');
      expect(wordsOf(status)).to.equal('');
      expect(timers.delays.at(-1)).to.equal(600_000);

      now += 600_000;
      timers.pass();
      await clock.updateComplete;
      expect(isLate(clock)).to.equal(true);
      const said: MutationRecord[] = [];
      const watch = new MutationObserver((records) => said.push(...records));
      watch.observe(status, { childList: true, characterData: true, subtree: true });
      now += 30 * hour;
      dispatchEvent(new Event('focus'));
      await clock.updateComplete;
      expect(find(clock, '[role="status"]')).to.equal(status);
      expect(watch.takeRecords().concat(said)).to.deep.equal([]);
      expect(timers.count).to.equal(0);
    });

    it('waits with one timer, an hour at most: they stand still while a computer sleeps', async () => {
      const clock = await render({ guidance: { supportAfterHours: 24 * 365 } });
      for (let times = 0; times < 3; times++) {
        expect(timers.count).to.equal(1);
        expect(timers.delays.at(-1)).to.equal(hour);
        now += hour;
        timers.pass();
        await clock.updateComplete;
      }
    });

    for (const [what, wake] of [
      ['is looked at again', () => document.dispatchEvent(new Event('visibilitychange'))],
      ['has the focus again', () => dispatchEvent(new Event('focus'))],
    ] as const) {
      it(`says it when the page ${what} after a sleep`, async () => {
        const clock = await render();
        now = sent + 60 * hour;
        wake();
        await clock.updateComplete;
        expect(isLate(clock)).to.equal(true);
      });
    }

    it('says it where it is put back on the page', async () => {
      const clock = await render();
      const place = clock.parentElement!;
      clock.remove();
      expect(timers.count).to.equal(0);
      now = sent + 60 * hour;
      place.append(clock);
      await clock.updateComplete;
      expect(isLate(clock)).to.equal(true);
    });

    it('is quiet when the answer comes, and begins anew with the next message', async () => {
      now = sent + 60 * hour;
      const clock = await render();
      clock.thread = waiting(null);
      await clock.updateComplete;
      expect(wordsOf(clock)).to.equal('');
      expect(timers.count).to.equal(0);
      clock.thread = waiting(new Date(now).toISOString());
      await clock.updateComplete;
      expect(wordsOf(clock)).to.equal('Dr. Maya Lee usually replies by Thursday, November 26.');
    });

    it('leaves no timer and no listener behind', async () => {
      const clock = await render();
      clock.remove();
      dispatchEvent(new Event('focus'));
      await clock.updateComplete;
      expect(timers.count).to.equal(0);
    });
  });

  describe('with what this device remembers', () => {
    const connected = (state: 'connecting' | 'live' | 'offline') => ({ connection: new Store(state) });

    it('says nothing before the server was heard: the answer may be there', async () => {
      now = sent + 60 * hour;
      const client = connected('connecting');
      const clock = await render({ client });
      expect(wordsOf(clock)).to.equal('');
      client.connection.set('live');
      await clock.updateComplete;
      expect(isLate(clock)).to.equal(true);
      client.connection.set('connecting');
      await clock.updateComplete;
      expect(isLate(clock)).to.equal(true);
    });

    it('says it where there is no connection', async () => {
      now = sent + 60 * hour;
      expect(isLate(await render({ client: connected('offline') }))).to.equal(true);
    });
  });

  it('makes no nonsense of a device’s clock that is wrong', async () => {
    now = sent - 300 * hour;
    expect(wordsOf(await render())).to.equal('Dr. Maya Lee usually replies by Wednesday, November 25.');
    now = 0;
    expect(isLate(await render())).to.equal(false);
  });

  it('takes no room where it has nothing to say', async () => {
    const clock = await render({ replyPolicy: 'within 2 business days' });
    expect(clock.getBoundingClientRect().height).to.equal(0);
  });

  it('fits 320 pixels', async () => {
    now = sent + 60 * hour;
    const clock = await render({ width: 320 });
    expect(clock.scrollWidth).to.be.at.most(320);
    const { height } = button(clock, 'Contact the Support Team').getBoundingClientRect();
    expect(height).to.be.at.least(44);
    expect(clock.getBoundingClientRect().height).to.be.at.most(190);
  });

  it('makes nothing of hostile names but words', async () => {
    const shape = async (displayName: string) => shapeOf(await render({ other: { displayName } }));
    const harmless = await shape('Dr. Maya Lee');
    for (const text of hostileTexts) expect(await shape(text), text).to.equal(harmless);
    expect(globalThis).not.to.have.property('wasRun');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is accessible in ${colorScheme}`, async () => {
      await emulateMedia({ colorScheme });
      for (const passed of [1, 60]) {
        now = sent + passed * hour;
        const clock = await render();
        // Colours come from <grow-messages>, on its paper.
        const sheet = tokens.styleSheet!;
        clock.shadowRoot!.adoptedStyleSheets = [sheet, ...clock.shadowRoot!.adoptedStyleSheets];
        clock.parentElement!.style.cssText +=
          'color-scheme: light dark; background: light-dark(#faf7f3, #1d1a22)';
        await expect(clock).to.be.accessible();
      }
      expect(findAll(document.body, 'grow-reply-clock')).to.have.length(2);
    });
  }
});
