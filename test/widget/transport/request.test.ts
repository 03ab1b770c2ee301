import { expect } from '@open-wc/testing';
import type { ProblemCode } from '../../../protocol/problem.ts';
import { ApiError } from '../../../widget/transport/api-error.ts';
import { Requester } from '../../../widget/transport/request.ts';
import { TokenSource } from '../../../widget/transport/token-source.ts';
import { FakeServer, gatewayPage, networkError, refusal } from '../../support/fake-server.ts';

describe('Requester', () => {
  const start = (apiUrl?: string) => {
    const server = new FakeServer();
    const requests: { url: string; init: RequestInit }[] = [];
    const fetch: typeof globalThis.fetch = (url, init = {}) => {
      requests.push({ url: new Request(url).url, init });
      return server.fetch(url, init);
    };
    const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
    return { server, requests, requester: new Requester(apiUrl ?? server.apiUrl, tokens, fetch) };
  };

  const failureOf = async (asking: Promise<unknown>): Promise<ApiError> => {
    const error = await asking.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(ApiError);
    return error as ApiError;
  };

  it('gives the JSON of the answer', async () => {
    const { server, requester } = start();
    expect(await requester.json('/v1/me')).to.deep.equal(server.me);
  });

  it('gives nothing where the answer has no body', async () => {
    const { requester } = start();
    const path = `/v1/devices/${crypto.randomUUID()}/cache-key`;
    expect(await requester.json(path, { method: 'DELETE' })).to.equal(undefined);
  });

  it('shows the token in a header and in no address', async () => {
    const { server, requests, requester } = start();
    await requester.json('/v1/me');
    await requester.json('/v1/threads?limit=5');
    expect(server.askedFor('readMe')[0]?.headers.get('Authorization')).to.equal('Bearer token-1');
    expect(requests.filter(({ url }) => url.includes('token'))).to.deep.equal([]);
  });

  it('asks no other place than the one configured, whatever an answer says', async () => {
    const { server, requests, requester } = start('https://messages.test///');
    server.addThread();
    await requester.json('/v1/me');
    await requester.json('/v1/threads');
    expect(requests.map(({ url }) => url)).to.deep.equal([
      'https://messages.test/v1/me',
      'https://messages.test/v1/threads',
    ]);
    for (const { init } of requests) {
      expect(init).to.include({ redirect: 'error', credentials: 'omit', cache: 'no-store' });
      expect(init.referrerPolicy).to.equal('no-referrer');
    }
  });

  it('says that a body is JSON, and nothing where there is none', async () => {
    const { server, requester } = start();
    server.addContact({ ...server.addThread().with, id: 'dr-haddad' });
    await requester.json('/v1/threads', { method: 'POST', body: { personId: 'dr-haddad' } });
    await requester.json('/v1/me');
    expect(server.askedFor('openThread')[0]?.headers.get('Content-Type')).to.equal('application/json');
    expect(server.askedFor('readMe')[0]?.headers.has('Content-Type')).to.equal(false);
  });

  it('asks once again with another token where the first no longer counts', async () => {
    const { server, requester } = start();
    await requester.json('/v1/me');
    server.expireToken();
    await requester.json('/v1/me');
    const tokens = server.askedFor('readMe').map(({ headers }) => headers.get('Authorization'));
    expect(tokens).to.deep.equal(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
  });

  it('asks no third time, and says that the session is over', async () => {
    const { server, requester } = start();
    server.always('readMe', refusal('session-expired'));
    server.next('token', () => Response.json({ token: 'one' }));
    server.next('token', () => Response.json({ token: 'another' }));
    const error = await failureOf(requester.json('/v1/me'));
    expect(error).to.include({ kind: 'signed-out', code: 'session-expired' });
    expect(server.askedFor('readMe').length).to.equal(2);
  });

  it('renews a token once for all who find it stale', async () => {
    const { server, requester } = start();
    await requester.json('/v1/me');
    server.expireToken();
    await Promise.all([
      requester.json('/v1/me'),
      requester.json('/v1/threads'),
      requester.json('/v1/contacts'),
    ]);
    expect(server.askedFor('token').length).to.equal(2);
  });

  const refusals: readonly ProblemCode[] = [
    'invalid',
    'forbidden',
    'relationship-ended',
    'not-found',
    'method-not-allowed',
    'id-reused',
    'too-large',
    'unsupported-media-type',
  ];
  for (const code of refusals) {
    it(`knows ${code} for the server's own no`, async () => {
      const { server, requester } = start();
      server.next('readMe', refusal(code));
      expect(await failureOf(requester.json('/v1/me'))).to.include({ kind: 'refused', code });
    });
  }

  it('takes an ill or busy server for one that may answer later', async () => {
    for (const code of ['rate-limited', 'internal', 'unavailable'] as const) {
      const { server, requester } = start();
      server.next('readMe', refusal(code));
      expect(await failureOf(requester.json('/v1/me'))).to.include({ kind: 'unreachable', code });
    }
  });

  it('takes the page of a gateway for no answer at all, whatever its status', async () => {
    for (const status of [200, 302, 400, 403, 404, 407, 413, 451, 502, 504, 511]) {
      const { server, requester } = start();
      server.next('readMe', gatewayPage(status));
      expect(await failureOf(requester.json('/v1/me'))).to.include({ kind: 'unreachable' });
    }
  });

  it('takes an answer that breaks off for no answer at all', async () => {
    const { server, requester } = start();
    server.next('readMe', () => new Response('{"person":{"id":"an', { status: 200 }));
    expect(await failureOf(requester.json('/v1/me'))).to.include({ kind: 'unreachable' });
  });

  it('says that nobody answered where the network is gone', async () => {
    const { server, requester } = start();
    server.next('readMe', networkError);
    expect(await failureOf(requester.json('/v1/me'))).to.include({
      kind: 'unreachable',
      code: 'unavailable',
    });
  });

  it('knows how many seconds the server wants to be left alone', async () => {
    const { server, requester } = start();
    server.next('readMe', refusal('rate-limited', { 'Retry-After': '7' }));
    expect((await failureOf(requester.json('/v1/me'))).retryAfter).to.equal(7_000);
  });

  it('knows until when the server wants to be left alone', async () => {
    const { server, requester } = start();
    const until = new Date(Date.now() + 90_000).toUTCString();
    server.next('readMe', refusal('unavailable', { 'Retry-After': until }));
    expect((await failureOf(requester.json('/v1/me'))).retryAfter).to.be.within(80_000, 90_000);
  });

  it('makes nothing of a wait that is over or no wait', async () => {
    for (const value of ['Wed, 21 Oct 2015 07:28:00 GMT', 'soon', '0', '-5']) {
      const { server, requester } = start();
      server.next('readMe', refusal('unavailable', { 'Retry-After': value }));
      expect((await failureOf(requester.json('/v1/me'))).retryAfter).to.equal(undefined);
    }
  });

  it('puts nobody’s words in what it says of a failure', async () => {
    const { server, requester } = start();
    server.addThread();
    server.next('sendMessage', refusal('invalid'));
    const path = `/v1/threads/${server.thread().id}/messages/${crypto.randomUUID()}`;
    const error = await failureOf(requester.json(path, { method: 'PUT', body: { text: 'my secret' } }));
    expect(`${error.stack} ${JSON.stringify(error)}`).not.to.contain('secret');
  });
});
