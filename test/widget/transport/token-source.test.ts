import { expect } from '@open-wc/testing';
import { ApiError } from '../../../widget/transport/api-error.ts';
import { TokenSource, type TokenReason } from '../../../widget/transport/token-source.ts';
import { FakeServer, gatewayPage, networkError } from '../../support/fake-server.ts';

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
      expect(await kindOf(tokens.current())).to.equal('a token');
    }
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
