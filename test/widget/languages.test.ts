import { expect, nextFrame } from '@open-wc/testing';
import { threadId } from '../support/message-builders.ts';
import { button, find, has, wordsOf } from '../support/shadow.ts';
import { until } from '../support/until.ts';
import { otherThread, WidgetPage } from '../support/widget-page.ts';

describe('<grow-messages>, in a reader’s own language,', () => {
  const page = new WidgetPage();

  describe('speaks', () => {
    afterEach(() => document.documentElement.removeAttribute('lang'));

    const shell = (element: Element) => find(element, '.shell');

    it('Spanish where it is told to, dates and numbers too', async () => {
      page.server.say('Hola', otherThread);
      const element = await page.ready({ locale: 'es-US' });
      await until(() => wordsOf(element).includes('Redactar mensaje'));
      expect(wordsOf(find(element, 'grow-inbox'))).to.contain('1 mensaje no leído');
      expect(shell(element).lang).to.equal('es-US');
      expect(find(element, 'section').ariaLabel).to.equal('Apoyo en caso de crisis');
      await expect(element).to.be.accessible();
    });

    it('as the page does where it is not told', async () => {
      document.documentElement.lang = 'es';
      const element = await page.ready();
      await until(() => wordsOf(element).includes('Redactar mensaje'));
    });

    it('English, dates too, where there are no words in the language', async () => {
      const element = await page.ready({ locale: 'fi' });
      expect(wordsOf(element)).to.contain('Compose message');
      expect(shell(element).lang).to.equal('en');
    });

    it('the portal’s words, over those of the language', async () => {
      const element = await page.ready({ locale: 'es', strings: { title: 'Escríbanos' } });
      await until(() => wordsOf(element).includes('Redactar mensaje'));
      expect(wordsOf(find(element, 'h1'))).to.equal('Escríbanos');
    });

    it('another language from one moment to the next', async () => {
      const element = await page.ready({ locale: 'es' });
      element.locale = 'en';
      await until(() => wordsOf(element).includes('Compose message'));
      await nextFrame();
      expect(wordsOf(element)).to.contain('Compose message').and.not.to.contain('Redactar');
    });

    it('from right to left where the language does', async () => {
      const element = await page.ready({ locale: 'ar', strings: { title: 'الرسائل' } });
      expect(getComputedStyle(shell(element)).direction).to.equal('rtl');
      expect(wordsOf(find(element, 'h1'))).to.equal('الرسائل');
    });
  });

  it('speaks the portal’s words and language', async () => {
    const element = await page.ready({ locale: 'de-DE', strings: { title: 'Nachrichten', send: 'Senden' } });
    expect(wordsOf(find(element, 'h1'))).to.equal('Nachrichten');
    element.openThread(threadId);
    await until(() => has(element, 'textarea'));
    expect(button(element, 'Senden')).to.be.instanceOf(HTMLButtonElement);
    expect(wordsOf(find(element, 'h3'))).to.match(/März/);
    element.strings = { title: 'Post' };
    await until(() => wordsOf(find(element, 'h1')) === 'Post');
  });
});
