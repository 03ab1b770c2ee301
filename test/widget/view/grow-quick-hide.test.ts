import { expect, fixture, html } from '@open-wc/testing';
import { sendKeys, sendMouse } from '@web/test-runner-commands';
import '../../../widget/define.ts';
import type { GrowQuickHide } from '../../../widget/view/grow-quick-hide.ts';
import { Language } from '../../../widget/view/language.ts';
import { load } from '../../../widget/view/load-later.ts';
import { HeldTimers } from '../../support/held-timers.ts';
import { PageClock } from '../../support/page-clock.ts';
import { button, find, findAll, focused, has, wordsOf } from '../../support/shadow.ts';

const language = new Language('en-US');
const second = 1_000;
const minute = 60 * second;

describe('<grow-quick-hide>', () => {
  let clock: PageClock;
  let timers: HeldTimers;
  let told: string[];

  before(() => load('grow-quick-hide'));

  beforeEach(() => {
    clock = new PageClock();
    timers = new HeldTimers();
    told = [];
  });

  afterEach(() => {
    clock.restore();
    timers.restore();
  });

  async function render(settings: Partial<GrowQuickHide> = {}) {
    const element = await fixture<GrowQuickHide>(html`
      <grow-quick-hide
        .discreet=${settings.discreet ?? true}
        .idleMinutes=${settings.idleMinutes}
        .session=${settings.session ?? 'ready'}
        .language=${language}
        @hide-wanted=${() => told.push('hide')}
        @show-wanted=${() => told.push('show')}
      ></grow-quick-hide>
    `);
    return element;
  }

  type Press = KeyboardEventInit & { readonly at?: number; readonly from?: EventTarget };

  /** Presses a key at this moment of the page's time. Says whether the page was left to do as it does. */
  function press(key: string, { at = 0, from = document.body, ...init }: Press = {}): boolean {
    const event = new KeyboardEvent('keydown', {
      key,
      bubbles: true,
      composed: true,
      cancelable: true,
      ...init,
    });
    Object.defineProperty(event, 'timeStamp', { value: 10_000 + at });
    return from.dispatchEvent(event);
  }

  describe('hides', () => {
    it('by its button', async () => {
      button(await render(), 'Hide now').click();
      expect(told).to.deep.equal(['hide']);
    });

    it('and leaves the focus where one writes, so that one comes back to it', async () => {
      const element = await render();
      const box = document.createElement('textarea');
      element.after(box);
      box.focus();
      const { left, top, width, height } = button(element, 'Hide now').getBoundingClientRect();
      await sendMouse({
        type: 'click',
        position: [Math.round(left + width / 2), Math.round(top + height / 2)],
      });
      expect(told).to.deep.equal(['hide']);
      expect(document.activeElement === box).to.equal(true);
    });

    it('by Escape pressed twice, wherever the focus is', async () => {
      const element = await render();
      const box = document.createElement('textarea');
      element.after(box);
      for (const from of [document.body, box, button(element, 'Hide now')]) {
        box.focus();
        press('Escape', { from });
        expect(told).to.deep.equal([]);
        press('Escape', { from, at: 900 });
        expect(told.splice(0)).to.deep.equal(['hide']);
      }
    });

    it('by keys that are pressed in earnest', async () => {
      await render();
      await sendKeys({ press: 'Escape' });
      await sendKeys({ press: 'Escape' });
      expect(told).to.deep.equal(['hide']);
    });

    it('and takes the second Escape for itself, and the first from nobody', async () => {
      await render();
      expect(press('Escape')).to.equal(true);
      expect(press('Escape', { at: 100 })).to.equal(false);
    });

    it('also where somebody on the page keeps keys to themselves', async () => {
      await render();
      const dialog = document.createElement('div');
      document.body.append(dialog);
      dialog.addEventListener('keydown', (event) => event.stopImmediatePropagation());
      press('Escape', { from: dialog });
      press('Escape', { from: dialog, at: 100 });
      dialog.remove();
      expect(told).to.deep.equal(['hide']);
    });

    for (const [what, keys] of [
      ['one Escape', [['Escape']]],
      ['two with more than a second between', [['Escape'], ['Escape', { at: 1_001 }]]],
      ['one that is held down', [['Escape'], ['Escape', { at: 500, repeat: true }]]],
      ['two with another key between', [['Escape'], ['a', { at: 100 }], ['Escape', { at: 200 }]]],
      ['what ends a composition', [['Escape'], ['Escape', { at: 100, isComposing: true }]]],
    ] as readonly (readonly [string, readonly (readonly [string, Press?])[]])[]) {
      it(`not by ${what}`, async () => {
        await render();
        for (const [key, init] of keys) press(key, init);
        expect(told).to.deep.equal([]);
      });
    }

    it('once for two: a third Escape is the first of the next two', async () => {
      await render();
      for (const at of [0, 100, 200]) press('Escape', { at });
      expect(told).to.deep.equal(['hide']);
    });

    it('also while things are still on their way, and not where nothing can come', async () => {
      for (const session of ['starting', 'unreachable', 'signed-out', 'failed', 'locked'] as const) {
        const element = await render({ session });
        press('Escape');
        press('Escape', { at: 100 });
        expect(told.splice(0), session).to.deep.equal(
          session === 'starting' || session === 'unreachable' ? ['hide'] : [],
        );
        element.remove();
      }
    });

    it('by time alone where it is not discreet: without a button or a key', async () => {
      const element = await render({ discreet: false, idleMinutes: 10 });
      expect(has(element, 'button')).to.equal(false);
      press('Escape');
      press('Escape', { at: 100 });
      expect(told).to.deep.equal([]);
      clock.pass(10 * minute);
      timers.pass();
      expect(told).to.deep.equal(['hide']);
    });

    it('before the page goes into the back/forward cache, and not when it goes for good', async () => {
      await render();
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }));
      expect(told).to.deep.equal([]);
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      expect(told).to.deep.equal(['hide']);
    });
  });

  describe('hides by itself', () => {
    const limits: readonly (readonly [string, Partial<GrowQuickHide>, number])[] = [
      ['ten minutes where it is discreet', {}, 10],
      ['as many as are set', { idleMinutes: 3 }, 3],
      ['less than one', { idleMinutes: 0.5 }, 0.5],
      ['as many as are set where it is not discreet', { discreet: false, idleMinutes: 15 }, 15],
      ['ten where none makes no sense', { idleMinutes: 0 }, 10],
      ['ten where less than none makes none', { discreet: false, idleMinutes: -5 }, 10],
      ['ten where it is no number', { discreet: false, idleMinutes: Number.NaN }, 10],
      ['a day at most', { idleMinutes: 1e12 }, 24 * 60],
      ['a day at most, also where it is without end', { idleMinutes: Infinity }, 24 * 60],
    ];
    for (const [what, settings, minutes] of limits) {
      it(`after ${what}`, async () => {
        await render(settings);
        clock.pass(minutes * minute - 2 * second);
        timers.pass();
        expect(told).to.deep.equal([]);
        clock.pass(2 * second);
        timers.pass();
        expect(told).to.deep.equal(['hide']);
      });
    }

    it('never where nobody asked for it', async () => {
      await render({ discreet: false });
      clock.pass(1_000 * 60 * minute);
      timers.pass();
      expect(told).to.deep.equal([]);
    });

    const signs: readonly (readonly [string, Event])[] = [
      ['a pointer that presses', new PointerEvent('pointerdown')],
      ['a pointer that moves', new PointerEvent('pointermove', { screenX: 7 })],
      ['a finger that drags', new Event('touchmove')],
      ['a wheel', new WheelEvent('wheel')],
      ['a key', new KeyboardEvent('keydown', { key: 'a' })],
      ['dictated words', new InputEvent('input')],
      ['a focus that moves', new FocusEvent('focusin')],
    ];
    for (const [what, sign] of signs) {
      it(`later after ${what}`, async () => {
        await render();
        clock.pass(9 * minute);
        document.body.dispatchEvent(sign);
        clock.pass(9 * minute);
        timers.pass();
        expect(told).to.deep.equal([]);
        clock.pass(minute);
        timers.pass();
        expect(told).to.deep.equal(['hide']);
      });
    }

    for (const [what, tell] of [
      ['a page that scrolls by itself', () => document.dispatchEvent(new Event('scroll'))],
      [
        'a pointer that lies still while things move under it',
        () => document.body.dispatchEvent(new PointerEvent('pointermove', { screenX: 7, screenY: 8 })),
      ],
    ] as const) {
      it(`no later for ${what}`, async () => {
        await render();
        tell();
        clock.pass(9 * minute);
        tell();
        clock.pass(minute);
        timers.pass();
        expect(told).to.deep.equal(['hide']);
      });
    }

    it('where the sign of life comes too late: it may be a stranger’s', async () => {
      await render();
      clock.sleep(10 * minute);
      document.body.dispatchEvent(new PointerEvent('pointermove', { screenX: 9 }));
      expect(told).to.deep.equal(['hide']);
    });

    for (const [type, target] of [
      ['visibilitychange', document],
      ['resume', document],
      ['pageshow', window],
      ['focus', window],
    ] as const) {
      it(`on ${type} after the computer slept, before anything else happens`, async () => {
        await render();
        clock.sleep(10 * minute);
        let wasHidden = false;
        const look = () => (wasHidden = told.length > 0);
        target.addEventListener(type, look, { once: true });
        target.dispatchEvent(new Event(type));
        expect(wasHidden).to.equal(true);
      });
    }

    it('soon after the computer woke, where nothing else tells of it', async () => {
      await render();
      clock.sleep(10 * minute);
      expect(Math.max(...timers.delays)).to.be.at.most(second);
      timers.pass();
      expect(told).to.deep.equal(['hide']);
    });

    it('also where the clock was put back meanwhile', async () => {
      await render();
      clock.set(-120 * minute);
      clock.pass(10 * minute);
      timers.pass();
      expect(told).to.deep.equal(['hide']);
    });

    it('at once where what nobody waited for arrives', async () => {
      const element = await render({ session: 'signed-out' });
      clock.pass(30 * minute);
      timers.pass();
      expect(told).to.deep.equal([]);
      element.session = 'ready';
      await element.updateComplete;
      expect(told).to.deep.equal(['hide']);
    });

    it('anew after somebody came back, not at once', async () => {
      const element = await render({ session: 'locked' });
      clock.pass(30 * minute);
      press('Enter');
      element.session = 'ready';
      await element.updateComplete;
      expect(told).to.deep.equal([]);
    });

    it('no more once it is off the page', async () => {
      const element = await render();
      element.remove();
      clock.pass(30 * minute);
      timers.pass();
      press('Escape');
      press('Escape', { at: 100 });
      dispatchEvent(new Event('focus'));
      expect(told).to.deep.equal([]);
      expect(timers.count).to.equal(0);
    });
  });

  describe('says that it soon hides', () => {
    const notice = (element: Element) => wordsOf(find(element, '[role="status"]'));

    for (const [what, settings, silent, spoken] of [
      ['a minute before', { idleMinutes: 10 }, 9 * minute - second, second],
      ['at half-time where there are not two', { idleMinutes: 1 }, 30 * second - second, second],
      ['also where there is no button', { discreet: false, idleMinutes: 5 }, 4 * minute - second, second],
    ] as const) {
      it(what, async () => {
        const element = await render(settings);
        clock.pass(silent);
        timers.pass();
        await element.updateComplete;
        expect(notice(element)).to.equal('');
        clock.pass(spoken);
        timers.pass();
        await element.updateComplete;
        expect(notice(element)).to.contain('This hides itself within a minute.');
        expect(told).to.deep.equal([]);
      });
    }

    it('in a place that screen readers knew before, and no more once there is a sign of life', async () => {
      const element = await render();
      const place = find(element, '[role="status"]');
      clock.pass(9 * minute);
      timers.pass();
      await element.updateComplete;
      expect(find(element, '[role="status"]') === place).to.equal(true);
      expect(notice(element)).not.to.equal('');
      press('Shift');
      await element.updateComplete;
      expect(notice(element)).to.equal('');
      clock.pass(8 * minute);
      timers.pass();
      expect(told).to.deep.equal([]);
    });
  });

  describe('stands in the place of what is hidden', () => {
    it('with a way back, and nothing else to press', async () => {
      const element = await render({ session: 'locked' });
      expect(wordsOf(element)).to.equal(
        'Out of sight Nothing is shown until you come back. What you wrote is kept. Show messages',
      );
      expect(findAll(element, 'button').length).to.equal(1);
      button(element, 'Show messages').click();
      expect(told).to.deep.equal(['show']);
    });

    it('and takes the focus that got lost', async () => {
      const element = await render();
      button(element, 'Hide now').focus();
      element.session = 'locked';
      await element.updateComplete;
      expect(focused() === button(element, 'Show messages')).to.equal(true);
    });

    it('and leaves it to who is elsewhere on the page', async () => {
      const element = await render();
      const box = document.createElement('input');
      element.after(box);
      box.focus();
      element.session = 'locked';
      await element.updateComplete;
      expect(document.activeElement === box).to.equal(true);
    });
  });

  it('names its key to those who see it and those who hear it', async () => {
    const element = await render();
    const hint = find(element, `#${button(element, 'Hide now').getAttribute('aria-describedby')}`);
    expect(wordsOf(hint)).to.equal('Esc twice hides it too');
    // On a telephone nobody presses a key.
    expect(hint.checkVisibility()).to.equal(!matchMedia('(any-hover: none)').matches);
  });

  it('is a target that a thumb finds', async () => {
    const element = await render();
    const { height, width } = button(element, 'Hide now').getBoundingClientRect();
    // Without a finger in sight it may be slimmer.
    expect(height).to.be.at.least(matchMedia('(any-pointer: coarse)').matches ? 44 : 36);
    expect(width).to.be.at.least(44);
  });

  describe('is accessible', () => {
    for (const [what, settings] of [
      ['with its button', {}],
      ['while all is hidden', { session: 'locked' }],
      ['without a button', { discreet: false, idleMinutes: 10 }],
    ] as const) {
      it(what, async () => expect(await render(settings)).to.be.accessible());
    }

    it('while it says that it soon hides', async () => {
      for (const settings of [{}, { discreet: false, idleMinutes: 10 }]) {
        const element = await render(settings);
        clock.pass(9 * minute);
        timers.pass();
        await element.updateComplete;
        await expect(element).to.be.accessible();
      }
    });
  });
});
