import { expect } from '@open-wc/testing';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { allIn, button, wordsOf, write } from '../support/shadow.ts';
import { until, untilAsked } from '../support/until.ts';
import { box, isReady, rows, WidgetPage } from '../support/widget-page.ts';

/** What is to be on no frame of a page that nobody has proven to be theirs. */
const secrets = ['Maya', 'Lee', 'Okafor', 'Message', 'planted', 'dr-'];

describe('<grow-messages> on a page that is left and comes back', () => {
  const page = new WidgetPage();

  const ways: readonly (readonly [string, () => void, () => void])[] = [
    [
      'from the back/forward cache',
      () => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })),
      () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
    ],
    [
      'from being frozen',
      () => document.dispatchEvent(new Event('freeze')),
      () => document.dispatchEvent(new Event('resume')),
    ],
  ];

  /** All that is left of this task: a browser draws only after it. */
  async function beforeItIsDrawn(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }

  function expectNothingIn(element: Element): void {
    const left = allIn(element);
    for (const secret of secrets) expect(left, secret).not.to.contain(secret);
  }

  async function openAndWrite(settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = await page.open(undefined, settings);
    write(box(element), 'planted in a draft');
    return element;
  }

  for (const [how, leave, comeBack] of ways) {
    describe(how, () => {
      it('has nothing on its last frame, nor on its first, and goes on once the session is proven', async () => {
        const element = await openAndWrite();
        leave();
        await beforeItIsDrawn();
        expectNothingIn(element);
        await until(() => page.server.openStreams === 0);
        await untilAsked(async () => (await navigator.locks.query()).held?.length === 0, 'nobody leads');

        const before = page.server.askedFor('token').length;
        const goOn = page.server.hold('readMe');
        comeBack();
        await until(() => page.server.askedFor('token').length === before + 1);
        expectNothingIn(element);
        goOn();
        await until(() => rows(element).length === 5 && box(element).value === 'planted in a draft');
      });

      it('shows nothing where the session ended meanwhile', async () => {
        const element = await openAndWrite();
        leave();
        page.server.signOut();
        comeBack();
        await until(() => wordsOf(element).includes('Please sign in again'));
        expectNothingIn(element);
      });

      it('keeps out of sight what was put out of sight', async () => {
        const element = await openAndWrite({ discreet: true });
        button(element, 'Hide now').click();
        await until(() => wordsOf(element).includes('Out of sight'));
        leave();
        comeBack();
        await beforeItIsDrawn();
        expect(wordsOf(element)).to.contain('Out of sight');
        expectNothingIn(element);
      });

      // Being frozen hides nothing for good; the back/forward cache does, where one is discreet.
      const isHidden = how.includes('cache');
      it(`${isHidden ? 'puts all out of sight' : 'goes on'} where one is discreet`, async () => {
        const element = await openAndWrite({ discreet: true });
        leave();
        comeBack();
        await beforeItIsDrawn();
        expect(wordsOf(element).includes('Out of sight')).to.equal(isHidden);
        if (!isHidden) await until(() => isReady(element));
      });
    });
  }

  it('stays as it is where the page was only just loaded', async () => {
    const element = await page.open();
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    await beforeItIsDrawn();
    expect(isReady(element)).to.equal(true);
  });
});
