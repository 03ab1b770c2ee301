import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, type Environment, readConfig } from '../../demo-server/config.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const fine: Environment = {
  SESSION_SECRET: 's'.repeat(32),
  SERVICE_KEY: 'k'.repeat(32),
  ENCRYPTION_KEY: key,
};

describe('the configuration', () => {
  it('is complete with three secrets', () => {
    const { host, port, ratePerMinute, allowedOrigins, signer } = readConfig(fine);
    assert.deepEqual([host, port, ratePerMinute, allowedOrigins], ['127.0.0.1', 3000, 600, []]);
    assert.deepEqual(signer, { secret: 's'.repeat(32) });
  });

  it('takes several keys, several origins, and a proxy', () => {
    const config = readConfig({
      ...fine,
      ENCRYPTION_KEY: `${Buffer.alloc(32, 9).toString('base64')}, ${key}`,
      ALLOWED_ORIGINS: 'https://portal.example, http://localhost:8080',
      HOST: '0.0.0.0',
      TRUSTED_PROXY: '10.0.0.1',
      SESSION_SECRET: '',
      SESSION_JWKS_URL: 'https://portal.example/jwks.json',
    });
    assert.deepEqual(
      config.encryptionKeys.map((bytes) => bytes[0]),
      [9, 7],
    );
    assert.deepEqual(config.allowedOrigins, ['https://portal.example', 'http://localhost:8080']);
    assert.ok('jwksUrl' in config.signer);
  });

  it('says all that is missing at once, and none of what is there', () => {
    assert.throws(
      () => readConfig({ SERVICE_KEY: 'short-secret' }),
      ({ message }: ConfigError) =>
        ['SESSION_SECRET', 'SERVICE_KEY', 'ENCRYPTION_KEY'].every((name) => message.includes(name)) &&
        !message.includes('short-secret'),
    );
  });

  const wrong: Readonly<Record<string, Environment>> = {
    'a short session secret': { SESSION_SECRET: 's'.repeat(31) },
    'no signer of sessions': { SESSION_SECRET: undefined },
    'two signers of sessions': { SESSION_JWKS_URL: 'https://portal.example/jwks.json' },
    'keys over plain HTTP': {
      SESSION_SECRET: undefined,
      SESSION_JWKS_URL: 'http://portal.example/jwks.json',
    },
    'no service key': { SERVICE_KEY: undefined },
    'a short service key': { SERVICE_KEY: 'k'.repeat(31) },
    'no encryption key': { ENCRYPTION_KEY: undefined },
    'a short encryption key': { ENCRYPTION_KEY: Buffer.alloc(31).toString('base64') },
    'an encryption key that is not base64': { ENCRYPTION_KEY: `${key.slice(0, -4)}*${key.slice(-3)}` },
    'a bad old encryption key': { ENCRYPTION_KEY: `${key},x` },
    'any origin': { ALLOWED_ORIGINS: '*' },
    'an origin with a wildcard': { ALLOWED_ORIGINS: 'https://*.example' },
    'an origin with a path': { ALLOWED_ORIGINS: 'https://portal.example/' },
    'an origin over plain HTTP': { ALLOWED_ORIGINS: 'http://portal.example' },
    'the origin null': { ALLOWED_ORIGINS: 'null' },
    'plain HTTP off loopback': { HOST: '0.0.0.0' },
    'a proxy that is no address': { HOST: '0.0.0.0', TRUSTED_PROXY: 'proxy' },
    'a port that is none': { PORT: '65536' },
    'a rate that is none': { RATE_LIMIT_PER_MINUTE: '-1' },
    'another kind of database': { DATABASE_URL: 'mysql://localhost/x' },
  };
  for (const [what, changes] of Object.entries(wrong)) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => readConfig({ ...fine, ...changes }), ConfigError);
    });
  }
});
