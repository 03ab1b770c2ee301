import { expect } from '@open-wc/testing';
import { find, wordsOf } from '../support/shadow.ts';
import { until } from '../support/until.ts';
import { newest, rows, WidgetPage } from '../support/widget-page.ts';

describe('<grow-messages>, for whoever hears it,', () => {
  const page = new WidgetPage();

  for (const discreet of [false, true]) {
    it(`says each message that comes, also one with the words of the one before${discreet ? ', and discreetly that it came' : ''}`, async () => {
      const element = await page.open(undefined, { discreet });
      const voice = find(element, 'grow-thread').shadowRoot!.querySelector('.only-heard[role="status"]')!;
      let times = 0;
      const changes = new MutationObserver(() => (times += 1));
      changes.observe(voice, { childList: true, characterData: true, subtree: true });
      for (const count of [6, 7, 8]) {
        page.server.say('OK');
        await until(() => rows(element).length === count && wordsOf(newest(element)).includes('OK'));
        await until(() => times === count - 5, `message ${count} was said`);
      }
      const words = discreet ? 'New messages' : 'New message from Maya Lee: OK';
      expect(wordsOf(voice)).to.equal(words);
      changes.disconnect();
    });
  }
});
