import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { endpoints, type Endpoint } from '../../protocol/endpoints.ts';
import { aDraft, anId } from '../support/builders.ts';
import { type Claims, fillClinic, onEachEngine, refusal, type TestServer } from '../support/server.ts';

onEachEngine('a session', (startServer, engine) => {
  it('is refused on every route for a token that is not sound', async (t) => {
    const server = await startServer(t, { config: { issuer: 'https://portal.example' } });
    await fillClinic(server);
    const now = Math.floor(server.clock.now() / 1_000);
    const sign = (claims: Claims) => server.sign({ sub: 'ana', iss: 'https://portal.example', ...claims });
    const sound = await sign({});
    assert.equal((await server.showing(sound).get('/v1/me')).status, 200);

    const [header, payload, signature] = sound.split('.');
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsound: Readonly<Record<string, string>> = {
      'of no parts': 'x',
      'of empty parts': '..',
      'of a part too many': `${sound}.x`,
      'with another signature': `${header}.${payload}.${'A'.repeat(signature!.length)}`,
      'without a signature': `${header}.${payload}.`,
      'with other claims': `${header}.${part({ sub: 'dr-lee', aud: 'grow-messages', exp: now + 60 })}.${signature}`,
      'with alg none': `${part({ alg: 'none' })}.${payload}.`,
      'with another alg': await new SignJWT({ sub: 'ana', aud: 'grow-messages', exp: now + 60 })
        .setProtectedHeader({ alg: 'HS512' })
        .sign(Buffer.alloc(64, (server.config.signer as { secret: string }).secret)),
      'for others': await sign({ aud: 'something-else' }),
      'for nobody': await sign({ aud: undefined }),
      'without an end': await sign({ exp: undefined }),
      'without a person': await sign({ sub: undefined }),
      'of an empty person': await sign({ sub: '' }),
      'of somebody unknown': await sign({ sub: 'nobody-we-know' }),
      'from another issuer': await sign({ iss: 'https://elsewhere.example' }),
      'from no issuer': await sign({ iss: undefined }),
      'that lives too long': await sign({ exp: now + 3_601, iat: now }),
      'that ends too late to have begun': await sign({ exp: now + 3_700, iat: undefined }),
      'from the future': await sign({ iat: now + 90 }),
      'not valid yet': await sign({ nbf: now + 90 }),
      'of another type': await sign({ header: { typ: 'at+jwt' } }),
      'with something critical': await sign({ header: { crit: ['b64'], b64: true } }),
    };
    for (const [what, token] of Object.entries(unsound)) {
      for (const ask of personRoutes) {
        assertRefused(await ask(server, token), '401 unauthenticated', what);
      }
    }
    const expired = await sign({ iat: now - 60, exp: now - 1 });
    for (const ask of personRoutes) {
      assertRefused(await ask(server, expired), '401 session-expired');
    }
  });

  it('needs its token in the header and nowhere else', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const token = await server.sign({ sub: 'ana' });
    for (const query of [`access_token=${token}`, `token=${token}`]) {
      assert.equal(await refusal(await server.nobody().get(`/v1/me?${query}`)), '401 unauthenticated');
    }
    for (const authorization of [token, `Basic ${token}`, 'Bearer', 'Bearer ', `Bearer ${token} x`]) {
      const response = await server.nobody().get('/v1/me', { Authorization: authorization });
      assert.equal(await refusal(response), '401 unauthenticated', authorization);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer');
    }
    assert.equal((await server.nobody().get('/v1/me', { Authorization: `bearer ${token}` })).status, 200);
  });

  it('counts no longer once its time is over, also where it counted before', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const exp = Math.floor(server.clock.now() / 1_000) + 30;
    const token = await server.sign({ sub: 'ana', exp });
    assert.equal((await server.showing(token).get('/v1/me')).status, 200);
    server.clock.putForward(30_000);
    assert.equal(await refusal(await server.showing(token).get('/v1/me')), '401 session-expired');
  });

  it('counts no longer once its person was signed out everywhere, and a later one does', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const before = await server.sign({ sub: 'ana' });
    const withoutStart = await server.sign({ sub: 'ana', iat: undefined });
    assert.equal((await server.showing(before).get('/v1/me')).status, 200);
    await server.portal.delete('/v1/directory/people/ana/sessions');
    for (const token of [before, withoutStart]) {
      assert.equal(await refusal(await server.showing(token).get('/v1/me')), '401 session-expired');
    }
    server.clock.putForward(1_000);
    assert.equal((await server.as('ana').get('/v1/me')).status, 200);
    assert.equal((await server.as('ben').get('/v1/me')).status, 200);
  });

  if (engine === 'PostgreSQL') return;

  describe('signed with keys that the portal publishes', () => {
    it('counts if one of those keys signed it, and the portal’s secret counts for nothing', async (t) => {
      const jwks = await publishKeys(t);
      const server = await startServer(t, { config: { signer: { jwksUrl: new URL(jwks.url) } } });
      await fillClinic(server);
      const sign = (alg: string, key: CryptoKey | Uint8Array, kid: string) =>
        new SignJWT({ sub: 'ana', aud: 'grow-messages' })
          .setProtectedHeader({ alg, kid })
          .setIssuedAt()
          .setExpirationTime('5 minutes')
          .sign(key);
      for (const { alg, kid, privateKey } of jwks.keys) {
        assert.equal((await server.showing(await sign(alg, privateKey, kid)).get('/v1/me')).status, 200, alg);
      }
      const stranger = await generateKeyPair('ES256');
      const forged = [
        await sign('ES256', stranger.privateKey, 'ES256'),
        await sign('ES256', stranger.privateKey, 'not-published'),
        // The public key, which everybody has, taken for a shared secret.
        await sign('HS256', Buffer.from(JSON.stringify(jwks.published.keys[0])), 'RS256'),
      ];
      for (const token of forged) {
        assert.equal(await refusal(await server.showing(token).get('/v1/me')), '401 unauthenticated');
      }
    });

    it('is neither right nor wrong while the portal’s keys can’t be had', async (t) => {
      const server = await startServer(t, {
        config: { signer: { jwksUrl: new URL('http://127.0.0.1:9/jwks.json') } },
      });
      const { privateKey } = await generateKeyPair('ES256');
      const token = await new SignJWT({ sub: 'ana', aud: 'grow-messages' })
        .setProtectedHeader({ alg: 'ES256' })
        .setExpirationTime('5 minutes')
        .sign(privateKey);
      assert.equal(await refusal(await server.showing(token).get('/v1/me')), '503 unavailable');
    });
  });
});

