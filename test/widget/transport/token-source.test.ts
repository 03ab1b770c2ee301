import { expect } from '@open-wc/testing';
import { ApiError } from '../../../widget/transport/api-error.ts';
import { TokenSource, type TokenReason } from '../../../widget/transport/token-source.ts';
import { FakeServer, gatewayPage, networkError } from '../../support/fake-server.ts';
import { PageClock } from '../../support/page-clock.ts';

const nobody: typeof globalThis.fetch = () => Promise.reject(new Error('nothing is to be fetched'));

/** A page that hands out a new token each time, and notes why it was asked. */
function aPage() {
  const reasons: TokenReason[] = [];
  const getToken = async ({ reason }: { reason: TokenReason }) => {
    reasons.push(reason);
    return `token-${reasons.length}`;
  };
  return { reasons, getToken };
}

async function kindOf(asking: Promise<unknown>): Promise<string> {
  return asking.then(
    () => 'a token',
    (error: unknown) => (error instanceof ApiError ? error.kind : String(error)),
  );
}

describe('TokenSource', () => {
  it('asks the page once, and remembers', async () => {
    const { reasons, getToken } = aPage();
    const tokens = new TokenSource({ getToken }, nobody);
    expect([await tokens.current(), await tokens.current()]).to.deep.equal(['token-1', 'token-1']);
    expect(reasons).to.deep.equal(['start']);
  });

  it('asks the page once for all who want a token at the same time', async () => {
    const { reasons, getToken } = aPage();
    const tokens = new TokenSource({ getToken }, nobody);
    await Promise.all([tokens.current(), tokens.current(), tokens.current()]);
    expect(reasons).to.deep.equal(['start']);
  });

  it('says that it asks again because a token expired', async () => {
    const { reasons, getToken } = aPage();
    const tokens = new TokenSource({ getToken }, nobody);
    const first = await tokens.current();
    expect(await tokens.renewed(first)).to.equal('token-2');
    expect(reasons).to.deep.equal(['start', 'expired']);
  });

  it('asks once where several find the same token stale, also one that comes late', async () => {
    const { reasons, getToken } = aPage();
    const tokens = new TokenSource({ getToken }, nobody);
    const first = await tokens.current();
    await Promise.all([tokens.renewed(first), tokens.renewed(first)]);
    expect(await tokens.renewed(first)).to.equal('token-2');
    expect(reasons).to.deep.equal(['start', 'expired']);
  });

  it('knows that a page which gives the stale token again has no session', async () => {
    const tokens = new TokenSource({ token: 'the only one' }, nobody);
    const first = await tokens.current();
    expect(await kindOf(tokens.renewed(first))).to.equal('signed-out');
  });

  describe('of a visit that is over', () => {
    it('gives nobody a token any more, and does not ask for one', async () => {
      const { reasons, getToken } = aPage();
      const tokens = new TokenSource({ getToken }, nobody);
      const first = await tokens.current();
      tokens.end();
      expect(await kindOf(tokens.current())).to.equal('signed-out');
      expect(await kindOf(tokens.renewed(first))).to.equal('signed-out');
      expect(reasons).to.deep.equal(['start']);
    });

    it('gives none either to whoever was waiting for it', async () => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const tokens = new TokenSource({ getToken: () => promise }, nobody);
      const waiting = kindOf(tokens.current());
      tokens.end();
      resolve('the next person’s');
      expect(await waiting).to.equal('signed-out');
    });
  });

  it('takes no token of somebody else', async () => {
    const people = ['ana', 'ana', 'ben'].map((sub, at) => `h.${btoa(JSON.stringify({ sub, at }))}.s`);
    const tokens = new TokenSource({ getToken: async () => people.shift() ?? '' }, nobody);
    const first = await tokens.current();
    const second = await tokens.renewed(first);
    expect(second).not.to.equal(first);
    expect(await kindOf(tokens.renewed(second))).to.equal('signed-out');
  });

  it('prefers the function to the address, and the address to the token', async () => {
    const server = new FakeServer();
    const settings = { getToken: aPage().getToken, tokenUrl: server.tokenUrl, token: 'fixed' };
    expect(await new TokenSource(settings, server.fetch).current()).to.equal('token-1');
    expect(server.asked.length).to.equal(0);
    await new TokenSource({ ...settings, getToken: undefined }, server.fetch).current();
    expect(server.askedFor('token').length).to.equal(1);
    const fixed = new TokenSource({ ...settings, getToken: undefined, tokenUrl: undefined }, nobody);
    expect(await fixed.current()).to.equal('fixed');
  });

  it('shows the portal its cookie, and keeps the token out of every cache', async () => {
    const seen: (RequestInit | undefined)[] = [];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      seen.push(init);
      return Response.json({ token: 'abc' });
    };
    await new TokenSource({ tokenUrl: '/session/messages-token' }, fetch).current();
    expect(seen[0]).to.include({ credentials: 'include', cache: 'no-store' });
    expect(seen[0]?.signal, 'an end to the waiting').to.be.instanceOf(AbortSignal);
  });

  it('knows a portal that says 401 or 403 for one without a session', async () => {
    for (const status of [401, 403]) {
      const server = new FakeServer();
      server.next('token', () => new Response(null, { status }));
      const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
      expect(await kindOf(tokens.current())).to.equal('signed-out');
    }
  });

  it('takes an ill or unreachable portal for one that may answer later', async () => {
    for (const answer of [gatewayPage(500), gatewayPage(502), gatewayPage(429), networkError]) {
      const server = new FakeServer();
      server.next('token', answer);
      const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
      expect(await kindOf(tokens.current())).to.equal('unreachable');
      tokens.hurry();
      expect(await kindOf(tokens.current())).to.equal('a token');
    }
  });

  describe('of a page that can’t be reached', () => {
    let clock: PageClock;

    beforeEach(() => {
      clock = new PageClock();
    });

    afterEach(() => clock.restore());

    /** A page that is ill until it is well again, and counts how often it is asked. */
    function anIllPage() {
      const server = new FakeServer();
      const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
      const heal = server.always('token', gatewayPage(502));
      return { server, tokens, heal, asked: () => server.askedFor('token').length };
    }

    /** How long whoever asks is told to wait. */
    const waitOf = (tokens: TokenSource): Promise<number> =>
      tokens.current().then(
        () => 0,
        (error: ApiError) => error.retryAfter ?? -1,
      );

    it('tells all who ask meanwhile the same, and how long it takes, without asking again', async () => {
      const { tokens, heal, asked } = anIllPage();
      const wait = await waitOf(tokens);
      expect(wait).to.be.within(250, 501);
      clock.pass(100);
      expect(await kindOf(tokens.current())).to.equal('unreachable');
      expect(await waitOf(tokens)).to.be.within(1, wait - 99);
      expect(asked()).to.equal(1);
      heal();
      clock.pass(wait);
      expect(await kindOf(tokens.current())).to.equal('a token');
      expect(asked()).to.equal(2);
    });

    it('leaves it in peace for longer each time, a minute at most, until it has answered', async () => {
      const { server, tokens, heal, asked } = anIllPage();
      for (let times = 1; times <= 12; times++) {
        const longest = Math.min(60_000, 500 * 2 ** (times - 1));
        const wait = await waitOf(tokens);
        expect(wait).to.be.within(longest / 2, longest + 1);
        expect(asked()).to.equal(times);
        clock.pass(wait);
      }
      heal();
      const token = await tokens.current();
      server.next('token', networkError);
      expect(await kindOf(tokens.renewed(token))).to.equal('unreachable');
      expect(await waitOf(tokens)).to.be.within(1, 501);
    });

    it('leaves it in peace for as long as it asks', async () => {
      const { server, tokens, heal, asked } = anIllPage();
      heal();
      server.next('token', gatewayPage(503, { 'Retry-After': '77' }));
      const wait = await waitOf(tokens);
      expect(wait).to.equal(77_000);
      clock.pass(76_000);
      expect(await waitOf(tokens)).to.be.within(900, 1_000);
      expect(asked()).to.equal(1);
    });

    it('asks it at once where the network is back or a person asks', async () => {
      const { tokens, heal, asked } = anIllPage();
      await waitOf(tokens);
      heal();
      tokens.hurry();
      expect(await kindOf(tokens.current())).to.equal('a token');
      expect(asked()).to.equal(2);
    });

    it('still knows why it asks, and whose visit it is', async () => {
      const people = ['ana', 'ben'].map((sub) => `h.${btoa(JSON.stringify({ sub }))}.s`);
      const reasons: TokenReason[] = [];
      const getToken = async ({ reason }: { reason: TokenReason }) => {
        if (reasons.push(reason) === 2) throw new TypeError('Failed to fetch');
        return people.shift() ?? '';
      };
      const tokens = new TokenSource({ getToken }, nobody);
      const first = await tokens.current();
      expect(await kindOf(tokens.renewed(first))).to.equal('unreachable');
      tokens.hurry();
      expect(await kindOf(tokens.current()), 'somebody else’s token').to.equal('signed-out');
      expect(reasons).to.deep.equal(['start', 'expired', 'expired']);
    });
  });

  it('knows that a page which gives no token, or fails to, has no session', async () => {
    const failing = [
      async () => '',
      async () => undefined as unknown as string,
      () => Promise.reject(new Error('the page is at a loss')),
      () => {
        throw new Error('the page is at a loss');
      },
    ];
    for (const getToken of failing) {
      expect(await kindOf(new TokenSource({ getToken }, nobody).current())).to.equal('signed-out');
    }
    expect(await kindOf(new TokenSource({}, nobody).current())).to.equal('signed-out');
  });

  it('takes a token also from a function that does not promise one', async () => {
    const getToken = (() => 'at once') as unknown as () => Promise<string>;
    expect(await new TokenSource({ getToken }, nobody).current()).to.equal('at once');
  });
});
