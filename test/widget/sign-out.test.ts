import { expect } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { openDevice, stored } from '../support/device.ts';
import { networkError } from '../support/fake-server.ts';
import { threadId } from '../support/message-builders.ts';
import { allIn, button, find, focused, has, wordsOf, write } from '../support/shadow.ts';
import { until, untilAsked } from '../support/until.ts';
import { box, isReady, say, WidgetPage } from '../support/widget-page.ts';

/** What nobody is to find once somebody has signed out. */
const secrets = ['Maya', 'Lee', 'Okafor', 'Message', 'Ana', 'planted', 'dr-'];

describe('<grow-messages> that is told to sign out', () => {
  const page = new WidgetPage();

  const isOut = (element: Element) => wordsOf(element).includes('You are signed out');
  const isAsked = (element: Element) => has(element, 'dialog[open]');
  const databases = async () => (await indexedDB.databases()).map(({ name }) => name);

  async function openWithDraft(settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = await page.open(threadId, settings);
    write(box(element), 'planted in a draft');
    if (settings.cache !== 'memory') await untilAsked(async () => (await stored()).drafts.length === 1);
    return element;
  }

  /** How a sign-out ends, once it does. */
  function outcomeOf(signingOut: Promise<void>) {
    const outcome: { value?: unknown } = {};
    signingOut.then(
      () => (outcome.value = 'signed out'),
      (error: unknown) => (outcome.value = error instanceof DOMException ? error.name : error),
    );
    return outcome;
  }

  function signInAsBen(): void {
    page.server.me = { ...page.server.me, person: { ...page.server.me.person, id: 'ben' } };
    page.server.renewKeys();
  }

  describe('with nothing unsent', () => {
    it('leaves nothing: no key at the server, no database, no word on screen, no connection', async () => {
      const element = await page.open();
      await element.signOut();
      expect(page.server.askedFor('shredCacheKey').length).to.equal(1);
      expect(await databases()).not.to.contain('grow-messages');
      expect(isOut(element)).to.equal(true);
      for (const secret of secrets) expect(allIn(element), secret).not.to.contain(secret);
      await until(() => page.server.openStreams === 0);
    });

    it('shows nothing any more while the server takes its time, and has the database go only then', async () => {
      const element = await page.open();
      const goOn = page.server.hold('shredCacheKey');
      const outcome = outcomeOf(element.signOut());
      await until(() => page.server.askedFor('shredCacheKey').length === 1 && isOut(element));
      expect(await databases()).to.contain('grow-messages');
      expect(outcome.value).to.equal(undefined);
      goOn();
      await until(() => outcome.value === 'signed out');
      expect(await databases()).not.to.contain('grow-messages');
    });

    it('shows the messages to whoever signs in again, from the server', async () => {
      const element = await page.ready();
      await element.signOut();
      button(element, 'Try again').click();
      await until(() => isReady(element) && page.isLive);
    });

    it('goes through it once, however often it is told', async () => {
      const element = await page.ready();
      await Promise.all([element.signOut(), element.signOut()]);
      expect(page.server.askedFor('shredCacheKey').length).to.equal(1);
    });

    it('signs the same person out in the other tabs, and nobody else', async () => {
      const element = await page.ready();
      const sameElsewhere = page.mount({
        getToken: () => Promise.resolve(page.server.token),
        cache: 'memory',
      });
      await until(() => isReady(sameElsewhere) && page.isLive);
      const ana = page.server.me;
      page.server.me = { ...ana, person: { ...ana.person, id: 'ben', displayName: 'Ben Ito' } };
      const somebodyElse = page.mount({ token: page.server.token, tokenUrl: undefined, cache: 'memory' });
      await until(() => isReady(somebodyElse) && page.isLive);
      page.server.me = ana;
      await element.signOut();
      await until(() => isOut(sameElsewhere));
      expect(isReady(somebodyElse)).to.equal(true);
    });

    it('signs out also a tab that begins while it is at it', async () => {
      const element = await page.ready();
      const goOn = page.server.hold('shredCacheKey');
      const outcome = outcomeOf(element.signOut());
      await until(() => page.server.askedFor('shredCacheKey').length === 1 && page.server.openStreams === 0);
      const late = page.mount({ getToken: () => Promise.resolve(page.server.token) });
      await until(() => isReady(late) && page.isLive);
      goOn();
      await until(() => outcome.value === 'signed out' && isOut(late));
    });

    it('does not wait for a tab that keeps the database open', async () => {
      const element = await page.ready();
      const database = await openDevice();
      try {
        await element.signOut();
        expect(isOut(element)).to.equal(true);
      } finally {
        database.close();
      }
    });
  });

  describe('with words that were not sent', () => {
    it('asks, and stays as it was where the person stays', async () => {
      const element = await openWithDraft();
      const outcome = outcomeOf(element.signOut());
      await until(() => isAsked(element));
      expect(focused()).to.equal(button(element, 'Stay signed in'));
      expect(outcome.value).to.equal(undefined);
      button(element, 'Stay signed in').click();
      await until(() => outcome.value === 'AbortError');
      expect(box(element).value).to.equal('planted in a draft');
      expect(page.server.askedFor('shredCacheKey')).to.deep.equal([]);
      expect((await stored()).drafts.length).to.equal(1);
    });

    it('stays where Escape is pressed, and asks again the next time', async () => {
      const element = await openWithDraft();
      const outcome = outcomeOf(element.signOut());
      await until(() => isAsked(element));
      await sendKeys({ press: 'Escape' });
      await until(() => outcome.value === 'AbortError');
      expect(isAsked(element)).to.equal(false);
      element.signOut().catch(() => undefined);
      await until(() => isAsked(element));
    });

    it('erases them where the person says so', async () => {
      const element = await openWithDraft();
      const outcome = outcomeOf(element.signOut());
      await until(() => isAsked(element));
      button(element, 'Erase it and sign out').click();
      await until(() => outcome.value === 'signed out');
      expect(await databases()).not.to.contain('grow-messages');
      expect(allIn(element)).not.to.contain('planted');
    });

    it('asks also for a message that waits, with its words in memory alone', async () => {
      const element = await page.open(threadId, { cache: 'memory' });
      page.server.always('sendMessage', networkError);
      await say(element, 'planted in the outbox');
      await until(() => wordsOf(element).includes('Not sent yet'));
      const outcome = outcomeOf(element.signOut());
      await until(() => isAsked(element));
      button(element, 'Erase it and sign out').click();
      await until(() => outcome.value === 'signed out');
      button(element, 'Try again').click();
      await until(() => isReady(element) && page.isLive);
      expect(allIn(element)).not.to.contain('planted');
    });

    for (const cache of ['device', 'memory'] as const) {
      it(`asks where everything is out of sight as well, with its words on ${cache}`, async () => {
        const element = await openWithDraft({ cache, discreet: true });
        button(element, 'Hide now').click();
        await until(() => wordsOf(element).includes('Out of sight'));
        const outcome = outcomeOf(element.signOut());
        await until(() => isAsked(element));
        button(element, 'Erase it and sign out').click();
        await until(() => outcome.value === 'signed out');
        expect(page.server.askedFor('shredCacheKey').length).to.equal(cache === 'device' ? 1 : 0);
        expect(await databases()).not.to.contain('grow-messages');
        button(element, 'Try again').click();
        await until(() => has(element, 'textarea'));
        await until(() => isReady(element) && page.isLive);
        expect(box(element).value).to.equal('');
      });
    }

    it('asks where it is seen, also from a page that has put the messages out of view', async () => {
      const element = await openWithDraft();
      page.body.hidden = true;
      const outcome = outcomeOf(element.signOut());
      await until(() => isAsked(document.body));
      expect(find(document.body, 'dialog').checkVisibility()).to.equal(true);
      button(document.body, 'Stay signed in').click();
      await until(() => outcome.value === 'AbortError');
      expect(document.querySelector('grow-sign-out')).to.equal(null);
    });

    it('takes an element that is taken away meanwhile for one that stays', async () => {
      const element = await openWithDraft();
      const outcome = outcomeOf(element.signOut());
      await until(() => isAsked(element));
      element.remove();
      await until(() => outcome.value === 'AbortError');
    });

    it('has the crisis lines at hand while it asks', async () => {
      const element = await openWithDraft();
      element.signOut().catch(() => undefined);
      await until(() => isAsked(element));
      const dial = find<HTMLAnchorElement>(find(element, 'dialog grow-crisis'), 'a[href="tel:988"]');
      const { left, top, width, height } = dial.getBoundingClientRect();
      let met = document.elementFromPoint(left + width / 2, top + height / 2);
      while (met?.shadowRoot) {
        const inner = met.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
        if (!inner || inner === met) break;
        met = inner;
      }
      expect(dial.contains(met)).to.equal(true);
    });

    for (const colorScheme of ['light', 'dark'] as const) {
      it(`is accessible while it asks, in ${colorScheme}`, async () => {
        await emulateMedia({ colorScheme });
        const element = await openWithDraft();
        element.signOut().catch(() => undefined);
        await until(() => isAsked(element));
        await expect(find(element, 'grow-sign-out')).to.be.accessible();
      });
    }
  });

  describe('where nobody answers', () => {
    async function signOutOffline(): Promise<GrowMessages> {
      const element = await page.open();
      page.server.setOffline(true);
      await element.signOut();
      page.server.setOffline(false);
      return element;
    }

    it('forgets all the same, but for two names of nobody', async () => {
      const element = await signOutOffline();
      expect(isOut(element)).to.equal(true);
      const { device, ...rest } = await stored();
      expect(Object.values(rest).flat()).to.deep.equal([]);
      const uuid = '[0-9a-f-]{36}';
      expect(JSON.stringify(device)).to.match(
        new RegExp(`^\\[{"deviceId":"${uuid}","owed":\\["${uuid}"\\]}\\]$`),
      );
    });

    it('has the key destroyed when the same person comes next, and takes another', async () => {
      const element = await signOutOffline();
      const before = page.server.asked.length;
      button(element, 'Try again').click();
      await until(() => isReady(element) && page.isLive);
      const routes = page.server.asked.slice(before).map(({ route }) => route);
      expect(routes.filter((route) => route.endsWith('CacheKey'))).to.deep.equal([
        'issueCacheKey',
        'shredCacheKey',
        'issueCacheKey',
      ]);
    });

    it('has nobody else’s key destroyed, and does not forget that it owes that', async () => {
      const element = await signOutOffline();
      signInAsBen();
      button(element, 'Try again').click();
      await until(() => isReady(element) && page.isLive);
      expect(page.server.askedFor('shredCacheKey')).to.deep.equal([]);
      const [device] = (await stored()).device;
      expect(device?.owed?.length).to.equal(1);
    });

    it('forgets also where the session has ended', async () => {
      const element = await page.ready();
      page.server.signOut();
      await until(() => wordsOf(element).includes('Please sign in again'));
      await element.signOut();
      const { device, ...rest } = await stored();
      expect(Object.values(rest).flat()).to.deep.equal([]);
      expect(JSON.stringify(device)).to.contain('owed');
    });
  });

  it('leaves alone what another person has on this device by now', async () => {
    const element = await page.ready();
    page.server.renewKeys();
    await element.signOut();
    expect(page.server.askedFor('shredCacheKey')).to.deep.equal([]);
    expect((await stored()).records).not.to.deep.equal([]);
    expect(isOut(element)).to.equal(true);
  });
});