/** Every route a person calls, with a token to try. */
const personRoutes = Object.values<Endpoint>(endpoints)
  .filter(({ caller }) => caller === 'person')
  .map(({ method, path, body }) => async (server: TestServer, token: string) => {
    const filled = path.replaceAll(/\{\w+\}/g, anId);
    const response = await server.showing(token).ask(method.toUpperCase(), filled, body && aDraft());
    // The answer to HEAD says no more than its status.
    return { refusal: await refusal(response), isWordless: method === 'head' };
  });

/** Whether somebody was refused so, as far as could be told. */
function assertRefused(
  { refusal, isWordless }: { refusal: string; isWordless: boolean },
  expected: string,
  what = '',
) {
  assert.equal(
    isWordless ? refusal.slice(0, 3) : refusal,
    isWordless ? expected.slice(0, 3) : expected,
    what,
  );
}

async function publishKeys(t: { after: (done: () => void) => void }) {
  const keys = await Promise.all(
    ['RS256', 'PS256', 'ES256', 'EdDSA'].map(async (alg) => ({
      alg,
      kid: alg,
      ...(await generateKeyPair(alg)),
    })),
  );
  const published = {
    keys: await Promise.all(
      keys.map(async ({ alg, kid, publicKey }) => ({ ...(await exportJWK(publicKey)), alg, kid })),
    ),
  };
  const server = createServer((_req, res) => {
    res.setHeader('Content-Type', 'application/json').end(JSON.stringify(published));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { keys, published, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json` };
}
