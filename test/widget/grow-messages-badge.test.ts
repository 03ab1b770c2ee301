import { expect } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import '../../widget/define.ts';
import type { GrowMessagesBadge } from '../../widget/grow-messages-badge.ts';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { FakeServer, listen } from '../support/fake-server.ts';
import { isLive } from '../support/live.ts';
import { find, has, wordsOf } from '../support/shadow.ts';
import { until } from '../support/until.ts';

describe('<grow-messages-badge>', () => {
  let server: FakeServer;
  let page: HTMLElement;

  beforeEach(async () => {
    server = await listen(new FakeServer());
    server.addThread();
    server.say('One');
    page = document.createElement('div');
    document.body.append(page);
  });

  afterEach(async () => {
    page.remove();
    await until(() => server.openStreams === 0);
    await emulateMedia({ colorScheme: 'light' });
  });

  const byUrl = () => ({ apiUrl: server.apiUrl, tokenUrl: server.tokenUrl });

  function put<Name extends 'grow-messages' | 'grow-messages-badge'>(
    name: Name,
    settings: Partial<HTMLElementTagNameMap[Name]> = {},
  ): HTMLElementTagNameMap[Name] {
    const element = Object.assign(document.createElement(name), settings);
    page.append(element);
    return element;
  }

  const putBadge = (settings: Partial<GrowMessagesBadge> = {}) => put('grow-messages-badge', settings);
  const putWidget = (settings: Partial<GrowMessages> = {}) => put('grow-messages', settings);

  const shows = async (badge: Element, words: string) => until(() => wordsOf(badge) === words, words);
  const one = 'UNREAD 1 unread message';
  const two = 'UNREAD 2 unread messages';
  const isThere = (widget: Element) => has(widget, '.thread');

  describe('alone on a page', () => {
    const ways: readonly (readonly [string, () => Partial<GrowMessagesBadge>])[] = [
      ['a token-url', byUrl],
      ['a token', () => ({ apiUrl: server.apiUrl, token: server.token })],
      ['getToken', () => ({ apiUrl: server.apiUrl, getToken: () => Promise.resolve(server.token) })],
    ];
    for (const [way, settings] of ways) {
      it(`shows what is unread by ${way}, and follows it`, async () => {
        const badge = putBadge(settings());
        await shows(badge, one);
        await until(() => server.openStreams === 1);
        server.say('Two');
        await shows(badge, two);
      });
    }

    it('takes its settings as attributes', async () => {
      page.innerHTML = `<grow-messages-badge api-url="${server.apiUrl}" token-url="${server.tokenUrl}" cache="memory">`;
      await shows(page, one);
    });

    it('gives its connection back when it goes', async () => {
      const badge = putBadge(byUrl());
      await until(() => server.openStreams === 1);
      badge.remove();
      await until(() => server.openStreams === 0);
    });

    it('keeps its connection while it is moved on the page', async () => {
      const badge = putBadge(byUrl());
      await until(() => server.openStreams === 1);
      const elsewhere = document.createElement('nav');
      page.append(elsewhere);
      elsewhere.append(badge);
      server.say('Two');
      await shows(badge, two);
      expect(server.askedFor('followEvents').length).to.equal(1);
    });

    it('shares its connection with others like it', async () => {
      const badges = [putBadge(byUrl()), putBadge(byUrl()), putBadge()];
      for (const badge of badges) await shows(badge, one);
      await until(() => server.openStreams === 1);
      expect(server.askedFor('followEvents').length).to.equal(1);
    });

    it('asks nobody for anything where no token comes from anywhere', async () => {
      const badge = putBadge({ apiUrl: server.apiUrl });
      await badge.updateComplete;
      expect(wordsOf(badge)).to.equal('');
      expect(server.asked).to.deep.equal([]);
    });

    it('shows nothing and complains of nothing where nobody is signed in', async () => {
      const heard: string[] = [];
      const complain = ({ message }: ErrorEvent) => void heard.push(message);
      addEventListener('error', complain);
      const badges = [
        putBadge({ apiUrl: server.apiUrl, getToken: () => Promise.reject(new Error('nobody')) }),
        putBadge({ apiUrl: `${server.apiUrl}/`, tokenUrl: server.tokenUrl }),
      ];
      server.signOut();
      await until(() => server.askedFor('token').length > 0);
      for (const badge of badges) {
        await badge.updateComplete;
        expect(wordsOf(badge)).to.equal('');
      }
      expect(heard).to.deep.equal([]);
      removeEventListener('error', complain);
    });

    it('goes on with another token where the page sets one', async () => {
      const badge = putBadge({ apiUrl: server.apiUrl, token: server.token });
      await shows(badge, one);
      server.expireToken();
      await shows(badge, '');
      badge.token = server.token;
      await shows(badge, one);
    });

    it('shows no more of the one before, where it is moved with another’s token', async () => {
      const badge = putBadge({ apiUrl: server.apiUrl, token: server.token });
      await shows(badge, one);
      badge.remove();
      badge.token = 'a token of somebody else';
      page.append(badge);
      await shows(badge, '');
      await until(() => server.openStreams === 0);
    });

    for (const turn of [0, 1]) {
      it(`shows no more of the one before, once its token is another’s${turn ? ', whichever hears it first' : ''}`, async () => {
        const badges = [0, 1].map(() => putBadge({ apiUrl: server.apiUrl, token: server.token }));
        for (const badge of badges) await shows(badge, one);
        for (const badge of turn ? badges : badges.toReversed()) {
          badge.token = 'a token of somebody else';
          await badge.updateComplete;
        }
        for (const badge of badges) await shows(badge, '');
        await until(() => server.openStreams === 0);
      });
    }
  });

  describe('beside the element', () => {
    it('shares its connection, where it came first', async () => {
      const badge = putBadge(byUrl());
      await until(() => server.openStreams === 1);
      const widget = putWidget(byUrl());
      await until(() => isThere(widget));
      await shows(badge, one);
      expect(server.askedFor('followEvents').length).to.equal(1);
      expect(server.askedFor('token').length).to.equal(1);
    });

    it('shares its connection, where the element came first', async () => {
      const widget = putWidget(byUrl());
      await until(() => isThere(widget) && server.openStreams === 1);
      await shows(putBadge(byUrl()), one);
      expect(server.askedFor('followEvents').length).to.equal(1);
      expect(server.askedFor('token').length).to.equal(1);
    });

    it('shares its connection, where both are there at once', async () => {
      page.innerHTML = `
        <grow-messages-badge api-url="${server.apiUrl}" token-url="${server.tokenUrl}"></grow-messages-badge>
        <grow-messages api-url="${server.apiUrl}" token-url="${server.tokenUrl}"></grow-messages>`;
      await until(() => isThere(page) && wordsOf(page).startsWith(one) && isLive(server.apiUrl));
      expect(server.askedFor('followEvents').length).to.equal(1);
    });

    it('shares the element’s connection to the same API, however that gets its token', async () => {
      const widget = putWidget({ apiUrl: server.apiUrl, token: server.token });
      await until(() => isThere(widget) && server.openStreams === 1);
      await shows(putBadge(byUrl()), one);
      expect(server.askedFor('token')).to.deep.equal([]);
      expect(server.askedFor('followEvents').length).to.equal(1);
    });

    it('gives up its own for the element’s, where that comes later with other settings', async () => {
      const badge = putBadge(byUrl());
      await until(() => server.openStreams === 1);
      const widget = putWidget({ ...byUrl(), cache: 'memory' });
      await until(() => isThere(widget));
      await until(() => server.openStreams === 1 && server.askedFor('followEvents').length === 2);
      server.say('Two');
      await shows(badge, two);
    });

    it('stays with the element’s when its own settings change', async () => {
      const widget = putWidget(byUrl());
      await until(() => isThere(widget) && server.openStreams === 1);
      const badge = putBadge(byUrl());
      await shows(badge, one);
      badge.tokenUrl = undefined;
      badge.token = server.token;
      await badge.updateComplete;
      await shows(badge, one);
      expect(server.askedFor('followEvents').length).to.equal(1);
    });

    it('goes on when the element has gone', async () => {
      const widget = putWidget(byUrl());
      const badge = putBadge(byUrl());
      await shows(badge, one);
      await until(() => server.openStreams === 1);
      widget.remove();
      server.say('Two');
      await shows(badge, two);
      expect(server.askedFor('followEvents').length).to.equal(1);
    });

    it('goes to the element’s when it is led to another API', async () => {
      const widget = putWidget({ apiUrl: server.apiUrl, token: server.token });
      await until(() => isThere(widget) && server.openStreams === 1);
      const badge = putBadge({ apiUrl: `${server.apiUrl}/elsewhere`, token: 'a token of elsewhere' });
      await badge.updateComplete;
      badge.apiUrl = server.apiUrl;
      await shows(badge, one);
      expect(server.openStreams).to.equal(1);
    });
  });

  it('says in which language it is to be heard', async () => {
    const badge = putBadge({ ...byUrl(), locale: 'es' });
    await shows(badge, 'NO LEÍDO 1 mensaje no leído');
    expect(find(badge, '.only-heard').lang).to.equal('es');
  });

  it('leaves no stream behind, however often it comes and goes', async () => {
    for (let times = 0; times < 20; times++) {
      const badge = putBadge(byUrl());
      const widget = times % 2 ? putWidget(byUrl()) : undefined;
      if (times % 3 > 0) await badge.updateComplete;
      if (times % 3 > 1) await until(() => server.openStreams === 1);
      widget?.remove();
      badge.remove();
    }
    await until(() => server.openStreams === 0);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is accessible in ${colorScheme}`, async () => {
      await emulateMedia({ colorScheme });
      const badge = putBadge(byUrl());
      await shows(badge, one);
      await expect(badge).to.be.accessible();
    });
  }
});
